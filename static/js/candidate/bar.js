// The right end of the bar: whether answers are safe, and the time left.

import { byId, shape } from "./elements.js";
import { clockTime, remaining } from "./moments.js";
import { announce, text } from "./texts.js";

const LAST = 5 * 60000;
const LOOKS = {
  saved: ["is-good", "check"],
  saving: ["is-idle", "turn"],
  offline: ["is-caution", "store"],
  server: ["is-caution", "store"],
  failed: ["is-alarm", "stop"],
  stopped: ["is-alarm", "stop"],
};

let sentenceBefore = "";
let kindBefore = "saved";

/** Show the outbox's state, or {kind: "stopped"} once this page writes nothing more. It is spoken when it turns to trouble or out of it, not at every answer. */
export function showSaved(state) {
  const sentence = savedSentence(state);
  if (sentence === sentenceBefore) return;
  sentenceBefore = sentence;
  const [look, drawn] = LOOKS[state.kind];
  byId("save").className = `save ${look}${look === "is-caution" ? " save-wrap" : ""}`;
  byId("save-shape").replaceChildren(shape(drawn));
  byId("save-words").textContent = sentence;
  if (state.kind === "saving" || state.kind === kindBefore) return;
  kindBefore = state.kind;
  announce(sentence);
}

/** Show the time left: `ms`, and whether it stands still. */
export function showTime(ms, { paused }) {
  const words = remaining(ms);
  const output = byId("time-left");
  if (output.textContent !== words) output.textContent = words;
  byId("time-label").textContent = text(paused ? "time_stopped" : "time_left");
  byId("timer").classList.toggle("timer-last", ms <= LAST);
}

function savedSentence({ kind, items, savedAt }) {
  if (kind === "saved") return text("saved", { time: clockTime(savedAt) });
  if (kind === "offline" || kind === "server") return text(items ? kind : `${kind}_nothing`, { count: items });
  return text(kind);
}
