// The end: the receipt, and then a machine that remembers nobody.

import { api } from "./api.js";
import { showReceipt } from "./cover.js";
import { byId } from "./elements.js";
import { dateTime, pause } from "./moments.js";
import { announce, text } from "./texts.js";

const SECONDS = 60;
const RETRY = 3000;
const SECOND = 1000;

/** Show the receipt. `late` counts answers that reached the server only after it had closed the attempt. */
export function endWith(receipt, { late = 0, about = "" } = {}) {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  byId("notices").replaceChildren();
  byId("exam").replaceChildren(); // the paper leaves the page
  byId("bar").hidden = true;
  byId("receipt-title").textContent = text(`receipt_${receipt.by}`);
  byId("receipt-about").textContent = about;
  byId("receipt-code").textContent = receipt.code;
  byId("receipt-time").textContent = dateTime(receipt.handed_in);
  byId("receipt-answered").textContent = text("receipt_answered", { answered: receipt.answered, total: receipt.total });
  byId("receipt-unanswered").textContent = text("receipt_unanswered", { number: receipt.total - receipt.answered });
  byId("receipt-mark-row").hidden = receipt.mark === null || receipt.mark === undefined;
  byId("receipt-mark").textContent = receipt.mark ?? "";
  byId("receipt-late").hidden = late === 0;
  byId("receipt-late-words").textContent = text("receipt_late", { count: late });
  showReceipt();
  announce(byId("receipt-title").textContent);
  byId("receipt-title").focus();
  countDown();
}

async function countDown() {
  let isAsked = false;
  byId("leave").addEventListener("click", () => {
    isAsked = true;
  });
  const until = performance.now() + SECONDS * SECOND;
  while (!isAsked && performance.now() < until) {
    byId("receipt-seconds").textContent = text("receipt_clears", { seconds: Math.ceil((until - performance.now()) / SECOND) });
    await pause(SECOND / 4);
  }
  await leave();
}

/** End the session and go back to the sign-in; without a server the screen is cleared all the same, and the end is tried again. */
async function leave() {
  byId("receipt").replaceChildren(text("receipt_cleared"));
  const { signOut, signIn } = byId("app").dataset;
  while (!(await api.signOut(signOut))) await pause(RETRY);
  location.replace(signIn);
}
