// Lay out the plots of stations by region: for the width of the page, or for another list.
//
// This does what `dot_plot.py` does for wide pages: an axis around the values, and labels in lanes so
// that none covers another one. `nalssiDots.draw(figure, regions)` draws values by region:
// `{number, name, value, text}` each, `value` in °C. `nalssiDots.fit()` lays out all plots again if
// the page is narrower than that for which Python laid them out.
"use strict";

window.nalssiDots = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const LAID_OUT_FROM = 992;  // pixels: at this width of the plot, the labels of the page have room
  const STEP = 5, SHORTEST = 15, SHORTEST_HALF = 10, MOST_TICKS = 10;  // °C, and ticks
  const LANE = 19, TOP = 14, RADIUS = 5, OFFSET = 9, GAP = 6;  // pixels
  const COLDEST = -30, WARMEST = 39, LARGEST_CHANGE = 15;  // the degrees with a colour of their own

  const element = (name, attributes, ...children) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
  const named = (prefix, degree) => (degree < 0 ? `${prefix}m${-degree}` : `${prefix}${degree}`);
  const colour = (value) => named("t", clamp(Math.floor(value), COLDEST, WARMEST));
  const changeColour = (value) => named("d", clamp(Math.round(value), -LARGEST_CHANGE, LARGEST_CHANGE));
  const degrees = (value, decimals = 1) => {
    const text = Math.abs(value).toFixed(decimals);
    return value < 0 && Number(text) !== 0 ? `−${text}` : text;
  };
  const change = (value) => {
    const text = degrees(value);
    return Number(value.toFixed(1)) > 0 ? `+${text}` : text;
  };
  const number = (text) => Number(text.replace("−", "-"));

  const temperatureLimits = (values) => {
    const least = Math.min(...values), most = Math.max(...values);
    let low = Math.floor(least / STEP) * STEP, high = Math.ceil(most / STEP) * STEP;
    while (high - low < SHORTEST) {
      if (least - low <= high - most) low -= STEP;
      else high += STEP;
    }
    return [low, high];
  };
  const changeLimits = (values) => {
    const limit = Math.ceil(Math.max(SHORTEST_HALF, ...values.map(Math.abs)) / STEP) * STEP;
    return [-limit, limit];
  };
  const KINDS = {
    temperature: { limits: temperatureLimits, colour, text: degrees },
    change: { limits: changeLimits, colour: changeColour, text: change },
  };

  const canvas = document.createElement("canvas").getContext("2d");
  const textWidth = (text, font) => {
    canvas.font = font;
    return canvas.measureText(text).width;
  };

  // Labels in lanes: each lane takes as many of the remaining stations as possible, the one that
  // ends first before the others. A label is to the right of its point if there is room.
  const lanes = (stations, low, high, width, font) => {
    let remaining = stations.map((station) => {
      const x = ((station.value - low) / (high - low)) * width;
      const reach = OFFSET + textWidth(`${station.name} ${station.text}`, font);
      const sides = [];
      if (x + reach <= width || x - reach < 0) sides.push({ side: 1, from: x - RADIUS, to: x + reach });
      if (x - reach >= 0) sides.push({ side: -1, from: x - reach, to: x + RADIUS });
      return { station, x, sides };
    });
    const placed = [];
    for (let lane = 0; remaining.length; lane += 1) {
      const choices = remaining
        .flatMap((label) => label.sides.map((span) => ({ label, ...span })))
        .sort((a, b) => a.to - b.to);
      const chosen = [];
      let used = -Infinity;
      for (const choice of choices) {
        if (choice.from >= used + GAP && !chosen.some(({ label }) => label === choice.label)) {
          chosen.push(choice);
          used = choice.to;
        }
      }
      let free = Infinity;
      for (const choice of chosen.reverse()) {
        const right = choice.label.sides.find(({ side }) => side > 0);
        const best = right && right.to + GAP <= free ? right : choice;
        free = best.from;
        placed.push({ ...choice.label, side: best.side, lane });
      }
      remaining = remaining.filter((label) => !chosen.some((choice) => choice.label === label));
    }
    return placed;
  };

  const percent = (value, low, high) => `${(((value - low) / (high - low)) * 100).toFixed(2)}%`;

  const drawAxis = (figure, kind, low, high) => {
    const grid = figure.querySelector(".grid");
    const step = STEP * Math.ceil((high - low) / STEP / MOST_TICKS);
    const ticks = [];
    for (let tick = low; tick <= high; tick += step) ticks.push(tick);
    for (const old of grid.querySelectorAll("line, text")) old.remove();
    grid.querySelector("linearGradient").replaceChildren(
      ...ticks.map((tick) => element("stop", { class: kind.colour(tick), offset: percent(tick, low, high) })),
    );
    for (const tick of ticks) {
      const x = percent(tick, low, high);
      const inside = tick === 0 && low < 0 && high > 0;
      grid.append(
        element("line", { x1: x, x2: x, y1: 22, y2: "100%", ...(inside ? { class: "zero" } : {}) }),
        element("text", { x, y: 12 }, `${degrees(tick, 0)}${tick === ticks.at(-1) ? "°C" : ""}`),
      );
    }
  };

  const drawRow = (row, stations, kind, name, low, high, font) => {
    const svg = row.querySelector("svg");
    const heading = row.querySelector("p");
    heading.querySelector(".chip")?.remove();
    svg.replaceChildren();
    svg.setAttribute("height", TOP + LANE);
    const note = heading.querySelector("small");
    note.textContent = stations.length ? "" : row.closest(".dots").dataset.none;
    if (!stations.length) return;
    const values = stations.map(({ value }) => value);
    const least = Math.min(...values), most = Math.max(...values);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const chip = document.createElement("span");
    chip.className = `chip ${kind.colour(mean)}`;
    chip.textContent = kind.text(mean);
    heading.prepend(chip);
    if (most > least) note.textContent = `${kind.text(least)} ~ ${kind.text(most)}`;
    svg.append(
      element("rect", {
        class: "span", x: percent(least, low, high), y: 4, fill: `url(#${name}-colors)`,
        width: `${(((most - least) / (high - low)) * 100).toFixed(2)}%`,
      }),
      element("rect", { class: "mean", x: percent(mean, low, high), y: 2 }),
    );
    let bottom = 0;
    for (const { station, side, lane } of lanes(stations, low, high, svg.clientWidth, font)) {
      const y = TOP + LANE * lane + Math.floor(LANE / 2);
      bottom = Math.max(bottom, y);
      svg.append(
        element(
          "svg",
          {
            x: percent(station.value, low, high), y, "data-s": station.number,
            class: kind.colour(station.value) + (side < 0 ? " e" : ""),
          },
          element("circle", {}),
          element("text", {}, `${station.name} ${station.text}`),
        ),
      );
    }
    svg.setAttribute("height", bottom + Math.floor(LANE / 2) + 1);
  };

  const draw = (figure, regions) => {
    const name = figure.dataset.kind, kind = KINDS[name];
    const values = Array.from(regions.values()).flat().map(({ value }) => value);
    if (!values.length) return;
    const [low, high] = kind.limits(values);
    const style = getComputedStyle(figure.querySelector(".row svg"));
    const font = `${style.fontSize} ${style.fontFamily}`;
    figure.querySelector(".rows").classList.add("laid");
    drawAxis(figure, kind, low, high);
    for (const row of figure.querySelectorAll(".row")) {
      drawRow(row, regions.get(row.dataset.r) ?? [], kind, name, low, high, font);
    }
  };

  // The values that a plot shows now, by region.
  const read = (figure) =>
    new Map(
      Array.from(figure.querySelectorAll(".row"), (row) => [
        row.dataset.r,
        Array.from(row.querySelectorAll("[data-s]"), (point) => {
          const [, name, text] = point.querySelector("text").textContent.match(/^(.*) (\S+)$/s);
          return { number: point.dataset.s, name, text, value: number(text) };
        }),
      ]),
    );

  const fit = () => {
    for (const figure of document.querySelectorAll(".dots")) {
      const laid = figure.querySelector(".rows.laid");
      if (laid || figure.clientWidth < LAID_OUT_FROM) draw(figure, read(figure));
    }
  };

  let width = document.documentElement.clientWidth;
  window.addEventListener("resize", () => {
    if (document.documentElement.clientWidth === width) return;  // a phone hides its address bar
    width = document.documentElement.clientWidth;
    fit();
  });
  fit();
  return { draw, fit, read, colour, degrees, number };
})();
