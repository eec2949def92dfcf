// The calm sheet that stands in the place of the paper: before it is there, while the room pauses, when time is up, when another machine or
// window writes. Its words are cover_<name>_title, cover_<name>_body and, where something can be done, cover_<name>_act.

import { byId, shape } from "./elements.js";
import { announce, text } from "./texts.js";

const SHAPES = {
  paused: "pause",
  over: "lock",
  over_offline: "store",
  signed_out: "lock",
  voided: "stop",
  ended: "lock",
  other_machine: "half",
  loading: "turn",
};

/** Show the sheet `name` instead of the paper. `act` is called when its button is pressed. */
export function cover(name, { values = {}, act = null } = {}) {
  const title = text(`cover_${name}_title`, values);
  const isNew = byId("cover").hidden || byId("cover-title").textContent !== title;
  byId("cover-shape").replaceChildren(shape(SHAPES[name] ?? "info"));
  byId("cover-title").textContent = title;
  byId("cover-body").textContent = text(`cover_${name}_body`, values);
  const button = byId("cover-act");
  button.hidden = act === null;
  button.onclick = act;
  if (act !== null) button.textContent = text(`cover_${name}_act`);
  show("cover");
  if (isNew) announce(title);
}

/** Show the paper again. */
export const uncover = () => show("exam");

/** Show the receipt: nothing follows it. */
export const showReceipt = () => show("receipt");

function show(shown) {
  for (const name of ["cover", "exam", "receipt"]) byId(name).hidden = name !== shown;
}
