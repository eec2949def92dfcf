// Single and multiple choice: the options, and which of them are the key.

import { make } from "../../candidate/elements.js";
import { optionList } from "../options.js";
import { group } from "../parts.js";

/** Draw the editor of a choice item into what it returns. */
export const editChoice = isMany => (record, texts, changed, redraw) => {
  record.options ??= { A: "", B: "", C: "", D: "" };
  const isKey = letter => (isMany ? (record.key ?? []).includes(letter) : record.key === letter);

  function pick(letter, isOn) {
    if (!isMany) record.key = letter;
    else record.key = (isOn ? [...(record.key ?? []), letter] : record.key.filter(each => each !== letter)).sort();
    changed();
  }

  function beside(letter) {
    const control = make("input", {
      type: isMany ? "checkbox" : "radio",
      name: "key",
      "aria-label": `${texts.key} ${letter}`,
      onchange: event => pick(letter, event.target.checked),
    });
    control.checked = isKey(letter);
    return make("label", { class: "edit-key", title: texts.key }, control, make("span", { "aria-hidden": "true" }, texts.key));
  }

  function renamed(moved) {
    if (isMany) record.key = (record.key ?? []).filter(each => moved.has(each)).map(each => moved.get(each));
    else record.key = moved.get(record.key) ?? null;
  }

  return group(
    isMany ? texts.options_many : texts.options_one,
    make("div", { "data-place": "key" }, optionList(record, texts, { beside, renamed, changed, redraw })),
  );
};
