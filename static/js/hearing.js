// The page of a hearing: the panel's clock as the server has it, and what the members note, fetched every two seconds.
// What a member is typing is never touched and survives a reload; when the connection is lost, the page says so at once.

const EVERY_MS = 2000;
const PATIENCE_MS = 5000;

const page = document.querySelector("[data-hearing]");
const linkState = document.getElementById("link-state");
const form = document.getElementById("ask-form");
const field = document.getElementById("question");
const said = document.getElementById("question-state");
const spokenBefore = Number(page.dataset.spokenBefore);
const kept = `examsrv.question.${page.dataset.hearing}`;
let state = JSON.parse(document.getElementById("first-state").content.textContent);
let heard = performance.now();
const built = state.mark;

function clock(ms) {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const two = number => String(number).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

function write(spot, words) {
  if (spot.textContent !== words) spot.textContent = words;
}

function elapsed() {
  return state.elapsed + (state.runs ? performance.now() - heard : 0);
}

// Between two answers the clock runs on by itself.
let before = elapsed();
function tick() {
  const now = elapsed();
  const left = state.minimum - now;
  const rest = document.getElementById("rest");
  write(document.getElementById("elapsed"), clock(now));
  document.getElementById("to-minimum").value = Math.min(now, state.minimum);
  const isOn = state.stage === "running" || state.stage === "paused";
  if (!isOn) write(rest, state.stage === "heard" ? "" : rest.dataset.before);
  else write(rest, left > 0 ? `${rest.dataset.rest} ${clock(left + 999)}` : rest.dataset.enough);
  speak(before, now, rest);
  before = now;
}

// Said once, as the moment passes; a page that is opened later says nothing of it.
function speak(then, now, rest) {
  if (!state.runs) return;
  const spoken = document.getElementById("spoken");
  const soon = state.minimum - spokenBefore;
  if (then < soon && now >= soon) spoken.textContent = spoken.dataset.soon;
  if (then < state.minimum && now >= state.minimum) spoken.textContent = rest.dataset.enough;
}

function show() {
  for (const part of document.querySelectorAll("[data-stages]")) part.hidden = !part.dataset.stages.split(" ").includes(state.stage);
  for (const part of document.querySelectorAll("[data-stage]")) part.hidden = part.dataset.stage !== state.stage;
  if (form) form.hidden = !state.notes;
  showQuestions();
  tick();
}

function showQuestions() {
  const list = document.getElementById("asked");
  if (list.dataset.shown === String(state.questions.length)) return;
  const known = new Set([...list.querySelectorAll("[data-id]")].map(each => each.dataset.id));
  if (state.questions.length) list.querySelector(".asked-none")?.remove();
  for (const question of state.questions) if (!known.has(String(question.id))) list.append(line(question));
  if (!state.questions.length) list.append(none(list.dataset.none));
  list.dataset.shown = String(state.questions.length);
}

function line(question) {
  const made = document.createElement("li");
  made.dataset.id = question.id;
  const head = document.createElement("small");
  head.textContent = `${question.at} · ${question.name}`;
  const text = document.createElement("p");
  text.textContent = question.text;
  made.append(head, text);
  return made;
}

function none(words) {
  const made = document.createElement("li");
  made.className = "asked-none";
  made.textContent = words;
  return made;
}

function take(news) {
  state = news;
  heard = performance.now();
  show();
}

function tell(isGood) {
  const seconds = Math.floor((performance.now() - heard) / 1000);
  linkState.classList.toggle("is-good", isGood);
  linkState.classList.toggle("is-alarm", !isGood);
  write(
    linkState.querySelector("span"),
    isGood ? linkState.dataset.good : `${linkState.dataset.lost} · ${seconds} ${linkState.dataset.ago}`,
  );
}

// When another candidate is called or the panel itself changes, the page is fetched anew, unless somebody is in the middle of something.
function isBusy() {
  return document.querySelector("dialog[open]") || document.activeElement?.matches("input, select, textarea");
}

async function look() {
  try {
    const answer = await fetch(page.dataset.hearing, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    take(await answer.json());
    tell(true);
    if (state.mark !== built && !isBusy()) return location.reload();
  } catch {
    tell(false);
  }
  setTimeout(look, EVERY_MS);
}

async function note() {
  const text = field.value.trim();
  if (!text || form.dataset.sending) return;
  form.dataset.sending = "1";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  try {
    const about = { method: "POST", headers, body: JSON.stringify({ text }), signal: AbortSignal.timeout(PATIENCE_MS) };
    const answer = await fetch(form.action, about);
    const news = await answer.json();
    if (answer.ok) {
      if (field.value.trim() === text) field.value = "";
      keep();
      take(news);
      write(said, said.dataset.noted);
    } else {
      write(said, news.message ?? said.dataset.lost);
    }
  } catch {
    write(said, said.dataset.lost);
  }
  delete form.dataset.sending;
}

function keep() {
  try {
    if (field.value) sessionStorage.setItem(kept, field.value);
    else sessionStorage.removeItem(kept);
  } catch {
    // the text then lives as long as the page
  }
}

function restore() {
  try {
    field.value = sessionStorage.getItem(kept) ?? "";
  } catch {
    // storage is closed: the field begins empty
  }
}

if (form) {
  restore();
  form.addEventListener("submit", event => {
    event.preventDefault();
    note();
  });
  field.addEventListener("input", () => {
    write(said, "");
    keep();
  });
  field.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) note();
  });
}
show();
tell(true);
setTimeout(look, EVERY_MS);
setInterval(tick, 250);
