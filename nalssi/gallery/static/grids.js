// The points of plots whose columns are days, weeks or months, for `pictures.js`.
//
// `grids.html` describes the attributes of such a plot. `nalssiGrid(plot, phrases)` returns its points
// as `pictures.js` needs them: `nearest`, `next`, `ends`, `again`. A point is a cell: a column of a row.
"use strict";

window.nalssiGrid = (plot, { bold, dateText, minus, monthText }) => {
  const DIGITS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  const OFFSET = 1024, DAY = 86_400_000;
  const home = document.documentElement.dataset.home;
  const { grid: unit, flags, counts, date: phrase, days: daysPhrase } = plot.dataset;
  const columns = plot.dataset.columns.split(";").map((entry) => {
    const [first, days, left, right] = entry.split(",");
    return { first, days: Number(days), left: left / 10, right: right / 10 };
  });

  // The cells of a row by column: null, or a mean in °C with the number of its days.
  const cellsOf = (text) => {
    const cells = [];
    for (let at = 0; at < text.length; at += 1) {
      if (text[at] === ".") cells.push(null);
      else {
        const [high, low, days] = [0, 1, 2].map((n) => DIGITS.indexOf(text[at + n]));
        cells.push({ mean: (high * 64 + low - OFFSET) / 10, days });
        at += 2;
      }
    }
    return cells;
  };
  const height = Number(plot.dataset.row);
  const shares = counts?.split(";").map((entry) => entry.split(",").map(Number));
  const rows = flags
    ? [{ y: 100, height: 200, cells: shares }]
    : Array.from(plot.querySelectorAll("[data-cells]"), (name) => ({
      name: name.textContent, station: name.dataset.station, y: Number(name.getAttribute("y")),
      height, cells: cellsOf(name.dataset.cells),
    }));

  const link = (path, text) => {
    const made = document.createElement("a");
    made.href = `${home}${path}`;
    made.textContent = text;
    return made;
  };
  const period = ({ first, days }) => {
    const start = new Date(first), end = new Date(start.getTime() + (days - 1) * DAY);
    if (unit === "month") return monthText(start);
    const text = dateText(start, phrase);
    return days === 1 ? text : `${text} ~ ${dateText(end, phrase)}`;
  };
  const sayFlags = (column, numbers) => {
    const total = numbers.reduce((sum, number) => sum + number, 0);
    const when = period(column);
    const parts = [unit === "day" ? link(`dates/${column.first}.html`, when) : bold(when)];
    flags.split("|").forEach((flag, index) => {
      if (!numbers[index]) return;
      const share = ((100 * numbers[index]) / total).toFixed(1);
      parts.push(document.createElement("br"), `${flag} `, bold(numbers[index].toLocaleString("en")),
        ` (${share}%)`);
    });
    return parts;
  };
  const sayCell = (column, row, { mean, days }) => {
    const when = period(column);
    const place = unit === "day" ? row.name : link(`stations/${row.station}.html`, row.name);
    const day = unit === "day" ? link(`dates/${column.first}.html`, when) : when;
    const parts = [place, " ", bold(`${minus(mean.toFixed(1))}°C`), document.createElement("br"), day];
    if (unit !== "day") parts.push(document.createElement("br"), daysPhrase.replace("{count}", days));
    return parts;
  };

  const point = (column, row) => {
    const shown = columns[column], own = rows[row], cell = own?.cells[column];
    if (!shown || !cell) return null;
    const box = plot.getBoundingClientRect();
    let mark = null;
    return {
      key: `${column} ${row}`, column, row,
      x: box.left + (box.width * (shown.left + shown.right)) / 200, y: box.top + own.y - own.height / 2,
      say: () => (flags ? sayFlags(shown, cell) : sayCell(shown, own, cell)),
      enter: () => {
        mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        const values = {
          class: "mark", x: `${shown.left}%`, width: `${shown.right - shown.left}%`,
          y: own.y - own.height / 2, height: own.height,
        };
        for (const [name, value] of Object.entries(values)) mark.setAttribute(name, value);
        plot.append(mark);
      },
      leave: () => mark?.remove(),
    };
  };
  const last = columns.length - 1;
  // The nearest cell with a value in a direction.
  const search = (column, row, dx, dy) => {
    for (let c = column, r = row; c >= 0 && c <= last && r >= 0 && r < rows.length; c += dx, r += dy) {
      const found = point(c, r);
      if (found) return found;
    }
    return null;
  };
  return {
    nearest: (x, y) => {
      const box = plot.getBoundingClientRect();
      const across = ((x - box.left) / box.width) * 100, down = y - box.top;
      const column = columns.findIndex(({ left, right }) => across >= left && across < right);
      const row = rows.findIndex((own) => Math.abs(down - own.y) <= own.height / 2);
      return point(column, row);
    },
    next: (from, [dx, dy]) => search(from.column + dx, from.row + dy, dx, dy),
    ends: () => {
      const rowOf = (column, dx) => {
        for (let c = column; c >= 0 && c <= last; c += dx) {
          const found = search(c, 0, 0, 1);
          if (found) return found;
        }
        return null;
      };
      return [rowOf(0, 1), rowOf(last, -1)];
    },
    again: (from) => point(from.column, from.row),
  };
};
