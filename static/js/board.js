// The living board: every two seconds what is new of it comes from the server and takes the place of what was there.
// What a proctor is typing is never touched; when the connection is lost, the board says so at once.

const EVERY_MS = 2000;
const PATIENCE_MS = 5000;

const board = document.querySelector("[data-board]");
const linkState = document.getElementById("link-state");
const progress = new Map(); // by the number of the seat: items answered, and when the last answer was saved
const built = new Map(); // what can be done belongs to the page, not to its living parts: what it was built for, by part
let edition = "";
let exam = 0;
let heard = performance.now();

// When something else can be done, the page is fetched anew, unless somebody is in the middle of something.
function isStale() {
  const isBusy = document.querySelector("dialog[open]") || document.activeElement?.matches("input, select, textarea");
  return !isBusy && [...document.querySelectorAll("[data-acts]")].some(part => part.dataset.acts !== built.get(part.id));
}

function place(id, markup) {
  const old = document.getElementById(id);
  if (!old) return;
  const template = document.createElement("template");
  template.innerHTML = markup;
  const fresh = template.content.firstElementChild;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = old.querySelector("ol, ul")?.scrollTop ?? 0;
  if (id === board.dataset.chosen) fresh.setAttribute("aria-current", "true");
  old.replaceWith(fresh);
  if (focused) [fresh, ...fresh.querySelectorAll("a, ol")].find(each => isLike(each, focused))?.focus({ preventScroll: true });
  const list = fresh.querySelector("ol, ul");
  if (list) list.scrollTop = scrolled;
}

function isLike(one, other) {
  return one.tagName === other.tagName && one.getAttribute("href") === other.getAttribute("href");
}

function showProgress(seat) {
  const tile = document.getElementById(`seat-${seat}`);
  const place = tile?.querySelector("[data-answered]");
  if (!place || !progress.has(seat)) return;
  const [answered, saved] = progress.get(seat);
  const total = Number(place.dataset.answered);
  place.textContent = total ? `${answered} / ${total}` : "";
  tile.querySelector("[data-saved]").textContent = saved;
  const bar = tile.querySelector("progress");
  if (bar) bar.value = answered;
}

function take(news) {
  for (const [name, part] of Object.entries(news.parts)) {
    if (Array.isArray(part)) progress.set(name, part);
    else place(name, part);
  }
  for (const name of Object.keys(news.parts)) showProgress(name.replace("seat-", ""));
  edition = news.edition;
  exam = news.exam;
  heard = performance.now();
  tick();
}

function tell(isGood) {
  const seconds = Math.floor((performance.now() - heard) / 1000);
  linkState.classList.toggle("is-good", isGood);
  linkState.classList.toggle("is-alarm", !isGood);
  const words = isGood ? linkState.dataset.good : `${linkState.dataset.lost} · ${seconds} ${linkState.dataset.ago}`;
  write(linkState.querySelector("span"), words);
}

async function refresh() {
  const address = new URL(board.dataset.board, location.href);
  address.searchParams.set("known", edition);
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "manual" });
  if (answer.type === "opaqueredirect") {
    location.reload();
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  take(await answer.json());
  if (isStale()) location.reload();
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

function write(spot, words) {
  if (spot.textContent !== words) spot.textContent = words;
}

function clock(ms) {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const two = number => String(number).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

// Between two answers the clocks run on by themselves.
function tick() {
  const now = exam + performance.now() - heard;
  for (const spot of document.querySelectorAll("[data-ends]")) write(spot, clock(Number(spot.dataset.ends) - now));
  for (const spot of document.querySelectorAll("[data-since]")) write(spot, clock(now - Number(spot.dataset.since)));
}

take(JSON.parse(document.getElementById("first-state").content.textContent));
for (const part of document.querySelectorAll("[data-acts]")) built.set(part.id, part.dataset.acts);
tell(true);
setTimeout(live, EVERY_MS);
setInterval(tick, 250);
