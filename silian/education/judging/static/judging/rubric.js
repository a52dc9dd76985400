// silianRubric is {draw, total, open, seen}. draw(place, rubric, words, sheet, told) draws one score sheet
// and gives what draws its verdicts anew; `sheet` is {answers, photos(criterion), confirmed(item)}.
// told(item, response) is called when something was written, told.photo(criterion, file) when a photo was
// taken. total, open (criteria without a mark or photo) and seen (what holds) take rubric and answers.
// Numbers are texts, and reckoned without floats.
(() => {
  const element = (tag, className = "", text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  const NUMBER = /^-?\d{1,8}([.]\d{0,4})?$/;
  const scaled = (text) => { // "19.95" as 199500n
    const [whole, rest = ""] = text.replace("-", "").split(".");
    const value = BigInt(whole + rest.padEnd(4, "0"));
    return text.startsWith("-") ? -value : value;
  };
  const plain = (value) => {
    const digits = `${value < 0n ? -value : value}`.padStart(5, "0");
    return `${value < 0n ? "-" : ""}${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, "");
  };
  const typed = (text) => text.trim().replace(",", ".").replace("。", ".").replace("−", "-");

  // --- what a response brings, by the same rules as the server ------------------------------------
  const limits = ({ nominal, below, above }) => [scaled(nominal) - scaled(below), scaled(nominal) + scaled(above)];
  const mark = (criterion, response) => { // [points, passed], null where it is none yet
    if (response === null || response === undefined) return null;
    const most = scaled(criterion.points);
    if (criterion.kind === "checked") return typeof response === "boolean" ? [response ? most : 0n, response] : null;
    if (!NUMBER.test(response)) return null;
    const value = scaled(response);
    if (criterion.kind === "judged") return value >= 0n && value <= most && (value % 5000n === 0n || value === most) ? [value, null] : null;
    const [low, high] = limits(criterion);
    const inside = value >= low && value <= high;
    return [inside ? most : 0n, inside];
  };

  // --- one kind of criterion each -------------------------------------------------------------------
  const button = (text, className = "btn") => Object.assign(element("button", `${className} btn-lg`, text), { type: "button" });
  const number = (criterion, given, label) => {
    const field = Object.assign(element("input", "form-control form-control-lg text-center"), { value: given ?? "", inputMode: "decimal", autocomplete: "off", maxLength: 12 });
    field.setAttribute("aria-label", label);
    return field;
  };
  const KINDS = {
    judged(criterion, given, tell, words) {
      const box = element("div", "d-flex flex-wrap gap-2 align-items-stretch");
      const field = number(criterion, given, `${words.points}: ${criterion.name}`);
      const most = scaled(criterion.points);
      const put = (value) => { field.value = plain(value < 0n ? 0n : value > most ? most : value); tell(field.value); };
      const now = () => (NUMBER.test(typed(field.value)) ? scaled(typed(field.value)) : 0n);
      const step = (label, by, name) => {
        const one = button(label);
        one.setAttribute("aria-label", `${name}: ${criterion.name}`);
        one.addEventListener("click", () => put(now() + by));
        return one;
      };
      const full = button(words.full);
      full.setAttribute("aria-label", `${words.full}: ${criterion.name}`);
      full.addEventListener("click", () => put(most));
      field.addEventListener("input", () => tell(typed(field.value) || null));
      field.addEventListener("change", () => { if (NUMBER.test(typed(field.value))) field.value = plain(scaled(typed(field.value))); });
      const middle = element("div", "col-3");
      middle.append(field);
      box.append(step("−0.5", -5000n, words.less), middle, step("+0.5", 5000n, words.more), full);
      return box;
    },
    checked(criterion, given, tell, words) {
      const box = element("div", "btn-group w-100");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", criterion.name);
      const pair = [[true, words.yes, "btn-outline-success"], [false, words.no, "btn-outline-danger"]].map(([value, label, colour]) => {
        const one = button(label, `btn ${colour}`);
        one.addEventListener("click", () => { press(value); tell(value); });
        box.append(one);
        return [value, one];
      });
      const press = (chosen) => { for (const [value, one] of pair) { one.classList.toggle("active", value === chosen); one.setAttribute("aria-pressed", value === chosen); } };
      press(given ?? null);
      return box;
    },
    measured(criterion, given, tell, words) {
      const box = element("div", "input-group input-group-lg");
      const field = number(criterion, given, `${words.measured}: ${criterion.name}`);
      field.addEventListener("input", () => tell(typed(field.value) || null));
      box.append(field, element("span", "input-group-text", criterion.unit || words.value));
      return box;
    },
  };

  const drawPhotos = (criterion, sheet, words, told) => {
    const box = element("div", "d-flex flex-wrap gap-2 align-items-center mt-2");
    const label = element("label", "btn btn-lg", words.take);
    const field = Object.assign(element("input", "visually-hidden"), { type: "file", accept: "image/*", capture: "environment" });
    field.setAttribute("aria-label", `${words.take}: ${criterion.name}`);
    field.addEventListener("change", () => { if (field.files[0]) told.photo(criterion.key, field.files[0]); field.value = ""; });
    label.append(field);
    const shown = element("span", "d-flex flex-wrap gap-1");
    const said = element("span", "small");
    box.append(label, shown, said);
    const draw = () => {
      const { server = 0, device = [] } = sheet.photos(criterion.key);
      shown.replaceChildren(...device.filter((one) => one.small).map(({ small }) => Object.assign(element("img", "rounded border"), { src: small, alt: words.photo, height: 48 })));
      said.textContent = server + device.length ? words.photosTold.replace("{server}", server).replace("{device}", device.length) : criterion.photo ? words.needed : "";
      said.className = `small ${device.length ? "text-orange" : server ? "text-secondary" : "text-danger"}`;
    };
    draw();
    return [box, draw];
  };

  // --- the sheet --------------------------------------------------------------------------------------
  const draw = (place, rubric, words, sheet, told) => {
    const refreshers = [];
    const card = (criterion) => {
      const box = element("section", `card mb-3${criterion.critical ? " border-danger" : ""}`);
      const body = element("div", "card-body");
      const head = element("div", "d-flex gap-2 align-items-start mb-2");
      const title = element("h3", "card-title mb-0 flex-fill", criterion.name);
      if (criterion.critical) title.append(" ", element("span", "badge bg-red-lt", words.critical));
      const worth = element("span", "badge bg-azure-lt fs-4 text-nowrap");
      worth.dataset.worth = criterion.key;
      head.append(title, worth);
      const verdict = element("div", "mt-2");
      verdict.setAttribute("role", "status");
      const field = KINDS[criterion.kind](criterion, sheet.answers[criterion.key], (response) => { told(`${criterion.key}`, response); refresh(); }, words);
      body.append(head);
      if (criterion.kind === "measured") {
        const [low, high] = limits(criterion);
        body.append(element("p", "text-secondary mb-2", words.tolerance.replace("{low}", plain(low)).replace("{high}", plain(high)).replace("{unit}", criterion.unit)));
      }
      body.append(field, verdict);
      const refresh = () => {
        const got = mark(criterion, sheet.answers[criterion.key]);
        const server = sheet.confirmed(`${criterion.key}`);
        worth.textContent = `${got ? plain(got[0]) : "–"} / ${criterion.points}`;
        const wrong = !got && sheet.answers[criterion.key] !== null && sheet.answers[criterion.key] !== undefined;
        const judged = got && criterion.kind === "measured" ? (got[1] ? words.inside : words.outside) : got && got[1] === false && criterion.critical ? words.fails : "";
        verdict.textContent = wrong ? words.wrong : [judged, judged && server ? words.confirmed : ""].filter(Boolean).join(" · ");
        verdict.className = `mt-2 fw-bold ${wrong || (got && got[1] === false) ? "text-danger" : "text-success"}`;
      };
      refreshers.push(refresh);
      refresh();
      if (criterion.photo) { const [photos, again] = drawPhotos(criterion, sheet, words, told); body.append(photos); refreshers.push(again); }
      box.append(body);
      return box;
    };
    place.replaceChildren(...rubric.map(card));
    return () => { for (const one of refreshers) one(); };
  };
  const total = (rubric, answers) => plain(rubric.reduce((sum, one) => sum + (mark(one, answers[one.key])?.[0] ?? 0n), 0n));
  const open = (rubric, answers, photographed) => rubric.filter((one) => !mark(one, answers[one.key]) || (one.photo && !photographed(one.key)));
  const seen = (rubric, answers) => Object.fromEntries(rubric.filter((one) => mark(one, answers[one.key])).map((one) => [one.key, answers[one.key]]));
  window.silianRubric = { draw, total, open, seen };
})();
