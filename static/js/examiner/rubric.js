// The rubric on the page: the criterion somebody is at, marks by button, slider or key, comments, vetoes, and the total.

import { announce, text } from "../candidate/texts.js";
import { hundredths, spelled } from "./sheet.js";

const TWO_DIGITS_MS = 900;
const HALF = 50;

export class Rubric {
  constructor({ root, sheet, isOpen, isRunning, changed, askVeto }) {
    Object.assign(this, { root, sheet, isOpen, isRunning, changed, askVeto });
    this.rows = new Map([...root.querySelectorAll("[data-criterion]")].map(row => [row.dataset.criterion, row]));
    this.now = [...this.rows.keys()][0];
    this.typed = "";
    for (const row of this.rows.values()) row.tabIndex = -1;
    root.addEventListener("click", event => this.pressed(event));
    root.addEventListener("input", event => this.input(event));
    root.addEventListener("focusin", event => this.focused(event));
    this.showAll();
    this.go(this.now, { focus: false });
  }

  /** Go to a criterion, and to its task. */
  go(id, { focus = true } = {}) {
    this.now = id;
    for (const [name, row] of this.rows) row.classList.toggle("now", name === id);
    this.showTask(this.sheet.criteria.get(id).task);
    const row = this.rows.get(id);
    row.scrollIntoView({ block: "nearest" });
    if (focus && !row.contains(document.activeElement))
      (row.querySelector("[aria-pressed=true]") ?? row.querySelector("[data-mark]") ?? row).focus();
  }

