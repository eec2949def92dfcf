// Instants and lengths of time in words. The server's ISO times carry the centre's own offset: their wall clock is read off as it stands,
// so that a machine set to another zone shows the centre's time.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TOLERANCE = 2 * SECOND;

/** Return "09:32:07" from "2026-11-22T09:32:07+08:00". */
export const clockTime = iso => iso.slice(11, 19);

/** Return "2026-11-22 09:32:07" from the same. */
export const dateTime = iso => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;

/** Return the wall clock `ms` after `iso`, "09:30", rounded up to a minute except for a jitter of two seconds. */
export function minuteAfter(iso, ms) {
  const wall = Date.parse(`${iso.slice(0, 19)}Z`) + ms;
  return new Date(Math.ceil((wall - TOLERANCE) / MINUTE) * MINUTE).toISOString().slice(11, 16);
}

/** Return "47:53", or "1:29:59" from an hour on; a begun second counts as whole, nothing goes below 00:00. */
export function remaining(ms) {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  const two = number => String(number).padStart(2, "0");
  const tail = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${tail}` : tail;
}

/** Return a promise that is kept after `ms`. */
export const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Return how long to wait before try number `tries` (from 0): doubling from 1 s to 15 s, moved by chance so that a room does not knock at once. */
export function backoff(tries) {
  const least = SECOND;
  const most = 15 * SECOND;
  const span = Math.min(most, least * 2 ** tries);
  return Math.max(least, span * (0.5 + Math.random() / 2));
}
