// Short answers and essays: a text with the count of its characters and their limits.

import { make } from "../elements.js";
import { text } from "../texts.js";
import { showField } from "./parts.js";

const ROWS = { short_text: 5, essay: 14 };

export function createText(item, { name, labelledBy, changed }) {
  const count = make("p", { class: "hint text-count", id: `${name}-count` });
  const field = make("textarea", {
    class: "input",
    id: name,
    rows: ROWS[item.kind],
    maxlength: item.most,
    spellcheck: "false",
    "aria-labelledby": labelledBy,
    "aria-describedby": count.id,
    oninput: () => changed(field.value, true),
  });

  function show(value, isLocked) {
    showField(field, value ?? "", isLocked);
    const values = { written: [...field.value].length, most: item.most, least: item.least };
    count.textContent = text(item.least ? "text_count_least" : "text_count", values);
  }

  return { element: make("div", { class: "answer-text" }, field, count), show, focus: () => field.focus(), hint: () => "" };
}
