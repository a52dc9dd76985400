// A service worker that lets pages below its own address come up without a network. It keeps them
// and what they are made of, and nothing else: what people write is the pages' own business.
const ROOT = new URL(self.registration.scope).pathname;
const NAME = `silian ${ROOT}`;
const shell = ({ method, url }) => method === "GET" && [ROOT, "/static/"].some((root) => new URL(url).pathname.startsWith(root));

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (!shell(request)) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    try {
      const answer = await fetch(request);
      if (answer.ok && !answer.redirected) await cache.put(request, answer.clone());
      return answer;
    } catch (error) {
      const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
      if (kept) return kept;
      throw error;
    }
  })());
});
