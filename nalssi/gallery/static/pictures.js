// Values of the pictures in the page, on hover, focus and tap.
//
// A picture is an element `[data-plot]`, whose points are the elements in it with `data-s`, the number
// of a station; or a plot of days, `svg[data-days]`, whose points are its days (see the macro
// `series`); or a grid of columns, `svg[data-grid]` (see `grids.js`). A picture is one tab stop: the
// arrow keys move between its points, Enter opens the page of the point, Escape closes the readout. The
// readout is one element for the whole page. Without scripts, every value is in the tables of the page.
"use strict";

(() => {
  const page = document.documentElement;
  const REACH = 28;  // pixels from a point within which it is meant

  // The readings of the stations that the page shows, by number. They are read again after the
  // page shows another list (`day.js` announces that with the event "nalssi-list").
  let readings = new Map();
  const readTables = () => {
    readings = new Map();
    for (const row of document.querySelectorAll(".stations tbody tr")) {
      const link = row.querySelector("th a");
      const number = link.getAttribute("href").match(/(\d+)\.html$/)[1];
      readings.set(number, { link, row, cells: row.querySelectorAll("td") });
    }
  };

  // --- the readout ----------------------------------------------------------------------------
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("aria-live", "polite");
  let shown = null;  // the point to which the readout belongs
  let held = false;  // whether it stays when the mouse moves away

  const bold = (text) => {
    const element = document.createElement("b");
    element.textContent = text;
    return element;
  };
  const sayStation = (number) => {
    const { link, cells } = readings.get(number);
    const [weather, temperature, change] = cells;
    const name = document.createElement("a");
    name.href = link.href;
    name.textContent = link.textContent;
    const parts = [name, " ", bold(`${temperature.textContent.trim()}°C`)];
    if (/\p{L}/u.test(weather.textContent)) parts.push(` ${weather.textContent.trim()}`);
    if (change && change.textContent.trim() && !change.hidden) {
      const heading = change.closest("table").tHead.rows[0].lastElementChild;
      parts.push(document.createElement("br"), `${heading.textContent} ${change.textContent.trim()}°C`);
    }
    return parts;
  };

  const hide = () => {
    shown?.leave();
    shown = null;
    held = false;
    tip.replaceChildren();
    tip.classList.remove("held");
  };
  const show = (point, hold) => {
    if (shown && point.key === shown.key && hold === held) return;
    shown?.leave();
    shown = point;
    held = hold;
    tip.replaceChildren(...point.say());
    tip.classList.toggle("held", hold);
    if (!tip.hasChildNodes()) return hide();
    point.enter();
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.max(4, Math.min(point.x - width / 2, page.clientWidth - width - 4));
    const above = point.y - height - 16;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(above < 0 ? point.y + 16 : above) + scrollY}px`;
  };

  // --- points: `key`, `x` and `y` in the window, `say` (the readout), `enter` and `leave` ----------
  const stationPoints = (plot) =>
    Array.from(plot.querySelectorAll("[data-s]"), (element) => {
      const box = (element.querySelector("use, circle") ?? element).getBoundingClientRect();
      const number = element.dataset.s;
      return {
        key: element, x: box.left + box.width / 2, y: box.top + box.height / 2, drawn: box.width > 0,
        say: () => (readings.has(number) ? sayStation(number) : []),
        enter: () => {
          element.classList.add("on");
          element.parentNode.append(element);  // above its neighbours
        },
        leave: () => element.classList.remove("on"),
      };
    }).filter(({ drawn }) => drawn);

  const monthText = (date) =>
    new Intl.DateTimeFormat(page.lang, { year: "numeric", month: "long", timeZone: "UTC" }).format(date);
  const named = (date, part) =>
    new Intl.DateTimeFormat(page.lang, { [part]: part === "month" ? "long" : "short", timeZone: "UTC" })
      .format(date);
  const dateText = (date, phrase) =>
    phrase.replace("{year}", date.getUTCFullYear()).replace("{month}", date.getUTCMonth() + 1)
      .replace("{day}", date.getUTCDate()).replace("{weekday}", named(date, "weekday"))
      .replace("{month_name}", named(date, "month"));
  const DAY = 86_400_000;  // milliseconds
  const minus = (text) => text.replace("-", "−");
  const dayPoints = (plot) => {
    const { first, top, bottom, low, high, days, daily, lists, date: phrase } = plot.dataset;
    const box = plot.getBoundingClientRect();
    const down = (value) =>
      Number(top) + ((high - value) / (high - low)) * (Number(bottom) - Number(top));
    return days.split(";").map((entry) => {
      const [after, across, mean, least, most, count] = entry.split(",");
      const date = new Date(Date.parse(first) + after * DAY);
      const y = down(mean);
      let mark = null;
      return {
        key: `${first} ${after}`, x: box.left + (box.width * across) / 100, y: box.top + y,
        say: () => {
          const link = document.createElement("a");
          link.href = `${page.dataset.home}dates/${date.toISOString().slice(0, 10)}.html`;
          link.textContent = dateText(date, phrase);
          const kind = count === "" ? daily : lists.replace("{count}", count);
          const span = least === most ? "" : ` (${minus(least)} ~ ${minus(most)})`;
          return [link, document.createElement("br"), `${kind} `, bold(`${minus(mean)}°C`), span];
        },
        enter: () => {
          mark = document.createElementNS("http://www.w3.org/2000/svg", "circle");
          for (const [name, value] of [["class", "mark"], ["cx", `${across}%`], ["cy", y], ["r", 6]]) {
            mark.setAttribute(name, value);
          }
          plot.append(mark);
        },
        leave: () => mark?.remove(),
      };
    });
  };
  const isOfDays = (plot) => plot.matches("svg.days");
  const pointsOf = (plot) => (isOfDays(plot) ? dayPoints(plot) : stationPoints(plot));

  // A day is met anywhere in its column, a station within reach of its point.
  const nearest = (plot, x, y) => {
    let best = null, least = REACH;
    for (const point of pointsOf(plot)) {
      const far = isOfDays(plot) ? Math.abs(x - point.x) : Math.hypot(x - point.x, y - point.y);
      if (far < least) [best, least] = [point, far];
    }
    return best;
  };

  // The next point in a direction: the nearest one, where distance across counts double. From day
  // to day it is the one before or after.
  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const next = (plot, from, [dx, dy]) => {
    const points = pointsOf(plot);
    const index = points.findIndex(({ key }) => key === from.key);
    if (isOfDays(plot)) return points[index + (dx || -dy)];
    const here = points[index];
    let best = null, least = Infinity;
    for (const point of here ? points : []) {
      const along = (point.x - here.x) * dx + (point.y - here.y) * dy;
      const across = Math.abs((point.x - here.x) * dy) + Math.abs((point.y - here.y) * dx);
      const far = along + 2 * across;
      if (point.key !== here.key && along > 0.5 && far < least) [best, least] = [point, far];
    }
    return best;
  };

  // What the pointer and the keys need of a picture. The cells of a grid are found by `grids.js`.
  const modelOf = (plot) => {
    if (plot.dataset.grid) return nalssiGrid(plot, { bold, dateText, minus, monthText });
    return {
      nearest: (x, y) => nearest(plot, x, y),
      next: (from, direction) => next(plot, from, direction),
      again: (from) => pointsOf(plot).find(({ key }) => key === from.key),
      ends: () => {
        const points = pointsOf(plot);
        if (!isOfDays(plot)) points.sort((a, b) => a.y - b.y || a.x - b.x);
        return [points[0], points.at(-1)];
      },
    };
  };

  const start = (plot) => {
    const model = modelOf(plot);
    const label = plot.getAttribute("aria-label");
    plot.setAttribute("role", "application");  // the arrow keys are for the plot
    if (plot.dataset.keys) plot.setAttribute("aria-label", `${label} ${plot.dataset.keys}`);
    plot.setAttribute("tabindex", "0");
    let current = null;  // where the keys are
    const again = () => current && model.again(current);
    const move = (point) => {
      if (!point) return;
      current = point;
      show(point, true);
    };
    plot.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const direction = DIRECTIONS[event.key];
      const isShown = current && shown?.key === current.key;
      if (direction) move(isShown ? model.next(current, direction) : again() ?? model.ends()[0]);
      else if (event.key === "Home") move(model.ends()[0]);
      else if (event.key === "End") move(model.ends()[1]);
      else if (event.key === "Enter" && isShown) tip.querySelector("a")?.click();
      else return;
      event.preventDefault();
      event.stopPropagation();  // the arrow keys of the page move from day to day
    });
    plot.addEventListener("focus", () => {
      if (plot.matches(":focus-visible")) move(again() ?? model.ends()[isOfDays(plot) || plot.dataset.grid ? 1 : 0]);
    });
    plot.addEventListener("blur", (event) => {
      if (!tip.contains(event.relatedTarget)) hide();
    });
    plot.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" || held) return;
      const point = model.nearest(event.clientX, event.clientY);
      if (point) show(point, false);
      else hide();
    });
    plot.addEventListener("pointerleave", () => {
      if (!held) hide();
    });
    plot.addEventListener("click", (event) => {
      const point = model.nearest(event.clientX, event.clientY);
      if (!point) return hide();
      move(point);
      event.stopPropagation();
    });
  };

  readTables();
  document.body.append(tip);
  for (const plot of document.querySelectorAll("[data-plot], svg.days[data-days], svg[data-grid]")) start(plot);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("click", (event) => {
    if (!tip.contains(event.target)) hide();
  });
  window.addEventListener("resize", hide);
  document.addEventListener("nalssi-list", () => {
    hide();
    readTables();
  });
})();
