// Search, the switch between light and dark, and moving by day with the arrow keys.
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

  // --- search -------------------------------------------------------------------------------
  const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
  const SYLLABLES = 0xac00, LAST_SYLLABLE = 0xd7a3, PER_INITIAL = 588;
  const SHOWN = 8;
  const field = document.getElementById("q");
  const list = document.getElementById("found");
  const status = document.getElementById("found-count");
  const korean = page.lang === "ko" ? 0 : 1;

  const plain = (text) => text.toLowerCase().normalize("NFC").replace(/[\s·\-().]/g, "");
  const initials = (text) =>
    Array.from(text, (letter) => {
      const code = letter.codePointAt(0);
      if (code < SYLLABLES || code > LAST_SYLLABLE) return letter;
      return INITIALS[Math.floor((code - SYLLABLES) / PER_INITIAL)];
    }).join("");

  const { places, regions } = window.nalssiIndex;
  const index = places.map(([ko, en, region, path]) => ({
    name: korean === 0 ? ko : en,
    other: korean === 0 ? en : ko,
    region: regions[region]?.[korean] ?? "",
    path,
    keys: [plain(ko), plain(en), initials(plain(ko))],
  }));

  // What begins with the words comes before what only holds them.
  const find = (words) => {
    const sought = plain(words);
    if (!sought) return [];
    const rank = ({ keys }) =>
      Math.min(...keys.map((key) => {
        const at = key.indexOf(sought);
        return at < 0 ? Infinity : at === 0 ? (key === sought ? 0 : 1) : 2;
      }));
    return index
      .map((place) => [rank(place), place])
      .filter(([value]) => value < Infinity)
      .sort((a, b) => a[0] - b[0])
      .map(([, place]) => place);
  };

  let chosen = -1;
  const options = () => Array.from(list.children);
  const choose = (number) => {
    const all = options();
    chosen = all.length ? (number + all.length) % all.length : -1;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const open = (shown) => {
    list.hidden = !shown;
    field.setAttribute("aria-expanded", String(shown));
    if (!shown) field.removeAttribute("aria-activedescendant");
  };
  const go = (place) => {
    location.href = page.dataset.home + place.path;
  };
  const search = () => {
    const all = find(field.value);
    const places = all.slice(0, SHOWN);
    list.replaceChildren(
      ...places.map((place, i) => {
        const option = document.createElement("li");
        option.id = `found-${i}`;
        option.setAttribute("role", "option");
        const name = document.createElement("b");
        name.textContent = place.name;
        const more = document.createElement("span");
        more.textContent = [place.other, place.region].filter(Boolean).join(" · ");
        option.append(name, " ", more);
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          go(place);
        });
        return option;
      }),
    );
    const asked = plain(field.value) !== "";
    status.textContent = !asked ? ""
      : all.length ? status.dataset.some.replace("{count}", all.length) : status.dataset.none;
    status.classList.toggle("hidden", !(asked && !all.length));
    open(places.length > 0);
    choose(places.length ? 0 : -1);
  };
  field.addEventListener("input", search);
  field.addEventListener("focus", search);
  field.addEventListener("blur", () => {
    open(false);
    status.classList.add("hidden");
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;  // Enter that ends a Hangul syllable is no Enter
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape") {
      field.value = "";
      search();
    }
  });
  field.form.addEventListener("submit", (event) => {
    const found = find(field.value);
    if (field.value.trim() === "") return;  // an empty search shows all places
    event.preventDefault();
    if (found.length) go(found[Math.max(chosen, 0)]);
    else search();
  });

  // --- keys ---------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest("input, .scroll, summary")) return;
    if (event.key === "/") {
      event.preventDefault();
      field.focus();
      return;
    }
    const towards = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = towards && document.querySelector(`a[rel="${towards}"]`);
    if (link) location.href = link.href;
  });
})();
