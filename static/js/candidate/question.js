// One question on the page: its head, its stem, its answering part. How a kind is answered is its own file (kinds/).

import { byId, make, shape } from "./elements.js";
import { createAnswering } from "./kinds/index.js";
import { text } from "./texts.js";

/** Return the places of the question that fills the page. */
export function placesOfPage() {
  const places = {
    number: "item-number",
    kind: "item-kind",
    hint: "item-hint",
    stem: "stem",
    answer: "options",
    mark: "mark",
    markWord: "mark-word",
    clear: "clear",
  };
  return Object.fromEntries(Object.entries(places).map(([name, id]) => [name, byId(id)]));
}

/** Return places of its own for a question that stands among others, with the element that holds them. */
export function madePlaces(n) {
  const number = make("h2", { tabindex: "-1", id: `item-${n}` });
  const kind = make("span", { class: "second small" });
  const clear = make("button", { type: "button", class: "btn btn-small btn-quiet", hidden: true }, text("clear"));
  const markWord = make("span");
  const mark = make("button", { type: "button", class: "btn btn-small mark", "aria-pressed": "false" }, shape("flag"), markWord);
  const hint = make("p", { class: "item-hint", hidden: true });
  const stem = make("div", { class: "stem", id: `stem-${n}` });
  const answer = make("div", { class: "answer" });
  const head = make("header", { class: "item-head" }, number, kind, make("span", { class: "item-acts" }, clear, mark));
  const element = make("section", { class: "part", "aria-labelledby": number.id }, head, hint, stem, answer);
  return { element, number, kind, hint, stem, answer, mark, markWord, clear };
}

/** Return the question in `places`. `acts`: answer(item, value, isTyped), clear(item), mark(item), left(), state(item), files. */
export function createQuestion(places, acts) {
  let item = null;
  let answering = null;

  places.mark.addEventListener("click", () => item && acts.mark(item));
  places.clear.addEventListener("click", () => {
    if (!item) return;
    acts.clear(item);
    focus();
  });
  for (const part of [places.stem, places.answer]) part.addEventListener("focusout", () => acts.left());

  function show(shown) {
    item = shown;
    places.number.textContent = item.heading;
    places.kind.textContent = item.marks === null ? item.label : text("item_kind", { kind: item.label, marks: item.marks });
    places.stem.innerHTML = item.stem; // cleaned by the server, and no script runs on this page but ours
    const changed = (value, isTyped = false) => acts.answer(shown, value, isTyped);
    const way = { name: `answer-${item.n}`, stem: places.stem, labelledBy: places.stem.id, changed, files: acts.files };
    answering = createAnswering(item, way);
    places.answer.replaceChildren(answering.element);
    refresh();
  }

  /** Show the answer and the mark as they stand. */
  function refresh() {
    const { value, isMarked, isLocked, isAnswered } = acts.state(item);
    answering.show(value, isLocked);
    const hint = answering.hint(value);
    if (places.hint.textContent !== hint) places.hint.textContent = hint;
    places.hint.hidden = hint === "";
    places.mark.setAttribute("aria-pressed", String(isMarked));
    places.markWord.textContent = text(isMarked ? "marked" : "mark");
    places.mark.disabled = isLocked;
    places.clear.hidden = isLocked || !isAnswered;
  }

  /** Bring the screen reader to the beginning of the question. */
  const focus = () => places.number.focus({ preventScroll: true });

  return { show, refresh, focus, item: () => item, choose: place => answering.choose?.(place), choices: () => answering.choices ?? 0 };
}
