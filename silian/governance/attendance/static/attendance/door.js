// One phone at one door. Each sign-in is first written into a journal on the phone and only then
// sent; the server answers every line once and for all, however often it comes. So a lost network,
// a reload or a server that restarts costs time and nobody's sign-in.
(() => {
  const root = document.getElementById("door");
  if (!root) return;
  const say = root.dataset;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const STORE = `silian-door-${say.meeting}`;
  const CODE = /[2-9A-HJ-NP-Z]{12}/;
  const BATCH = 50;
  const AGAIN = 3000; // milliseconds between two tries, and in which one code is read only once
  const SHOWN = 12;

  // --- the list -----------------------------------------------------------------------------
  let people = new Map();
  const learn = (rows) => { people = new Map(rows.map((person) => [person.code, person])); };
  learn(JSON.parse(document.getElementById("door-people").textContent));

  const refresh = async () => {
    try {
      const answer = await fetch(say.people, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      learn((await answer.json()).people);
      for (const line of journal()) mark(line);
      count();
    } catch { /* no network: the list on the phone goes on serving */ }
  };

  // --- the journal --------------------------------------------------------------------------
  let memory = null; // only where the browser keeps nothing
  const journal = () => {
    if (memory) return memory;
    try { return JSON.parse(localStorage.getItem(STORE) ?? "[]"); } catch { return []; }
  };
  const keep = (lines) => {
    if (memory) { memory = lines; return; }
    try { localStorage.setItem(STORE, JSON.stringify(lines)); } catch {
      memory = lines;
      part("unkept").hidden = false;
    }
  };
  const mark = (line) => {
    const person = people.get(line.code);
    if (person) person.since = line.way === "in" ? person.since || clock(line.at) : "";
  };
  const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

  // --- what the usher sees ------------------------------------------------------------------
  const recent = []; // newest first: {key, code, outcome}
  const WORDS = { waiting: say.waiting, in: say.in, out: say.out, already: say.already, absent: say.absent, unknown: say.unknown, closed: say.closed };
  const COLOURS = { waiting: "azure", in: "green", out: "secondary", already: "yellow", absent: "yellow", unknown: "red", closed: "red" };

  const element = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
  const worded = ({ code, outcome }) => (WORDS[outcome] ?? outcome).replace("{since}", people.get(code)?.since ?? "");

  const show = (entry) => {
    const person = people.get(entry.code);
    const card = part("last");
    card.className = `alert alert-${{ green: "success", azure: "info", yellow: "warning", red: "danger" }[COLOURS[entry.outcome]] ?? "secondary"}`;
    card.replaceChildren(
      element("div", "fs-2 fw-bold", person?.name ?? entry.code),
      element("div", "", [person?.unit, person?.title].filter(Boolean).join(" · ")),
      element("div", "fs-3", worded(entry)),
    );
    card.hidden = false;
  };

  const draw = () => {
    part("recent").replaceChildren(...recent.slice(0, SHOWN).map((entry) => {
      const row = element("li", "list-group-item py-2 d-flex gap-2 align-items-center", "");
      const person = people.get(entry.code);
      const who = element("span", "flex-fill", person?.name ?? entry.code);
      if (person?.unit) who.append(" ", element("span", "small text-secondary", person.unit));
      row.append(who, element("span", `badge bg-${COLOURS[entry.outcome]}-lt`, worded(entry)));
      return row;
    }));
  };

  const count = () => {
    const waiting = journal().length;
    part("here").textContent = [...people.values()].filter((person) => person.since).length;
    part("waiting").textContent = waiting;
    part("waiting-line").hidden = !waiting;
  };

  const tell = (entry) => {
    const known = recent.find((one) => one.key === entry.key);
    if (known) Object.assign(known, entry);
    else recent.unshift(entry);
    recent.length = Math.min(recent.length, 100);
    if (recent[0].key === entry.key) show(recent[0]);
    draw();
    count();
  };

  // --- signing in ---------------------------------------------------------------------------
  const uuid = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16));
  const leaving = () => root.querySelector("[name=way]:checked").value === "out";

  const sign = (code) => {
    const person = people.get(code);
    const way = leaving() ? "out" : "in";
    if (navigator.vibrate) navigator.vibrate(60);
    if (way === "in" && person?.since) return tell({ key: uuid(), code, outcome: "already" });
    if (way === "out" && person && !person.since) return tell({ key: uuid(), code, outcome: "absent" });
    const line = { key: uuid(), code, way, at: new Date().toISOString() };
    keep([...journal(), line]);
    mark(line);
    tell({ key: line.key, code, outcome: "waiting" });
    send();
  };

  const state = (name) => {
    for (const hint of root.querySelectorAll("[data-state]")) hint.hidden = hint.dataset.state !== name;
  };

  let sending = false;
  const send = async () => {
    if (sending) return;
    sending = true;
    try {
      while (journal().length) {
        const lines = journal().slice(0, BATCH);
        const answer = await fetch(say.lines, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": say.csrf, Accept: "application/json" },
          body: JSON.stringify({ lines }),
        });
        if (answer.redirected || answer.status === 403) return state("signed-out"); // nothing is lost
        if (!answer.ok) return state("offline");
        state("online");
        const { answers } = await answer.json();
        const answered = new Set(answers.map((one) => one.key));
        keep(journal().filter((line) => !answered.has(line.key)));
        for (const { key, outcome, ...person } of answers) {
          if (person.name) people.set(person.code, person);
          tell({ key, code: person.code, outcome });
        }
      }
    } catch {
      state("offline");
    } finally {
      sending = false;
      count();
    }
  };

  // --- a code or a name, typed or by a scanner that types ------------------------------------
  const field = part("field");
  const found = () => {
    const words = field.value.trim().toLowerCase();
    const hits = words ? [...people.values()].filter((person) =>
      [person.name, person.unit, person.title].some((text) => text.toLowerCase().includes(words))) : [];
    part("found").replaceChildren(...hits.slice(0, SHOWN).map((person) => {
      const button = element("button", "list-group-item list-group-item-action d-flex gap-2", "");
      button.type = "button";
      const name = element("span", "flex-fill", person.name);
      if (person.unit) name.append(" ", element("span", "small text-secondary", person.unit));
      button.append(name, element("span", "badge bg-green-lt", person.since));
      button.addEventListener("click", () => { sign(person.code); clear(); });
      return button;
    }));
    return hits;
  };
  const clear = () => { field.value = ""; found(); field.focus(); };
  field.addEventListener("input", found);
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = field.value.toUpperCase().match(CODE)?.[0];
    const hits = found();
    if (code) { sign(code); clear(); } else if (hits.length === 1) { sign(hits[0].code); clear(); }
  });

  // --- the camera -----------------------------------------------------------------------------
  const video = part("video");
  let library;
  const reader = () => (library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: say.jsqr, onload: done, onerror: () => { library = null; failed(); } });
    document.head.append(script);
  }));
  let seen = { code: "", at: 0 };

  const look = () => {
    if (!video.srcObject) return;
    const { videoWidth: width, videoHeight: height } = video;
    if (width) {
      const canvas = part("canvas");
      canvas.width = Math.min(width, 640);
      canvas.height = Math.round((canvas.width * height) / width);
      const picture = canvas.getContext("2d", { willReadFrequently: true });
      picture.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data } = picture.getImageData(0, 0, canvas.width, canvas.height);
      const code = jsQR(data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" })?.data.toUpperCase().match(CODE)?.[0];
      if (code && (code !== seen.code || Date.now() - seen.at > AGAIN)) sign(code);
      if (code) seen = { code, at: Date.now() };
    }
    setTimeout(look, 120);
  };

  part("camera").addEventListener("click", async () => {
    if (video.srcObject) {
      for (const track of video.srcObject.getTracks()) track.stop();
      video.srcObject = null;
      part("viewer").hidden = true;
      return;
    }
    try {
      await reader();
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      await video.play();
      part("viewer").hidden = false;
      look();
    } catch {
      part("no-camera").hidden = false;
    }
  });

  // --- always --------------------------------------------------------------------------------
  addEventListener("online", send);
  addEventListener("offline", () => state("offline"));
  setInterval(send, AGAIN);
  setInterval(refresh, 60_000);
  for (const line of journal()) {
    mark(line);
    recent.unshift({ key: line.key, code: line.code, outcome: "waiting" });
  }
  draw();
  count();
  state(navigator.onLine ? "online" : "offline");
  send();
})();
