// The stop watch of an observed task. It counts by the wall clock, so that a tablet that sleeps loses no second; what it shows is part of the sheet.

import { text } from "../candidate/texts.js";

const SECOND_MS = 1000;
const PER_MINUTE = 60;
const MOST = 24 * 60 * 60;
const SAVE_EVERY = 10;

export class Watch {
  constructor(element, sheet, changed, person) {
    Object.assign(this, { element, sheet, changed });
    this.task = element.dataset.watch;
    this.key = `watch:${person}:${location.pathname}:${this.task}`;
    this.button = element.querySelector("[data-watch-run]");
    this.minutes = element.querySelector("[data-watch-minutes]");
    this.rest = element.querySelector("[data-watch-seconds]");
    this.button.addEventListener("click", () => (this.since ? this.stop() : this.start()));
    element.querySelector("[data-watch-set]").addEventListener("click", () => this.correct());
    this.since = Number(localStorage.getItem(this.key)) || 0;
    setInterval(() => this.since && this.tick(), SECOND_MS);
    this.show();
  }

  get taken() {
    return this.since ? Math.min(MOST, Math.floor((Date.now() - this.since) / SECOND_MS)) : (this.sheet.seconds[this.task] ?? 0);
  }

  start() {
    this.since = Date.now() - this.taken * SECOND_MS;
    localStorage.setItem(this.key, String(this.since));
    this.show();
  }

  stop() {
    const taken = this.taken;
    this.since = 0;
    localStorage.removeItem(this.key);
    this.set(taken);
  }

  tick() {
    this.show();
    if (this.taken % SAVE_EVERY === 0) this.set(this.taken);
  }

  correct() {
    const [minutes, seconds] = [this.minutes, this.rest].map(field => Number(field.value || "0"));
    const isTime = Number.isInteger(minutes) && Number.isInteger(seconds) && minutes >= 0 && seconds >= 0 && seconds < PER_MINUTE;
    const isGood = isTime && minutes * PER_MINUTE + seconds <= MOST && Boolean(this.minutes.value || this.rest.value);
    for (const field of [this.minutes, this.rest]) field.toggleAttribute("aria-invalid", !isGood);
    this.element.querySelector("[data-watch-wrong]").hidden = isGood;
    if (!isGood) return;
    this.since = 0;
    localStorage.removeItem(this.key);
    this.set(minutes * PER_MINUTE + seconds);
    this.minutes.value = this.rest.value = "";
  }

  set(seconds) {
    this.sheet.seconds[this.task] = seconds;
    this.changed();
    this.show();
  }

  show() {
    const pad = number => String(number).padStart(2, "0");
    const taken = this.taken;
    this.element.querySelector("[data-watch-shown]").textContent = `${pad(Math.floor(taken / PER_MINUTE))}:${pad(taken % PER_MINUTE)}`;
    this.button.textContent = text(this.since ? "stop" : taken ? "go_on" : "start");
    this.button.classList.toggle("is-running", Boolean(this.since));
  }
}
