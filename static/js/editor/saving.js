// Saving by itself: what was typed is sent a moment after the last letter; a refusal or a lost line is said and tried again, and nothing typed goes away.

import { byId } from "../candidate/elements.js";

const PATIENCE = 1200;
const AGAIN = 5000;
const CONFLICT = 409;

/** Return {touch, flush}: `touch` says that something changed, `flush` waits until it is stored. `content()` gives what is to be sent. */
export function createSaving({ url, revision, texts, content, saved }) {
  let timer = 0;
  let isDirty = false;
  let isBlocked = false;
  let sending = Promise.resolve();

  addEventListener("beforeunload", event => isDirty && event.preventDefault());
  return { touch, flush };

  function touch() {
    isDirty = true;
    show("saving", texts.unsaved);
    clearTimeout(timer);
    timer = setTimeout(flush, PATIENCE);
  }

  function flush() {
    clearTimeout(timer);
    sending = sending.then(send);
    return sending;
  }

  async function send() {
    if (!isDirty || isBlocked) return;
    isDirty = false;
    const answer = await post(url, { ...content(), revision });
    if (answer.ok) {
      revision = answer.data.revision;
      show("good", `${texts.saved} ${answer.data.at}`);
      saved(answer.data);
      return;
    }
    isDirty = true;
    isBlocked = answer.status === CONFLICT;
    show("alarm", answer.data.message ?? texts.not_saved);
    if (!isBlocked) timer = setTimeout(flush, AGAIN);
  }

  function show(state, words) {
    byId("save-state").className = `edit-state is-${state}`;
    byId("save-state").textContent = words;
  }
}

/** Send JSON to one of our own routes; returns {ok, status, data}, whatever the line does. */
export async function post(url, value) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  try {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(value) });
    const data = await response.json().catch(() => ({}));
    return { ok: response.ok, status: response.status, data };
  } catch {
    return { ok: false, status: 0, data: {} };
  }
}
