// The rows of answers of one item: radio buttons or boxes, the whole row can be clicked. The same rows serve the paper and the try-out.

import { make, shape } from "./elements.js";
import { text } from "./texts.js";

export const LETTERS = "ABCDEFGH";

const IDS = "abcdefghijklmnopqrstuvwxyz";

/** Return the letters of an item's options, as they stand in the paper. */
export const optionLetters = item => [...IDS].slice(0, item.options?.length ?? 0);

/**
 * Return the choices of `item` in the order shown: [{value, words}]; `order` has the letters of its options as this candidate has them, by default
 * as they stand in the paper. The letter is the option's id, but in an older paper, whose items bring their `ids`.
 */
export function choices(item, order = optionLetters(item)) {
  if (item.kind === "true_false") {
    return [
      { value: true, words: text("true") },
      { value: false, words: text("false") },
    ];
  }
  return order.map(letter => {
    const place = IDS.indexOf(letter);
    return { value: item.ids?.[place] ?? letter, words: item.options[place] };
  });
}

/** Return the group of rows; `pick(value)` is called when a row is chosen or, among several, taken away. */
export function rows(item, list, { name, labelledBy, pick }) {
  const isMany = item.kind === "multiple_choice";
  const group = make("div", { class: "options", role: isMany ? "group" : "radiogroup", "aria-labelledby": labelledBy });
  for (const [place, choice] of list.entries()) group.append(row(choice, place, { isMany, name, pick }));
  return group;
}

/** Show `value` as chosen in `group`; with `isLocked` nothing can be chosen. */
export function showChoice(group, list, value, isLocked = false) {
  for (const [place, label] of [...group.children].entries()) {
    const own = list[place].value;
    const isChosen = Array.isArray(value) ? value.includes(own) : value === own;
    const input = label.querySelector("input");
    label.classList.toggle("chosen", isChosen);
    label.classList.toggle("locked", isLocked);
    input.checked = isChosen;
    input.disabled = isLocked;
  }
}

function row(choice, place, { isMany, name, pick }) {
  const input = make("input", { type: isMany ? "checkbox" : "radio", name, onchange: () => pick(choice.value) });
  const letter = make("span", { class: "letter" }, LETTERS[place]);
  const tick = make("span", { class: "tick", "aria-hidden": "true" }, shape("check"), ` ${text("chosen")}`);
  return make(
    "label",
    { class: isMany ? "option option-many" : "option" },
    input,
    letter,
    make("span", { class: "option-text" }, choice.words),
    tick,
  );
}
