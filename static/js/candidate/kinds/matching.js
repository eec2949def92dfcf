// To each prompt one of the options, chosen from a list.

import { make, shape } from "../elements.js";
import { choices, LETTERS } from "../options.js";
import { text } from "../texts.js";
import { answerOf, partsFilled, showParts } from "./parts.js";

export function createMatching(item, { name, labelledBy, changed }) {
  const list = item.choices ?? choices(item);
  const fields = new Map();
  const wrong = make("p", { class: "wrong", role: "status" });

  function row(prompt, place) {
    const part = String(place + 1);
    const label = make("label", { for: `${name}-${part}` }, make("span", { class: "part-number" }, `${part}.`), ` ${prompt}`);
    const field = make(
      "select",
      { class: "input select", id: `${name}-${part}`, onchange: () => changed(answerOf(fields)) },
      make("option", { value: "" }, text("match_none")),
      ...list.map((choice, at) => make("option", { value: choice.value }, `${LETTERS[at]}. ${choice.words}`)),
    );
    fields.set(part, field);
    return make("li", { class: "match" }, label, field);
  }

  /** An option that may stand once and stands twice is said to, and kept. */
  function judge(value) {
    const given = Object.values(value ?? {});
    const twice = item.reuse ? -1 : list.findIndex(choice => given.filter(each => each === choice.value).length > 1);
    const words = twice < 0 ? "" : text("match_twice", { letter: LETTERS[twice] });
    if (wrong.textContent !== words) wrong.replaceChildren(...(words ? [shape("warn"), make("span", {}, words)] : []));
  }

  function show(value, isLocked) {
    showParts(fields, value, isLocked);
    judge(value);
  }

  const rows = make("ol", { class: "matches", "aria-labelledby": labelledBy }, ...item.prompts.map(row));
  return {
    element: make("div", {}, rows, wrong),
    show,
    focus: () => fields.get("1").focus(),
    hint: value => partsFilled("matching", fields, value),
  };
}
