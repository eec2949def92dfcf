// True or false: which of the two the statement is.

import { make } from "../../candidate/elements.js";
import { group, tick } from "../parts.js";

export function editTrueFalse(record, texts, changed) {
  const one = (value, words) =>
    tick(
      words,
      record.key === value,
      () => {
        record.key = value;
        changed();
      },
      { type: "radio", name: "key" },
    );
  return group(texts.key, make("div", { class: "choices-row", "data-place": "key" }, one(true, texts.true), one(false, texts.false)));
}
