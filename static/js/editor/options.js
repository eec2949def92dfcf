// The list of options of the kinds that have one: texts with their letters, added, taken away.

import { make } from "../candidate/elements.js";
import { button } from "./parts.js";

export const LETTERS = "ABCDEFGHIJ";

/** Return the options of a record as [letter, text], in the order of the letters. */
export const optionsOf = record => Object.entries(record.options ?? {});

/**
 * Return the list of options. `beside(letter)` gives what stands before each text (how it is part of the key), `renamed(map)` is told when letters
 * have moved because an option went, `redraw()` draws the editor anew.
 */
export function optionList(record, texts, { beside, renamed, changed, redraw, most = LETTERS.length }) {
  const list = optionsOf(record).map(([letter, text]) => row(letter, text));
  return make(
    "div",
    { class: "edit-options", "data-place": "options" },
    ...list,
    list.length < most ? button(texts.add_option, add) : null,
  );

  function row(letter, text) {
    const field = make("input", {
      class: "input",
      "aria-label": `${texts.option} ${letter}`,
      oninput: event => set(letter, event.target.value),
    });
    field.value = text;
    return make(
      "div",
      { class: "edit-option", "data-place": `options.${letter}` },
      beside(letter),
      make("span", { class: "letter" }, letter),
      field,
      button("", () => remove(letter), { icon: "stop", label: `${texts.remove} ${letter}`, quiet: true }),
    );
  }

  function set(letter, text) {
    record.options[letter] = text;
    changed();
  }

  function add() {
    record.options = { ...(record.options ?? {}), [LETTERS[list.length]]: "" };
    changed();
    redraw();
  }

  function remove(gone) {
    const kept = optionsOf(record).filter(([letter]) => letter !== gone);
    const moved = new Map(kept.map(([letter], place) => [letter, LETTERS[place]]));
    record.options = Object.fromEntries(kept.map(([, text], place) => [LETTERS[place], text]));
    renamed(moved);
    changed();
    redraw();
  }
}
