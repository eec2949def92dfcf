// The way into the paper: store, writer, attempt, paper, then the session.

import { api } from "./api.js";
import { cover } from "./cover.js";
import { becomeWriter, coverSignedOut, openAttempt } from "./opening.js";
import { sendLeftovers } from "./outbox.js";
import { endWith } from "./receipt.js";
import { runSession } from "./session.js";
import { openSettings } from "./settings.js";
import { openStore, passingStore } from "./store.js";
import { createWriter } from "./tabs.js";
import { createTools } from "./tools.js";

async function start() {
  cover("loading");
  let session = null;
  let isYielded = false;
  const yielded = async () => {
    isYielded = true;
    await session?.yieldWriting();
  };
  await becomeWriter(createWriter({ yielded }));
  const store = await openStore().catch(passingStore);
  const { kind, data, elapsed } = await openAttempt(store.device);
  if (kind === "submitted") return endSubmitted(store, data);
  if (kind === "voided") return cover("voided");
  if (kind === "signed_out") return coverSignedOut();
  const kept = await keptSteps(store, data);
  const settings = await openSettings(store, data.attempt);
  const typing = await openTyping(store, data);
  if (isYielded) return cover("taken", { act: () => location.reload() });
  createTools(settings);
  session = runSession({ store, settings, opened: data, paper: data.paper, kept, ...typing, elapsed });
  sendLeftovers(api, store, data.attempt, data.epoch).catch(() => undefined); // they stay on this machine until the next opening
}

/** Return the steps of this epoch that wait on this machine and that the server does not have; what it has is forgotten. */
async function keptSteps(store, { attempt, epoch, next_seq: next }) {
  await store.dropSteps(attempt, epoch, next - 1).catch(() => undefined);
  const steps = await store.steps(attempt).catch(() => []);
  return steps.filter(step => step.epoch === epoch && step.seq >= next);
}

/** Return what was being typed in this epoch when an earlier page of this machine ended, and how that is noted from now on. */
async function openTyping(store, { attempt, epoch }) {
  const key = `typed ${attempt}`;
  const found = await store.note(key).catch(() => undefined);
  return { typed: found?.epoch === epoch ? found.values : {}, note: values => store.setNote(key, { epoch, values }) };
}

/** The attempt ended while this page was away: what waited is sent once, to be kept aside, and the machine forgets it. */
async function endSubmitted(store, { attempt, receipt }) {
  const steps = attempt ? await store.steps(attempt).catch(() => []) : [];
  endWith(receipt, { late: receipt.by === "candidate" ? 0 : new Set(steps.map(step => step.item)).size });
  await sendLeftovers(api, store, attempt, null).catch(() => undefined);
  if (attempt) await store.wipe(attempt).catch(() => undefined);
}

start();
