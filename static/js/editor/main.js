// The editor of one item: the record on the left, on the right what the candidate will see, by the candidate's own scripts.

import { byId } from "../candidate/elements.js";
import { showFaults } from "./faults.js";
import { EDITORS } from "./kinds.js";
import { createPictures } from "./pictures.js";
import { showPreview } from "./preview.js";
import { showSamples } from "./samples.js";
import { createSaving, post } from "./saving.js";

const LISTS = { enemies: text => text.split(/[\s,;，；]+/).filter(each => each !== "") };
const NUMBERS = new Set(["difficulty"]);
const PATIENCE = 350;

const root = byId("editor");
const { record, revision, urls, texts, scoring } = JSON.parse(root.dataset.setup);
const form = byId("record");
let timer = 0;
let asked = 0;

const saving = createSaving({ url: urls.save, revision, texts, content: () => ({ record }), saved: () => undefined });

record.enemies ??= [];
record.rationale ??= "";
record.samples ??=
  scoring === "examiner"
    ? []
    : [
        { answer: null, fraction: 1 },
        { answer: null, fraction: 0 },
      ];
bindFields();
drawKind();
createPictures(byId("stem"), urls.pictures, texts);
document.addEventListener("submit", leave, true); // before forms.js counts it as sent
look();

/** Bind the fields that every kind has to the record. */
function bindFields() {
  for (const control of form.querySelectorAll("[data-field]")) {
    const name = control.dataset.field;
    const take = () => {
      const value = control.value;
      record[name] = LISTS[name] ? LISTS[name](value) : NUMBERS.has(name) ? Number(value) : value;
      if (name === "stem" && record.kind === "blank") drawKind();
      changed();
    };
    control.addEventListener("input", take);
    const stored = LISTS[name] ? (record[name] ?? []).join(" ") : String(record[name] ?? "");
    if (control.value !== stored) take(); // somebody was quicker than this script
  }
  byId("insert-gap")?.addEventListener("click", insertGap);
}

function drawKind() {
  byId("kind-part").replaceChildren(EDITORS[record.kind](record, texts, changed, drawKind));
}

function changed() {
  saving.touch();
  clearTimeout(timer);
  timer = setTimeout(look, PATIENCE);
}

/** Ask how the item looks and what is wrong with it; an answer that a later one has overtaken is thrown away. */
async function look() {
  const mine = ++asked;
  const answer = await post(urls.preview, { record });
  if (mine !== asked || !answer.ok) return;
  showPreview(byId("preview"), answer.data, texts);
  if (scoring !== "examiner") showSamples(byId("samples"), record, answer.data.item, texts, changed);
  showFaults(form, answer.data.faults, texts);
}

function insertGap() {
  const stem = byId("stem");
  const number = (stem.value.match(/\[\[[0-9]+\]\]/g) ?? []).length + 1;
  stem.setRangeText(`[[${number}]]`, stem.selectionStart, stem.selectionEnd, "end");
  stem.dispatchEvent(new Event("input"));
  stem.focus();
}

/** A form that leads away is sent when everything is stored. */
async function leave(event) {
  if (event.target.dataset.ready) return;
  event.preventDefault();
  await saving.flush();
  event.target.dataset.ready = "1";
  setTimeout(() => event.target.requestSubmit()); // a form that is still telling of its submission takes no other
}
