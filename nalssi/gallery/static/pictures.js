// Values of the pictures in the page, on hover, focus and tap.
//
// A picture is an element `[data-plot]`. Its points are the elements in it with `data-s`, the number
// of a station, or with `data-say`, a text. A picture is one tab stop: the arrow keys move between
// its points, Enter opens the page of the point, Escape closes the readout. The readout is one
// element for the whole page. Without scripts, every value is in the tables of the page.
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
  const content = (point) =>
    point.dataset.s && readings.has(point.dataset.s) ? sayStation(point.dataset.s)
      : point.dataset.say ? [point.dataset.say] : [];

  const hide = () => {
    shown?.classList.remove("on");
    shown = null;
    held = false;
    tip.replaceChildren();
    tip.classList.remove("held");
  };
  const mark = (point) => point.querySelector("use, circle") ?? point;
  const show = (point, hold) => {
    if (point === shown && hold === held) return;
    shown?.classList.remove("on");
    shown = point;
    held = hold;
    tip.replaceChildren(...content(point));
    tip.classList.toggle("held", hold);
    if (!tip.hasChildNodes()) return hide();
    point.classList.add("on");
    point.parentNode.append(point);  // above its neighbours
    const at = mark(point).getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const middle = at.left + at.width / 2 - width / 2;
    const left = Math.max(4, Math.min(middle, page.clientWidth - width - 4));
    const above = at.top - height - 10;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(above < 0 ? at.bottom + 10 : above) + scrollY}px`;
  };

  // --- points -----------------------------------------------------------------------------------
  const isShown = (box) => box.width > 0 || box.height > 0;
  const pointsOf = (plot) =>
    Array.from(plot.querySelectorAll("[data-s], [data-say]"), (element) => {
      const box = mark(element).getBoundingClientRect();
      return { element, box, x: box.left + box.width / 2, y: box.top + box.height / 2 };
    }).filter(({ box }) => isShown(box));

  // A bar is met anywhere within its column, a station within reach of its point.
  const distance = (point, x, y) =>
    point.element.dataset.say
      ? Math.max(0, Math.abs(x - point.x) - point.box.width / 2)
      : Math.hypot(x - point.x, y - point.y);
  const nearest = (plot, x, y) => {
    let best = null, least = REACH;
    for (const point of pointsOf(plot)) {
      const far = distance(point, x, y);
      if (far < least) [best, least] = [point.element, far];
    }
    return best;
  };

  // The next point in a direction: the nearest one, where distance across counts double.
  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const next = (plot, from, [dx, dy]) => {
    const points = pointsOf(plot);
    const here = points.find(({ element }) => element === from);
    let best = null, least = Infinity;
    for (const point of points) {
      const along = (point.x - here.x) * dx + (point.y - here.y) * dy;
      const across = Math.abs((point.x - here.x) * dy) + Math.abs((point.y - here.y) * dx);
      const far = along + 2 * across;
      if (point.element !== from && along > 0.5 && far < least) [best, least] = [point.element, far];
    }
    return best;
  };

  const start = (plot) => {
    const { label, keys } = { label: plot.getAttribute("aria-label"), keys: plot.dataset.keys };
    plot.setAttribute("role", "application");  // the arrow keys are for the plot
    if (keys) plot.setAttribute("aria-label", `${label} ${keys}`);
    plot.setAttribute("tabindex", "0");
    for (const title of plot.querySelectorAll("title")) title.remove();
    let current = null;  // where the keys are
    const first = () => pointsOf(plot).sort((a, b) => a.y - b.y || a.x - b.x)[0]?.element;
    const last = () => pointsOf(plot).sort((a, b) => b.x - a.x || b.y - a.y)[0]?.element;
    const move = (point) => {
      if (!point) return;
      current = point;
      show(point, true);
    };
    plot.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const direction = DIRECTIONS[event.key];
      if (direction) move(current && shown === current ? next(plot, current, direction) : current ?? first());
      else if (event.key === "Home") move(first());
      else if (event.key === "End") move(last());
      else if (event.key === "Enter" && shown === current) tip.querySelector("a")?.click();
      else return;
      event.preventDefault();
      event.stopPropagation();  // the arrow keys of the page move from day to day
    });
    plot.addEventListener("focus", () => {
      if (plot.matches(":focus-visible")) move(current ?? first());
    });
    plot.addEventListener("blur", (event) => {
      if (!tip.contains(event.relatedTarget)) hide();
    });
    plot.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" || held) return;
      const point = nearest(plot, event.clientX, event.clientY);
      if (point) show(point, false);
      else hide();
    });
    plot.addEventListener("pointerleave", () => {
      if (!held) hide();
    });
    plot.addEventListener("click", (event) => {
      const point = nearest(plot, event.clientX, event.clientY);
      if (!point) return hide();
      current = point;
      show(point, true);
      event.stopPropagation();
    });
  };

  readTables();
  document.body.append(tip);
  for (const plot of document.querySelectorAll("[data-plot]")) start(plot);
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
