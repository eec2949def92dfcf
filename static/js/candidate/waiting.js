// The waiting room: asks every two seconds whether the candidate is checked in and the room has started, and then turns to the paper, once.

import { api } from "./api.js";
import { byId, shape } from "./elements.js";
import { checkMachine } from "./machine_check.js";
import { pause, remaining } from "./moments.js";
import { createNotices } from "./notices.js";
import { openSettings } from "./settings.js";
import { openStore, passingStore } from "./store.js";
import { text } from "./texts.js";
import { createTryout } from "./tryout.js";
import "./session.js"; // the paper's modules come now: at the start a whole room turns to it at once
import "./tabs.js";

const POLL = 2000;
const TICK = 250;
const LOOKS = {
  checked_in: ["is-good", "check"],
  not_checked_in: ["is-idle", "ring"],
  started: ["is-caution", "warn"],
  offline: ["is-caution", "warn"],
  voided: ["is-alarm", "stop"],
};

let opensAt = null;
let hasBegun = false;
let notices = null;

async function watch() {
  while (true) {
    const result = await api.state();
    const address = wayOn(result);
    if (address) return location.replace(address);
    show(stateOf(result));
    if (result.kind === "ok") {
      setOpening(result);
      showStation(result.data.station);
      await showNotices(result.data);
    }
    await pause(POLL * (0.8 + Math.random() * 0.4));
  }
}

/** Return where to go now, or undefined. */
function wayOn({ kind, data }) {
  const { paper, signIn } = byId("waiting").dataset;
  if (kind === "signed_out") return signIn;
  const isReady = data.checked_in && data.started && data.phase !== "voided";
  return kind === "submitted" || data.phase === "submitted" || isReady ? paper : undefined;
}

function stateOf({ kind, data }) {
  if (kind !== "ok") return "offline";
  if (data.phase === "voided") return "voided";
  if (data.checked_in) return "checked_in";
  return data.started ? "started" : "not_checked_in";
}

function show(state) {
  const words = text(`state_${state}`);
  if (byId("state-words").textContent === words) return;
  const [look, drawn] = LOOKS[state];
  byId("state").className = `save ${look}`;
  byId("state-shape").replaceChildren(shape(drawn));
  byId("state-words").textContent = words;
}

function setOpening({ data, elapsed }) {
  hasBegun = data.started;
  opensAt = data.opens_in_ms === null ? null : performance.now() + data.opens_in_ms - elapsed / 2;
}

/** Show the station that was drawn meanwhile. */
function showStation(station) {
  byId("station").hidden = station === null;
  const words = String(station ?? "");
  if (byId("station-number").textContent !== words) byId("station-number").textContent = words;
}

/** Show what the room says; what is put away here stays away in the paper. */
async function showNotices({ attempt, notices: told, server_time: at, paused }) {
  if (!told?.length) return;
  notices ??= createNotices(await openSettings(await openStore().catch(passingStore), attempt), byId("rules-title"));
  notices.show(told, at, paused);
}

async function countDown() {
  while (true) {
    const words = opensAt === null ? "--:--" : untilStart(opensAt - performance.now());
    if (byId("countdown").textContent !== words) byId("countdown").textContent = words;
    await pause(TICK);
  }
}

function untilStart(ms) {
  const isOver = ms <= 0 || hasBegun;
  byId("countdown").classList.toggle("countdown-over", isOver);
  byId("countdown-title").hidden = isOver;
  byId("countdown-how").hidden = hasBegun;
  if (hasBegun) return text("countdown_begun");
  return isOver ? text("countdown_over") : remaining(ms);
}

createTryout();
checkMachine();
countDown();
watch();
