// Show another list of the day: `#T0015`, or any link to it, shows the list of 00:15.
//
// The values are those of the table of all lists (`#values`, see `lists_table.html`), and what is
// known of a list is its row in the table of the day's lists. Changes are those of the list that
// represents the day, so they are hidden while another list is shown. Without scripts the page shows
// that list, and the tables have all others.
"use strict";

(() => {
  const table = document.getElementById("values");
  const figures = document.querySelector(".figures");
  if (!table || !figures) return;
  const { colour, degrees, number } = window.nalssiDots;
  const main = document.getElementById("main");
  const map = document.querySelector(".map");
  const title = document.title;

  // --- the data ---------------------------------------------------------------------------------
  const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  const words = table.dataset.words.split("|"), symbols = table.dataset.symbols.split("|");
  const heads = Array.from(table.tHead.querySelectorAll("[data-list]"));
  const lists = heads.map((head) => {
    const row = document.getElementById(head.dataset.list);
    row.removeAttribute("id");  // the browser would scroll to the row instead of showing the list
    return { anchor: head.dataset.list, head, row };
  });
  const ofDay = heads.findIndex((head) => head.hasAttribute("aria-current"));
  const stations = Array.from(table.querySelectorAll("tr[data-station]"), (row) => ({
    number: row.dataset.station,
    region: row.parentNode.dataset.region,
    link: row.querySelector("a"),
    letters: row.dataset.weather,
    cells: row.querySelectorAll("td"),
  }));
  const readings = (list) =>
    stations.flatMap(({ number: id, region, link, letters, cells }) => {
      const cell = cells[list];
      if (!region || cell.textContent.trim() === "" || cell.classList.contains("x")) return [];
      const word = LETTERS.indexOf(letters[list]);
      return [{
        number: id, region, link, name: link.textContent, text: cell.textContent.trim(),
        value: number(cell.textContent.trim()), word: words[word] ?? "", symbol: symbols[word] || "none",
      }];
    });
  const byRegion = (used) => {
    const regions = new Map();
    for (const reading of used) {
      if (!regions.has(reading.region)) regions.set(reading.region, []);
      regions.get(reading.region).push(reading);
    }
    return regions;
  };
  const meanOf = (used) => used.reduce((sum, { value }) => sum + value, 0) / used.length;

  // --- parts of the page ------------------------------------------------------------------------
  const make = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const chip = (value, text) => make("span", `chip ${colour(value)}`, text);
  const linkTo = ({ link, name }) => {
    const made = make("a", "", name);
    made.href = link.getAttribute("href");
    return made;
  };
  // What the page shows at first, to restore it: the parts that are made anew for another list.
  const facts = document.querySelector(".facts");
  const regionRows = document.querySelector(".regions tbody");
  const tables = document.querySelector(".stations");
  const caption = map.querySelector("figcaption");
  const mapLabel = map.querySelector("svg").getAttribute("aria-label");
  const parts = [facts, figures, regionRows, tables, caption]
    .map((part) => [part, Array.from(part.childNodes, (node) => node.cloneNode(true))]);
  const restore = () => {
    for (const [part, nodes] of parts) part.replaceChildren(...nodes.map((node) => node.cloneNode(true)));
  };

  const showFacts = ({ row }) => {
    const [clock, count] = facts.querySelectorAll("span");
    for (const other of Array.from(facts.querySelectorAll("span")).slice(2)) other.remove();
    clock.textContent = row.querySelector("a").textContent;
    const [used, all = used] = row.lastElementChild.textContent.trim().split("/");
    const phrase = used === all ? facts.dataset.all : facts.dataset.some;
    count.textContent = phrase.replace("{used}", used).replace("{all}", all).replace("{count}", all);
  };

  const showFigures = (used) => {
    const [warmest, coldest, mean, weather] = figures.querySelectorAll("dd");
    const ends = [[warmest, (a, b) => b.value > a.value], [coldest, (a, b) => b.value < a.value]];
    for (const [place, better] of ends) {
      const best = used.reduce((found, each) => (better(found, each) ? each : found));
      place.replaceChildren(linkTo(best), " ", make("b", "", `${best.text}°`));
    }
    mean.replaceChildren(make("b", "", `${degrees(meanOf(used))}°`));
    const counts = new Map();
    for (const { word } of used) if (word) counts.set(word, (counts.get(word) ?? 0) + 1);
    weather?.replaceChildren(
      ...Array.from(counts).sort((a, b) => b[1] - a[1]).flatMap(
        ([word, count]) => [make("span", "", `${word} `, make("b", "", String(count))), " "],
      ),
    );
  };

  const showRegions = (regions) => {
    const used = Array.from(regions.values()).flat().map(({ value }) => value);
    const low = Math.min(...used), span = Math.max(...used) - low || 1;
    for (const row of regionRows.rows) {
      const id = row.querySelector("a").getAttribute("href").match(/(\d+)\.html$/)[1];
      const own = regions.get(id) ?? [];
      while (row.cells.length > 1) row.deleteCell(1);
      if (!own.length) {
        const none = make("td", "note", regionRows.dataset.none);
        none.colSpan = 2;
        row.append(none, make("td", "n", "0"));
        continue;
      }
      const values = own.map(({ value }) => value);
      const least = Math.min(...values), most = Math.max(...values), mean = meanOf(own);
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      bar.setAttribute("width", "100%");
      bar.setAttribute("height", "10");
      bar.setAttribute("aria-hidden", "true");
      const box = (className, x, y, width, height) => {
        const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        for (const [key, value] of Object.entries({ class: className, x, y, width, height })) {
          rect.setAttribute(key, value);
        }
        bar.append(rect);
      };
      const at = (value) => `${(((value - low) / span) * 100).toFixed(2)}%`;
      box("track", 0, 4, "100%", 2);
      box(`bar ${colour(mean)}`, at(least), 2, `${(((most - least) / span) * 100).toFixed(2)}%`, 6);
      box("mean", at(mean), 0, 2, 10);
      const ends = most > least
        ? regionRows.dataset.ends.replace("{low}", degrees(least)).replace("{high}", degrees(most))
        : degrees(least);
      row.append(
        make("td", "", chip(mean, degrees(mean))),
        make("td", "span", bar, make("span", "ends", ends)),
        make("td", "n", String(own.length)),
      );
    }
  };

  const showTables = (regions) => {
    const head = tables.querySelector("thead").cloneNode(true);
    while (head.rows[0].cells.length > 3) head.rows[0].deleteCell(3);  // the change
    tables.replaceChildren(
      ...Array.from(regionRows.rows).flatMap((row) => {
        const link = row.querySelector("a");
        const own = regions.get(link.getAttribute("href").match(/(\d+)\.html$/)[1]);
        if (!own) return [];
        const body = make("tbody", "", ...own.map((reading) => {
          const header = make("th", "", linkTo(reading));
          header.scope = "row";
          return make(
            "tr", "", header, make("td", "", reading.word || "–"),
            make("td", "n", chip(reading.value, reading.text)),
          );
        }));
        return [make("table", "data", make("caption", "", link.textContent), head.cloneNode(true), body)];
      }),
    );
  };

  const showMap = (used) => {
    const shown = new Map(used.map((reading) => [reading.number, reading]));
    for (const group of map.querySelectorAll("[data-s]")) {
      const reading = shown.get(group.dataset.s);
      group.setAttribute("class", reading ? colour(reading.value) : "gone");
      if (!reading) continue;
      for (const value of group.querySelectorAll(".v")) value.textContent = reading.text;
      group.querySelector("use").setAttribute("href", `#w-${reading.symbol}`);
    }
    const present = new Set(used.map(({ symbol }) => symbol));
    for (const item of map.querySelectorAll("[data-symbol]")) {
      item.hidden = !present.has(item.dataset.symbol);
    }
  };

  // --- choosing -----------------------------------------------------------------------------------
  const dots = document.querySelector('.dots[data-kind="temperature"]');
  const dotsOfDay = window.nalssiDots.read(dots);
  let shown = ofDay;

  const show = (list) => {
    if (list === shown) return;
    shown = list;
    for (const [index, { head, row }] of lists.entries()) {
      for (const marked of [head, row]) marked.toggleAttribute("aria-current", false);
      if (index === list) for (const marked of [head, row]) marked.setAttribute("aria-current", "true");
    }
    const used = readings(list), regions = byRegion(used);
    restore();
    main.classList.toggle("other-list", list !== ofDay);
    main.classList.toggle("no-reading", !used.length);
    const clock = lists[list].row.querySelector("a").textContent;
    document.title = list === ofDay ? title : `${clock} · ${title}`;
    if (list !== ofDay) showFacts(lists[list]);
    if (used.length) {
      showMap(used);
      window.nalssiDots.draw(dots, list === ofDay ? dotsOfDay : regions);
      if (list !== ofDay) {
        showFigures(used);
        showRegions(regions);
        showTables(regions);
        caption.textContent = clock;
      }
      map.querySelector("svg").setAttribute("aria-label", list === ofDay ? mapLabel : clock);
    }
    for (const link of document.querySelectorAll(".lists-nav a")) {
      link.toggleAttribute("aria-current", false);
      if (link.hash === `#${lists[list].anchor}`) link.setAttribute("aria-current", "true");
    }
    document.dispatchEvent(new CustomEvent("nalssi-list"));
  };
  const follow = () => {
    const anchor = decodeURIComponent(location.hash.slice(1));
    const list = lists.findIndex((each) => each.anchor === anchor);
    if (list >= 0) show(list);
    else if (anchor === "") show(ofDay);
  };
  window.addEventListener("hashchange", follow);  // also when the reader goes back
  if (lists.some(({ anchor }) => `#${anchor}` === location.hash)) {
    window.scrollTo(0, 0);  // the browser has scrolled to the row
    follow();
  }
})();
