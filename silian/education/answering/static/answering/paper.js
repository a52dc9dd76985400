// Draws a paper and tells of each answer: silianPaper(place, overview, paper, answers, answered, typing).
// `answered(item, response)` is called when an answer has changed; text is told of after a moment of
// rest, and at the latest when the page goes away. `typing()` is called at once.
(() => {
  const chinese = document.documentElement.lang.startsWith("zh");
  const worded = (text) => (text ? (chinese ? text.zh || text.en : text.en || text.zh) : "") ?? "";
  const element = (tag, className = "", text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  const REST = 400; // milliseconds without a keystroke

  const pending = new Map(); // item: [timer, () => what is written]
  const flush = () => { for (const [timer, told] of pending.values()) { clearTimeout(timer); told(); } pending.clear(); };
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  const later = (item, told) => {
    clearTimeout(pending.get(item)?.[0]);
    pending.set(item, [setTimeout(() => { pending.delete(item); told(); }, REST), told]);
  };

  const words = document.getElementById("sit")?.dataset ?? {};

  // --- one kind of item each: draws fields and returns how to read them ---------------------------
  const option = (name, type, value, label, checked) => {
    const row = element("label", "form-check");
    const field = Object.assign(element("input", "form-check-input"), { type, name, value, checked });
    row.append(field, element("span", "form-check-label", label));
    return row;
  };
  const picked = (box) => [...box.querySelectorAll("input:checked")].map((field) => field.value);

  const KINDS = {
    single(item, name, given, tell) {
      const box = element("div");
      for (const choice of item.choices) box.append(option(name, "radio", choice.id, worded(choice), given === choice.id));
      box.addEventListener("change", () => tell(picked(box)[0] ?? null));
      return box;
    },
    multiple(item, name, given, tell) {
      const box = element("div");
      for (const choice of item.choices) box.append(option(name, "checkbox", choice.id, worded(choice), (given ?? []).includes(choice.id)));
      box.addEventListener("change", () => tell(picked(box)));
      return box;
    },
    truefalse(item, name, given, tell) {
      const box = element("div");
      box.append(option(name, "radio", "true", words.true, given === true), option(name, "radio", "false", words.false, given === false));
      box.addEventListener("change", () => tell(picked(box)[0] === "true"));
      return box;
    },
    blank(item, name, given, tell, rest) {
      const box = element("div", "vstack gap-2");
      for (let n = 0; n < item.blanks; n += 1) {
        const field = Object.assign(element("input", "form-control"), { type: "text", value: given?.[n] ?? "", autocomplete: "off" });
        field.setAttribute("aria-label", `${words.blank} ${n + 1}`);
        box.append(field);
      }
      const all = () => [...box.querySelectorAll("input")].map((field) => field.value);
      box.addEventListener("input", () => rest(all));
      return box;
    },
    order(item, name, given, tell) {
      const box = element("ol", "list-group list-group-numbered");
      const byId = new Map(item.choices.map((choice) => [choice.id, choice]));
      let order = given ?? item.choices.map((choice) => choice.id);
      const draw = () => box.replaceChildren(...order.map((id, at) => {
        const row = element("li", "list-group-item d-flex gap-2 align-items-center");
        row.append(element("span", "flex-fill", worded(byId.get(id))));
        for (const [step, label, sign] of [[-1, words.up, "↑"], [1, words.down, "↓"]]) {
          const button = Object.assign(element("button", "btn btn-sm", sign), { type: "button", disabled: !order[at + step] });
          button.setAttribute("aria-label", `${label}: ${worded(byId.get(id))}`);
          button.addEventListener("click", () => {
            order = [...order];
            [order[at], order[at + step]] = [order[at + step], order[at]];
            draw();
            tell(order);
          });
          row.append(button);
        }
        return row;
      }));
      draw();
      return box;
    },
    match(item, name, given, tell) {
      const box = element("div", "vstack gap-2");
      for (const choice of item.choices) {
        const row = element("label", "row g-2 align-items-center");
        const select = element("select", "form-select");
        select.append(new Option("—", ""), ...item.targets.map((target) => new Option(worded(target), target.id)));
        select.value = given?.[choice.id] ?? "";
        select.dataset.choice = choice.id;
        const cell = element("span", "col-sm-6");
        cell.append(select);
        row.append(element("span", "col-sm-6", worded(choice)), cell);
        box.append(row);
      }
      box.addEventListener("change", () => tell(Object.fromEntries([...box.querySelectorAll("select")].filter((s) => s.value).map((s) => [s.dataset.choice, s.value]))));
      return box;
    },
    number(item, name, given, tell, rest) {
      const box = element("div", "input-group");
      const field = Object.assign(element("input", "form-control"), { type: "text", inputMode: "decimal", value: given ?? "", autocomplete: "off" });
      field.setAttribute("aria-label", words.number);
      box.append(field);
      if (item.unit) box.append(element("span", "input-group-text", item.unit));
      field.addEventListener("input", () => rest(() => field.value));
      return box;
    },
    short: (item, name, given, tell, rest) => written("input", given, rest),
    essay: (item, name, given, tell, rest) => written("textarea", given, rest),
  };
  const written = (tag, given, rest) => {
    const field = Object.assign(element(tag, "form-control"), { value: given ?? "", autocomplete: "off" });
    if (tag === "textarea") field.rows = 8;
    field.setAttribute("aria-label", words.text);
    field.addEventListener("input", () => rest(() => field.value));
    return field;
  };

  const empty = (response) => response === undefined || response === null || response === ""
    || (Array.isArray(response) ? response.every((one) => !one) : typeof response === "object" && !Object.keys(response).length);

  // Every item by its place here, and what is answered of it: of a case each part, "7.1", "7.2". The
  // key under which it is answered is the item's own, wherever it stands among this candidate's.
  const numbered = (paper) => {
    let at = 0;
    return paper.sections.map((section) => ({ ...section, items: section.items.map((item) => ({ ...item, at: String(at += 1) })) }));
  };
  const leaves = (item) => (item.content.kind === "case"
    ? item.content.parts.map((content, n) => ({ key: `${item.key}.${n + 1}`, at: `${item.at}.${n + 1}`, content }))
    : [{ key: item.key, at: item.at, content: item.content }]);
  const all = (paper) => numbered(paper).flatMap((section) => section.items.flatMap(leaves));

  const picture = (media) => {
    const image = Object.assign(element("img", "img-fluid rounded my-2"), { src: media.url, alt: worded(media.alt) });
    return image;
  };

  window.silianPaper = (place, overview, paper, answers, answered, typing) => {
    const marks = new Map();
    const mark = (key) => {
      const done = !empty(answers[key]);
      const link = marks.get(key);
      link.classList.toggle("btn-primary", done);
      link.setAttribute("aria-label", `${words.item} ${link.textContent}: ${done ? words.answered : words.unanswered}`);
    };
    const field = ({ key, content }) => {
      const box = element("fieldset", "mb-0");
      const legend = element("legend", "fs-3 mb-2", worded(content.text));
      box.id = `item-${key}`;
      box.append(legend, ...(content.media ?? []).map(picture));
      const tell = (response) => { answered(key, response); mark(key); };
      const rest = (read) => { later(key, () => tell(read())); typing(); };
      box.append(KINDS[content.kind](content, `item-${key}`, answers[key], tell, rest));
      return box;
    };
    place.replaceChildren();
    overview.replaceChildren();
    for (const section of numbered(paper)) {
      if (worded(section.title)) place.append(element("h2", "h2 mt-3", worded(section.title)));
      for (const item of section.items) {
        const card = element("section", "card mb-3");
        const body = element("div", "card-body");
        card.append(body);
        body.append(element("div", "text-secondary mb-1", words.points.replace("{item}", item.at).replace("{points}", item.points)));
        if (item.content.kind === "case") body.append(element("p", "", worded(item.content.text)), ...(item.content.media ?? []).map(picture));
        for (const leaf of leaves(item)) {
          const link = Object.assign(element("a", "btn btn-sm", leaf.at), { href: `#item-${leaf.key}` });
          marks.set(leaf.key, link);
          overview.append(link);
          body.append(field(leaf));
          mark(leaf.key);
        }
        place.append(card);
      }
    }
  };
  window.silianPaper.written = () => [...pending.keys()]; // items being written at this moment
  window.silianPaper.unanswered = (paper, answers) => { flush(); return all(paper).filter(({ key }) => empty(answers[key])).length; };
})();
