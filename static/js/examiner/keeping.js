// Keeps the sheet: in this browser at once, on the server within two seconds, and says truthfully which. What another window saved meanwhile is never
// overwritten: whoever scores is asked.

import { text } from "../candidate/texts.js";

const AFTER_MS = 800;
const AGAIN_MS = 4000;

const LOOKS = {
  saved: ["is-good", "i-check"],
  saving: ["is-idle", "i-turn"],
  offline: ["is-caution", "i-store"],
  server: ["is-caution", "i-store"],
  signed_out: ["is-caution", "i-lock"],
  other_person: ["is-alarm", "i-stop"],
  refused: ["is-alarm", "i-stop"],
  malformed: ["is-alarm", "i-stop"],
  newer: ["is-caution", "i-warn"],
  unkept: ["is-alarm", "i-stop"],
};
const TRY_AGAIN = new Set(["offline", "server", "signed_out", "other_person"]);

export class Keeping {
  /** `ask` is called with the newer sheet and resolves to "load" or "keep"; `loaded` when the page has to show another sheet. */
  constructor({ sheet, revision, copy, sending, place, ask, loaded }) {
    Object.assign(this, { sheet, revision, copy, sending, place, ask, loaded });
    this.stored = JSON.stringify(sheet.plain());
    this.unanswered = null; // what was sent and may have arrived: it is sent again as it was until an answer comes, else it would look like another's
    this.timer = 0;
    this.busy = null;
    for (const event of ["online", "focus"]) window.addEventListener(event, () => this.isWaiting && this.soon(0));
  }

  get isWaiting() {
    return this.unanswered !== null || JSON.stringify(this.sheet.plain()) !== this.stored;
  }

  /** Go on with what a window before left in this browser, if the server has nothing newer. */
  resume() {
    const left = this.copy.waiting();
    if (!left) return;
    const newest = this.sheet.plain();
    if (JSON.stringify(left.sheet) === JSON.stringify(newest)) {
      this.copy.forget();
      return;
    }
    this.sheet.load(left.sheet);
    this.loaded();
    this.revision = left.revision;
    this.unanswered = left.unanswered ?? null;
    this.changed();
  }

  /** Something was changed. */
  changed() {
    if (!this.isWaiting) return;
    if (this.keep()) this.tell("saving");
    else this.tell("unkept");
    if (!this.timer) this.soon(AFTER_MS); // not anew with each change: somebody who types without a pause is saved too
  }

  soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  /** Send what waits; one request at a time. Resolves when the server has it, or cannot have it now. */
  async send() {
    clearTimeout(this.timer);
    this.timer = 0;
    while (this.busy) await this.busy;
    if (!this.isWaiting) return;
    this.busy = this.sent();
    await this.busy;
    this.busy = null;
    if (this.isWaiting && this.last === "saved") this.soon(AFTER_MS);
  }

  async sent() {
    this.unanswered ??= this.sheet.plain();
    this.keep();
    const plain = this.unanswered;
    const outcome = await this.sending.post("draft", { revision: this.revision, ...plain });
    this.last = outcome.kind;
    if (!TRY_AGAIN.has(outcome.kind)) this.unanswered = null;
    if (outcome.kind === "saved") {
      this.revision = outcome.revision;
      this.stored = JSON.stringify(plain);
      if (this.isWaiting) this.keep();
      else this.copy.forget();
    }
    this.tell(outcome.kind === "saved" && this.isWaiting ? "saving" : outcome.kind, outcome);
    if (outcome.kind === "newer") await this.choose(outcome);
    if (TRY_AGAIN.has(outcome.kind)) this.soon(AGAIN_MS);
  }

  /** Another window saved meanwhile: let a person choose which sheet goes on. */
  async choose(newer) {
    const choice = await this.ask(newer);
    this.revision = newer.revision;
    this.stored = JSON.stringify(newer.sheet);
    if (choice === "load") {
      this.sheet.load(newer.sheet);
      this.copy.forget();
      this.loaded();
      this.tell("saved", newer);
      return;
    }
    this.keep();
    this.last = "saved";
    this.tell("saving");
  }

  keep() {
    return this.copy.keep(this.revision, this.sheet.plain(), this.unanswered);
  }

  tell(kind, told = {}) {
    const [look, shape] = LOOKS[kind];
    this.place.className = `save ${look}`;
    this.place.replaceChildren(icon(shape), words(text(kind, { time: told.at ?? "", why: told.message ?? "" })));
    if (kind !== "signed_out" && kind !== "other_person") return;
    const way = document.createElement("a");
    way.href = "/sign-in";
    way.target = "_blank";
    way.textContent = text("sign_in");
    this.place.append(way);
  }
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

function words(sentence) {
  const span = document.createElement("span");
  span.textContent = sentence;
  return span;
}
