// Theme and size of type, kept in this browser. A classic script, loaded blocking in <head>, so that the first paint is right already.
(() => {
  const KEY = "examsrv.display";
  const SIZES = ["small", "normal", "large"];
  const root = document.documentElement;
  const themes = (root.dataset.themes || "light contrast").split(" ");

  function stored() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch {
      return {}; // storage is closed or holds something else: the page looks as it does by default
    }
  }

  function keep(choice) {
    try {
      localStorage.setItem(KEY, JSON.stringify(choice));
    } catch {
      // the choice then lives as long as the page
    }
  }

  function proper(choice) {
    const byDefault = matchMedia("(prefers-contrast: more)").matches ? "contrast" : "light";
    return {
      theme: themes.includes(choice.theme) ? choice.theme : byDefault,
      size: SIZES.includes(choice.size) ? choice.size : "normal",
    };
  }

  function show({ theme, size }) {
    root.dataset.theme = theme;
    root.dataset.size = size;
    for (const button of document.querySelectorAll("[data-choose-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.chooseTheme === theme));
    }
    for (const button of document.querySelectorAll("[data-choose-size]")) {
      button.setAttribute("aria-pressed", String(button.dataset.chooseSize === size));
    }
  }

  function chosenBy(button, now) {
    const { chooseTheme, chooseSize } = button.dataset;
    if (chooseSize) return { ...now, size: chooseSize };
    const again = now.theme === chooseTheme;
    return { ...now, theme: again ? "light" : chooseTheme };
  }

  let now = proper(stored());
  show(now);
  document.addEventListener("DOMContentLoaded", () => show(now));
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-choose-theme], [data-choose-size]");
    if (!button) return;
    now = chosenBy(button, now);
    keep(now);
    show(now);
  });
})();
