// The item as a candidate sees it, made by the candidate's own scripts. What is answered here is neither kept nor sent.

import { make } from "../candidate/elements.js";
import { createAnswering } from "../candidate/kinds/index.js";

/** Show `item`, and the case that it belongs to, in `place`; null: there is not enough yet. `name` begins the ids of what is made. */
export function showPreview(place, { item, case: material }, texts, name = "preview") {
  const title = material?.title ? [make("h3", {}, material.title)] : [];
  const parts = material ? [...title, cleaned("div", material.text)] : [];
  if (!item) return place.replaceChildren(...parts, make("p", { class: "second" }, texts.incomplete));
  const { stem, hint, answering } = answered(item, name, null, () => undefined);
  place.replaceChildren(...parts, stem, hint, answering.element);
}

/**
 * Return {stem, hint, answering}: the stem and the answering part of `item`, showing `value` and going along with what is entered.
 * `changed(value)` hears of it.
 */
export function answered(item, name, value, changed) {
  const stem = cleaned("div", item.stem);
  stem.id = `${name}-stem`;
  const hint = make("p", { class: "item-hint second" });
  const answering = createAnswering(item, { name, stem, labelledBy: stem.id, changed: hear });
  show(value);
  return { stem, hint, answering };

  function hear(given, isTyped) {
    changed(given);
    if (isTyped) tell(given);
    else show(given);
  }

  function show(given) {
    answering.show(given, false);
    tell(given);
  }

  function tell(given) {
    hint.textContent = answering.hint(given);
    hint.hidden = hint.textContent === "";
  }
}

/** Return an element with HTML that the server has cleaned. */
function cleaned(tag, html) {
  const element = make(tag, { class: "stem" });
  element.innerHTML = html;
  return element;
}
