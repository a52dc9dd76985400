// A candidate's device. Every answer is first written into a journal on the device and only then
// sent; a line leaves the journal when the server has said that it is in the log. So a lost network,
// a reload or a server that restarts costs time and no answer, and the page always says what is
// saved where.
(() => {
  const root = document.getElementById("sit");
  if (!root) return;
  const say = root.dataset;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const show = (name, on = true) => { part(name).hidden = !on; };
  const EVERY = 3000; // milliseconds between two sendings

  // --- what the device keeps ------------------------------------------------------------------
  const { read, drop } = silianJournal;
  const write = (key, value) => { silianJournal.write(key, value); show("forgetful", silianJournal.isForgetful()); };
  const device = silianJournal.device("silian-sit-device");
  let me = read("silian-sit") ?? null; // {pass, number}
  let journal = null; // its sheet: {opening, next, lines: [[opening, number, item, response, …]], paper, answers}
  const mine = () => (journal ??= silianJournal.begin(`silian-sit-${me.number}`, {
    post: (opening, lines) => post("save", { pass: me.pass, opening, lines }),
    heard,
  }));

  const post = async (door, facts) => {
    const answer = await fetch(`${say.root}${door}/`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(facts),
    });
    const body = await answer.json();
    return { status: answer.status, ok: answer.ok, body };
  };

  // --- the ticket -----------------------------------------------------------------------------
  const complain = (text) => { part("complaint").textContent = text; show("complaint", Boolean(text)); };
  part("ticket").addEventListener("submit", async (event) => {
    event.preventDefault();
    const number = part("number").value.trim();
    const code = part("code").value.trim().toUpperCase();
    try {
      const { ok, status, body } = await post("ticket", { number, code, device });
      if (!ok) return complain(status === 429 ? say.later : say.wrong);
      complain("");
      me = { pass: body.pass, number };
      write("silian-sit", me);
      greet(body);
      wait();
    } catch { complain(say.offline); }
  });
  part("leave").addEventListener("click", () => { drop("silian-sit"); location.replace(say.root); });

  const greet = (about) => {
    for (const name of ["exam", "name", "room", "seat", "minutes"]) {
      for (const place of root.querySelectorAll(`[data-about="${name}"]`)) place.textContent = about[name] ?? "";
    }
    part("rules").textContent = about.rules;
    show("ticket", false);
    show("waiting");
  };

  // --- until the paper may be opened ------------------------------------------------------------
  const wait = async () => {
    if (journal?.sheet) return;
    try {
      const { ok, body } = await post("state", { pass: me.pass });
      if (!ok) { drop("silian-sit"); return location.replace(say.root); }
      greet(body);
      if (body.end) return finish(body.end);
      part("reason").textContent = body.may_open ? say.ready : body.reason;
      show("start", body.may_open);
      show("another", body.started && !body.may_open);
      if (body.may_open && body.started) return open(); // a reload in the middle of it
    } catch {
      if (goOn()) return;
      part("reason").textContent = say.offline;
      show("waiting");
    }
    setTimeout(wait, EVERY);
  };
  part("start").addEventListener("click", () => open());
  part("another").addEventListener("submit", (event) => { event.preventDefault(); open(part("device-code").value.trim()); });

  let opening = false;
  const open = async (code = "") => {
    if (opening) return;
    opening = true;
    try {
      const { ok, body } = await post("open", { pass: me.pass, code });
      if (!ok) { part("reason").textContent = body.reason ?? say.offline; return; }
      const answers = { ...body.answers };
      for (const [, , item, response] of mine().kept()?.lines ?? []) answers[item] = response; // not sent yet: newer
      journal.start(body.opening, { paper: body.paper, answers });
      begin(body.left);
    } catch { part("reason").textContent = say.offline; } finally { opening = false; }
  };

  // --- the paper ------------------------------------------------------------------------------
  let ends = 0; // on the device's running clock, which nobody can set
  const begin = (left) => {
    ends = performance.now() + left;
    write("silian-sit-ends", { at: Date.now() + left });
    show("waiting", false);
    show("paper");
    silianPaper(part("items"), part("overview"), journal.sheet.paper, journal.sheet.answers, answered, () => tell());
    tick();
    send();
  };

  const answered = (item, response) => {
    journal.sheet.answers[item] = response;
    journal.write(item, response);
    show("forgetful", silianJournal.isForgetful());
    tell();
    soon();
  };

  // --- sending ----------------------------------------------------------------------------------
  let timer = null;
  const soon = () => { clearTimeout(timer); timer = setTimeout(send, 800); };
  const send = async () => { await journal?.send(); tell(); };

  const heard = ({ ok, status, body }, opening) => {
    if (!ok) { if (status === 403) show("refused"); return true; }
    ends = performance.now() + body.left;
    if (body.elsewhere && opening === journal.sheet.opening) elsewhere();
    if (body.end && !journal.sheet.lines.length) { finish(body.end); return true; }
    return stopped;
  };

  // --- telling the truth ------------------------------------------------------------------------
  const clock = (moment) => moment.toLocaleTimeString("zh-CN", { hour12: false });
  const tell = () => {
    const waiting = new Set([...(journal?.sheet?.lines.map((line) => line[2]) ?? []), ...silianPaper.written()]).size;
    const reached = journal?.reached;
    const words = waiting ? say.waiting.replace("{n}", waiting) : reached ? say.saved.replace("{time}", clock(reached)) : say.connecting;
    part("saved").textContent = words;
    part("saved").className = `badge ${waiting ? (reached ? "bg-azure-lt" : "bg-orange-lt") : reached ? "bg-green-lt" : "bg-azure-lt"}`;
    show("offline", !reached && waiting > 0);
  };
  const tick = () => {
    const left = Math.max(0, ends - performance.now());
    const seconds = Math.ceil(left / 1000);
    part("left").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    part("left").classList.toggle("bg-red-lt", left < 300_000);
    if (!left && !stopped) stop();
    if (!ended) setTimeout(tick, 500);
  };

  // --- the end ----------------------------------------------------------------------------------
  let stopped = false;
  let ended = false;
  const freeze = () => { for (const field of part("items").querySelectorAll("input, select, textarea, button")) field.disabled = true; };
  const thaw = () => { for (const field of part("items").querySelectorAll("input, select, textarea, button")) field.disabled = false; };
  const stop = () => { // by the device's own reckoning; the server may have given more time
    stopped = true;
    freeze();
    show("time-up");
    send().then(() => { if (ends - performance.now() > 1000) { stopped = false; thaw(); show("time-up", false); } });
  };
  const elsewhere = () => { stopped = true; freeze(); show("elsewhere"); };
  const finish = (end) => {
    ended = stopped = true;
    for (const name of ["waiting", "paper"]) show(name, false);
    part("how").textContent = say[`end${end[0].toUpperCase()}${end.slice(1)}`] ?? "";
    const unsent = Boolean(mine().sheet?.lines.length ?? journal.kept()?.lines?.length);
    show("unsent", unsent);
    show("over");
    if (!unsent) journal.drop();
  };

  part("hand-in").addEventListener("click", async () => {
    const open = silianPaper.unanswered(journal.sheet.paper, journal.sheet.answers);
    part("open-items").textContent = open ? say.open.replace("{n}", open) : say.complete;
    part("sure").showModal();
  });
  part("sure-no").addEventListener("click", () => part("sure").close());
  part("sure-yes").addEventListener("click", async () => {
    part("sure").close();
    await send();
    if (journal.sheet.lines.length) return complainPaper(say.cannot);
    try {
      const { ok, body } = await post("hand-in", { pass: me.pass, opening: journal.sheet.opening, written: journal.sheet.next - 1 });
      if (ok) finish(body.end);
      else complainPaper(say.cannot);
    } catch { complainPaper(say.cannot); }
  });
  const complainPaper = (text) => { part("paper-complaint").textContent = text; show("paper-complaint"); };

  // --- always -----------------------------------------------------------------------------------
  addEventListener("online", send);
  setInterval(send, EVERY);
  setInterval(tell, 1000);
  silianJournal.offline(say.worker, say.root, say.root); // then the page itself comes up without a network, too

  const goOn = () => { // the page came back without a server: the device has all it needs
    const until = read("silian-sit-ends");
    if (!until || until.at < Date.now() || !mine().resume()) return false;
    begin(until.at - Date.now());
    return true;
  };
  const only = navigator.locks ? navigator.locks.request("silian-sit", { ifAvailable: true }, (lock) => {
    if (!lock) { show("ticket", false); show("second-tab"); return undefined; }
    if (me) wait();
    return new Promise(() => {}); // held as long as the page lives
  }) : me && wait();
  void only;
  const scanned = new URLSearchParams(location.hash.slice(1)); // the ticket's code: #n=…&c=…
  if (scanned.get("n")) { part("number").value = scanned.get("n"); part("code").value = scanned.get("c") ?? ""; }
})();
