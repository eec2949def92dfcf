// The paper on the page: its items in the candidate's order, and the view of the one that is answered, alone or among those of its case.

import { createCaseView } from "./case.js";
import { byId, make } from "./elements.js";
import { choices, LETTERS, optionLetters } from "./options.js";
import { orderOf } from "./order.js";
import { createQuestion, placesOfPage } from "./question.js";
import { text } from "./texts.js";

const CASE = "case";

/** Return the items in the candidate's own order, grouped as the paper is: [{label, kind, case, items: [{place, choices, case, …item}]}]. */
export function arranged(paper, order) {
  const ordered = orderOf(order);
  let place = 0;
  return numbered(paper).map(group => {
    const shown = group.kind === CASE ? group.items : ordered(group.items);
    const items = shown.map(item => ({ ...item, choices: choices(item, ordered(optionLetters(item))), place: ++place }));
    const shared = group.case ? { ...group.case, items } : null;
    for (const item of items) item.case = shared;
    return { kind: group.kind, label: group.label, case: shared, items };
  });
}

/** Return the groups of the paper with their items numbered by their place, each with what the group says of all its items. */
function numbered(paper) {
  let n = 0;
  return paper.groups.map(group => {
    const label = group.kind === CASE ? text("case_name", { title: group.case.title }) : text(`kind_${group.kind}`);
    const items = group.items.map(row => {
      const item = { kind: group.kind, marks: group.marks, ...itemOf(row), n: ++n };
      return { ...item, label: text(`kind_${item.kind}`) };
    });
    return { kind: group.kind, label, case: group.case, items };
  });
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

  /** Show `shown`; the first and the last item have no way on. */
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
    const count = question.choices();
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

  return { show, enter, refresh, focus, choose: place => question.choose(place) };
}

function keyRange(count) {
  return [make("kbd", {}, LETTERS[0]), "–", make("kbd", {}, LETTERS[count - 1])];
}
