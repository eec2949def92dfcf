// Ordering: the steps in their right order. Their letters stay where they are; candidates see them shuffled.

import { make } from "../../candidate/elements.js";
import { LETTERS, optionsOf } from "../options.js";
import { button, group } from "../parts.js";

export function editOrdering(record, texts, changed, redraw) {
  record.options ??= { A: "", B: "", C: "" };
  const known = optionsOf(record).map(([letter]) => letter);
  record.key = [
    ...(record.key ?? []).filter(letter => known.includes(letter)),
    ...known.filter(letter => !(record.key ?? []).includes(letter)),
  ];

  function row(letter, place) {
    const field = make("input", {
      class: "input",
      "aria-label": `${texts.step} ${place + 1}`,
      oninput: event => write(letter, event.target.value),
    });
    field.value = record.options[letter];
    return make(
      "div",
      { class: "edit-option", "data-place": `options.${letter}` },
      make("span", { class: "letter" }, String(place + 1)),
      field,
      button("↑", () => move(place, -1), { icon: null, label: `${texts.up} ${place + 1}`, quiet: true }),
      button("↓", () => move(place, 1), { icon: null, label: `${texts.down} ${place + 1}`, quiet: true }),
      button("", () => remove(letter), { icon: "stop", label: `${texts.remove} ${place + 1}`, quiet: true }),
    );
  }

  function write(letter, text) {
    record.options[letter] = text;
    changed();
  }

  function move(place, by) {
    const other = place + by;
    if (other < 0 || other >= record.key.length) return;
    [record.key[place], record.key[other]] = [record.key[other], record.key[place]];
    changed();
    redraw();
  }

  function remove(gone) {
    const kept = optionsOf(record).filter(([letter]) => letter !== gone);
    const moved = new Map(kept.map(([letter], place) => [letter, LETTERS[place]]));
    record.key = record.key.filter(letter => letter !== gone).map(letter => moved.get(letter));
    record.options = Object.fromEntries(kept.map(([letter, text]) => [moved.get(letter), text]));
    changed();
    redraw();
  }

  function add() {
    const letter = LETTERS[known.length];
    record.options[letter] = "";
    record.key.push(letter);
    changed();
    redraw();
  }

  return group(
    texts.right_order,
    make("div", { "data-place": "key" }, make("div", { "data-place": "options" }, ...record.key.map(row))),
    known.length < LETTERS.length ? button(texts.add_step, add) : null,
  );
}
