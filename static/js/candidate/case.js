// Questions about one case: its text on the left, the questions on the right, one under the other, and between them a divider that can be moved.
// On a narrow screen the text stands above the questions. A task is a case with marks, minutes and files; who watches it, if somebody does, is said.

import { byId, make, shape } from "./elements.js";
import { createQuestion, madePlaces } from "./question.js";
import { sizeOf } from "./sizes.js";
import { text } from "./texts.js";

const LEAST = 25;
const MOST = 75;
const MIDDLE = 45;
const STEP = 2;
const LOOKS = { coming: ["is-idle", "turn"], here: ["is-good", "check"], missing: ["is-alarm", "stop"] };

/**
 * Return the view of cases. `acts` as a question has them, enter(item) when somebody turns to another question of the case, `caseFiles` as
 * case_files.js has them, and `station`, where one is drawn.
 */
export function createCaseView(acts, settings) {
  let shownCase = null;
  let questions = new Map();

  createDivider(byId("divider"), byId("case"), settings);

  /** Show the case of `item`, and bring `item` into view. */
  function show(item) {
    if (shownCase !== item.case) fill(item.case);
    refresh();
  }

  function fill(shown) {
    shownCase = shown;
    const { task } = shown;
    byId("case-title").textContent = task ? text("group_name", { number: task.name, name: shown.title }) : shown.title;
    byId("case-about").hidden = !task;
    byId("case-about").textContent = task ? text("task_about", task) : "";
    byId("case-text").innerHTML = shown.text; // cleaned by the server
    byId("material").scrollTop = 0;
    questions = new Map(shown.items.map(made));
    byId("case-items").replaceChildren(...onTheSpot(task), ...[...questions.values()].map(each => each.element));
    byId("case-items").scrollTop = 0;
    showFiles();
  }

  function onTheSpot(task) {
    if (!task?.isObserved) return [];
    const where = make("strong", {}, text(acts.station ? "task_observed_at" : "task_observed", { station: acts.station }));
    return [make("p", { class: "notice" }, shape("info"), make("span", {}, where, " ", text("task_observed_how")))];
  }

  /** Show the files of the case in view, and which of them are on this machine. */
  function showFiles() {
    const files = shownCase?.files ?? [];
    byId("case-files").hidden = files.length === 0;
    byId("case-files-list").replaceChildren(...files.map(fileRow));
  }

  function fileRow(file) {
    const state = acts.caseFiles.state(file.digest);
    const [look, drawn] = LOOKS[state];
    const link = make("a", { href: acts.caseFiles.address(file.digest), download: file.name }, file.name);
    const about = make(
      "span",
      { class: "second small" },
      [file.title, sizeOf(file.size), text(`case_file_${state}`)].filter(Boolean).join(" · "),
    );
    return make("li", {}, make("span", { class: look }, shape(drawn)), make("strong", {}, link), about);
  }

  function made(item) {
    const places = madePlaces(item.n);
    const question = createQuestion(places, acts);
    question.show(item);
    places.element.addEventListener("focusin", () => acts.enter(item));
    return [item.n, { ...question, element: places.element }];
  }

  const refresh = () => {
    for (const question of questions.values()) question.refresh();
  };

  function focus(item) {
    const question = questions.get(item.n);
    if (!question) return byId("case-title").focus({ preventScroll: true });
    question.focus();
    const pane = byId("case-items");
    if (pane.scrollHeight > pane.clientHeight)
      pane.scrollTop += question.element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    else question.element.scrollIntoView({ block: "start" });
  }

  return { show, showFiles, refresh, focus, question: item => questions.get(item.n) };
}

/** Let `divider` be drawn and moved by the keyboard; where it stands is kept in the settings. */
function createDivider(divider, split, settings) {
  let share = settings.get("divider", MIDDLE);

  function put(wanted) {
    share = Math.round(Math.min(MOST, Math.max(LEAST, wanted)));
    split.style.setProperty("--material", `${share}%`);
    divider.setAttribute("aria-valuenow", String(share));
  }

  function keep() {
    settings.set("divider", share);
  }

  divider.setAttribute("aria-valuemin", String(LEAST));
  divider.setAttribute("aria-valuemax", String(MOST));
  divider.addEventListener("keydown", event => {
    const to = { ArrowLeft: share - STEP, ArrowRight: share + STEP, Home: LEAST, End: MOST }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // left and right change the item elsewhere on the page
    put(to);
    keep();
  });
  divider.addEventListener("pointerdown", event => {
    event.preventDefault();
    divider.focus();
    divider.setPointerCapture(event.pointerId);
  });
  divider.addEventListener("pointermove", event => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const { left, width } = split.getBoundingClientRect();
    put(((event.clientX - left) / width) * 100);
  });
  divider.addEventListener("lostpointercapture", keep);
  put(share);
}
