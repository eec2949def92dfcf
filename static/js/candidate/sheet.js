// The answer sheet: a cell for every item, by kind, with counts. A cell says in words what its shape shows.

import { byId, make } from "./elements.js";
import { text } from "./texts.js";

const ROW = 10;

/** Return the sheet of `groups`; `go(item)` is called for the item clicked. */
export function createSheet(groups, go) {
  const cells = new Map();
  const counts = new Map();

  function section(group, place) {
    const count = make("small");
    counts.set(group, count);
    const heading = make(
      "h2",
      {},
      make("span", {}, text("group_name", { number: text("numerals").split(" ")[place] ?? place + 1, name: group.label })),
      count,
    );
    return make("section", {}, heading, make("div", { class: "cells" }, ...group.items.map(cell)));
  }

  function cell(item) {
    const button = make("button", { type: "button", class: "cell", tabindex: "-1", onclick: () => go(item) }, String(item.place));
    cells.set(item.n, button);
    return button;
  }

  /** Show all cells and counts: `answers` as answers.js has them, `current` the item in view. */
  function refresh(answers, current) {
    for (const group of groups) {
      for (const item of group.items) refreshCell(cells.get(item.n), item, answers, item === current);
      const answered = group.items.filter(item => answers.isAnswered(item.n)).length;
      counts.get(group).textContent = text("group_count", { answered, total: group.items.length });
    }
    bringIntoView(cells.get(current.n));
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
    const all = groups.flatMap(group => group.items);
    const place = all.findIndex(item => cells.get(item.n) === document.activeElement) + rows;
    if (all[place]) go(all[place]);
  });

  return { refresh, hasFocus, focus: item => cells.get(item.n).focus() };
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
  const isAnswered = answers.isAnswered(item.n);
  const isMarked = answers.isMarked(item.n);
  button.classList.toggle("answered", isAnswered);
  button.classList.toggle("marked", isMarked);
  button.tabIndex = isCurrent ? 0 : -1;
  if (isCurrent) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  button.setAttribute("aria-label", text(cellSentence(isAnswered, isMarked), { number: item.place }));
}

function cellSentence(isAnswered, isMarked) {
  if (isAnswered) return isMarked ? "cell_answered_marked" : "cell_answered";
  return isMarked ? "cell_unanswered_marked" : "cell_unanswered";
}
