// Handing in: first what is unanswered or marked, then the question once more, then one hand-in, however often it is pressed or sent.

import { byId, make } from "./elements.js";
import { backoff, minuteAfter, pause } from "./moments.js";
import { tally } from "./sheet.js";
import { text } from "./texts.js";

const SECOND = 1000;
const TRIED_AGAIN = new Set(["offline", "server", "files"]);

/**
 * Return {open}. `commit()` makes steps of what is typed; `clock` tells when leaving is allowed; `handIn()` tries once and resolves "ok",
 * "too_early", "offline", "server" or "files" (anything else ended the page); `go(item)` shows an item.
 */
export function createHandIn({ groups, answers, clock, commit, handIn, go }) {
  const review = byId("review");
  const confirm = byId("confirm");
  let sending = null; // the one try that runs; closing the question ends it

  byId("hand-in").addEventListener("click", open);
  byId("review-on").addEventListener("click", ask);
  byId("confirm-yes").addEventListener("click", send);
  confirm.addEventListener("close", () => {
    sending = null;
  });
  for (const button of document.querySelectorAll("dialog [data-close]"))
    button.addEventListener("click", () => button.closest("dialog").close());

  /** Show what is unanswered or marked. */
  function open() {
    commit();
    const counts = tally(groups, answers);
    byId("review-counts").textContent = text("review_counts", counts);
    list("unanswered", item => !answers.isAnswered(item.n));
    list("marked", item => answers.isMarked(item.n));
    review.showModal();
    watchLeaving();
  }

  function list(name, holds) {
    const items = groups.flatMap(group => group.items).filter(holds);
    byId(`review-${name}`).hidden = items.length === 0;
    byId(`review-${name}-cells`).replaceChildren(...items.map(item => cell(item, name)));
  }

  function cell(item, name) {
    const look = `cell${name === "marked" ? " marked" : ""}${item.case?.task ? " cell-task" : ""}`;
    const label = text("go_to_item", { item: item.name });
    const shown = item.case?.task ? item.name : String(item.cell);
    return make("button", { type: "button", class: look, "aria-label": label, onclick: () => leaveFor(item) }, shown);
  }

  function leaveFor(item) {
    review.close();
    go(item);
  }

  async function watchLeaving() {
    while (review.open) {
      showLeaving();
      await pause(SECOND);
    }
  }

  function showLeaving() {
    const wait = clock.untilLeaving();
    byId("review-early").hidden = wait === 0;
    byId("review-on").disabled = wait > 0;
    const { server_time: at, leave_in_ms: ms } = clock.time();
    if (wait > 0)
      byId("review-early-words").textContent = text("too_early", { time: minuteAfter(at, ms), minutes: Math.ceil(wait / (60 * SECOND)) });
  }

  function ask() {
    review.close();
    const counts = tally(groups, answers);
    byId("confirm-counts").textContent = text(sentenceOf(counts), counts);
    say("");
    byId("confirm-yes").disabled = false;
    confirm.showModal();
    byId("confirm-no").focus();
  }

  /** Hand in, again and again until the server has answered or the candidate goes back to the paper. */
  async function send() {
    if (sending) return;
    const own = {};
    sending = own;
    byId("confirm-yes").disabled = true;
    say(text("handing_in"));
    for (let tries = 0; sending === own; tries++) {
      const kind = await handIn();
      if (kind === "too_early") {
        confirm.close();
        open();
      }
      if (sending !== own || !TRIED_AGAIN.has(kind)) break;
      say(text(`hand_in_${kind}`));
      await pause(backoff(tries));
    }
    if (sending === own) sending = null;
  }

  function sentenceOf({ answered, unanswered }) {
    if (unanswered) return "confirm_unanswered";
    return answered ? "confirm_complete" : "confirm_nothing";
  }

  function say(sentence) {
    byId("confirm-state").textContent = sentence;
  }

  return {
    /** Put the questions away: the paper is covered. */
    close: () => {
      review.close();
      confirm.close();
    },
  };
}
