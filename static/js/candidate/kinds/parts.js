// What the kinds share whose answer has a text for each of its parts: gaps, prompts, cells. `fields` is a Map from a part's name to its field.

import { text } from "../texts.js";

/** Return the answer that the fields hold: the parts that are filled, in the item's order. */
export const answerOf = fields =>
  Object.fromEntries([...fields].map(([part, field]) => [part, field.value]).filter(([, given]) => given !== ""));

/** Show an answer in the fields. What somebody is typing is left alone where it says the same. */
export function showParts(fields, value, isLocked) {
  for (const [part, field] of fields) showField(field, value?.[part] ?? "", isLocked);
}

/** Show `words` in one field. */
export function showField(field, words, isLocked) {
  if (field.value !== words) field.value = words;
  if (field.matches("select")) field.disabled = isLocked;
  else field.readOnly = isLocked;
}

/** Return how much of an item is filled, in words: 2/5. */
export const partsFilled = (kind, fields, value) => text(`${kind}_filled`, { filled: Object.keys(value ?? {}).length, parts: fields.size });
