// From the page's first moment to an opened attempt and its paper: which window writes, which machine, and whatever the server says on the way.

import { api } from "./api.js";
import { cover } from "./cover.js";
import { byId } from "./elements.js";
import { backoff, pause } from "./moments.js";

const CONFIRMATION = 3000; // how often to look whether the proctor has confirmed this machine

/** Wait until this window may write: at once, or when the candidate says so while another window of this browser writes. */
export async function becomeWriter(writer) {
  if (await writer.take()) return;
  await new Promise(resolve => cover("elsewhere", { act: resolve }));
  cover("loading");
  await writer.take({ isAsked: true });
}

/** Open the attempt for `device`, however long it takes; resolves with the answer: kind "ok" (with the paper), "submitted", "signed_out" or "voided". */
export async function openAttempt(device) {
  for (let tries = 0; ; tries++) {
    const result = await api.open(device);
    if (["ok", "submitted", "signed_out", "voided"].includes(result.kind)) return result;
    if (result.kind === "not_started" || result.kind === "not_checked_in") return leaveForWaiting();
    if (result.kind === "other_machine") tries = 0;
    cover(result.kind === "other_machine" ? "other_machine" : result.kind === "over" ? "ended" : "no_server");
    await pause(result.kind === "other_machine" ? CONFIRMATION : backoff(tries));
  }
}

/** The session is gone: only a new sign-in leads on; what waits on this machine is found again after it. */
export function coverSignedOut() {
  cover("signed_out", { act: () => location.replace(byId("app").dataset.signIn) });
}

function leaveForWaiting() {
  location.replace(byId("app").dataset.waiting);
  return new Promise(() => undefined); // the page is being left
}
