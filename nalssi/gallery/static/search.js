// The search field: stations, regions, provinces, towns and dates.
// `places.js` lists the places, `dates.js` reads dates. Without scripts, the field leads to the list
// of places.
"use strict";

(() => {
  const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
  const SYLLABLES = 0xac00, LAST_SYLLABLE = 0xd7a3, PER_INITIAL = 588;
  const SHOWN = 8;
  const { dates } = window.nalssi;
  const page = document.documentElement;
  const field = document.getElementById("q");
  const box = document.getElementById("found-box");
  const list = document.getElementById("found");
  const status = document.getElementById("found-count");
  const phrases = status.dataset;
  const korean = page.lang === "ko" ? 0 : 1;
  const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // --- names ------------------------------------------------------------------------------------
  const plain = (text) => text.toLowerCase().normalize("NFC").replace(/[\s·\-().,'’]/g, "");
  const initials = (text) =>
    Array.from(text, (letter) => {
      const code = letter.codePointAt(0);
      if (code < SYLLABLES || code > LAST_SYLLABLE) return letter;
      return INITIALS[Math.floor((code - SYLLABLES) / PER_INITIAL)];
    }).join("");
  // The usual spellings of a name in Latin letters have the same sound: Busan and Pusan.
  const SOUNDS = [
    [/[^a-z]/g, ""], [/ch/g, "j"], [/k/g, "g"], [/t/g, "d"], [/p/g, "b"], [/sh/g, "s"],
    [/eo/g, "o"], [/eu|oo/g, "u"], [/r/g, "l"], [/(.)\1+/g, "$1"],
  ];
  const sound = (text) =>
    SOUNDS.reduce((each, [from, to]) => each.replace(from, to),
      text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, ""));  // ŏ, ŭ

  // --- places -----------------------------------------------------------------------------------
  const { stations, regions, provinces, towns } = window.nalssiIndex;
  const pair = (names) => [names[korean], names[1 - korean]];
  const place = (names, more, path, keys, parts = []) => ({
    name: names[korean],
    more: [...more, names[1 - korean]].filter((each) => each && each !== names[korean]).join(" · "),
    path,
    keys: keys.map(plain).concat(initials(plain(names[0]))),
    parts: parts.map(plain),
    sounds: keys.map(sound).filter((each) => each.length > 2),
  });
  const stationPath = (station) => `stations/${station[3]}.html`;
  const regionNames = new Map(regions.map(([ko, en, id]) => [id, [ko, en]]));
  const shortProvince = (number) => provinces[number][korean === 0 ? 1 : 2];
  const places = [
    ...stations.map((each) =>
      place(each, [regionNames.get(each[2])?.[korean]], stationPath(each), each.slice(0, 2))),
    ...regions.map(([ko, en, id]) =>  // 영동 is short for 강원영동
      place([ko, en], [phrases.region], `regions/${id}.html`, [ko, en, ko.replace(/^강원/, "")],
        [...ko.split("·"), ...en.split(/[- ]/)])),
    ...provinces.flatMap(([full, short, english, others, station, inRegions]) => {
      const names = [full, english], keys = [full, short, english, ...others];
      if (station >= 0) {
        const [target] = pair(stations[station]);
        return [place(names, [fill(phrases.station, { station: target })],
          stationPath(stations[station]), keys)];
      }
      return inRegions.map((id) =>
        place(names, [regionNames.get(id)[korean]], `regions/${id}.html`, keys));
    }),
    ...towns.map(([ko, en, province, number, km]) => {
      const [target] = pair(stations[number]);
      const phrase = km ? phrases.nearest : phrases.station;
      const [full, short, english] = provinces[province];
      const keys = [ko, en, short + ko, full + ko, `${en} ${english}`];
      const more = [shortProvince(province), fill(phrase, { station: target, km })];
      return { ...place([ko, en], more, stationPath(stations[number]), keys), isNear: km > 0 };
    }),
  ];

  // Names that are the words come first, then those that begin with them (or of which a part does),
  // those that contain them, and those of the same sound. Places of one rank stay in order:
  // stations, regions, provinces, towns with a station, other towns. A town is its whole name here:
  // "seo" is the beginning of Seo-gu, as of Seoul.
  const [WHOLE, BEGINNING, INSIDE, SOUND] = [0, 1, 2, 3];
  const rank = (words) => {
    const sought = plain(words), heard = sound(words);
    const of = (name, text) => {
      const at = name.indexOf(text);
      return at < 0 ? Infinity : at > 0 ? INSIDE : name === text ? WHOLE : BEGINNING;
    };
    return ({ keys, parts, sounds }) => {
      const written = Math.min(
        ...keys.map((key) => of(key, sought)),
        ...parts.map((part) => Math.max(of(part, sought), BEGINNING)),
      );
      if (written < Infinity || heard.length < 3 || /[^\x00-\u024f’]/.test(words)) return written;
      return SOUND + Math.min(...sounds.map((each) => of(each, heard)));
    };
  };
  // A page is listed once, unless it is the nearest one for several towns.
  const findPlaces = (words) => {
    if (!plain(words)) return [];
    const of = rank(words);
    const found = places.map((each) => [of(each), each]).filter(([value]) => value < Infinity);
    const listed = new Set();
    return found.sort((a, b) => a[0] - b[0]).map(([, each]) => each).filter((each) => {
      const again = listed.has(each.path);
      listed.add(each.path);
      return each.isNear || !again;
    });
  };

  // --- dates ------------------------------------------------------------------------------------
  const dayOption = (day, more = "") => ({ name: dates.text(day), more, path: dates.path(day) });
  const findDates = (words) => {
    const date = dates.read(words);
    if (!date) return { options: [], note: "" };
    const { days = [], anchor, impossible, missing, near } = dates.find(date);
    if (impossible) return { options: [], note: phrases.impossible };
    if (missing !== undefined) {
      return {
        options: near.map((day) => dayOption(day, phrases.near)),
        note: fill(phrases.missing, { date: dates.text(missing) }),
      };
    }
    const options = days.map((day) => dayOption(day));
    if (anchor) {
      options.unshift({
        name: phrases.calendar, more: fill(phrases.days, { count: days.length }),
        path: `calendar.html#${anchor}`,
      });
    }
    return { options, note: "" };
  };

  const find = (words) => {
    const { options, note } = findDates(words);
    const found = [...options, ...findPlaces(words)];
    return { found, note: note || (found.length || !words.trim() ? "" : phrases.none) };
  };

  // --- the list below the field -----------------------------------------------------------------
  let chosen = -1;
  const options = () => Array.from(list.children);
  const choose = (index) => {
    const all = options();
    chosen = all.length && index >= 0 ? index % all.length : -1;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const open = (shown) => {
    box.hidden = !shown;
    field.setAttribute("aria-expanded", String(shown && list.children.length > 0));
    if (!shown) field.removeAttribute("aria-activedescendant");
  };
  const go = ({ path }) => {
    location.href = page.dataset.home + path;
  };
  const search = () => {
    const { found, note } = find(field.value);
    list.replaceChildren(
      ...found.slice(0, SHOWN).map((each, i) => {
        const option = document.createElement("li");
        option.id = `found-${i}`;
        option.setAttribute("role", "option");
        const name = document.createElement("b");
        name.textContent = each.name;
        const more = document.createElement("span");
        more.textContent = each.more;
        option.append(name, " ", more);
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          go(each);
        });
        return option;
      }),
    );
    status.textContent = note || (found.length ? fill(phrases.some, { count: found.length }) : "");
    status.classList.toggle("hidden", !note);
    list.hidden = found.length === 0;
    open(found.length > 0 || note !== "");
    choose(note ? -1 : 0);  // no page for a date: the reader chooses another day
  };
  field.addEventListener("input", search);
  field.addEventListener("focus", search);
  field.addEventListener("blur", () => open(false));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;  // Enter that ends a Hangul syllable is no Enter
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      choose(down ? chosen + 1 : (chosen < 1 ? options().length : chosen) - 1);
    } else if (event.key === "Escape") {
      field.value = "";
      search();
    }
  });
  field.form.addEventListener("submit", (event) => {
    if (field.value.trim() === "") return;  // an empty search shows all places
    event.preventDefault();
    const { found, note } = find(field.value);
    if (found.length && (chosen >= 0 || !note)) go(found[Math.max(chosen, 0)]);
    else search();
  });

  window.nalssi.search = { find };
})();
