// The page of a script: puts the sheet, its rubric, the files and the keeping together.

import { text } from "../candidate/texts.js";
import { installFiles } from "./files.js";
import { Keeping } from "./keeping.js";
import { LocalCopy } from "./local_copy.js";
import { Rubric } from "./rubric.js";
import { Sending } from "./sending.js";
import { Sheet } from "./sheet.js";
import { Watch } from "./watch.js";

const main = document.querySelector("[data-sheet]");
if (main) begin(JSON.parse(main.dataset.sheet));

function begin(told) {
  const isRunning = told.stage === "running";
  const isOpen = isRunning || told.stage === "open";
  const sheet = new Sheet(told.tasks, told.sheet);
  const address = location.pathname;
  const copy = new LocalCopy(told.person, told.sitting, told.number);
  const sending = new Sending(address, told.person);
  let keeping = null;
  const changed = () => keeping?.changed();
  const rubric = new Rubric({ root: main.querySelector(".rubric"), sheet, isOpen, isRunning, changed, askVeto });
  installFiles(main.querySelector(".script"));
  for (const link of document.querySelectorAll("[data-go]")) {
    link.addEventListener("click", event => {
      event.preventDefault();
      rubric.goToTask(link.dataset.go);
    });
  }
  if (!isOpen) return;
  const watches = [...main.querySelectorAll("[data-watch]")].map(element => new Watch(element, sheet, changed, told.person));
  const loaded = () => {
    rubric.showAll();
    for (const watch of watches) watch.show();
  };
  const place = document.querySelector("[data-save]");
  const ask = newer => askNewer(newer, sheet);
  keeping = new Keeping({ sheet, revision: told.revision, copy, sending, place, ask, loaded });
  keeping.resume();
  installHandIn({ sheet, keeping, copy, sending });
  installKeys(rubric);
}

function installKeys(rubric) {
  document.addEventListener("keydown", event => {
    if (document.querySelector("dialog[open]")) return;
    const isHandIn = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (isHandIn) main.querySelector("[data-hand-in]:not(:disabled)")?.click();
    else if (event.target.matches("input, textarea, select")) leaveComment(event);
    else if (isBusyElsewhere(event) || !rubric.key(event)) return;
    else event.preventDefault();
  });
}

/** Tell whether a key means something else to where the focus is: arrows scroll what is read, everything else gives marks from there too. */
function isBusyElsewhere(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return true;
  return event.key.startsWith("Arrow") && Boolean(event.target.closest(".script, details"));
}

function leaveComment(event) {
  const isDone = (event.key === "Escape" || event.key === "Enter") && !event.isComposing;
  if (isDone && event.target.matches("[data-comment]")) event.target.blur();
}

function installHandIn({ sheet, keeping, copy, sending }) {
  const dialog = document.getElementById("hand-in-ask");
  const act = dialog.querySelector("[data-ask-do]");
  const refused = dialog.querySelector("[data-ask-refused]");
  main.querySelector("[data-hand-in]").addEventListener("click", () => {
    const { total, full, counted } = sheet;
    dialog.querySelector("[data-ask-total]").textContent = text(counted === total ? "total_is" : "with_vetoes", { total, full, counted });
    refused.hidden = true;
    dialog.showModal();
  });
  act.addEventListener("click", async () => {
    act.disabled = true;
    await keeping.send();
    const outcome = await sending.post("hand-in", { revision: keeping.revision, ...sheet.plain() });
    act.disabled = false;
    if (outcome.kind === "saved") {
      copy.forget();
      location.reload();
      return;
    }
    if (outcome.kind === "newer") {
      dialog.close();
      await keeping.choose(outcome);
      keeping.soon(0);
      return;
    }
    refused.querySelector("[data-ask-why]").textContent = outcome.message ?? text(outcome.kind, { why: "" });
    refused.hidden = false;
  });
}

/** Ask twice before a veto is claimed: the question, and a tick in it. */
function askVeto(element) {
  const dialog = document.getElementById("veto-ask");
  const sure = dialog.querySelector("[data-ask-sure]");
  const act = dialog.querySelector("[data-ask-do]");
  dialog.querySelector("[data-ask-text]").textContent = element.querySelector("[data-veto-text]").textContent;
  dialog.querySelector("[data-ask-cost]").textContent = element.querySelector("[data-veto-cost]").textContent;
  sure.checked = false;
  act.disabled = true;
  sure.onchange = () => {
    act.disabled = !sure.checked;
  };
  return answerOf(dialog, new Map([[act, true]]), false);
}

/** Ask which sheet goes on when another window saved meanwhile. */
function askNewer(newer, sheet) {
  const dialog = document.getElementById("newer-ask");
  const described = plain => text("sum", { total: new Sheet(sheet.rubric, plain).total, count: Object.keys(plain.marks).length });
  dialog.querySelector("[data-ask-when]").textContent = text("newer_when", { time: newer.at });
  const differs = { newer: described(newer.sheet), here: described(sheet.plain()) };
  dialog.querySelector("[data-ask-differs]").textContent = text("newer_differs", differs);
  const answers = new Map([
    [dialog.querySelector("[data-ask-load]"), "load"],
    [dialog.querySelector("[data-ask-keep]"), "keep"],
  ]);
  return answerOf(dialog, answers, null);
}

/** Show a question and resolve to what its buttons stand for, or to `otherwise` when it is closed without any; null: it has to be answered. */
function answerOf(dialog, answers, otherwise) {
  return new Promise(resolve => {
    let answer = otherwise;
    for (const [button, meaning] of answers) {
      button.onclick = () => {
        answer = meaning;
        dialog.close();
      };
    }
    dialog.oncancel = event => {
      if (otherwise === null) event.preventDefault();
    };
    dialog.addEventListener("close", () => resolve(answer), { once: true });
    dialog.showModal();
  });
}
