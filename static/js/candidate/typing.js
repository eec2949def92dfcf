// What is being typed and is no step yet. It becomes one at a pause, when the field is left, and before anything that needs it; until then every
// keystroke is noted on this machine, so that a page that is killed loses nothing.

const PAUSE = 1000;
const LONGEST = 10_000; // whoever types without a pause is saved all the same

/** Return what is typed and not yet a step; `commit(item, value)` makes it one and resolves when that is kept. `note` writes {n: value}. */
export function createTyping({ commit, note }) {
  const typed = new Map();
  const settling = new Map();
  let begun = null;
  let timer = null;
  let writing = null;
  let isStale = false;

  function put(item, value) {
    typed.set(item, value);
    begun ??= performance.now();
    clearTimeout(timer);
    timer = setTimeout(commitAll, Math.min(PAUSE, Math.max(0, begun + LONGEST - performance.now())));
    write();
  }

  /** Make steps of all that is typed; resolves when they are kept. */
  async function commitAll() {
    clearTimeout(timer);
    begun = null;
    const all = [...typed];
    typed.clear();
    for (const [item, value] of all) settling.set(item, value);
    await Promise.all(all.map(([item, value]) => settle(item, value)));
  }

  async function settle(item, value) {
    await commit(item, value);
    if (settling.get(item) === value) settling.delete(item);
    write();
  }

  /** Forget what was typed for one item: it was answered in another way. */
  function drop(item) {
    if (typed.delete(item)) write();
  }

  /** Write the note, one writing at a time, the latest state last. */
  async function write() {
    isStale = true;
    if (writing) return;
    writing = true;
    while (isStale) {
      isStale = false;
      await note(Object.fromEntries([...settling, ...typed].map(([item, value]) => [item.n, value]))).catch(() => undefined);
    }
    writing = null;
  }

  return { put, drop, commitAll, has: item => typed.has(item), value: item => typed.get(item) };
}
