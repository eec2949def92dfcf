// The living board: every two seconds its parts come fresh from the server and take the place of the old ones.
// What a proctor is typing is never touched; when the connection is lost, the board says so at once.

const EVERY_MS = 2000;
const PATIENCE_MS = 5000;

const board = document.querySelector("[data-board]");
const linkState = document.getElementById("link-state");
let heard = performance.now();

// What can be done belongs to the page, not to its living parts: when it has changed, the page is fetched anew, unless somebody is in the middle of something.
function isStale(fragment) {
  const isBusy = document.querySelector("dialog[open]") || document.activeElement?.matches("input, select, textarea");
  if (isBusy) return false;
  return ["live-bar", "live-chosen"].some(id => {
    const [now, fresh] = [document.getElementById(id), fragment.getElementById(id)];
    return now && fresh && now.dataset.acts !== fresh.dataset.acts;
  });
}

function place(fragment) {
  for (const spot of document.querySelectorAll("[data-live]")) {
    const fresh = fragment.getElementById(spot.dataset.live);
    if (!fresh) continue;
    const focused = spot.contains(document.activeElement) ? document.activeElement.id : "";
    const scrolled = spot.querySelector("ol, ul")?.scrollTop ?? 0;
    spot.replaceChildren(document.importNode(fresh, true));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const list = spot.querySelector("ol, ul");
    if (list) list.scrollTop = scrolled;
  }
}

function tell(isGood) {
  const seconds = Math.floor((performance.now() - heard) / 1000);
  linkState.classList.toggle("is-good", isGood);
  linkState.classList.toggle("is-alarm", !isGood);
  const words = isGood ? linkState.dataset.good : `${linkState.dataset.lost} · ${seconds} ${linkState.dataset.ago}`;
  const shown = linkState.querySelector("span");
  if (shown.textContent !== words) shown.textContent = words;
}

async function refresh() {
  const answer = await fetch(board.dataset.board, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "manual" });
  if (answer.type === "opaqueredirect") {
    location.reload();
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (isStale(fresh)) {
    location.reload();
    return;
  }
  place(fresh);
  heard = performance.now();
}

async function live() {
  try {
    await refresh();
    tell(true);
  } catch {
    tell(false);
  }
  setTimeout(live, EVERY_MS);
}

// Between two answers the room's clock runs on by itself.
function tick() {
  for (const clock of document.querySelectorAll("output[data-remaining]")) {
    if (clock.dataset.paused === "yes") continue;
    const left = Math.max(0, Math.floor((Number(clock.dataset.remaining) - (performance.now() - heard)) / 1000));
    const two = number => String(number).padStart(2, "0");
    const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    clock.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
  }
}

place(document.getElementById("first-state").content);
tell(true);
setTimeout(live, EVERY_MS);
setInterval(tick, 250);
