// A number: its value, how far an answer may be off, the unit.

import { make } from "../../candidate/elements.js";
import { group, line, tick } from "../parts.js";

export function editNumeric(record, texts, changed) {
  record.key = { value: "", tolerance: "0", relative: false, ...(record.key ?? {}) };
  record.body = { unit: "", decimals: null, ...(record.body ?? {}) };
  const decimals = text => {
    record.body.decimals = text.trim() === "" ? null : Number.isInteger(Number(text)) ? Number(text) : text;
    changed();
  };
  return group(
    texts.key,
    make(
      "div",
      { class: "edit-row", "data-place": "key" },
      ...numberFields(record.key, texts, changed, "key"),
      line(texts.unit, record.body.unit, set(record.body, "unit", changed), { place: "body.unit", short: true }),
      line(texts.decimals, record.body.decimals ?? "", decimals, { place: "body.decimals", short: true, mode: "numeric" }),
    ),
  );
}

/** Return the fields of a right number: value, tolerance, whether that is a share of the value. */
export function numberFields(key, texts, changed, place) {
  const relative = tick(texts.relative, key.relative === true, isOn => {
    key.relative = isOn;
    changed();
  });
  return [
    line(texts.value, key.value, set(key, "value", changed), { place: `${place}.value`, short: true, mode: "decimal" }),
    line(texts.tolerance, key.tolerance ?? "0", set(key, "tolerance", changed), {
      place: `${place}.tolerance`,
      short: true,
      mode: "decimal",
    }),
    make("div", { class: "field edit-low" }, relative),
  ];
}

export const set = (holder, name, changed) => text => {
  holder[name] = text;
  changed();
};
