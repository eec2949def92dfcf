// Fill in the blanks: fields stand in the stem where its gaps [[1]], [[2]] … are.

import { make } from "../elements.js";
import { text } from "../texts.js";
import { answerOf, partsFilled, showParts } from "./parts.js";

const GAP = /\[\[([1-9]\d?)\]\]/;
const LONGEST = 200;

export function createBlank(_item, { name, stem, changed }) {
  const fields = new Map();
  for (let found = nextGap(stem); found; found = nextGap(stem)) {
    const field = make("input", {
      class: "input gap",
      id: `${name}-${found.part}`,
      maxlength: LONGEST,
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": text("gap", { number: found.part }),
      oninput: () => changed(answerOf(fields), true),
    });
    found.node.replaceWith(field);
    fields.set(found.part, field);
  }
  return {
    element: make("div"),
    show: (value, isLocked) => showParts(fields, value, isLocked),
    focus: () => [...fields.values()][0]?.focus(),
    hint: value => partsFilled("blank", fields, value),
  };
}

/** Return the next gap of the stem as a text node of its own. */
function nextGap(stem) {
  const walker = document.createTreeWalker(stem, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const found = GAP.exec(node.data);
    if (!found) continue;
    const gap = node.splitText(found.index);
    gap.splitText(found[0].length);
    return { node: gap, part: found[1] };
  }
  return null;
}
