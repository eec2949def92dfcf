// What the candidate calls up beside the paper: calculator and scratch pad. They open in the side column and cover nothing.

import { createCalculator } from "./calculator.js";
import { byId } from "./elements.js";

const WRITING = 500;

/** Set up both; the scratch pad is kept in `settings`, on this machine only. */
export function createTools(settings) {
  const panels = ["calculator", "scratch"].map(name => ({ panel: byId(name), opener: byId(`open-${name}`) }));
  for (const { panel, opener } of panels) {
    opener.addEventListener("click", () => toggle(panel, opener));
    panel.querySelector("[data-close-tool]").addEventListener("click", () => toggle(panel, opener));
    panel.addEventListener("keydown", event => {
      if (event.key === "Escape") toggle(panel, opener);
    });
  }
  createCalculator(byId("calculator"));
  keepScratch(settings);
}

function toggle(panel, opener) {
  panel.hidden = !panel.hidden;
  opener.setAttribute("aria-expanded", String(!panel.hidden));
  if (panel.hidden) return opener.focus();
  panel.scrollIntoView({ block: "nearest" });
  panel.querySelector("[data-first]").focus();
}

function keepScratch(settings) {
  const pad = byId("scratch-text");
  let timer = null;
  pad.value = settings.get("scratch", "");
  pad.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => settings.set("scratch", pad.value), WRITING);
  });
}
