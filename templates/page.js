"use strict";
// Sorting, filtering, choosing and pointing. Everything on the page is there without it.
(() => {
  const root = document.documentElement;
  const all = (selector, of = document) => [...of.querySelectorAll(selector)];
  const at = (id) => document.getElementById(id);

  for (const part of all(".for-script")) part.hidden = false;

  // What was chosen before; a page from a file may have no memory.
  const memory = {
    get(name) { try { return localStorage.getItem("onpar-" + name) || ""; } catch { return ""; } },
    set(name, value) { try { localStorage.setItem("onpar-" + name, value); } catch { /* forgotten */ } },
  };
  const choose = (id, apply, remembered) => {
    const select = at(id);
    if (!select) return;
    if (remembered) select.value = memory.get(id);
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    apply(select.value);
    select.addEventListener("change", () => {
      apply(select.value);
      if (remembered) memory.set(id, select.value);
    });
  };
  choose("theme", (theme) => { if (theme) root.dataset.theme = theme; else delete root.dataset.theme; }, true);
  choose("chip", (chip) => {
    if (chip) root.dataset.chip = chip; else delete root.dataset.chip;
    for (const cell of all("[data-chip]")) cell.hidden = chip !== "" && cell.dataset.chip !== chip;
  }, false);
  choose("axes", (axes) => {
    for (const canvas of all(".canvas.log")) canvas.hidden = axes !== "log";
    for (const canvas of all(".canvas.linear")) canvas.hidden = axes !== "linear";
  }, false);
  const go = at("goto");
  go.addEventListener("change", () => {
    const section = at(go.value);
    if (section) { location.hash = go.value; section.scrollIntoView(); }
    go.selectedIndex = 0;
  });

  // Unknown values come last whichever way a column is sorted.
  const key = (cell) => cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
  const compare = (a, b) => {
    const numbers = [typeof a === "number", typeof b === "number"];
    if (numbers[0] && numbers[1]) return a - b;
    if (numbers[0] !== numbers[1]) return 0;
    return a.localeCompare(b, "en", { numeric: true });
  };
  const isKnown = (value) => value !== "" && !Number.isNaN(value);
  const sort = (table, column, descending) => {
    const rows = all("tbody tr", table).map((row) => ({ row, value: key(row.cells[column]) }));
    const numeric = rows.some(({ value }) => typeof value === "number");
    const known = ({ value }) => isKnown(value) && (!numeric || typeof value === "number");
    rows.sort((a, b) => {
      if (known(a) !== known(b)) return known(a) ? -1 : 1;
      return known(a) ? compare(a.value, b.value) * (descending ? -1 : 1) : 0;
    });
    table.tBodies[0].append(...rows.map(({ row }) => row));
  };
  for (const table of all("table[id]")) {
    all("thead th", table).forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      if (heading.title) { button.title = heading.title; heading.removeAttribute("title"); }
      heading.append(button);
      button.addEventListener("click", () => {
        // Numbers are asked for from the largest on.
        const first = heading.classList.contains("n") ? "descending" : "ascending";
        const second = first === "ascending" ? "descending" : "ascending";
        const next = heading.getAttribute("aria-sort") === first ? second : first;
        for (const other of all("thead th", table)) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", next);
        sort(table, column, next === "descending");
      });
    });
  }

  for (const tools of all(".tools")) {
    const table = at(tools.dataset.for);
    const [words, kind, told] = ["input", "select", "output"].map((name) => tools.querySelector(name));
    const rows = all("tbody tr", table).map((row) => ({ row, text: row.textContent.toLowerCase() }));
    const filter = () => {
      const parts = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, text } of rows) {
        const is = !kind.value || (row.dataset.kinds || "").split(" ").includes(kind.value);
        row.hidden = !(is && parts.every((part) => text.includes(part)));
        shown += row.hidden ? 0 : 1;
      }
      told.textContent = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`;
    };
    words.addEventListener("input", filter);
    kind.addEventListener("change", filter);
    filter();
  }

  // Of the samples one row is shown, which a reader chooses.
  const picks = new Map();
  for (const list of all(".sample-list")) {
    const rows = all("details", list);
    const select = document.createElement("select");
    const label = document.createElement("label");
    rows.forEach((row) => select.add(new Option(row.querySelector("summary span").textContent)));
    label.append("Row ", select);
    list.prepend(label);
    list.classList.add("picked");
    const pick = (chosen) => rows.forEach((row, place) => {
      row.hidden = place !== chosen;
      row.open = place === chosen;
    });
    rows.forEach((row, place) => picks.set(row, () => { select.selectedIndex = place; pick(place); }));
    select.addEventListener("change", () => pick(select.selectedIndex));
    pick(0);
  }

  // What a link leads to may be folded.
  const unfold = () => {
    const target = at(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details");
    if (picks.has(folded)) picks.get(folded)();
    if (folded) { folded.open = true; target.scrollIntoView({ block: "nearest" }); }
  };
  addEventListener("hashchange", unfold);
  unfold();

  // The names of charts are for who cannot see them: as tooltips they would lie over every other.
  for (const chart of all("svg.chart")) {
    const title = chart.querySelector("title");
    chart.setAttribute("aria-label", title.textContent);
    chart.setAttribute("aria-describedby", chart.querySelector("desc").id);
    chart.removeAttribute("aria-labelledby");
    chart.closest(".canvas").setAttribute("aria-label", title.textContent);
    chart.closest(".canvas").removeAttribute("aria-labelledby");
    title.remove();
  }
  const tip = at("tip");
  let [told, stepped] = [null, null];
  const hide = () => {
    tip.hidden = true;
    if (told) told.classList.remove("told");
    told = null;
  };
  const say = (hint, x, y) => {
    tip.replaceChildren(...hint.dataset.tip.split("; ").map((line) => {
      const row = document.createElement("span");
      row.textContent = line;
      return row;
    }));
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(x + 14, innerWidth - width - 8);
    const below = y + 18;
    const top = below + height > innerHeight ? y - height - 10 : below;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = Math.max(8, top) + "px";
  };
  const tell = (event) => {
    const hint = event.target.closest && event.target.closest(".hint");
    if (hint) say(hint, event.clientX, event.clientY);
    else if (event.target !== tip) hide();
  };
  // The same without a pointer: the arrow keys go from mark to mark of the chart that has the focus.
  const step = (canvas, by) => {
    const hints = all(".hint", canvas);
    if (hints.length === 0) return;
    const from = hints.indexOf(stepped);
    const next = hints[from < 0 ? (by > 0 ? 0 : hints.length - 1) : (from + by + hints.length) % hints.length];
    hide();
    stepped = next;
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    // What scrolling hides is hidden by then.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (stepped !== next) return;
      told = next;
      next.classList.add("told");
      const { left, top, width, height } = next.getBoundingClientRect();
      say(next, Math.min(left + width / 2, innerWidth - 24), Math.min(top + height / 2, innerHeight - 24));
    }));
  };
  for (const canvas of all(".canvas")) {
    canvas.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      step(canvas, by);
    });
    canvas.addEventListener("blur", () => { stepped = null; hide(); });
  }
  const first = document.querySelector(".canvas:has(.hint)");
  if (first) {
    const words = document.createElement("p");
    words.className = "caption for-screen";
    words.textContent = "Point at a mark for its value, interval and source, or step through a chart that has the focus with ← and →.";
    first.before(words);
  }
  document.addEventListener("pointermove", tell);
  document.addEventListener("pointerdown", tell);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  addEventListener("scroll", hide, { passive: true });
})();
