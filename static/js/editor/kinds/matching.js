// Matching: the prompts on the left, the options on the right, and which belongs to which.

import { make } from "../../candidate/elements.js";
import { optionList, optionsOf } from "../options.js";
import { button, group, tick } from "../parts.js";

const MOST_PROMPTS = 10;

export function editMatching(record, texts, changed, redraw) {
  record.options ??= { A: "", B: "" };
  record.body = { prompts: ["", ""], reuse: false, ...(record.body ?? {}) };
  record.key = { pairs: {}, ...(record.key ?? {}) };
  const { prompts } = record.body;
  const { pairs } = record.key;

  function row(text, place) {
    const number = String(place + 1);
    const field = make("input", {
      class: "input",
      "aria-label": `${texts.prompt} ${number}`,
      oninput: event => write(place, event.target.value),
    });
    field.value = text;
    const letters = optionsOf(record).map(([letter, words]) =>
      make("option", { value: letter, selected: pairs[number] === letter }, `${letter} ${words}`),
    );
    const belongs = make(
      "select",
      { class: "input select", "aria-label": `${texts.belongs_to} ${number}`, onchange: event => pair(number, event.target.value) },
      make("option", { value: "" }, "—"),
      ...letters,
    );
    return make(
      "div",
      { class: "edit-option edit-pair", "data-place": `body.prompts[${place}]` },
      make("span", { class: "letter" }, number),
      field,
      belongs,
      button("", () => remove(place), { icon: "stop", label: `${texts.remove} ${number}`, quiet: true }),
    );
  }

  function write(place, text) {
    prompts[place] = text;
    changed();
  }

  function pair(number, letter) {
    if (letter) pairs[number] = letter;
    else delete pairs[number];
    changed();
  }

  function remove(place) {
    const kept = prompts.map((_, each) => pairs[String(each + 1)]);
    prompts.splice(place, 1);
    kept.splice(place, 1);
    record.key.pairs = Object.fromEntries(kept.map((letter, each) => [String(each + 1), letter]).filter(([, letter]) => letter));
    changed();
    redraw();
  }

  function add() {
    prompts.push("");
    changed();
    redraw();
  }

  function renamed(moved) {
    record.key.pairs = Object.fromEntries(
      Object.entries(pairs)
        .filter(([, letter]) => moved.has(letter))
        .map(([number, letter]) => [number, moved.get(letter)]),
    );
  }

  const reuse = tick(texts.reuse, record.body.reuse === true, isOn => {
    record.body.reuse = isOn;
    changed();
  });
  return make(
    "div",
    {},
    group(texts.options_right, optionList(record, texts, { beside: () => null, renamed, changed, redraw })),
    group(
      texts.prompts,
      make("div", { "data-place": "key" }, ...prompts.map(row)),
      prompts.length < MOST_PROMPTS ? button(texts.add_prompt, add) : null,
      reuse,
    ),
  );
}
