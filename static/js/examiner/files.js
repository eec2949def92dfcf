// Places of a script (answers, case, model answer, attachments), and files that are fetched when somebody looks at them.

import { text } from "../candidate/texts.js";

/** Show the place that a tab names. */
export function openTab(tab) {
  const task = tab.closest("[data-task]");
  const wanted = tab.getAttribute("href").slice(1);
  for (const each of task.querySelectorAll("[data-tab]")) {
    if (each === tab) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
  for (const pane of task.querySelectorAll("[data-pane]")) pane.hidden = pane.id !== wanted;
  const pane = document.getElementById(wanted);
  if (pane.dataset.shown) fill(pane);
}

/** Fetch what is in a file, once; a lost line is told, and the next look tries again. */
export async function fill(place) {
  if (place.dataset.filled) return;
  place.dataset.filled = "yes";
  const slot = place.querySelector("[data-slot]");
  slot.textContent = text("loading");
  try {
    const answer = await fetch(place.dataset.shown, { redirect: "manual" });
    if (!answer.ok) throw new Error(String(answer.status));
    slot.innerHTML = await answer.text();
  } catch {
    slot.textContent = text("unread");
    delete place.dataset.filled;
  }
}

export function installFiles(script) {
  script.addEventListener("click", event => {
    const tab = event.target.closest("[data-tab]");
    if (!tab) return;
    event.preventDefault();
    openTab(tab);
  });
  for (const details of script.querySelectorAll("details[data-shown]")) {
    details.addEventListener("toggle", () => details.open && fill(details));
  }
}
