// What the candidate did, on its way to the server. A step is put on this machine's disk first, then sent; it is forgotten only when the server
// has acknowledged it. Steps of an epoch are numbered without gaps, and the server keeps each number once, so sending twice does no harm.

import { backoff } from "./moments.js";

const GATHER = 700; // what is clicked within this time goes in one request; with the request itself it stays under the promised 2 s
const BATCH = 200;
const MOST_SIGNS = 200_000; // of values in one request; the server takes a good deal more
const MOST_SIGNS_LEAVING = 15_000; // a browser lets a page that goes send 64 KB
const ENDS = new Set(["stale", "signed_out", "submitted"]);
const KEPT_ASIDE = new Set(["ok", "stale", "submitted"]);

/**
 * Return the outbox of one attempt and epoch. `changed(state)` is told the truth after every event: {kind, items, savedAt} with kind
 * "saved" (the server has everything), "saving", "offline" (no answer, all on this machine), "server" (answered that it cannot, all on this
 * machine) or "failed" (some of it neither there nor here). `ended(kind, data)` is called for "stale", "signed_out", "submitted" and "taken"
 * (another window writes); `heard(data, elapsed)` for every acknowledgement; `lost()` when server and page no longer agree on the numbers.
 */
export function createOutbox({ api, store, attempt, epoch, nextSeq, savedAt, changed, ended, heard, lost }) {
  const box = { pending: [], next: nextSeq, trouble: null, tries: 0, timer: null, sending: null, isClosed: false, savedAt };

  /** Take up what an earlier page of this machine left unsent: [{seq, …}] beginning at `nextSeq`. */
  function take(steps) {
    box.pending.push(...steps.map(step => ({ step, local: "kept" })));
    box.next = steps.length ? steps.at(-1).seq + 1 : box.next;
    tell();
    if (steps.length) flush();
  }

  /** Append a step. It is counted at once, kept on disk within milliseconds (then the promise is kept), sent within 2 s. */
  function append(kind, item, value) {
    const step = { attempt, epoch, seq: box.next++, kind, item, value, client_ms: Date.now() };
    const entry = { step, local: "writing" };
    box.pending.push(entry);
    const kept = store.addStep(step).then(
      () => settle(entry, "kept"),
      error => settle(entry, "refused", error),
    );
    tell();
    return kept;
  }

  function settle(entry, local, error) {
    if (error?.name === "ConstraintError") return close("taken", {});
    entry.local = local;
    tell();
    schedule(local === "kept" ? GATHER : 0);
  }

  function schedule(delay) {
    if (box.isClosed || box.timer !== null || box.trouble !== null) return;
    box.timer = setTimeout(flush, delay);
  }

  /** Send now what is ready; one request at a time. Resolves when nothing is left or the server cannot be reached. */
  async function flush() {
    clearTimeout(box.timer);
    box.timer = null;
    box.sending ??= drain().finally(() => {
      box.sending = null;
    });
    await box.sending;
  }

  async function drain() {
    while (!box.isClosed && ready().length) {
      const result = await api.steps(body(ready()));
      if (!understand(result)) return;
    }
  }

  /** Send once more without waiting for anybody: the page may be gone in a moment. The browser finishes a keepalive request by itself. */
  function flushLeaving() {
    const steps = ready(MOST_SIGNS_LEAVING);
    if (!box.isClosed && steps.length) api.steps(body(steps), { keepalive: true }).then(understand);
  }

  /** Return the steps that can be sent now, as many as one request takes. */
  function ready(most = MOST_SIGNS) {
    const writing = box.pending.findIndex(entry => entry.local === "writing");
    const steps = (writing < 0 ? box.pending : box.pending.slice(0, writing)).slice(0, BATCH).map(entry => entry.step);
    let signs = 0;
    const count = steps.findIndex(step => {
      signs += JSON.stringify(step.value).length;
      return signs > most;
    });
    return count < 0 ? steps : steps.slice(0, most === MOST_SIGNS ? Math.max(count, 1) : count);
  }

  const body = steps => ({ device: store.device, epoch, steps: steps.map(plain) });

  /** Return whether the way is free for the next request. */
  function understand(result) {
    if (box.isClosed) return false;
    if (result.kind === "ok") return acknowledge(result);
    if (ENDS.has(result.kind)) return close(result.kind, result.data);
    if (result.kind === "gap" && advance(result.data.expected)) return true;
    if (result.kind === "gap" || result.kind === "conflict") return disagree();
    return retry(result.kind === "offline" ? "offline" : "server");
  }

  function acknowledge({ data, elapsed }) {
    forget(data.acknowledged);
    box.savedAt = data.time.server_time;
    calm();
    heard(data, elapsed);
    return true;
  }

  function forget(upTo) {
    box.pending = box.pending.filter(entry => entry.step.seq > upTo);
    store.dropSteps(attempt, epoch, upTo).catch(() => undefined); // a kept copy of what the server has is dropped at the next opening
  }

  /** The server already has the steps before `expected`: forget them and go on. False where it lacks some that we no longer have. */
  function advance(expected) {
    const first = box.pending[0]?.step.seq;
    if (first === undefined || expected <= first || expected > box.next) return false;
    forget(expected - 1);
    return true;
  }

  function disagree() {
    box.trouble = "server";
    tell();
    lost();
    return false;
  }

  function retry(trouble) {
    box.trouble = trouble;
    clearTimeout(box.timer);
    box.timer = setTimeout(flush, backoff(box.tries++));
    tell();
    return false;
  }

  /** The server answers: go on at once, whatever the last try met. */
  function calm() {
    box.trouble = null;
    box.tries = 0;
    tell();
  }

  function close(kind, data) {
    if (box.isClosed) return false;
    stop();
    ended(kind, data);
    return false;
  }

  function stop() {
    box.isClosed = true;
    clearTimeout(box.timer);
  }

  /** Number `acts` [{kind, item, value}] anew from `seq`, in the place of all that waits. */
  async function restart(seq, acts) {
    const steps = acts.map((act, place) => ({ ...act, attempt, epoch, seq: seq + place, client_ms: Date.now() }));
    const entries = steps.map(step => ({ step, local: "writing" }));
    box.pending = entries; // at once: what is chosen from now on comes behind
    box.next = seq + steps.length;
    const isKept = await store.replaceSteps(attempt, epoch, steps).then(
      () => store.isKept,
      () => false,
    );
    for (const entry of entries) entry.local = isKept ? "kept" : "refused";
    calm();
    schedule(0);
  }

  function state() {
    const items = new Set(box.pending.map(entry => entry.step.item)).size;
    const isKept = box.pending.every(entry => entry.local !== "refused");
    return { kind: kindOf(items, isKept), items, savedAt: box.savedAt };
  }

  function kindOf(items, isKept) {
    if (box.trouble !== null && !isKept) return "failed";
    return box.trouble ?? (items ? "saving" : "saved");
  }

  const tell = () => changed(state());

  return {
    take,
    append,
    flush,
    flushLeaving,
    restart,
    stop,
    state,
    /** Another request met the same server: "ok" ends a trouble and sends at once, "offline" or "server" begins one. */
    learn: kind => {
      if (box.isClosed) return;
      if (kind !== "ok") {
        box.trouble ??= kind;
        return tell();
      }
      if (box.trouble !== null) {
        calm();
        flush();
      }
    },
    /** Return the unsent steps as the server reads them, at most one request's worth. */
    unsent: () => ready().map(plain),
    count: () => state().items,
  };
}

/** Send what an older epoch of this attempt still held on this machine: the server keeps it aside for the proctor; then it is forgotten. */
export async function sendLeftovers(api, store, attempt, epoch) {
  const left = attempt ? (await store.steps(attempt)).filter(step => step.epoch !== epoch) : [];
  for (const old of new Set(left.map(step => step.epoch))) {
    const steps = left.filter(step => step.epoch === old);
    const results = [];
    for (let from = 0; from < steps.length; from += BATCH) {
      results.push(await api.steps({ device: store.device, epoch: old, steps: steps.slice(from, from + BATCH).map(plain) }));
    }
    if (results.every(result => KEPT_ASIDE.has(result.kind))) await store.dropSteps(attempt, old);
  }
}

const plain = ({ seq, kind, item, value, client_ms }) => ({ seq, kind, item, value, client_ms });
