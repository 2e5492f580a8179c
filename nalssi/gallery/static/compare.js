// The page of comparison: two stations or regions, or two periods, as a plot and a table.
// The address says what is compared: compare.html#a=108&b=159&from=2025-12-01&to=2025-12-31, and
// from-b=2024-12-01 if the second place is taken in another period of the same length. Daily
// temperatures are scripts, loaded on demand: a page opened from a file may fetch nothing else.
"use strict";

(() => {
  const DAYS_AT_FIRST = 30, LONGEST = 3660;
  const HEIGHT = 260, TOP = 12, BOTTOM = 28, LEFT = 40;
  const CLOCK_TOLERANCE = 60;  // minutes
  const SVG = "http://www.w3.org/2000/svg";
  const page = document.documentElement;
  const form = document.getElementById("compare");
  if (!form) return;
  const { dates } = window.nalssi;
  const says = document.getElementById("compare-says");
  const figure = document.getElementById("compare-plot");
  const table = document.getElementById("compare-table");
  const field = (name) => form.elements.namedItem(name);
  const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  // Halves are rounded to even tenths, as in the other tables.
  const rounded = (value) => {
    const below = Math.floor(value * 10);
    const isHalf = Math.abs((value * 4) % 2) === 1;
    return (isHalf ? (below + (below & 1)) / 10 : Number(value.toFixed(1))) + 0;
  };
  const degrees = (value) => rounded(value).toFixed(1).replace("-", "−");
  const change = (value) => (rounded(value) > 0 ? "+" : "") + degrees(value);
  const parse = (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) / 86_400_000 : NaN);
  const option = (name) => field(name).selectedOptions[0];

  // --- the data ---------------------------------------------------------------------------------
  const loading = new Map();
  const load = (name) => {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = `${page.dataset.root}data/compare/${name}.js`;
        script.onload = resolve;
        script.onerror = () => reject(new Error(name));
        document.head.append(script);
      }));
    }
    return loading.get(name);
  };
  const minutes = (clock) => (clock ? Number(clock.slice(0, 2)) * 60 + Number(clock.slice(2)) : null);
  const read = (name) => {
    const start = dates.number(Number(name.split("-")[1]), 1, 1) - 1;
    return (window.nalssiDaily?.[name] ?? "").split(";").filter(Boolean).map((entry) => {
      const [day, mean, low, high, lists, first, last, inLists] = entry.split(",");
      return [start + Number(day), {
        mean: mean / 100, low: low / 10, high: high / 10,
        lists: lists === undefined ? 0 : Number(lists),  // 0: a daily mean
        first: minutes(first), last: minutes(last), inLists,
      }];
    });
  };
  const daysOf = async (choice, from, to) => {
    const first = new Date(from * 86_400_000).getUTCFullYear();
    const last = new Date(to * 86_400_000).getUTCFullYear();
    const names = choice.dataset.years.split(" ").map(Number)
      .filter((year) => year >= first && year <= last).map((year) => `${choice.value}-${year}`);
    await Promise.all(names.map(load));
    return new Map(names.flatMap(read));
  };

  // Two days are alike if both have a daily mean, or the same lists, or lists of the same number and
  // times of day.
  const near = (one, other) =>
    one !== null && other !== null && Math.abs(one - other) <= CLOCK_TOLERANCE;
  const alike = (one, other) =>
    one.lists === other.lists &&
    (one.lists === 0 || (one.inLists && one.inLists === other.inLists) || (near(one.first, other.first) && near(one.last, other.last)));

  // --- how values are written -------------------------------------------------------------------
  const ends = (low, high) => (low === high ? low : fill(figure.dataset.ends, { low, high }));
  const shortDay = (day) => {
    const [year, month, date] = dates.iso(day).split("-");
    return fill(figure.dataset.day.replaceAll(":02d", ""), { year, month, day: date });
  };

  // --- the plot ---------------------------------------------------------------------------------
  const element = (name, attributes, ...children) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  };
  const basis = ({ lists }) => {
    const { daily, lists: many, listsOne: one } = figure.dataset;
    return lists === 0 ? daily : fill(lists === 1 ? one : many, { count: lists });
  };
  const marker = (which, x, y, value, title) => {
    const kind = `mark ${which}${value.lists ? " part" : ""}`;
    const shape = which === "a"
      ? element("circle", { class: kind, cx: x, cy: y, r: 4 })
      : element("rect", { class: kind, x: x - 3.5, y: y - 3.5, width: 7, height: 7 });
    shape.append(element("title", {}, title));
    return shape;
  };
  const draw = (rows, names) => {
    const holder = figure.querySelector("div");
    const width = Math.max(280, holder.clientWidth || 800);
    const values = rows.flatMap(({ a, b }) => [a, b].filter(Boolean).map(({ mean }) => mean));
    const step = [1, 2, 5, 10].find((each) => (Math.max(...values) - Math.min(...values)) / each <= 6) ?? 10;
    const low = Math.floor(Math.min(...values) / step) * step;
    const high = Math.max(Math.ceil(Math.max(...values) / step) * step, low + step);
    const x = (i) => LEFT + 6 + ((width - LEFT - 12) * i) / Math.max(rows.length - 1, 1);
    const y = (value) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / (high - low);
    const svg = element("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width: "100%", height: HEIGHT, role: "img" });
    for (let value = low; value <= high; value += step) {
      svg.append(
        element("line", { class: value === 0 ? "zero" : "rule", x1: LEFT, x2: width, y1: y(value), y2: y(value) }),
        element("text", { class: "tick", x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, `${degrees(value).replace(".0", "")}°`),
      );
    }
    const labels = Math.max(2, Math.min(rows.length, Math.floor(width / 160)));
    for (const i of new Set(Array.from({ length: labels }, (_, n) => Math.round((n * (rows.length - 1)) / (labels - 1))))) {
      const anchor = i === 0 ? "start" : i === rows.length - 1 ? "end" : "middle";
      svg.append(element("text", { class: "tick", x: x(i), y: HEIGHT - 8, "text-anchor": anchor }, shortDay(rows[i].day)));
    }
    for (const which of ["a", "b"]) {
      rows.slice(1).forEach((row, i) => {  // lines join the daily means of days in a row
        const [one, other] = [rows[i][which], row[which]];
        if (!one || !other || one.lists || other.lists) return;
        svg.append(element("line", { class: `path ${which}`, x1: x(i), y1: y(one.mean), x2: x(i + 1), y2: y(other.mean) }));
      });
    }
    for (const which of ["a", "b"]) {
      rows.forEach((row, i) => {
        const value = row[which];
        if (!value) return;
        const title = fill(figure.dataset.value, {
          name: names[which], date: dates.text(which === "a" ? row.day : row.dayB),
          basis: basis(value), mean: degrees(value.mean), low: degrees(value.low), high: degrees(value.high),
        });
        svg.append(marker(which, x(i), y(value.mean), value, title));
      });
    }
    svg.setAttribute("aria-label", fill(figure.dataset.alt, {
      a: names.a, b: names.b, first: dates.text(rows[0].day), last: dates.text(rows.at(-1).day),
    }));
    holder.replaceChildren(svg);
    const keys = figure.querySelector(".names");
    keys.replaceChildren(...["a", "b"].flatMap((which) => {
      const key = element("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" });
      key.append(which === "a" ? element("circle", { class: "mark a", cx: 7, cy: 7, r: 4 })
        : element("rect", { class: "mark b", x: 3.5, y: 3.5, width: 7, height: 7 }));
      return [key, ` ${names[which]} `];
    }));
  };

  // --- the table --------------------------------------------------------------------------------
  const cell = (tag, text, isNumber = true) => {
    const made = document.createElement(tag);
    if (isNumber) made.className = "n";
    made.append(text);
    return made;
  };
  const dayLink = (day) => {
    const link = document.createElement("a");
    link.href = page.dataset.home + dates.path(day);
    link.textContent = dates.text(day);
    return dates.has(day) ? link : dates.text(day);
  };
  const fillTable = (rows, names) => {
    table.querySelectorAll("[data-name]").forEach((head) => {
      head.textContent = names[head.dataset.name];
    });
    table.querySelector("tbody").replaceChildren(...rows.filter(({ a, b }) => a || b).map((row) => {
      const line = document.createElement("tr");
      const head = cell("th", dayLink(row.day), false);
      head.scope = "row";
      if (row.dayB !== row.day) head.append(" · ", dayLink(row.dayB));
      line.append(head);
      for (const value of [row.a, row.b]) {
        const mean = cell("td", value ? degrees(value.mean) : "–");
        if (value?.lists) {
          const count = document.createElement("small");
          count.textContent = ` (${value.lists})`;
          count.title = basis(value);
          mean.append(count);
        }
        line.append(mean, cell("td", value ? ends(degrees(value.low), degrees(value.high)) : ""));
      }
      line.append(cell("td", row.difference === null ? "–" : change(row.difference)));
      return line;
    }));
  };

  // --- the choice -------------------------------------------------------------------------------
  const show = (shown) => {
    figure.hidden = table.hidden = !shown;
  };
  let latest = 0;
  const compare = async () => {
    const turn = (latest += 1);
    const from = parse(field("from").value), to = parse(field("to").value);
    const start = parse(field("from-b").value);
    if (!(from <= to) || to - from > LONGEST) {
      show(false);
      says.textContent = says.dataset.order;
      return;
    }
    const shift = Number.isNaN(start) ? 0 : start - from;
    let first, second;
    try {
      [first, second] = await Promise.all([
        daysOf(option("a"), from, to), daysOf(option("b"), from + shift, to + shift),
      ]);
    } catch (error) {
      show(false);
      says.textContent = fill(says.dataset.failed, { file: error.message });
      return;
    }
    if (turn !== latest) return;  // the reader has chosen something else meanwhile
    const rows = Array.from({ length: to - from + 1 }, (_, i) => {
      const [a, b] = [first.get(from + i), second.get(from + i + shift)];
      const difference = a && b && alike(a, b) ? a.mean - b.mean : null;
      return { day: from + i, dayB: from + i + shift, a, b, difference };
    });
    const year = (day) => dates.iso(day).slice(0, 4);
    const names = { a: option("a").label, b: option("b").label };
    if (shift) {
      const years = year(from) !== year(from + shift);
      const named = (name, day) =>
        fill(years ? says.dataset.year : says.dataset.from, { name, year: year(day), day: shortDay(day) });
      names.a = named(names.a, from);
      names.b = named(names.b, from + shift);
    }
    const some = rows.some(({ a, b }) => a || b);
    const alikeRows = rows.filter(({ difference }) => difference !== null);
    show(some);
    if (some) {
      draw(rows, names);
      fillTable(rows, names);
    }
    if (!alikeRows.length) {
      says.textContent = fill(some ? says.dataset.none : names.a === names.b ? says.dataset.emptyOne : says.dataset.empty, names);
      return;
    }
    const mean = alikeRows.reduce((sum, { difference }) => sum + difference, 0) / alikeRows.length;
    const { warmer, colder, equal } = says.dataset;
    const phrase = rounded(mean) > 0 ? warmer : rounded(mean) < 0 ? colder : equal;
    says.textContent = fill(phrase, { ...names, count: alikeRows.length, degrees: degrees(Math.abs(mean)) });
  };

  // --- the address ------------------------------------------------------------------------------
  const has = (name, value) => Array.from(field(name).options).some((each) => each.value === value);
  const fromAddress = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const last = dates.newest, values = field("a");
    const standard = {
      a: has("a", "108") ? "108" : values.options[0].value,
      b: has("b", "159") ? "159" : values.options[values.options.length - 1].value,
      from: last === null ? "" : dates.iso(last - DAYS_AT_FIRST + 1),
      to: last === null ? "" : dates.iso(last), "from-b": "",
    };
    for (const [name, value] of Object.entries(standard)) {
      const given = asked.get(name);
      const isPlace = name === "a" || name === "b";
      const usable = given !== null && (isPlace ? has(name, given) : !Number.isNaN(parse(given)));
      field(name).value = usable ? given : value;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = ["a", "b", "from", "to", "from-b"].map((name) => [name, field(name).value]);
    const address = `#${new URLSearchParams(chosen.filter(([, value]) => value))}`;
    if (address === location.hash) compare();
    else location.hash = address;  // shows the comparison, and goes into the history
  });
  window.addEventListener("hashchange", () => {
    fromAddress();
    compare();
  });
  document.querySelector(".no-script").hidden = true;
  form.hidden = false;
  fromAddress();
  compare();
})();
