// Dates: the days that have a page, what words say of a date, and how dates are written.
// `data/days.js` lists the days. `search.js` and `date_picker.js` use `window.nalssi.dates`.
"use strict";

(() => {
  const DAY = 86_400_000, KOREA = 9 * 3_600_000;
  const page = document.documentElement;
  const weekdays = page.dataset.weekdays.split(" ");  // Monday first
  const months = page.dataset.months.split(" ");

  // A day is its number since 1970, in UTC, so that no time zone can shift it.
  const number = (year, month, day) => {
    const at = new Date(Date.UTC(year, month - 1, day));
    const same = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1;
    return same && at.getUTCDate() === day ? at.getTime() / DAY : null;
  };
  const fields = (day) => {
    const at = new Date(day * DAY);
    return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  };
  const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  const text = (day) => {
    const { year, month, day: date } = fields(day);
    const values = {
      year, month, day: date, month_name: months[month - 1],
      weekday: weekdays[(((day + 3) % 7) + 7) % 7],  // day 0 was a Thursday
    };
    return page.dataset.date.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };
  const path = (day) => `dates/${iso(day)}.html`;

  // --- the days that have a page ---------------------------------------------------------------
  const listed = window.nalssiDays ?? { first: "", bits: "" };
  const bits = Uint8Array.from(atob(listed.bits), (each) => each.charCodeAt(0));
  const first = listed.first ? Date.parse(listed.first) / DAY : 0;
  const end = first + bits.length * 8;
  const has = (day) =>
    day >= first && day < end && ((bits[(day - first) >> 3] >> ((day - first) & 7)) & 1) === 1;
  const seek = (day, step) => {
    for (let at = day; step < 0 ? at >= first : at < end; at += step) if (has(at)) return at;
    return null;
  };
  // The nearest days with a page, before and after a day.
  const neighbours = (day) =>
    [seek(Math.min(day - 1, end - 1), -1), seek(Math.max(day + 1, first), 1)]
      .filter((each) => each !== null);
  const newest = seek(end - 1, -1);

  // --- what words say of a date ----------------------------------------------------------------
  const ENGLISH = ["january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december"];
  const NAME = `(${ENGLISH.map((each) => `${each}|${each.slice(0, 3)}`).join("|")}|sept)\\.?`;
  const NTH = "(\\d{1,2})(?:st|nd|rd|th)?";
  const inYear = (year) => (year === undefined ? undefined : year < 100 ? 2000 + year : year);
  const FORMS = [  // each with the order of its groups: year, month, day
    [/^(\d{4})(\d{2})(\d{2})$/, [1, 2, 3]],
    [/^(\d{4}|\d{2})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*일?\.?$/, [1, 2, 3]],
    [/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, [3, 1, 2]],
    [/^(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*일?\.?$/, [0, 1, 2]],
    [new RegExp(`^${NAME}\\s*${NTH}(?:,?\\s+(\\d{4}))?$`), [3, 1, 2]],
    [new RegExp(`^${NTH}\\s*${NAME}(?:,?\\s+(\\d{4}))?$`), [3, 2, 1]],
    [/^(\d{4})\s*[-./년]\s*(\d{1,2})\s*월?$/, [1, 2, 0]],
    [new RegExp(`^${NAME}\\s+(\\d{4})$`), [2, 1, 0]],
    [/^(\d{1,2})월$/, [0, 1, 0]],
    [new RegExp(`^(${ENGLISH.join("|")})$`), [0, 1, 0]],
    [/^(\d{4})\s*년?$/, [1, 0, 0]],
  ];
  const AGO = {
    오늘: 0, today: 0, 어제: 1, yesterday: 1, 그제: 2, 그저께: 2, 엊그제: 2,
  };
  const today = () => Math.floor((Date.now() + KOREA) / DAY);

  // Return the `year`, `month` and `day` that words name, each undefined if it is not named, or
  // null if the words are no date.
  const read = (words) => {
    const plain = words.trim().toLowerCase().normalize("NFC")
      .replace(/\s*\(?[월화수목금토일](요일)?\)$/, "").replace(/\s+[월화수목금토일]요일$/, "")
      .replace(/^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+/, "");
    if (Object.hasOwn(AGO, plain)) return fields(today() - AGO[plain]);
    for (const [form, order] of FORMS) {
      const found = form.exec(plain);
      if (!found) continue;
      const [year, month, day] = order.map((group) => {
        const value = group ? found[group] : undefined;
        if (value === undefined) return undefined;
        const name = ENGLISH.findIndex((each) => each.startsWith(value.slice(0, 3)));
        return name >= 0 ? name + 1 : Number(value);
      });
      const swapped = month > 12 && day <= 12;  // 25/12
      return { year: inYear(year), month: swapped ? day : month, day: swapped ? month : day };
    }
    return null;
  };

  const monthDays = (year, month) => {
    const start = number(year, month, 1);
    const days = [];
    for (let day = start; fields(day).month === month; day += 1) if (has(day)) days.push(day);
    return days;
  };

  // Return what a date leads to: `days` that have a page, the newest first, or `missing`, a day that
  // has none, with the days `near` it; or `impossible`. A month or a year leads to all its days, and
  // `anchor` is its place in the calendar.
  const find = ({ year, month, day }) => {
    if (month !== undefined && (month < 1 || month > 12)) return { impossible: true };
    if (day === undefined) return findMonth(year, month);
    if (number(year ?? 2024, month, day) === null) return { impossible: true };  // 2024: a leap year
    const years = year !== undefined ? [year] : yearsDown();
    const sought = years.map((each) => number(each, month, day)).filter((each) => each !== null);
    const days = sought.filter(has);
    if (days.length) return { days };
    const missing = sought.find((each) => each <= today()) ?? sought[0];
    return { missing, near: neighbours(missing) };
  };
  const yearsDown = () => {
    const last = fields(Math.max(today(), newest ?? 0)).year;
    const oldest = newest === null ? last - 4 : fields(first).year;  // one of them a leap year
    return Array.from({ length: Math.max(last - oldest, 4) + 1 }, (_, i) => last - i);
  };
  const findMonth = (year, month) => {
    const years = year !== undefined ? [year] : yearsDown();
    for (const each of years) {
      const days = (month === undefined ? months.map((_, i) => i + 1) : [month])
        .flatMap((one) => monthDays(each, one)).reverse();
      const anchor = month === undefined ? `y${each}`
        : `m${each}-${String(month).padStart(2, "0")}`;
      if (days.length) return { days, anchor };
    }
    return { days: [] };
  };

  window.nalssi = { ...window.nalssi, dates: { find, has, iso, neighbours, newest, number, path, read, text } };
})();