  /** Show a task, on both sides. */
  showTask(task) {
    if (this.task === task) return;
    this.task = task;
    for (const name of ["task", "rubric", "about"]) {
      for (const part of document.querySelectorAll(`[data-${name}]`)) part.hidden = part.dataset[name] !== task;
    }
    for (const link of document.querySelectorAll("[data-go]")) {
      if (link.dataset.go === task) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** Go to the first criterion of a task that has no mark yet, else to its first. */
  goToTask(task) {
    const own = [...this.rows.keys()].filter(id => this.sheet.criteria.get(id).task === task);
    this.go(own.find(id => !(id in this.sheet.marks)) ?? own[0]);
  }

  give(id, mark) {
    if (!this.isOpen || !this.sheet.give(id, mark)) return false;
    this.show(id);
    this.showTotal();
    this.changed();
    return true;
  }

  /** A key was pressed outside of any field; tell whether it meant something here. */
  key(event) {
    const steps = { ArrowUp: -1, ArrowDown: 1 };
    if (event.key in steps) return this.step(steps[event.key]);
    if (/^[0-9]$/.test(event.key)) return this.digit(event.key);
    if (event.key === "." || event.key === "。") return this.half();
    if (event.key === "a" || event.key === "A") return this.takeOver(this.now);
    if (event.key === "c" || event.key === "C") return this.comment();
    return false;
  }

  step(by) {
    const ids = [...this.rows.keys()];
    const next = ids[ids.indexOf(this.now) + by];
    if (next) this.go(next);
    return true;
  }

  /** A digit is a mark; two within a moment are one of two digits, where the criterion has it. */
  digit(digit) {
    const long = this.typed + digit;
    const isLong = this.typed && this.sheet.criteria.get(this.now).allowed.includes(long);
    if (!this.give(this.now, isLong ? long : digit)) {
      announce(text("wrong_step"));
      this.rows.get(this.now).classList.add("refused");
      setTimeout(() => this.rows.get(this.now).classList.remove("refused"), TWO_DIGITS_MS);
    }
    this.typed = isLong ? "" : digit;
    clearTimeout(this.forgetting);
    this.forgetting = setTimeout(() => {
      this.typed = "";
    }, TWO_DIGITS_MS);
    return true;
  }

  /** Add half a mark, or take it away again. */
  half() {
    const given = hundredths(this.sheet.marks[this.now] ?? "0");
    this.give(this.now, spelled(given % (2 * HALF) === HALF ? given - HALF : given + HALF));
    return true;
  }

  takeOver(id) {
    const proposal = this.sheet.criteria.get(id).proposal;
    if (proposal === null) return false;
    this.give(id, proposal);
    return true;
  }

  comment() {
    this.rows.get(this.now).querySelector("[data-comment]").focus();
    return true;
  }

  pressed(event) {
    const row = event.target.closest("[data-criterion]");
    const veto = event.target.closest("[data-veto-press]")?.closest("[data-veto]");
    if (veto) this.pressVeto(veto);
    if (!row) return;
    const button = event.target.closest("[data-mark]");
    if (button) this.give(row.dataset.criterion, button.dataset.mark);
    if (event.target.closest("[data-take]")) this.takeOver(row.dataset.criterion);
    if (this.now !== row.dataset.criterion) this.go(row.dataset.criterion, { focus: false });
  }

  focused(event) {
    const row = event.target.closest("[data-criterion]");
    if (row && row.dataset.criterion !== this.now && event.target.matches("input, button:focus-visible"))
      this.go(row.dataset.criterion, { focus: false });
  }

  input(event) {
    const row = event.target.closest("[data-criterion]");
    if (!row) return;
    const id = row.dataset.criterion;
    if (event.target.matches("[data-comment]")) {
      this.sheet.comments[id] = event.target.value;
      this.changed();
      return;
    }
    const isGiven = event.target.value !== "" && this.give(id, spelled(hundredths(event.target.value)));
    const isWrong = !isGiven && event.target.value !== "";
    event.target.toggleAttribute("aria-invalid", isWrong);
    for (const words of row.querySelectorAll("[data-wrong]")) words.hidden = !isWrong;
  }

  async pressVeto(element) {
    const id = element.dataset.veto;
    if (this.sheet.vetoes.has(id)) this.sheet.vetoes.delete(id);
    else if (await this.askVeto(element)) this.sheet.vetoes.add(id);
    else return;
    this.showVeto(element);
    this.showTotal();
    this.changed();
  }

  showAll() {
    for (const id of this.rows.keys()) this.show(id, { comment: true });
    for (const element of this.root.querySelectorAll("[data-veto]")) this.showVeto(element);
    this.showTotal();
  }

  show(id, { comment = false } = {}) {
    const row = this.rows.get(id);
    const mark = this.sheet.marks[id];
    row.querySelector("[data-given]").textContent = mark ?? "–";
    row.classList.toggle("given", mark !== undefined);
    for (const button of row.querySelectorAll("[data-mark]")) button.setAttribute("aria-pressed", String(button.dataset.mark === mark));
    for (const field of row.querySelectorAll("[data-slider], [data-number]"))
      if (field !== document.activeElement) field.value = mark ?? (field.matches("[data-slider]") ? "0" : "");
    const note = row.querySelector("[data-comment]");
    if (comment) note.value = this.sheet.comments[id] ?? "";
    row.classList.toggle("noted", Boolean(note.value.trim()));
  }

  showVeto(element) {
    const isClaimed = this.sheet.vetoes.has(element.dataset.veto);
    element.classList.toggle("claimed", isClaimed);
    element.querySelector("[data-veto-press]").setAttribute("aria-pressed", String(isClaimed));
    const claimed = this.isOpen ? "veto_claimed" : "veto_claimed_locked";
    element.querySelector("[data-veto-word]").textContent = text(isClaimed ? claimed : "veto");
  }

  showTotal() {
    const { total, full, missing } = this.sheet;
    this.root.querySelector("[data-total]").textContent = total;
    const state = this.isRunning ? "running" : missing.length ? "rest" : "complete";
    const rest = text(state, { full, count: missing.length });
    this.root.querySelector("[data-rest]").textContent =
      this.sheet.counted === total ? rest : `${rest}　${text("vetoed", { mark: this.sheet.counted })}`;
    const button = this.root.querySelector("[data-hand-in]");
    if (button) button.disabled = this.isRunning || missing.length > 0;
    for (const link of document.querySelectorAll("[data-go]")) {
      const left = missing.filter(id => this.sheet.criteria.get(id).task === link.dataset.go).length;
      link.classList.toggle("done", left === 0);
    }
  }
}
