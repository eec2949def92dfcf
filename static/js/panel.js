// The page of a panel: when something about its candidates has changed, it is fetched anew, unless somebody is in the middle of something.

const EVERY_MS = 3000;
const PATIENCE_MS = 5000;
const page = document.querySelector("[data-panel]");

async function look() {
  try {
    const answer = await fetch(page.dataset.panel, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "manual" });
    const isOther = answer.type === "opaqueredirect" || (answer.ok && (await answer.json()).mark !== page.dataset.mark);
    if (isOther && !document.querySelector("dialog[open]")) location.reload();
  } catch {
    // without a server the page stays as it is; the next look may find it again
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
