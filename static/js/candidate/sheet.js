// The answer sheet: a cell for every item, by kind, with counts. A cell says in words what its shape shows.

import { byId, make } from "./elements.js";
import { text } from "./texts.js";

const ROW = 10;

/** Return the sheet of `groups`; `go(item)` is called for the item clicked. `station` is the candidate's for tasks that are watched, if any. */
export function createSheet(groups, go, station) {
  const cells = new Map();
  const counts = new Map();

  function section(group, place) {
    const count = make("small");
    counts.set(group, count);
    const number = group.case?.task?.name ?? text("numerals").split(" ")[place] ?? place + 1;
    const heading = make("h2", {}, make("span", {}, text("group_name", { number, name: group.label })), count);
    return make("section", {}, heading, ...onTheSpot(group), make("div", { class: "cells" }, ...group.stops.map(cell)));
  }

  function cell(item) {
    const isTask = item.n === undefined;
    const look = isTask ? "cell cell-task" : "cell";
    const button = make("button", { type: "button", class: look, tabindex: "-1", onclick: () => go(item) }, String(item.cell));
    cells.set(item, button);
    return button;
  }

  /** Say of a task that is watched where it is done. */
  function onTheSpot(group) {
    if (!group.case?.task?.isObserved) return [];
    return [make("p", { class: "second small" }, text(station ? "task_observed_at" : "task_observed", { station }))];
  }

  /** Show all cells and counts: `answers` as answers.js has them, `current` the item in view. */
  function refresh(answers, current) {
    for (const group of groups) {
      for (const item of group.stops) refreshCell(cells.get(item), item, answers, item === current);
      const answered = group.items.filter(item => answers.isAnswered(item.n)).length;
      counts.get(group).textContent = group.items.length ? text("group_count", { answered, total: group.items.length }) : "";
    }
    bringIntoView(cells.get(current));
    const totals = tally(groups, answers);
    for (const [name, number] of Object.entries(totals)) byId(`count-${name}`).textContent = text(`count_${name}`, { number });
  }

  /** Tell whether the focus stands on the sheet: then it goes along with the item in view. */
  const hasFocus = () => byId("cells").contains(document.activeElement);

  byId("cells").replaceChildren(...groups.map(section));
  byId("cells").addEventListener("keydown", event => {
    const rows = { ArrowUp: -ROW, ArrowDown: ROW }[event.key];
    if (rows === undefined) return;
    event.preventDefault();
    const all = groups.flatMap(group => group.stops);
    const place = all.findIndex(item => cells.get(item) === document.activeElement) + rows;
    if (all[place]) go(all[place]);
  });

  return { refresh, hasFocus, focus: item => cells.get(item).focus() };
}

/** Scroll the sheet, where it scrolls for itself, to a cell. */
function bringIntoView(button) {
  const pane = button.closest(".answers");
  if (pane.scrollHeight > pane.clientHeight) button.scrollIntoView({ block: "nearest" });
}

/** Return {answered, unanswered, marked}. */
export function tally(groups, answers) {
  const items = groups.flatMap(group => group.items);
  const answered = items.filter(item => answers.isAnswered(item.n)).length;
  return { answered, unanswered: items.length - answered, marked: items.filter(item => answers.isMarked(item.n)).length };
}

function refreshCell(button, item, answers, isCurrent) {
  button.tabIndex = isCurrent ? 0 : -1;
  if (isCurrent) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  if (item.n === undefined) return; // a task without parts
  const isAnswered = answers.isAnswered(item.n);
  const isMarked = answers.isMarked(item.n);
  button.classList.toggle("answered", isAnswered);
  button.classList.toggle("marked", isMarked);
  button.setAttribute("aria-label", text(cellSentence(isAnswered, isMarked), { item: item.name }));
}

function cellSentence(isAnswered, isMarked) {
  if (isAnswered) return isMarked ? "cell_answered_marked" : "cell_answered";
  return isMarked ? "cell_unanswered_marked" : "cell_unanswered";
}
