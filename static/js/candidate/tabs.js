// One window of a browser writes. Windows share the device id and the unsent steps, so two writers would number steps twice. The one that writes
// holds a lock; a second window asks the candidate, then asks the first one to let go, and takes the lock from a window that does not answer.

const LOCK = "examsrv-candidate-writer";
const CHANNEL = "examsrv-candidate";
const PATIENCE = 3000;

/**
 * Return {take, release}. `take({isAsked})` resolves true when this window writes; without `isAsked` it resolves false when another does.
 * `yielded()` is called, and awaited by the other window, when this one has to stop writing.
 */
export function createWriter({ yielded }) {
  const locks = navigator.locks;
  if (!locks) return { take: async () => true, release: () => undefined }; // plain http: the machine check has said so
  const channel = new BroadcastChannel(CHANNEL);
  let letGo = null;

  async function give() {
    if (letGo === null) return;
    const release = letGo;
    letGo = null;
    await yielded();
    release();
  }

  channel.onmessage = event => {
    if (event.data === "let go") give();
  };

  /** Hold the lock until `letGo` is called or another window steals it; resolves with whether it was got. */
  function hold(options) {
    return new Promise(resolve => {
      const held = lock => (lock === null ? resolve(false) : new Promise(release => resolve(keep(release))));
      locks.request(LOCK, options, held).catch(error => {
        resolve(false);
        if (error.name === "AbortError" && options.signal?.aborted !== true) give();
      });
    });
  }

  function keep(release) {
    letGo = release;
    return true;
  }

  async function take({ isAsked = false } = {}) {
    if (!isAsked) return hold({ ifAvailable: true });
    channel.postMessage("let go");
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    const isGiven = await hold({ signal: patience.signal });
    clearTimeout(timer);
    return isGiven || hold({ steal: true });
  }

  return { take, release: () => letGo?.() };
}
