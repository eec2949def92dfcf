// Trying out how to answer: one question of each kind that the paper has, and the review mark. Nothing of it is sent, kept or counted.

import { isAnswer } from "./answers.js";
import { byId, make, shape } from "./elements.js";
import { listenToKeys } from "./keys.js";
import { createAnswering } from "./kinds/index.js";
import { text } from "./texts.js";

const MARKING = "marking";
const CELL = { fill: "number", unit: "", choices: [] };
const SHOWN = {
  single_choice: () => ({ options: listed("single_choice_options") }),
  multiple_choice: () => ({ options: listed("multiple_choice_options") }),
  true_false: () => ({}),
  blank: () => ({}),
  numeric: () => ({ unit: text("numeric_unit"), decimals: null }),
  matching: () => ({ options: listed("matching_options"), prompts: listed("matching_prompts"), reuse: false }),
  ordering: () => ({ options: listed("ordering_options") }),
  short_text: () => ({ least: 0, most: 200 }),
  essay: () => ({ least: 0, most: 2000 }),
  upload: () => ({ types: ["pdf", "png", "jpg", "xlsx", "docx", "csv", "txt"], megabytes: 5, files: 1 }),
  table: () => ({ columns: listed("table_columns"), rows: listed("table_rows").map(head => [head, CELL, CELL]) }),
};

const listed = name => text(name).split("|");

/** Set up the try-out. */
export function createTryout() {
  const kinds = byId("waiting").dataset.kinds.split(" ");
  const tasks = [
    ...Object.keys(SHOWN)
      .filter(kind => kinds.includes(kind))
      .map(task),
    markingTask(),
  ];
  let current = tasks[0];

  for (const one of tasks) one.button.addEventListener("click", () => show(one));
  byId("try-kinds").replaceChildren(...tasks.map(one => one.button));
  byId("try-mark").addEventListener("click", mark);
  listenToKeys(() => true, { choose: place => current.answering?.choose?.(place), step, mark });
  show(current);

  function show(one) {
    current = one;
    byId("try-stem").replaceChildren(one.stem);
    byId("try-keys").textContent = text(`${one.kind}_keys`);
    byId("try-mark").hidden = one.kind !== MARKING;
    byId("try-options").replaceChildren(...(one.answering ? [one.answering.element] : []));
    refresh();
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
    current.answering?.show(current.value, false);
    for (const one of tasks) refreshButton(one, one === current);
    const done = tasks.filter(isTried).length;
    byId("try-count").textContent = text("try_count", { done, total: tasks.length });
  }

  function task(kind) {
    const one = { kind, button: tried(), value: null, stem: make("span", { id: `try-stem-${kind}` }, text(`${kind}_stem`)) };
    const changed = value => {
      one.value = value;
      refresh();
    };
    const way = { name: `try-${kind}`, stem: one.stem, labelledBy: one.stem.id, changed, files: notSent(changed) };
    one.answering = createAnswering({ kind, ...SHOWN[kind]() }, way);
    return one;
  }

  function markingTask() {
    return { kind: MARKING, button: tried(), value: false, isTried: false, stem: make("span", {}, text(`${MARKING}_stem`)) };
  }
}

/** Return what takes a file that is chosen without sending it anywhere. */
function notSent(changed) {
  let chosen = null;
  return {
    add: (_item, file) => {
      chosen = file;
      changed([{ name: file.name, size: file.size, digest: "tried" }]);
    },
    waiting: () => [],
    forget: () => undefined,
    address: () => URL.createObjectURL(chosen),
  };
}

const tried = () => make("button", { type: "button", class: "btn" });
const isTried = one => (one.kind === MARKING ? one.isTried : isAnswer(one.value));

function refreshButton(one, isCurrent) {
  const drawn = shape(isTried(one) ? "check" : isCurrent ? "half" : "ring");
  const said = isTried(one) ? make("span", { class: "unseen" }, text("try_done")) : "";
  one.button.replaceChildren(drawn, text(one.kind), said);
  if (isCurrent) one.button.setAttribute("aria-current", "true");
  else one.button.removeAttribute("aria-current");
}
