// Single choice, multiple choice, true or false: rows that can be clicked anywhere.

import { chosen } from "../answers.js";
import { choices, rows, showChoice } from "../options.js";
import { text } from "../texts.js";

export function createChoice(item, { name, labelledBy, changed }) {
  const list = item.choices ?? choices(item);
  let shown = null;
  const pick = choice => changed(chosen(item, shown, choice));
  const element = rows(item, list, { name, labelledBy, pick });

  function show(value, isLocked) {
    shown = value;
    showChoice(element, list, value, isLocked);
  }

  return {
    element,
    show,
    focus: () => (element.querySelector("input:checked") ?? element.querySelector("input")).focus(),
    hint: () => (item.kind === "multiple_choice" ? text("several") : ""),
    choices: list.length,
    choose: place => list[place] && pick(list[place].value),
  };
}
