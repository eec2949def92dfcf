// The paper on the page: its items in the candidate's order, and the view of the one that is answered, alone or among those of its case.

import { createCaseView } from "./case.js";
import { byId, make } from "./elements.js";
import { choices, LETTERS, optionLetters } from "./options.js";
import { orderOf } from "./order.js";
import { createQuestion, placesOfPage } from "./question.js";
import { text } from "./texts.js";

const CASE = "case";

/**
 * Return the items in the candidate's own order, grouped as the paper is: [{label, case, items: [{place, name, cell, choices, case, …item}], stops}].
 * `name` and `cell` are how an item is called in a sentence and in its cell. `stops` are what one can go to: the items, or where a task has none, the
 * task itself, which has no `n`. A task is a case with minutes.
 */
export function arranged(paper, order) {
  const ordered = orderOf(order);
  let place = 0;
  return numbered(paper).map(group => {
    const shown = group.kind === CASE ? group.items : ordered(group.items);
    const items = shown.map((item, index) => {
      const own = { ...item, choices: choices(item, ordered(optionLetters(item))), place: ++place };
      return { ...own, ...(group.task ? namesOfPart(group.task, index + 1) : namesOfItem(place)) };
    });
    const shared = group.case ? { ...group.case, task: group.task, items } : null;
    for (const item of items) item.case = shared;
    const stops =
      group.task && items.length === 0
        ? [{ name: group.task.name, cell: text("task_look", { task: group.task.name }), case: shared }]
        : items;
    return { label: group.label, case: shared, items, stops };
  });
}

const namesOfItem = place => ({
  name: text("item_number", { number: place }),
  heading: text("item_number", { number: place }),
  cell: place,
});

function namesOfPart(task, number) {
  return { name: text("part_name", { task: task.name, number }), heading: text("part_number", { number }), cell: number };
}

/** Return the groups of the paper with their items numbered by their place, each with what the group says of all its items. */
function numbered(paper) {
  let n = 0;
  let tasks = 0;
  return paper.groups.map(group => {
    const task = group.minutes ? taskOf(group, ++tasks) : null;
    const items = group.items.map(row => {
      const item = { kind: group.kind, marks: task ? null : group.marks, ...itemOf(row), n: ++n };
      return { ...item, label: text(`kind_${item.kind}`) };
    });
    return { kind: group.kind, label: labelOf(group), case: group.case, task, items };
  });
}

/** Return a task as it is called and announced, with the marks of all its parts. */
function taskOf({ marks, minutes, observed = false }, place) {
  const name = text("task_name", { number: text("numerals").split(" ")[place - 1] ?? place });
  return { name, marks, minutes, isObserved: observed };
}

function labelOf(group) {
  if (group.minutes) return group.case.title;
  return group.kind === CASE ? text("case_name", { title: group.case.title }) : text(`kind_${group.kind}`);
}

/** Return an item as an object: it comes as a list of its stem, its options and, where its kind shows more, an object with that. */
function itemOf([stem, ...rest]) {
  const more = typeof rest.at(-1) === "object" ? rest.pop() : {};
  return { stem, ...(rest.length ? { options: rest } : {}), ...more };
}

/** Let the browser fetch all pictures of the paper now: the line may be gone when they are looked at. */
export function fetchPictures(groups) {
  const texts = groups.flatMap(group => [group.case?.text ?? "", ...group.items.map(item => item.stem)]);
  const addresses = texts.flatMap(html => [...html.matchAll(/ src="([^"]+)"/g)].map(found => found[1]));
  return [...new Set(addresses)].map(address => Object.assign(new Image(), { src: address }));
}

/** Return the view of the item. `acts` as question.js and case.js have them, and step(by). */
export function createItemView(acts, settings) {
  const single = createQuestion(placesOfPage(), acts);
  const cases = createCaseView(acts, settings);
  let item = null;
  let question = single;

  byId("previous").addEventListener("click", () => acts.step(-1));
  byId("next").addEventListener("click", () => acts.step(1));

  /** Show `shown`, an item or a task without any; the first and the last have no way on. */
  function show(shown, ends) {
    item = shown;
    byId("item").hidden = item.case !== null;
    byId("case").hidden = item.case === null;
    byId("exam").classList.toggle("has-case", item.case !== null);
    if (item.case) cases.show(item);
    else single.show(item);
    enter(shown, ends);
  }

  /** Take `entered`, which is in view already, for the item that keys and buttons are about. */
  function enter(entered, ends) {
    item = entered;
    question = item.case ? cases.question(item) : single;
    const count = question?.choices() ?? 0;
    byId("choose-keys").hidden = count === 0;
    byId("key-range").replaceChildren(...(count ? keyRange(count) : []));
    byId("previous").disabled = ends.isFirst;
    byId("next").disabled = ends.isLast;
  }

  /** Show what changed about the item in view. */
  function refresh() {
    if (item.case) cases.refresh();
    else single.refresh();
  }

  /** Bring the eye, and the screen reader, to the beginning of the item. */
  function focus() {
    if (item.case) return cases.focus(item);
    single.focus();
    byId("item").closest(".exam-item").scrollTop = 0;
    scrollTo({ top: 0 });
  }

  return { show, showFiles: cases.showFiles, enter, refresh, focus, choose: place => question?.choose(place) };
}

function keyRange(count) {
  return [make("kbd", {}, LETTERS[0]), "–", make("kbd", {}, LETTERS[count - 1])];
}
