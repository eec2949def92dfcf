// The open paper: one candidate, one attempt, one page. It holds the mode the page is in and lets the parts speak to each other.
// Modes: "answering"; "paused" and "over" (covered, may come back); "stale", "taken", "signed_out", "voided" and "submitted" (ends).

import { cleared, createAnswers, isAnswer, isSame } from "./answers.js";
import { api } from "./api.js";
import { showSaved, showTime } from "./bar.js";
import { createCaseFiles } from "./case_files.js";
import { createClock } from "./clock.js";
import { createClosing } from "./closing.js";
import { cover, uncover } from "./cover.js";
import { byId } from "./elements.js";
import { createHandIn } from "./handin.js";
import { listenToKeys } from "./keys.js";
import { pause } from "./moments.js";
import { createNotices, standingNotice } from "./notices.js";
import { coverSignedOut, openAttempt } from "./opening.js";
import { createOutbox } from "./outbox.js";
import { arranged, createItemView, fetchPictures } from "./paper.js";
import { endWith } from "./receipt.js";
import { createSheet } from "./sheet.js";
import { announce, text } from "./texts.js";
import { createTyping } from "./typing.js";
import { createUploads } from "./uploads.js";

const BEAT = 7000; // within 10 s a page hears what the room did, its answer on the way included
const LEAST = 1000; // less time than this is not worth uncovering the paper for
const SENDING = 20_000; // whoever hands in while a file is on its way waits so long before hearing of it
const YIELDING = 2000; // another window waits: what is not sent by then, it sends
const ENDED = new Set(["stale", "taken", "signed_out", "voided", "submitted"]);

/**
 * Run the paper. `opened` is the server's answer to open, `kept` the steps of this epoch that wait on this machine, `typed` {n: value} what was being
 * typed when an earlier page of this machine ended; `note` writes the same anew.
 */
