// Has what is typed into a specification held against the bank, shortly after the last key: the page that answers renews what `data-held` marks.

const AFTER_MS = 300;
const PATIENCE_MS = 12000;

const form = document.querySelector("[data-check]");
const sign = document.getElementById("checking");
let asked = 0;
let timer;

async function fetchPage() {
  const answer = await fetch(form.dataset.check, {
    method: "POST",
    body: new FormData(form),
    signal: AbortSignal.timeout(PATIENCE_MS),
    redirect: "manual",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function renew(page) {
  for (const spot of form.querySelectorAll("[data-held]")) {
    const fresh = page.querySelector(`[data-held="${spot.dataset.held}"]`);
    if (fresh && fresh.innerHTML !== spot.innerHTML) spot.replaceChildren(...fresh.childNodes);
  }
}

async function check() {
  const mine = ++asked;
  sign.hidden = false;
  try {
    const page = await fetchPage();
    if (mine === asked) renew(page);
  } catch {
    // no answer: what stands there stays, and the next key asks again
  }
  if (mine === asked) sign.hidden = true;
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, AFTER_MS);
});
