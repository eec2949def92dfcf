// Trying out how to answer: one question of each kind and the review mark. Nothing of it is sent, kept or counted.

import { chosen, isAnswer } from "./answers.js";
import { byId, make, shape } from "./elements.js";
import { listenToKeys } from "./keys.js";
import { choices, rows, showChoice } from "./options.js";
import { text } from "./texts.js";

const MARKING = "marking";
const KINDS = ["single_choice", "multiple_choice", "true_false", MARKING];

/** Set up the try-out. */
export function createTryout() {
  const tasks = KINDS.map(task);
  let current = tasks[0];

  for (const one of tasks) one.button.addEventListener("click", () => show(one));
  byId("try-kinds").replaceChildren(...tasks.map(one => one.button));
  byId("try-mark").addEventListener("click", mark);
  listenToKeys(() => true, { choose, step, mark });
  show(current);

  function show(one) {
    current = one;
    byId("try-stem").textContent = text(`${one.kind}_stem`);
    byId("try-keys").textContent = text(`${one.kind}_keys`);
    byId("try-mark").hidden = one.kind !== MARKING;
    byId("try-options").replaceChildren(...(one.kind === MARKING ? [] : [one.group]));
    refresh();
  }

  function pick(one, choice) {
    one.value = chosen(one.item, one.value, choice);
    refresh();
  }

  function choose(place) {
    const choice = current.list[place];
    if (choice) pick(current, choice.value);
  }

  function step(by) {
    const one = tasks[tasks.indexOf(current) + by];
    if (one) show(one);
  }

  function mark() {
    if (current.kind !== MARKING) return;
    current.value = !current.value;
    current.isTried = true;
    byId("try-mark").setAttribute("aria-pressed", String(current.value));
    refresh();
  }

  function refresh() {
    if (current.group) showChoice(current.group, current.list, current.value);
    for (const one of tasks) refreshButton(one, one === current);
    const done = tasks.filter(isTried).length;
    byId("try-count").textContent = text("try_count", { done, total: tasks.length });
  }

  function task(kind) {
    const button = make("button", { type: "button", class: "btn" });
    if (kind === MARKING) return { kind, button, list: [], value: false, isTried: false };
    const options = kind === "true_false" ? [] : text(`${kind}_options`).split("|");
    const item = { kind, options };
    const one = { kind, button, item, list: choices(item), value: null };
    one.group = rows(item, one.list, { name: `try-${kind}`, labelledBy: "try-stem", pick: choice => pick(one, choice) });
    return one;
  }
}

const isTried = one => (one.kind === MARKING ? one.isTried : isAnswer(one.value));

function refreshButton(one, isCurrent) {
  const drawn = shape(isTried(one) ? "check" : isCurrent ? "half" : "ring");
  const said = isTried(one) ? make("span", { class: "unseen" }, text("try_done")) : "";
  one.button.replaceChildren(drawn, text(one.kind), said);
  if (isCurrent) one.button.setAttribute("aria-current", "true");
  else one.button.removeAttribute("aria-current");
}
