// What pages of Silian do in the browser. Markup asks for it by data attributes; nothing is inline.
(() => {
  const assets = document.getElementById("silian-script").dataset;
  const loading = {};

  // A library that few pages need comes only with the first element that asks for it.
  const load = (address) => (loading[address] ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: address, onload: done, onerror: failed });
    document.head.append(script);
  }));

  // Before our own styles, which have the last word.
  const loadStyle = (href) => {
    if (document.querySelector(`link[href="${href}"]`)) return;
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    document.querySelector("link[rel=stylesheet]").after(link);
  };

  const each = (root, selector, draw) => {
    for (const element of root.querySelectorAll(selector)) {
      if (!element.dataset.drawn) {
        element.dataset.drawn = "true";
        draw(element);
      }
    }
  };

  // --- light and dark -------------------------------------------------------------------
  const switchTheme = () => {
    const root = document.documentElement;
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    localStorage.setItem("silian-theme", root.dataset.bsTheme);
  };

  // --- dialogs ----------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    else if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
    else if (event.target.matches("dialog")) event.target.close();
    else if (event.target.closest("[data-theme-switch]")) switchTheme();
    else if (event.target.closest("[data-print]")) print();
  });

  // --- forms --------------------------------------------------------------------------------
  // Sent once, however often the button is pressed; usable again when the reader comes back.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form) return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "true";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // form[data-guard]: what is typed and not yet sent is not thrown away without that question.
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.guard) form.dataset.typed = "true";
  });
  const guarding = () => document.querySelector("form[data-typed]:not([data-sent])");
  addEventListener("beforeunload", (event) => guarding() && event.preventDefault());
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = guarding();
    if (!form || event.target.closest("form") === form) return;
    if (confirm(form.dataset.guard)) delete form.dataset.typed;
    else event.preventDefault();
  });

  // select[data-needs]: of the fields that it names only those stand there which the choice needs.
  const showNeeded = (chooser) => {
    const needs = JSON.parse(chooser.dataset.needs);
    for (const name of new Set(Object.values(needs).flat())) {
      document.getElementById(`div_id_${name}`).hidden = !needs[chooser.value]?.includes(name);
    }
  };
  document.addEventListener("change", (event) => event.target.dataset?.needs && showNeeded(event.target));

  // One box for all of a name: <input type="checkbox" data-check-all="chosen">.
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-check-all]");
    if (!all) return;
    for (const box of document.getElementsByName(all.dataset.checkAll)) box.checked = all.checked;
  });

  // form[data-keep]: what is typed stays in this browser until a page says [data-kept] with its name.
  const nameOfKept = (name) => `silian-kept-${name}`;
  const texts = (form) => form.querySelectorAll("textarea, input[type=text], input[type=number]");
  const keepTyped = () => {
    for (const { dataset } of document.querySelectorAll("[data-kept]")) {
      localStorage.removeItem(nameOfKept(dataset.kept));
    }
    each(document, "form[data-keep]", (form) => {
      const name = nameOfKept(form.dataset.keep);
      const kept = JSON.parse(localStorage.getItem(name) ?? "{}");
      for (const field of texts(form)) if (!field.value && kept[field.name]) field.value = kept[field.name];
      form.addEventListener("input", () => {
        const typed = Object.fromEntries([...texts(form)].map((field) => [field.name, field.value]));
        localStorage.setItem(name, JSON.stringify(typed));
      });
    });
  };
  document.addEventListener("DOMContentLoaded", keepTyped);

  // A search box acts when typing rests, and never inside a pinyin that is being composed.
  let resting;
  const settle = (event) => {
    if (!event.target.matches("[data-live]") || event.isComposing) return;
    clearTimeout(resting);
    const tell = () => event.target.dispatchEvent(new Event("settled", { bubbles: true }));
    resting = setTimeout(tell, 300);
  };
  document.addEventListener("input", settle);
  document.addEventListener("compositionend", settle);

  // --- what is drawn ----------------------------------------------------------------------
  const select = async (element) => {
    loadStyle(assets.tomSelectStyle);
    await load(assets.tomSelect);
    const source = element.dataset.searchUrl;
    const nothing = Object.assign(document.createElement("div"), { className: "no-results", textContent: assets.nothing });
    const options = { maxOptions: 200, render: { no_results: () => nothing.cloneNode(true) }, plugins: element.multiple ? ["remove_button"] : [] };
    if (source) {
      Object.assign(options, {
        valueField: "id",
        labelField: "text",
        searchField: [],
        shouldLoad: (query) => query.length > 0,
        load: (query, done) =>
          fetch(`${source}${source.includes("?") ? "&" : "?"}q=${encodeURIComponent(query)}`)
            .then((answer) => answer.json())
            .then((answer) => done(answer.results), () => done()),
      });
    }
    new TomSelect(element, options);
    element.setAttribute("aria-hidden", "true");
  };

  const chartOption = (spec, style) => {
    const ink = style.getPropertyValue("--tblr-body-color");
    const line = style.getPropertyValue("--tblr-border-color");
    const text = { color: ink, fontFamily: style.fontFamily };
    const unit = (value) => (value == null ? "–" : `${value.toLocaleString()} ${spec.unit}`.trim());
    const shared = {
      color: ["#3b7dd8", "#2f9e6e", "#d98324", "#8a63c9", "#c2476b", "#1f97a8", "#7a8794"],
      textStyle: text,
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      legend: spec.series.length > 1 ? { textStyle: text, bottom: 0, itemWidth: 14, itemHeight: 10 } : undefined,
      tooltip: { renderMode: "richText", valueFormatter: unit, trigger: spec.kind === "pie" ? "item" : "axis" },
    };
    if (spec.kind === "pie") {
      const data = spec.labels.map((name, i) => ({ name, value: spec.series[0].data[i] }));
      const label = { ...text, formatter: (part) => `${part.name}\n${unit(part.value)}`, overflow: "break" };
      return { ...shared, series: [{ type: "pie", radius: ["38%", "60%"], data, label }] };
    }
    const labels = { type: "category", data: spec.labels, axisLabel: text, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
    const values = { type: "value", name: spec.unit, nameTextStyle: text, axisLabel: text, splitLine: { lineStyle: { color: line } } };
    const across = spec.kind === "across";
    return {
      ...shared,
      grid: { left: 8, right: 16, top: spec.unit ? 36 : 16, bottom: spec.series.length > 1 ? 36 : 8, containLabel: true },
      xAxis: across ? values : labels,
      yAxis: across ? { ...labels, inverse: true } : values,
      series: spec.series.map((row) => ({
        ...row,
        type: spec.kind === "line" ? "line" : "bar",
        stack: spec.kind === "stacked" ? "all" : undefined,
        barMaxWidth: 36,
        smooth: false,
      })),
    };
  };

  const chart = async (element) => {
    await load(assets.echarts);
    const spec = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    const picture = echarts.init(element, null, { renderer: "svg" });
    const draw = () => picture.setOption(chartOption(spec, getComputedStyle(document.body)), true);
    draw();
    new ResizeObserver(() => picture.resize()).observe(element);
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  };

  const calendar = async (element) => {
    loadStyle(assets.calendarStyle);
    await load(assets.calendar);
    const say = element.dataset;
    const narrow = matchMedia("(max-width: 767px)").matches;
    new MutationObserver(() => unfold(element)).observe(element, { subtree: true, childList: true });
    EventCalendar.create(element, {
      view: narrow ? "listMonth" : "dayGridMonth",
      date: say.start || undefined,
      locale: say.locale === "en" ? "en" : "zh-CN",
      firstDay: 1,
      height: "auto",
      headerToolbar: { start: "title", center: "", end: narrow ? "prev,next" : "dayGridMonth,timeGridWeek,listMonth today prev,next" },
      buttonText: { prev: say.textPrevious, next: say.textNext, today: say.textToday, dayGridMonth: say.textMonth, timeGridWeek: say.textWeek, listMonth: say.textList },
      noEventsContent: say.textNone,
      eventSources: [{ url: say.source }],
      eventClick: ({ event }) => event.extendedProps.url && location.assign(event.extendedProps.url),
    });
  };

  // The library calls its boxes table, row and cell but does not nest them as ARIA asks.
  const unfold = (element) => {
    for (const box of element.querySelectorAll("[role]:not([role=button])")) {
      for (const name of ["role", "aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount"]) box.removeAttribute(name);
    }
  };

  // A table wider than its place is scrolled by the keyboard too.
  const reach = (table) => {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  };

  const enliven = (root) => {
    each(root, ".table-responsive", reach);
    each(root, "select[data-search], select[data-search-url]", select);
    each(root, "select[data-needs]", showNeeded);
    each(root, "[data-chart]", chart);
    each(root, ".silian-calendar", calendar);
    root.querySelector("[data-focus]")?.focus();
  };
  document.addEventListener("htmx:load", (event) => enliven(event.detail.elt.parentElement ?? document));

  // Exports take the filters that are on now, which may have changed since the page came.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-export]");
    if (!link) return;
    const query = new URLSearchParams(location.search);
    query.delete("page");
    query.set("export", link.dataset.export);
    link.search = query;
  }, true);

  // One box ticks every box of its form, wherever on the page they stand.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick-all]")) return;
    for (const box of event.target.form.elements) {
      if (box.type === "checkbox") box.checked = event.target.checked;
    }
  });

  // --- Alpine components ------------------------------------------------------------------
  document.addEventListener("alpine:init", () => {
    // A file field that shows what was chosen or is about to be dropped.
    Alpine.data("fileDrop", () => ({
      names: "",
      over: false,
      init() { this.names = this.$el.querySelector("[x-text]").textContent; },
      get colour() { return this.over ? "is-over" : ""; },
      enter() { this.over = true; },
      leave() { this.over = false; },
      chosen(event) {
        const files = [...event.target.files].map((file) => file.name);
        if (files.length) this.names = files.join(", ");
      },
    }));

    // Rows of a Django formset: <template x-ref="blank"> holds the empty form with __prefix__.
    Alpine.data("formset", () => ({
      total() { return this.$root.querySelector("[name$=-TOTAL_FORMS]"); },
      add() {
        const number = this.total().value++;
        const row = this.$refs.blank.content.cloneNode(true).firstElementChild;
        row.innerHTML = row.innerHTML.replaceAll("__prefix__", number);
        this.$refs.rows.append(row);
        enliven(row);
        row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      },
      remove(event) {
        const row = event.target.closest("[data-row]");
        const mark = row.querySelector("[name$=-DELETE]");
        if (!mark) return row.remove();
        mark.checked = true;
        row.hidden = true;
      },
    }));

    // A list in an order of one's own: buttons with data-step="-1" or "1" inside [data-row].
    Alpine.data("reorder", () => ({
      move(event) {
        const button = event.target.closest("[data-step]");
        const row = button.closest("[data-row]");
        if (button.dataset.step === "-1") row.previousElementSibling?.before(row);
        else row.nextElementSibling?.after(row);
        button.focus();
      },
    }));
  });
})();
