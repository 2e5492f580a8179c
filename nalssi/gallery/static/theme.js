// Runs before the page is painted, so that a dark page never flashes white.
"use strict";

(() => {
  // Storage may be forbidden (a private window); then a choice lasts as long as the page.
  const stored = () => {
    try {
      return localStorage.getItem("nalssi-theme");
    } catch {
      return null;
    }
  };
  const theme = stored();
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
})();
