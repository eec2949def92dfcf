// What the room has to say: extensions, pauses, messages. A notice pushes the paper down and covers nothing; it stays until it is put away,
// that of a pause until time runs on.

import { byId, make, shape } from "./elements.js";
import { clockTime } from "./moments.js";
import { text } from "./texts.js";

const MINUTES = 5; // 09:42 of 09:42:07

/** Return the notices; what was put away stays away after a reload, and the focus goes to `home`. */
export function createNotices(settings, home) {
  const seen = new Set(settings.get("notices", []));

  /**
   * Show those of `notices` that are new, each with the time at which the room said it, or else `at`, the server's time. What says that time stands
   * still goes unless it does (`isPaused`).
   */
  function show(notices, at, isPaused) {
    for (const notice of notices ?? []) {
      if (seen.has(notice.id)) continue;
      seen.add(notice.id);
      byId("notices").append(sheet(notice, notice.at ?? at));
    }
    if (isPaused) return;
    for (const over of byId("notices").querySelectorAll("[data-kind=pause]")) over.remove();
  }

  function sheet(notice, at) {
    const isCaution = notice.kind === "pause";
    const words = make("p", {}, make("strong", {}, text("notice_head", { time: clockTime(at).slice(0, MINUTES) })), notice.text);
    const away = make(
      "button",
      { type: "button", class: "btn btn-small end", onclick: () => putAway(element, notice) },
      text("understood"),
    );
    const element = make(
      "div",
      { class: isCaution ? "notice notice-caution" : "notice", "data-kind": notice.kind },
      shape(isCaution ? "pause" : "info"),
      words,
      away,
    );
    return element;
  }

  function putAway(element, notice) {
    element.remove();
    settings.set("notices", [...settings.get("notices", []), notice.id]);
    home.focus({ preventScroll: true });
  }

  return { show };
}

/** Say `sentence` for good, with an act where something can be done. */
export function standingNotice(sentence, actWord, act) {
  const button = make("button", { type: "button", class: "btn btn-small end", onclick: act }, actWord);
  byId("notices").prepend(make("div", { class: "notice notice-alarm" }, shape("stop"), make("p", {}, sentence), button));
}
