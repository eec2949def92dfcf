// What the editors of all kinds are put together from: labelled fields, rows that can be added and taken away. Every control names the place of the
// record that it edits (data-place), so that a fault finds it.

import { make, shape } from "../candidate/elements.js";

let numbered = 0;

/** Return a field of one line; `changed(text)` is called with every letter. */
export function line(label, value, changed, { place = "", short = false, hint = "", mode = null } = {}) {
  const look = short ? "input input-short" : "input";
  return labelled(
    label,
    place,
    hint,
    make("input", { class: look, value: value ?? "", inputmode: mode, oninput: event => changed(event.target.value) }),
  );
}

/** Return a field of several lines. */
export function area(label, value, changed, { place = "", rows = 3, hint = "" } = {}) {
  const control = make("textarea", { class: "input", rows, oninput: event => changed(event.target.value) });
  control.value = value ?? "";
  return labelled(label, place, hint, control);
}

/** Return a list to choose from: `choices` are [value, words]. */
export function choice(label, choices, value, changed, { place = "", short = false } = {}) {
  const options = choices.map(([each, words]) => make("option", { value: each, selected: each === value }, words));
  const look = short ? "input select input-short" : "input select";
  return labelled(label, place, "", make("select", { class: look, onchange: event => changed(event.target.value) }, ...options));
}

/** Return a tick with its words. */
export function tick(words, isOn, changed, { type = "checkbox", name = null, place = "" } = {}) {
  const control = make("input", { type, name, checked: isOn, onchange: event => changed(event.target.checked) });
  control.checked = isOn;
  return make("label", { class: "choice", "data-place": place || null }, control, make("span", {}, words));
}

/** Return a button that adds or does something small. */
export function button(words, act, { icon = "pen", label = null, quiet = false } = {}) {
  const look = quiet ? "btn btn-small btn-quiet" : "btn btn-small";
  return make("button", { type: "button", class: look, onclick: act, "aria-label": label }, icon && shape(icon), words);
}

/** Return a group with a heading. */
export function group(legend, ...children) {
  return make("fieldset", { class: "edit-group" }, make("legend", {}, legend), ...children);
}

/** Return the lines of a text that are not empty. */
export const lines = text =>
  text
    .split("\n")
    .map(each => each.trim())
    .filter(each => each !== "");

function labelled(label, place, hint, control) {
  const id = `edit-${++numbered}`;
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return make(
    "div",
    { class: "field", "data-place": place || null },
    make("label", { for: id }, label),
    control,
    hint ? make("p", { class: "hint", id: `${id}-hint` }, hint) : null,
  );
}
