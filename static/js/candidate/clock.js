// The candidate's time. The server says what is left; between its words the monotonic clock of the browser counts, so the machine's own time of
// day may be wrong, be set, or change zone without effect. Reaching zero here is a reason to ask the server, never to end by itself.

import { pause } from "./moments.js";

const TICK = 250;
const SLEPT = 5000; // a tick that comes so late means the machine slept or the page was frozen: ask before believing
const MINUTE = 60000;
const WARNINGS = [30, 15, 5, 1];

/**
 * Return the clock. `shown(ms, time)` is called four times a second, `warned(minutes)` when 30, 15, 5 and 1 minutes are passed downwards,
 * `ended()` when zero is reached (again after time was given and used up), `woke()`, which resolves when the server was asked, after a sleep.
 */
export function createClock({ shown, warned, ended, woke }) {
  let last = null;
  let asked = 0;
  let before = null;
  let ticked = performance.now();
  let isAsking = false;
  let isStopped = false;

  /** Take the server's TIME, which was on its way for `elapsed` ms. */
  function set(time, elapsed = 0) {
    last = time;
    asked = performance.now() - elapsed / 2;
    isAsking = false;
    tick();
  }

  function remaining() {
    if (last === null) return 0;
    return last.paused ? last.remaining_ms : last.remaining_ms - (performance.now() - asked);
  }

  /** Return ms until handing in is allowed; 0 from then on. */
  function untilLeaving() {
    const passed = last.paused ? 0 : performance.now() - asked;
    return Math.max(0, last.leave_in_ms - passed);
  }

  function tick() {
    const now = performance.now();
    const slept = now - ticked > SLEPT;
    ticked = now;
    if (last === null) return;
    if (slept) ask();
    const left = remaining();
    shown(left, last);
    if (isAsking) return; // nothing is warned of, and nothing ends, before the server was asked
    if (before !== null) pass(before, left);
    before = left;
  }

  async function ask() {
    isAsking = true;
    await woke();
    isAsking = false;
  }

  function pass(earlier, left) {
    const minutes = WARNINGS.filter(minute => earlier > minute * MINUTE && left <= minute * MINUTE).at(-1);
    if (minutes !== undefined && left > 0) warned(minutes);
    if (earlier > 0 && left <= 0) ended();
  }

  async function run() {
    while (!isStopped) {
      await pause(TICK);
      if (!isStopped) tick();
    }
  }

  run();
  return {
    set,
    remaining,
    untilLeaving,
    time: () => last,
    stop: () => {
      isStopped = true;
    },
  };
}
