// The end of an attempt as this page brings it about: the candidate hands in, or time is up and the server says so too.

import { cleared } from "./answers.js";
import { api } from "./api.js";
import { cover } from "./cover.js";
import { backoff, pause } from "./moments.js";

const MARGIN = 100; // ms after the server's zero, so that asking again finds it passed

/**
 * Return {close, handIn}. `mode()` is the session's mode, `hasEnded()` whether nothing more may be sent; `end(kind, data)` ends it; `beat()` asks
 * the server for the time and resolves the kind of its answer; `commit()` makes steps of what is typed, sends the files that wait, and resolves
 * whether the server has all of these.
 */
export function createClosing({ device, epoch, items, answers, outbox, clock, commit, beat, reconcile, end, mode, hasEnded }) {
  let isClosing = false;

  /** Try until time is given back, or the server has the paper: every few seconds while it cannot be reached. */
  async function close() {
    if (isClosing) return;
    isClosing = true;
    for (let tries = 0; mode() === "over"; tries++) {
      const kind = await closeOnce();
      if (mode() !== "over") break;
      if (kind === "offline" || kind === "server") cover("over_offline", { values: { count: outbox.count() } });
      else cover("over");
      await pause(kind === "early" ? Math.max(clock.remaining(), 0) + MARGIN : backoff(tries));
    }
    isClosing = false;
  }

  async function closeOnce() {
    outbox.flush();
    const heard = await beat();
    if (heard !== "ok" || mode() !== "over") return heard;
    return clock.time().remaining_ms > 0 ? "early" : handIn();
  }

  /** Try once to hand in; resolves "too_early", "offline" or "server" where it did not succeed, else the mode that the page is in. */
  async function handIn() {
    const isComplete = await commit();
    if (!isComplete && mode() === "answering") return "files";
    await outbox.flush();
    if (hasEnded()) return mode();
    const result = await api.handIn({ device, epoch, steps: outbox.unsent(), answers: answers.declared() });
    if (hasEnded()) return mode();
    if (result.kind === "ok") end("submitted", result.data);
    else if (["submitted", "stale", "signed_out"].includes(result.kind)) end(result.kind, result.data);
    else return mend(result);
    return mode();
  }

  /** Put right what the server objected to, for the next try. */
  async function mend({ kind, data }) {
    if (kind === "differs") sayAnew(data.items);
    if (kind === "gap" || kind === "conflict") await reconcile();
    if (kind === "too_early") clock.set({ ...clock.time(), leave_in_ms: data.allowed_in_ms });
    return ["too_early", "offline"].includes(kind) ? kind : "server";
  }

  function sayAnew(numbers) {
    const given = answers.declared();
    for (const n of numbers) outbox.append("answered", n, given[n] ?? cleared(items.find(item => item.n === n)));
  }

  return { close, handIn };
}
