// The newest readings, on pages of stations and regions that end with the last finished day.
// `data/newest.js` has the readings. An element with `data-newest`, the number of a station, is
// either a row of a table, whose cells are replaced, or a paragraph, which is filled and shown.
"use strict";

(() => {
  const { times, readings } = window.nalssiNewest ?? { times: [], readings: {} };
  const { lang, dataset: { home } } = document.documentElement;
  const made = (tag, className, ...content) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  };
  for (const element of document.querySelectorAll("[data-newest]")) {
    const reading = readings[element.dataset.newest];
    if (!reading) continue;
    const [number, degrees, color, weather] = reading;
    const time = times[number];
    const chip = made("span", `chip ${color}`, degrees);
    const isRow = element.localName === "tr";
    const [text, short] = time[lang];
    const link = made("a", "", isRow ? short : text);
    link.href = home + time.path;
    if (isRow) {
      element.replaceChildren(
        element.firstElementChild,
        made("td", "n", chip), made("td", "", weather?.[lang] ?? "–"), made("td", "", link),
      );
    } else {
      element.append(" ", chip, "°C ", weather ? `${weather[lang]} · ` : "", link);
      element.hidden = false;
    }
  }
})();
