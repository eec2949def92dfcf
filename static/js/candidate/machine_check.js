// Whether this machine can carry an examination: each point with a tick or a clear word for the proctor.

import { api } from "./api.js";
import { byId, make, shape } from "./elements.js";
import { openStore } from "./store.js";
import { text } from "./texts.js";

const SECOND = 1000;
const CLOCK_OFF = 60 * SECOND;
const LINK_SLOW = 500;
const LEAST_WIDTH = 1000; // below it the answer sheet stands under the item
const SHAPES = { good: "check", caution: "warn", alarm: "stop" };
const PROBE = "machine check";

/** Check, show each result in the list, and what they come to. */
export async function checkMachine() {
  const results = [await storage(), ...(await clockAndLink()), secure(), screenSize()];
  byId("checks").replaceChildren(...results.map(row));
  const worst = ["alarm", "caution", "good"].find(level => results.some(result => result.level === level));
  byId("checks-result").replaceChildren(
    make("span", { class: `badge badge-solid is-${worst}` }, shape(SHAPES[worst]), text(`result_${worst}`)),
  );
}

function row({ name, level, words }) {
  return make(
    "li",
    { class: `is-${level}` },
    shape(SHAPES[level]),
    make("strong", {}, text(`check_${name}`)),
    make("span", { class: "end" }, words),
  );
}

/** Write to the disk, as an answer is written, and read it back. */
async function storage() {
  const isGood = await openStore()
    .then(wroteAndRead)
    .catch(() => false);
  return { name: "storage", level: isGood ? "good" : "alarm", words: text(isGood ? "check_storage_good" : "check_storage_bad") };
}

async function wroteAndRead(store) {
  const written = `${Date.now()}`;
  await store.setNote(PROBE, written);
  return (await store.note(PROBE)) === written;
}

async function clockAndLink() {
  await api.state(); // the first request pays for the connection
  const { kind, data, elapsed } = await api.state();
  if (kind !== "ok") return [{ name: "link", level: "alarm", words: text("check_link_bad") }];
  const off = Math.abs(Date.now() - elapsed / 2 - Date.parse(data.server_time));
  return [clock(off), link(elapsed)];
}

function clock(off) {
  const isOff = off > CLOCK_OFF;
  const seconds = (off / SECOND).toFixed(isOff ? 0 : 2);
  return { name: "clock", level: isOff ? "caution" : "good", words: text(isOff ? "check_clock_off" : "check_clock_good", { seconds }) };
}

function link(elapsed) {
  const isSlow = elapsed > LINK_SLOW;
  const ms = Math.max(1, Math.round(elapsed));
  return { name: "link", level: isSlow ? "caution" : "good", words: text(isSlow ? "check_link_slow" : "check_link_good", { ms }) };
}

/** What browsers give only over TLS or on this machine itself. */
function secure() {
  const isGood = Boolean(crypto.subtle && navigator.locks);
  return { name: "secure", level: isGood ? "good" : "alarm", words: text(isGood ? "check_secure_good" : "check_secure_bad") };
}

function screenSize() {
  const isSmall = innerWidth < LEAST_WIDTH;
  const size = { width: innerWidth, height: innerHeight };
  return { name: "screen", level: isSmall ? "caution" : "good", words: text(isSmall ? "check_screen_small" : "check_screen_good", size) };
}
