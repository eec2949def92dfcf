// Fill in the blanks: for each gap of the stem what is accepted there, and which differences do not matter.

import { make } from "../../candidate/elements.js";
import { area, group, lines, tick } from "../parts.js";

const GAP = /\[\[([1-9][0-9]?)\]\]/g;
const FOLDS = ["width", "case", "space"];

export function editBlank(record, texts, changed) {
  record.key = { gaps: {}, ...(record.key ?? {}) };
  const numbers = [...(record.stem ?? "").matchAll(GAP)].map(found => found[1]);
  if (numbers.length === 0) return group(texts.key, make("p", { class: "hint" }, texts.no_gap));
  record.key.gaps = Object.fromEntries(numbers.map(number => [number, record.key.gaps[number] ?? { accepted: [], fold: [...FOLDS] }]));
  return group(texts.key, ...numbers.map(number => gap(number, record.key.gaps[number])));

  function gap(number, value) {
    const accepted = area(
      `${texts.gap} ${number}`,
      value.accepted.join("\n"),
      text => {
        value.accepted = lines(text);
        changed();
      },
      { place: `key.gaps.${number}`, rows: 2, hint: texts.accepted_hint },
    );
    return make("div", { class: "edit-part" }, accepted, foldTicks(value, texts, changed));
  }
}

/** Return the ticks for the differences that do not matter. */
export function foldTicks(value, texts, changed) {
  const one = name =>
    tick(texts[`fold_${name}`], (value.fold ?? FOLDS).includes(name), isOn => {
      value.fold = FOLDS.filter(each => (each === name ? isOn : (value.fold ?? FOLDS).includes(each)));
      changed();
    });
  return make("div", { class: "choices-row" }, ...FOLDS.map(one));
}
