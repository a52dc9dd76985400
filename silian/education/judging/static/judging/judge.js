// An examiner's tablet at a station. All that is written goes into a journal on the device first
// (ui/journal.js) and is sent then; photos wait in photos.js. The page works on without a network and
// says what is on this device only and what is on the server. Only signing needs the server.
(() => {
  const root = document.getElementById("judge");
  if (!root) return;
  const say = root.dataset;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const show = (name, on = true) => { part(name).hidden = !on; };
  const element = (tag, className = "", text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  const EVERY = 5000; // milliseconds between two sendings
  const MINUTE = 60_000;

  const device = silianJournal.device("silian-judge-device");
  const answer = async (response) => {
    if (response.redirected) return { ok: false, status: 403, body: {} };
    return { ok: response.ok, status: response.status, body: await response.json().catch(() => ({})) };
  };
  const headers = { Accept: "application/json", "X-CSRFToken": say.csrf };
  const post = async (address, facts) => answer(await fetch(address, {
    method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify({ device, ...facts }),
  }));

  // --- what the device knows: {rubric, turns, heardAt, answers, photos, marks} by key of the turn --------
  let heardRun = null; // running clock when the server last told of the turns
  const since = () => (heardRun === null ? Date.now() - journal.sheet.heardAt : performance.now() - heardRun);
  const hear = (turns) => {
    heardRun = performance.now();
    Object.assign(journal.sheet, { turns, heardAt: Date.now() });
  };
  const learn = (written) => {
    for (const [turn, { photos, marks }] of Object.entries(written)) {
      journal.sheet.photos[turn] = photos;
      journal.sheet.marks[turn] = marks;
    }
  };
  const waits = (item, turn) => journal.sheet.lines.some((line) => line[3] === item && (turn === undefined || line[2] === turn));

  const heard = ({ ok, status, body }, opening) => {
    show("signed-out", status === 403);
    show("refused", !ok && status >= 400 && status !== 403 && status < 500);
    if (!ok) return true;
    learn(body.written);
    if (!waits("turn")) hear(body.turns); // otherwise what was just tapped would jump back
    journal.keep();
    if (body.elsewhere && opening === journal.sheet.opening) elsewhere();
    return false;
  };
  const journal = silianJournal.begin(`silian-judge-${say.station}`, {
    post: (opening, lines) => post(say.lines, { opening, lines }),
    heard,
  });
  const photos = silianPhotos({
    station: say.station,
    post: async (form) => answer(await fetch(say.photos, { method: "POST", headers, body: form })),
    kept: ({ written }) => { learn(written); journal.keep(); },
    refused: (why) => complain(why),
    changed: () => { refresh(); tell(); },
  });

  // --- opening, and going on without a network -------------------------------------------------------
  let opening = false;
  const open = async () => {
    if (opening || stopped) return;
    opening = true;
    try {
      const { ok, status, body } = await post(say.open, {});
      if (!ok) { show("signed-out", status === 403); if (status === 404) return show("refused"); return retry(); }
      show("signed-out", false);
      const before = journal.kept();
      const answers = Object.fromEntries(Object.entries(body.written).map(([turn, { answers: mine }]) => [turn, mine]));
      for (const [, , turn, item, response] of before?.lines ?? []) if (item !== "turn") (answers[turn] ??= {})[item] = response; // newer
      journal.start(body.opening, { rubric: body.rubric, answers, photos: {}, marks: {}, turns: body.turns, heardAt: Date.now() });
      learn(body.written);
      hear(body.turns);
      fresh = true;
      journal.reached = new Date();
      begin();
    } catch { retry(); } finally { opening = false; }
  };
  let fresh = false; // the server has numbered this page
  const retry = () => {
    if (!journal.sheet && journal.resume()) begin();
    if (!journal.sheet) show("no-start");
    tell();
    if (!fresh && !journal.sheet) setTimeout(open, EVERY);
  };
  const begin = () => {
    show("no-start", false);
    photos.load();
    list();
    window.addEventListener("hashchange", route);
    route();
    send();
  };

  // --- sending, and telling the truth about it --------------------------------------------------------
  let timer = null;
  const soon = () => { clearTimeout(timer); timer = setTimeout(send, 600); };
  const send = async () => {
    if (!journal.sheet) return;
    await journal.send();
    if (journal.reached) photos.send();
    refresh();
    tell();
  };
  const clock = (moment) => moment.toLocaleTimeString("zh-CN", { hour12: false });
  const tell = () => {
    const lines = journal.sheet?.lines.length ?? 0;
    const pictures = photos.count();
    const waiting = lines + pictures;
    const words = waiting ? say.waiting.replace("{lines}", lines).replace("{photos}", pictures) : journal.reached ? say.saved.replace("{time}", clock(journal.reached)) : say.connecting;
    part("saved").textContent = words;
    part("saved").className = `badge ${waiting ? (journal.reached ? "bg-azure-lt" : "bg-orange-lt") : journal.reached ? "bg-green-lt" : "bg-azure-lt"}`;
    show("offline", Boolean(journal.sheet) && !journal.reached);
    show("forgetful", silianJournal.isForgetful() || photos.isForgetful());
  };
  const complain = (text) => { part("complaint").textContent = text; show("complaint", Boolean(text)); };

  // --- writing --------------------------------------------------------------------------------------------
  let stopped = false;
  const write = (turn, item, response) => {
    if (stopped) return;
    if (item !== "turn") (journal.sheet.answers[turn] ??= {})[item] = response;
    journal.write(turn, item, response);
    tell();
    soon();
  };
  const elsewhere = () => {
    stopped = true;
    show("elsewhere");
    for (const field of root.querySelectorAll("input, select, textarea, button:not([data-part=back])")) field.disabled = true;
  };

  // --- turns: what was tapped shows at once, the server's word replaces it ----------------------------------
  const turnOf = (key) => journal.sheet.turns.find((one) => one.key === key);
  const hour = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const standing = (turn) => turn.stood.find((one) => !one.until);
  const VERBS = {
    begin(turn) { turn.state = "working"; turn.left = Number(say.minutes) * MINUTE + since(); },
    absent(turn) { turn.state = "absent"; },
    interrupt(turn, { cause, note }) {
      turn.state = "interrupted";
      turn.stood.push({ from: hour(), until: "", since: -since(), cause: causes[cause], note, given: 0, gives: cause !== "candidate" });
    },
    resume(turn) { end(turn); turn.state = "working"; },
    finish(turn) { end(turn); turn.state = "finished"; },
  };
  const end = (turn) => {
    const stop = standing(turn);
    if (!stop) return;
    stop.until = hour();
    stop.given = stop.gives ? stop.since + since() : 0;
    turn.left += stop.given;
  };
  const causes = Object.fromEntries([...part("cause").options].map((one) => [one.value, one.textContent]));
  const act = (verb, facts = {}) => {
    const turn = turnOf(current);
    VERBS[verb](turn, facts);
    write(turn.key, "turn", { do: verb, ...facts });
    journal.keep();
    refresh();
  };
  const left = (turn) => {
    const stop = standing(turn);
    return turn.left - since() + (stop?.gives ? stop.since + since() : 0);
  };
  const span = (milliseconds) => {
    const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };

  // --- the list ---------------------------------------------------------------------------------------------
  const COLOURS = { "": "secondary", working: "blue", interrupted: "orange", finished: "green", absent: "red" };
  const photographed = (turn) => (criterion) => Boolean(journal.sheet.photos[turn]?.[criterion]?.length || photos.of(turn, criterion).length);
  const openOf = (turn) => silianRubric.open(journal.sheet.rubric, journal.sheet.answers[turn] ?? {}, photographed(turn));
  const stateWord = (turn) => say[`state${turn.state ? turn.state[0].toUpperCase() + turn.state.slice(1) : "Waiting"}`];
  const sheetWord = (turn) => {
    if (turn.state === "absent") return ["", ""];
    if (turn.signed) return [say.signed.replace("{time}", turn.signed), "bg-green-lt"];
    const missing = openOf(turn.key).length;
    if (!missing) return [say.ready, "bg-yellow-lt"];
    return missing === journal.sheet.rubric.length ? ["", ""] : [say.filled.replace("{n}", journal.sheet.rubric.length - missing).replace("{all}", journal.sheet.rubric.length), "bg-azure-lt"];
  };
  let listed = "";
  const list = () => {
    const now = JSON.stringify(journal.sheet.turns.map((turn) => [turn.key, turn.state, turn.expected, sheetWord(turn)]));
    if (now === listed) return; // what somebody is about to tap stays where it is
    listed = now;
    part("turns").replaceChildren(...journal.sheet.turns.map((turn) => {
      const row = Object.assign(element("a", "list-group-item list-group-item-action d-flex gap-3 align-items-center py-3"), { href: `#${turn.key}` });
      row.append(element("span", "avatar avatar-md fs-2", turn.draw));
      const middle = element("span", "flex-fill");
      middle.append(element("span", "d-block fw-bold", `${say.draw} ${turn.draw}`), element("span", "d-block text-secondary", `${turn.planned} · ${say.desk} ${turn.desk}`));
      if (turn.expected) middle.append(element("span", "d-block text-orange", say.late.replace("{time}", turn.expected)));
      const badges = element("span", "d-flex flex-column gap-1 align-items-end");
      badges.append(element("span", `badge bg-${COLOURS[turn.state]}-lt`, stateWord(turn)));
      const [words, colour] = sheetWord(turn);
      if (words) badges.append(element("span", `badge ${colour}`, words));
      row.append(middle, badges);
      return row;
    }));
    show("nobody", !journal.sheet.turns.length);
  };

  // --- one sheet ----------------------------------------------------------------------------------------------
  let current = null;
  let redraw = () => {};
  const route = () => {
    const key = Number(location.hash.slice(1));
    current = turnOf(key) ? key : null;
    show("list", !current);
    show("sheet", Boolean(current));
    complain("");
    if (current) drawSheet();
    refresh();
    window.scrollTo(0, 0);
  };
  const drawSheet = () => {
    const turn = current;
    const answers = (journal.sheet.answers[turn] ??= {});
    const told = (item, response) => { write(turn, item, response); refresh(); };
    told.photo = (criterion, file) => photos.add({ turn, criterion, opening: journal.sheet.opening, device }, file);
    const sheet = {
      answers,
      photos: (criterion) => ({ server: journal.sheet.photos[turn]?.[criterion]?.length ?? 0, device: photos.of(turn, criterion) }),
      confirmed: (item) => Boolean(journal.sheet.marks[turn]?.[item]) && !waits(item, turn),
    };
    part("draw").textContent = `${say.draw} ${turnOf(turn).draw}`;
    part("comment").value = answers.comment ?? "";
    redraw = silianRubric.draw(part("rubric"), journal.sheet.rubric, say, sheet, told);
  };
  let commenting = null;
  const keepComment = () => {
    clearTimeout(commenting);
    if (!commenting) return;
    commenting = null;
    write(...pendingComment);
  };
  let pendingComment = null;
  part("comment").addEventListener("input", () => {
    pendingComment = [current, "comment", part("comment").value.replaceAll("\0", "")];
    clearTimeout(commenting);
    commenting = setTimeout(keepComment, 500);
  });
  addEventListener("pagehide", keepComment);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepComment(); });

  const drawStops = (turn) => part("stops").replaceChildren(...turn.stood.map((stop) => element("li", "", say.stood
    .replace("{from}", stop.from).replace("{until}", stop.until || "…").replace("{cause}", [stop.cause, stop.note].filter(Boolean).join("："))
    .replace("{given}", span(stop.until ? stop.given : stop.gives ? stop.since + since() : 0)))));

  const refresh = () => {
    if (!journal.sheet) return;
    list();
    const turn = current && turnOf(current);
    if (!turn) return;
    redraw();
    part("state").textContent = stateWord(turn);
    part("state").className = `badge bg-${COLOURS[turn.state]}-lt`;
    part("planned").textContent = `${turn.planned}${turn.expected ? ` · ${say.late.replace("{time}", turn.expected)}` : ""}`;
    for (const [verb, states] of Object.entries({ begin: ["", "absent"], absent: [""], interrupt: ["working"], resume: ["interrupted"], finish: ["working", "interrupted"], again: ["finished"] })) {
      show(verb, states.includes(turn.state) && !(verb === "again" && turn.signed));
    }
    const missing = openOf(turn.key);
    const frozen = Boolean(turn.signed) || turn.state === "absent";
    for (const field of part("fields").querySelectorAll("input, textarea, button")) field.disabled = frozen || stopped;
    show("fields", turn.state !== "absent");
    show("sign-card", turn.state !== "absent");
    show("sign", !turn.signed);
    part("signed").textContent = turn.signed ? say.signed.replace("{time}", turn.signed) : "";
    show("sheets", Boolean(turn.signed));
    part("sheets").href = say.sheets.replace("/0/", `/${turn.key}/`); // the address of turn 0
    part("total").textContent = silianRubric.total(journal.sheet.rubric, journal.sheet.answers[turn.key] ?? {});
    part("missing").textContent = turn.signed ? "" : missing.length ? say.missing.replace("{names}", missing.map((one) => one.name).join("、"))
      : turn.state !== "finished" ? say.unfinished : "";
    part("sign-button").disabled = stopped || Boolean(missing.length) || turn.state !== "finished";
    drawStops(turn);
    tick();
  };
  const tick = () => {
    const turn = current && turnOf(current);
    show("left", Boolean(turn) && (turn.state === "working" || turn.state === "interrupted"));
    if (!turn || turn.left === null) return;
    const time = left(turn);
    part("left").textContent = time < 0 ? say.over : span(time);
    part("left").classList.toggle("bg-red-lt", time < 5 * MINUTE);
  };

  for (const verb of ["begin", "finish", "resume", "absent"]) part(verb).addEventListener("click", () => act(verb));
  part("again").addEventListener("click", () => act("resume"));
  part("interrupt").addEventListener("click", () => part("interruption").showModal());
  part("interruption-no").addEventListener("click", () => part("interruption").close());
  part("interruption-form").addEventListener("submit", () => {
    act("interrupt", { cause: part("cause").value, note: part("note").value.trim() });
    part("note").value = "";
  });

  // --- signing ------------------------------------------------------------------------------------------------
  part("sign").addEventListener("submit", async (event) => {
    event.preventDefault();
    complain("");
    keepComment();
    part("sign-button").disabled = true;
    try {
      await journal.send();
      await photos.send();
      if (journal.sheet.lines.length || photos.of(current).length) return complain(say.cannot);
      const { ok, status, body } = await post(say.sign, {
        turn: current, opening: journal.sheet.opening, written: journal.sheet.next - 1,
        seen: silianRubric.seen(journal.sheet.rubric, journal.sheet.answers[current] ?? {}), secret: part("secret").value,
      });
      part("secret").value = "";
      if (ok) { hear(body.turns); journal.keep(); return; }
      complain(refusal(status, body));
    } catch { complain(say.cannot); } finally { refresh(); tell(); }
  });
  const refusal = (status, { reason, open: open_, photos: pictures, differs, error }) => {
    if (error === "secret") return say.secret;
    if (status === 429) return say.later;
    if (reason) return reason;
    if (differs) {
      journal.sheet.answers[current] = differs;
      journal.keep();
      drawSheet();
      return say.differs;
    }
    const keys = new Set([...(open_ ?? []), ...(pictures ?? [])]);
    const names = journal.sheet.rubric.filter((one) => keys.has(one.key)).map((one) => one.name);
    return names.length ? say.missing.replace("{names}", names.join("、")) : say.cannot;
  };

  // --- always -------------------------------------------------------------------------------------------------
  addEventListener("online", () => { if (fresh || journal.sheet) send(); else open(); });
  addEventListener("offline", () => { journal.reached = null; tell(); });
  setInterval(() => { if (journal.sheet) send(); }, EVERY);
  setInterval(tick, 500);
  silianJournal.offline(say.worker, say.root, say.root, location.pathname);
  const only = navigator.locks ? navigator.locks.request(`silian-judge-${say.station}`, { ifAvailable: true }, (lock) => {
    if (!lock) { show("second-tab"); return undefined; }
    open();
    return new Promise(() => {}); // held as long as the page lives
  }) : open();
  void only;
})();
