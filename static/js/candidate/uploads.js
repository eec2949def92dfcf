// Files on their way to the server. A file is put on this machine's disk first, then sent; only when the server has it is it named in a step.
// On a broken line it waits here and is sent later.

import { backoff } from "./moments.js";
import { text } from "./texts.js";

const REFUSED = new Set(["refused", "too_large"]);

/**
 * Return the files of an attempt. `name(n, file)` is called with {name, digest, size} when the server has a file of item number n; `changed()`
 * whenever what waits has changed. `place` has device and epoch.
 */
export function createUploads({ api, store, attempt, place, name, changed }) {
  let files = [];
  let isSending = null;
  let timer = null;
  let tries = 0;

  /** Take up what an earlier page of this machine left unsent. */
  async function begin() {
    const kept = await store.files(attempt).catch(() => []);
    files.push(...kept.map(file => ({ ...file, state: "waiting" })));
    if (files.length) changed();
    return send();
  }

  async function add(item, content) {
    for (const old of files.filter(each => each.n === item.n && (item.files === 1 || each.name === content.name))) drop(old);
    const file = {
      attempt,
      id: `${item.n} ${Date.now()} ${content.name}`,
      n: item.n,
      name: content.name,
      size: content.size,
      content,
      state: "waiting",
    };
    files.push(file);
    changed();
    const { state: _state, ...kept } = file;
    await store.addFile(kept).catch(() => undefined); // it is sent all the same, and its state says that it waits
    await send();
  }

  /** Send what waits, one after the other; resolves when nothing is left that can be sent now. */
  async function send() {
    clearTimeout(timer);
    isSending ??= drain().finally(() => {
      isSending = null;
    });
    await isSending;
  }

  async function drain() {
    for (let file = next(); file; file = next()) {
      file.state = "sending";
      changed();
      const result = await api.file({ ...place, item: file.n, name: file.name }, file.content);
      if (!files.includes(file)) continue; // taken away meanwhile
      if (result.kind === "ok") arrived(file, result.data);
      else if (REFUSED.has(result.kind)) refuse(file, result.data);
      else return wait(file);
    }
  }

  const next = () => files.find(file => file.state === "waiting");

  function arrived(file, { digest, size }) {
    tries = 0;
    name(file.n, { name: file.name, digest, size });
    drop(file);
  }

  function refuse(file, data) {
    Object.assign(file, { state: "refused", words: data.message ?? text("upload_refused") });
    store.dropFile(file.id).catch(() => undefined);
    changed();
  }

  function wait(file) {
    file.state = "waiting";
    timer = setTimeout(send, backoff(tries++));
    changed();
  }

  function drop(file) {
    files = files.filter(each => each !== file);
    store.dropFile(file.id).catch(() => undefined);
    changed();
  }

  return {
    begin,
    send,
    add,
    waiting: item => files.filter(file => file.n === item.n),
    forget: (_item, file) => files.includes(file) && drop(file),
    address: digest => `/exam/api/files/${digest}`,
    /** Return how many files the server has not yet. */
    count: () => files.filter(file => file.state !== "refused").length,
    stop: () => {
      clearTimeout(timer);
      files = [];
    },
  };
}
