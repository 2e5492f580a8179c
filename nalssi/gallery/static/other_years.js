// The same day in other years, on the page of a day. `data/years/<month>.js` has the values.
"use strict";

(() => {
  const section = document.getElementById("other-years");
  const { dates } = window.nalssi;
  const [year, month, day] = section.dataset.day.split("-").map(Number);
  const degrees = (value) => value.toFixed(1).replace("-", "−");
  const cell = (text) => {
    const made = document.createElement("td");
    made.className = "n";
    made.textContent = text;
    return made;
  };
  const rows = (window.nalssiYears?.[section.dataset.day.slice(5).replace("-", "")] ?? [])
    .filter(([other]) => other !== year).reverse();
  section.querySelector("tbody").append(...rows.map(([other, mean, low, high, lists]) => {
    const row = document.createElement("tr");
    const head = document.createElement("th");
    const link = document.createElement("a");
    const number = dates.number(other, month, day);
    head.scope = "row";
    link.href = document.documentElement.dataset.home + dates.path(number);
    link.textContent = dates.text(number);
    head.append(link);
    const { daily, one, lists: many } = section.dataset;
    const basis = cell(lists ? (lists === 1 ? one : many).replace("{count}", lists) : daily);
    basis.className = "";
    row.append(head, ...[mean, low, high].map((each) => cell(degrees(each))), basis);
    return row;
  }));
  section.hidden = rows.length === 0;
})();
