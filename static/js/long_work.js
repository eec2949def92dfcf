// Follows long work of the server: asks every second how far it is, and fetches the page anew when it is over.

const EVERY_MS = 1000;
const PATIENCE_MS = 5000;

const sheet = document.querySelector("[data-progress]");

async function ask() {
  const answer = await fetch(sheet.dataset.progress, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "manual" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function show({ phase, count, pace, share }) {
  for (const [id, words] of Object.entries({ phase, count, pace })) {
    const spot = document.getElementById(id);
    if (spot.textContent !== words) spot.textContent = words;
  }
  const bar = document.getElementById("share");
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
}

async function follow() {
  try {
    const { running, progress } = await ask();
    if (!running) return location.reload();
    show(progress);
  } catch {
    // the machine is busy; the next question follows
  }
  setTimeout(follow, EVERY_MS);
}

follow();
