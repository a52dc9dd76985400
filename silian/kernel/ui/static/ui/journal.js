// A journal on the device: what somebody writes is kept here first and sent then, and leaves when the
// server has said that it is in its log. Of use to any page that must lose nothing without a network.
//
//   const journal = silianJournal.begin(key, { post, heard });
//   journal.start(opening, facts)     a page that the server knows by this number; older lines are kept
//   journal.resume()                  the page came back without a server: is there anything to go on with?
//   journal.write(...facts)           one line: [opening, number, ...facts, clock, running clock]
//   journal.sheet                     {opening, next, lines, ...facts}; journal.keep() after changing it
//   journal.send()                    true when nothing waits any more
//
// `post(opening, lines)` sends [number, ...facts, age in milliseconds] and returns {ok, status, body};
// the body says which numbers are `kept` and which are `clashing` (taken: they are numbered anew).
// `heard(answer, opening)` is told each answer; when it returns true, sending stops.
(() => {
  const MOST = 100; // lines of one sending
  const memory = new Map();
  let forgetful = false; // the browser keeps nothing
  const uuid = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16));
  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)) ?? memory.get(key) ?? null; } catch { return memory.get(key) ?? null; }
  };
  const write = (key, value) => {
    memory.set(key, value);
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { forgetful = true; }
  };
  const drop = (key) => { memory.delete(key); try { localStorage.removeItem(key); } catch { /* as above */ } };

  const device = (key) => {
    const name = read(key) ?? uuid();
    write(key, name);
    return name;
  };

  // How long ago something was written: by the running clock of this page, or by the clock on the
  // wall where the page was loaded anew since. The server believes neither beyond what it knows itself.
  const loaded = Date.now() - performance.now();
  const age = (wall, run) => {
    const same = Math.abs(wall - run - loaded) < 2000;
    return Math.max(0, Math.round(same ? performance.now() - run : Date.now() - wall));
  };

  const begin = (key, { post, heard }) => {
    const journal = { sheet: null, reached: null }; // reached: when the server last answered
    let sending = false;
    journal.keep = () => write(key, journal.sheet);
    journal.kept = () => read(key);
    journal.drop = () => drop(key);
    journal.start = (opening, facts) => {
      journal.sheet = { opening, next: 1, lines: read(key)?.lines ?? [], ...facts };
      journal.keep();
    };
    journal.resume = () => {
      const sheet = read(key);
      if (!sheet?.opening) return false;
      journal.sheet = sheet;
      return true;
    };
    journal.write = (...facts) => {
      const { sheet } = journal;
      sheet.lines.push([sheet.opening, sheet.next++, ...facts, Date.now(), performance.now()]);
      journal.keep();
    };
    const settle = (opening, body) => {
      const { sheet } = journal;
      const kept = new Set(body.kept);
      const clashing = new Set(body.clashing);
      const again = sheet.lines.filter((line) => line[0] === opening && clashing.has(line[1]));
      sheet.lines = sheet.lines.filter((line) => line[0] !== opening || !(kept.has(line[1]) || clashing.has(line[1])));
      for (const [, , ...rest] of again) sheet.lines.push([sheet.opening, sheet.next++, ...rest]);
      journal.keep();
    };
    journal.send = async () => {
      if (sending || !journal.sheet) return false;
      sending = true;
      try {
        do {
          const opening = journal.sheet.lines[0]?.[0] ?? journal.sheet.opening;
          const lines = journal.sheet.lines.filter((line) => line[0] === opening).slice(0, MOST);
          const sent = lines.map((line) => [...line.slice(1, -2), age(...line.slice(-2))]);
          const answer = await post(opening, sent);
          journal.reached = answer.ok ? new Date() : null;
          if (answer.ok) settle(opening, answer.body);
          if (heard(answer, opening) || !answer.ok) return false;
        } while (journal.sheet.lines.length);
        return true;
      } catch { journal.reached = null; return false; } finally { sending = false; }
    };
    return journal;
  };

  // Keeps the page and what it is made of, so that it comes up without a network (ui/offline.js).
  const offline = (worker, root, ...pages) => {
    if (!("serviceWorker" in navigator)) return;
    navigator.serviceWorker.register(worker, { scope: root }).catch(() => {});
    const made = [...document.querySelectorAll("script[src], link[href]")].map((one) => one.src || one.href);
    caches.open(`silian ${root}`).then((cache) => cache.addAll([...pages, ...made])).catch(() => {});
  };

  window.silianJournal = { begin, device, read, write, drop, uuid, age, offline, isForgetful: () => forgetful };
})();