export function runSession({ store, settings, opened, paper, kept, typed, note, elapsed }) {
  const groups = arranged(paper, opened.order);
  const items = groups.flatMap(group => group.items);
  const stops = groups.flatMap(group => group.stops); // what one can go to: the items, and tasks that have none
  const answers = createAnswers(opened.answers, opened.marked, kept);
  const notices = createNotices(settings, byId("item-number"));
  const typing = createTyping({ commit: (item, value) => answerOnce(item, value), note });
  const uploads = createUploads({
    api,
    store,
    attempt: opened.attempt,
    place: { device: store.device, epoch: opened.epoch },
    name: nameFile,
    changed: () => {
      view.refresh();
      showState(outbox.state());
    },
  });
  const caseFiles = createCaseFiles(groups, () => view.showFiles());
  const { station } = opened;
  const view = createItemView(
    { answer, clear, mark, step, enter: turnTo, left: typing.commitAll, state: stateOf, files: uploads, caseFiles, station },
    settings,
  );
  const sheet = createSheet(groups, go, station);
  const clock = createClock({ shown: showTime, warned: minutes => announce(text("warning", { minutes })), ended: timeIsUp, woke: beat });
  const outbox = createOutbox({
    api,
    store,
    attempt: opened.attempt,
    epoch: opened.epoch,
    nextSeq: opened.next_seq,
    savedAt: opened.time.server_time,
    changed: showState,
    ended: end,
    heard: hear,
    lost: reconcile,
  });
  const closing = createClosing({
    device: store.device,
    epoch: opened.epoch,
    items,
    answers,
    outbox,
    clock,
    commit,
    beat,
    reconcile,
    end,
    mode: () => mode,
    hasEnded: () => ENDED.has(mode),
  });
  const handing = createHandIn({ groups, answers, clock, commit: typing.commitAll, handIn: closing.handIn, go });
  let mode = "answering";
  let current = stops.find(stop => placeOf(stop) === settings.get("item")) ?? stops[0];

  const endings = {
    stale: () => {
      uncover();
      refresh();
      byId("timer").hidden = true;
      byId("hand-in").disabled = true;
      standingNotice(text("stale"), text("stale_act"), () => location.reload());
    },
    taken: () => cover("taken", { act: () => location.reload() }),
    signed_out: coverSignedOut,
    voided: () => cover("voided"),
    submitted: data => finish(data.receipt),
  };

  begin();
  return { yieldWriting };

  function begin() {
    byId("subject").textContent = paper.title;
    byId("person").textContent = text("person", opened);
    uncover();
    show(current);
    fetchPictures(groups);
    listenToKeys(isAnswering, { choose: view.choose, step, mark: () => mark(current) });
    document.addEventListener("visibilitychange", () => (document.hidden ? leaving() : beat()));
    addEventListener("pagehide", leaving);
    addEventListener("blur", () => typing.commitAll().then(outbox.flush));
    addEventListener("online", () => {
      beat();
      uploads.send();
    });
    resume(opened, kept);
    for (const item of items.filter(each => each.n in typed)) answerOnce(item, typed[item.n]);
    hear(opened, elapsed);
    uploads.begin();
    caseFiles.begin();
    beatForever();
  }

  /** The page may be gone in a moment: what is typed is put on this machine's disk, what is there is sent. */
  function leaving() {
    typing.commitAll();
    outbox.flushLeaving();
  }

  /** Go on where an earlier page stopped: steps in line with the server are sent as they are, else what differs is said anew. */
  function resume(server, steps) {
    const isInLine = steps.every((one, place) => one.seq === server.next_seq + place);
    if (isInLine) return outbox.take(steps);
    return outbox.restart(server.next_seq, answers.differences(server.answers, server.marked));
  }

  // -------------------------------------------------------------- what the candidate does

  function isAnswering() {
    return mode === "answering" && document.querySelector("dialog[open]") === null;
  }

  /** Take an answer; what is still being typed waits for a pause. */
  function answer(item, value, isTyped) {
    if (mode !== "answering") return;
    if (isTyped) {
      typing.put(item, value);
      view.refresh();
    } else {
      typing.drop(item);
      act("answered", item, value);
    }
  }

  /** Answer unless the answer is the same already; resolves when it is kept on this machine. */
  async function answerOnce(item, value) {
    if (isSame(answers.value(item.n), isAnswer(value) ? value : null)) return;
    await act("answered", item, value);
  }

  /** The server has a file of item number `n`: it takes the place of one of the same name, or of the only one. */
  function nameFile(n, file) {
    const item = items.find(each => each.n === n);
    const others = item.files === 1 ? [] : (answers.value(n) ?? []).filter(each => each.name !== file.name);
    act("answered", item, [...others, file].slice(-item.files));
  }

  /** Say how safe everything is: a file that waits is not on the server either. */
  function showState(state) {
    const files = uploads.count();
    showSaved({ ...state, kind: state.kind === "saved" && files ? "saving" : state.kind, items: state.items + files });
  }

  /** Make steps of what is typed and send the files that wait; resolves whether the server has these. */
  async function commit() {
    await typing.commitAll();
    await Promise.race([uploads.send(), pause(SENDING)]);
    return uploads.count() === 0;
  }

  function clear(item) {
    for (const file of uploads.waiting(item)) uploads.forget(item, file);
    answer(item, cleared(item), false);
  }

  function mark(item) {
    if (mode === "answering" && item.n !== undefined) act("marked", item, !answers.isMarked(item.n));
  }

  function act(kind, item, value) {
    answers.apply({ kind, item: item.n, value });
    const kept = outbox.append(kind, item.n, value);
    refresh();
    return kept;
  }

  function step(by) {
    const item = stops[stops.indexOf(current) + by];
    if (item) go(item);
  }

  /** Somebody turned to another question of the case in view. */
  function turnTo(item) {
    if (item === current) return;
    current = item;
    settings.set("item", placeOf(item));
    view.enter(item, ends());
    sheet.refresh(answers, current);
  }

  function go(item) {
    typing.commitAll();
    const onSheet = sheet.hasFocus();
    settings.set("item", placeOf(item));
    show(item);
    if (onSheet) sheet.focus(item);
    else view.focus();
  }

  function show(item) {
    current = item;
    view.show(item, ends());
    sheet.refresh(answers, current);
  }

  function refresh() {
    view.refresh();
    sheet.refresh(answers, current);
  }

  /** Return how an item stands: what is being typed counts as its value already, as an answer once it is a step. */
  function stateOf(item) {
    const value = typing.has(item) ? typing.value(item) : answers.value(item.n);
    return { value, isAnswered: isAnswer(value), isMarked: answers.isMarked(item.n), isLocked: mode !== "answering" };
  }

  function ends() {
    return { isFirst: current === stops[0], isLast: current === stops.at(-1) };
  }

  /** Return by what a stop is found again after a reload. */
  function placeOf(stop) {
    return stop.n ?? stop.name;
  }

  // -------------------------------------------------------------- what the server says

  async function beatForever() {
    while (!ENDED.has(mode)) {
      await pause(BEAT * (0.9 + Math.random() / 5));
      if (!ENDED.has(mode)) await beat();
    }
  }

  /** Ask the server for the time; returns the kind of its answer. */
  async function beat() {
    if (ENDED.has(mode)) return mode;
    const remaining = Math.round(clock.remaining());
    const result = await api.beat({
      device: store.device,
      epoch: opened.epoch,
      unsaved: outbox.count() + uploads.count(),
      remaining_ms: remaining,
    });
    if (result.kind === "stale") await leaveToTheRoom();
    if (ENDED.has(mode)) return mode;
    if (ENDED.has(result.kind)) end(result.kind, result.data);
    else outbox.learn(result.kind === "offline" ? "offline" : heardKind(result));
    return result.kind;
  }

  /** This machine has no more to say: what waits here is sent, so that it is on record. */
  async function leaveToTheRoom() {
    await typing.commitAll();
    await outbox.flush();
  }

  function heardKind(result) {
    if (result.kind !== "ok") return "server";
    hear(result.data, result.elapsed);
    return "ok";
  }

  function hear(data, delay) {
    if (ENDED.has(mode)) return;
    notices.show(data.notices, data.time.server_time, data.time.paused);
    clock.set(data.time, delay);
    if (data.phase === "voided") return end("voided", data);
    if (data.phase === "submitted") return fetchReceipt();
    if (data.time.paused) return enter("paused");
    if (data.time.remaining_ms <= 0) return timeIsUp();
    if (mode === "paused" || (mode === "over" && data.time.remaining_ms > LEAST)) enter("answering");
  }

  function enter(next) {
    if (mode === next) return;
    typing.commitAll();
    mode = next;
    if (mode === "answering") uncover();
    else {
      handing.close();
      cover(mode);
    }
    refresh();
  }

  function end(kind, data) {
    if (ENDED.has(mode)) return;
    if (kind === "submitted" && !data.receipt) return fetchReceipt();
    typing.commitAll();
    uploads.stop();
    caseFiles.stop();
    outbox.stop();
    clock.stop();
    handing.close();
    mode = kind;
    showSaved({ kind: "stopped" });
    endings[kind](data);
  }

  // -------------------------------------------------------------- the end

  /** Local zero: the paper is locked at once; the server alone knows whether time is really up. */
  function timeIsUp() {
    if (ENDED.has(mode) || mode === "paused") return;
    enter("over");
    closing.close();
  }

  /** Somebody else has ended the attempt (the proctor, or time): send what waits, and fetch the receipt. */
  async function fetchReceipt() {
    await leaveToTheRoom();
    if (ENDED.has(mode)) return;
    const result = await openAttempt(store.device);
    if (result.kind !== "ok") end(result.kind, result.data);
  }

  async function finish(receipt) {
    const late = receipt.by === "candidate" ? 0 : outbox.count();
    const about = text("about", { ...opened, subject: paper.title });
    endWith(receipt, { late, about });
    await store.wipe(opened.attempt).catch(() => undefined);
    localStorage.clear();
  }

  // -------------------------------------------------------------- several windows, lost steps

  /** Another window of this browser takes over: send what is left and write nothing more. */
  async function yieldWriting() {
    if (ENDED.has(mode)) return;
    const kept = typing.commitAll();
    mode = "taken";
    handing.close();
    cover("loading");
    await Promise.race([kept.then(outbox.flush), pause(YIELDING)]);
    uploads.stop();
    caseFiles.stop();
    outbox.stop();
    clock.stop();
    showSaved({ kind: "stopped" });
    endings.taken();
  }

  /** Server and page disagree on the numbers of steps: ask what it holds, and say anew what differs from what the candidate sees. */
  async function reconcile() {
    await typing.commitAll();
    const result = await openAttempt(store.device);
    if (ENDED.has(mode)) return;
    if (result.kind !== "ok") return end(result.kind, result.data);
    if (result.data.epoch !== opened.epoch) return end("stale", {});
    await outbox.restart(result.data.next_seq, answers.differences(result.data.answers, result.data.marked));
    hear(result.data, result.elapsed);
  }
}
