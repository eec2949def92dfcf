// One number, with its unit behind the field.

import { make, shape } from "../elements.js";
import { text } from "../texts.js";
import { isNoNumber } from "./numbers.js";
import { showField } from "./parts.js";

const LONGEST = 60;

export function createNumeric(item, { name, labelledBy, changed }) {
  const unit = make("span", { class: "unit", id: `${name}-unit` }, item.unit);
  const wrong = make("p", { class: "wrong", id: `${name}-wrong`, role: "status" });
  const field = make("input", {
    class: "input number",
    id: name,
    inputmode: "decimal",
    maxlength: LONGEST,
    autocomplete: "off",
    "aria-labelledby": `${labelledBy} ${unit.id}`,
    "aria-describedby": wrong.id,
    oninput: () => changed(field.value, true),
    onblur: judge,
  });

  function judge() {
    const isWrong = isNoNumber(field, item.unit);
    if (isWrong === field.hasAttribute("aria-invalid")) return;
    if (isWrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    wrong.replaceChildren(...(isWrong ? [shape("warn"), make("span", {}, text("no_number"))] : []));
  }

  function show(value, isLocked) {
    showField(field, value ?? "", isLocked);
    judge();
  }

  return {
    element: make("div", { class: "answer-line" }, field, unit, wrong),
    show,
    focus: () => field.focus(),
    hint: () => (typeof item.decimals === "number" ? text("decimals", { decimals: item.decimals }) : ""),
  };
}
