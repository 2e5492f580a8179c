// The switch between light and dark, the date picker, the age of the newest list, and keys.
// Without scripts every page can still be read and reached by links.
"use strict";

(() => {
  const page = document.documentElement;

  // --- light and dark -----------------------------------------------------------------------
  const button = document.getElementById("theme");
  const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () =>
    page.dataset.theme ? page.dataset.theme === "dark" : systemDark.matches;
  const label = () => {
    button.textContent = isDark() ? button.dataset.light : button.dataset.dark;
  };
  button.addEventListener("click", () => {
    page.dataset.theme = isDark() ? "light" : "dark";
    label();
    try {
      localStorage.setItem("nalssi-theme", page.dataset.theme);
    } catch {
      // Storage is forbidden: the choice lasts as long as the page.
    }
  });
  systemDark.addEventListener("change", label);
  button.hidden = false;
  label();

  // --- the date picker ------------------------------------------------------------------------
  const picker = document.getElementById("jump");
  if (picker) {
    const { dates } = window.nalssi;
    const input = picker.querySelector("input");
    const answer = picker.querySelector("[role=status]");
    const linkTo = (day) => {
      const link = document.createElement("a");
      link.href = page.dataset.home + dates.path(day);
      link.textContent = dates.text(day);
      return link;
    };
    picker.addEventListener("submit", (event) => {
      event.preventDefault();
      const day = Date.parse(input.value) / 86_400_000;
      if (dates.has(day)) {
        location.href = page.dataset.home + dates.path(day);
        return;
      }
      const said = answer.dataset.missing.replace("{date}", dates.text(day));
      answer.replaceChildren(said, ...dates.neighbours(day).flatMap((near) => [" ", linkTo(near)]));
    });
    input.addEventListener("input", () => answer.replaceChildren());
    picker.hidden = dates.newest === null;
  }

  // --- how old the newest list is -------------------------------------------------------------
  // The page states the time. This adds how long ago that was, by the reader's clock.
  const age = document.getElementById("age");
  if (age) {
    const when = age.querySelector("time").dateTime;
    const dayOnly = when.length === 10;  // the hour is unknown: count days of Korea
    const KOREA = 9 * 3_600_000;
    const hours = dayOnly
      ? Math.floor((Date.now() + KOREA) / 86_400_000) * 24 - Date.parse(when) / 3_600_000
      : (Date.now() - Date.parse(when)) / 3_600_000;
    const [count, unit] = dayOnly || hours >= 48 ? [Math.floor(hours / 24), "day"]
      : hours >= 1 ? [Math.floor(hours), "hour"] : [Math.floor(hours * 60), "minute"];
    if (hours >= 0) {  // else the reader's clock is wrong
      const form = new Intl.RelativeTimeFormat(page.lang, { numeric: dayOnly ? "auto" : "always" });
      const said = document.createElement("b");
      said.textContent = form.format(-count, unit);
      age.append(", ", said);
    }
    if (hours > 48) {
      const warning = document.createElement("span");
      warning.textContent = age.dataset.stale;
      age.classList.add("stale");
      age.append(". ", warning);
    }
  }

  // --- keys ---------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest("input, .scroll, summary")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("q").focus();
      return;
    }
    const towards = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = towards && document.querySelector(`a[rel="${towards}"]`);
    if (link) location.href = link.href;
  });
})();
