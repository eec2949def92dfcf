// One item of the paper on the page: its head, its stem, its rows of answers. What may be chosen and what it means is options.js and answers.js.

import { byId, make } from "./elements.js";
import { choices, LETTERS, rows, showChoice } from "./options.js";
import { text, textOr } from "./texts.js";

/** Return the items in the candidate's own order, grouped by kind as the paper is: [{label, kind, items: [{place, choices, …item}]}]. */
export function arranged(paper, order) {
  const rank = new Map(order.items.map((n, place) => [n, place]));
  const letters = [...order.options];
  let place = 0;
  return numbered(paper).map(group => ({
    kind: group.kind,
    label: group.label,
    items: group.items
      .map(item => ({ ...item, choices: choices(item, letters.splice(0, item.options?.length ?? 0)) }))
      .sort((one, other) => rank.get(one.n) - rank.get(other.n))
      .map(item => ({ ...item, place: ++place })),
  }));
}

/** Return the groups of the paper with their items numbered by their place, each with what the group says of all its items. */
function numbered(paper) {
  let n = 0;
  return paper.groups.map(({ kind, label: own, marks, items }) => {
    const label = textOr(`kind_${kind}`, own);
    return { kind, label, items: items.map(item => ({ marks, ...item, kind, label, n: ++n })) };
  });
}

/** Return the view of the item. `acts`: pick(item, choice), clear(item), mark(item), step(by). */
export function createItemView(acts) {
  let item = null;
  let group = null;

  byId("mark").addEventListener("click", () => item && acts.mark(item));
  byId("clear").addEventListener("click", () => item && acts.clear(item));
  byId("previous").addEventListener("click", () => acts.step(-1));
  byId("next").addEventListener("click", () => acts.step(1));

  /** Show `shown`, with `value` chosen; the first and the last item have no way on. */
  function show(shown, state) {
    item = shown;
    byId("item-number").textContent = text("item_number", { number: item.place });
    byId("item-kind").textContent = text("item_kind", { kind: item.label, marks: item.marks });
    byId("item-hint").textContent = item.kind === "multiple_choice" ? text("several") : "";
    byId("item-hint").hidden = item.kind !== "multiple_choice";
    byId("stem").innerHTML = item.stem; // cleaned by the server, and no script runs on this page but ours
    group = rows(item, item.choices, { name: `answer-${item.n}`, labelledBy: "stem", pick: choice => acts.pick(item, choice) });
    byId("options").replaceChildren(group);
    byId("key-range").replaceChildren(...keyRange(item.choices.length));
    refresh(state);
  }

  /** Show what changed about the item in view: {value, isMarked, isLocked, isFirst, isLast}. */
  function refresh({ value, isMarked, isLocked, isFirst, isLast }) {
    showChoice(group, item.choices, value, isLocked);
    byId("mark").setAttribute("aria-pressed", String(isMarked));
    byId("mark-word").textContent = text(isMarked ? "marked" : "mark");
    byId("mark").disabled = isLocked;
    byId("clear").hidden = isLocked || value === null || value.length === 0;
    byId("previous").disabled = isFirst;
    byId("next").disabled = isLast;
  }

  /** Bring the eye, and the screen reader, to the beginning of the item. */
  function focus() {
    byId("item-number").focus({ preventScroll: true });
    byId("item-number").closest(".exam-item").scrollTop = 0;
    scrollTo({ top: 0 });
  }

  return { show, refresh, focus, item: () => item };
}

function keyRange(count) {
  return [make("kbd", {}, LETTERS[0]), "–", make("kbd", {}, LETTERS[count - 1])];
}
