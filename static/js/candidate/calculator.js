// The calculator on call: keys on the screen and on the keyboard. Nothing of it is sent or kept.

import { resultOf, shown } from "./arithmetic.js";
import { byId, make } from "./elements.js";
import { text } from "./texts.js";

const LONGEST = 40;
const KEYS = [
  "MC",
  "MR",
  "M−",
  "M+",
  "C",
  "(",
  ")",
  "⌫",
  "7",
  "8",
  "9",
  "÷",
  "4",
  "5",
  "6",
  "×",
  "1",
  "2",
  "3",
  "−",
  "0",
  ".",
  "%",
  "+",
  "=",
];
const NAMES = {
  MC: "key_memory_clear",
  MR: "key_memory_recall",
  "M−": "key_memory_minus",
  "M+": "key_memory_plus",
  C: "key_clear",
  "⌫": "key_back",
  "÷": "key_divide",
  "×": "key_times",
  "−": "key_minus",
  "+": "key_plus",
  "%": "key_percent",
  "=": "key_equals",
  ".": "key_point",
};
const TYPED = { "*": "×", "/": "÷", "-": "−", Enter: "=", Backspace: "⌫", Delete: "C" };

/** Put the calculator into its panel; it listens to the keyboard while the focus is in it. */
export function createCalculator(panel) {
  const state = { entry: "", memory: 0, isResult: false, isWrong: false };
  const acts = {
    C: () => change(""),
    "⌫": () => change(state.isResult ? "" : state.entry.slice(0, -1)),
    "=": equals,
    MC: () => remember(0),
    MR: () => type(shown(state.memory)),
    "M+": () => remember(state.memory + (current() ?? 0)),
    "M−": () => remember(state.memory - (current() ?? 0)),
  };

  const current = () => resultOf(state.entry);

  function change(entry, isResult = false) {
    Object.assign(state, { entry: entry.slice(0, LONGEST), isResult, isWrong: false });
    show();
  }

  function type(sign) {
    const isNumber = /^[\d.(−]/.test(sign) && sign !== "−";
    const before = state.isResult && isNumber ? "" : state.entry;
    const isNegative = sign.startsWith("−") && sign.length > 1;
    change(before + (isNegative && before ? `(${sign})` : sign));
  }

  function equals() {
    const value = current();
    if (state.entry === "") return;
    if (value !== null) return change(shown(value), true);
    state.isWrong = true;
    show();
  }

  function remember(value) {
    state.memory = value;
    state.isResult = true;
    show();
  }

  function press(key) {
    (acts[key] ?? (() => type(key)))();
  }

  function show() {
    const value = state.isResult ? null : current();
    byId("calculator-entry").textContent = state.entry || "0";
    byId("calculator-value").textContent = state.isWrong ? text("no_result") : preview(value, state.entry);
    byId("calculator-memory").textContent = state.memory === 0 ? "" : text("memory", { value: shown(state.memory) });
  }

  function button(key) {
    const look = `calculator-key${/^[\d.]$/.test(key) ? " is-figure" : ""}${key === "=" ? " is-equals" : ""}`;
    const label = NAMES[key] ? `${key} ${text(NAMES[key])}` : null; // what is seen is part of what is spoken
    return make("button", { type: "button", class: look, "aria-label": label, onclick: () => press(key) }, key);
  }

  panel.querySelector("[data-keys]").replaceChildren(...KEYS.map(button));
  panel.addEventListener("keydown", event => {
    const key = TYPED[event.key] ?? event.key;
    const onButton = event.key === "Enter" && event.target.matches("button");
    if (onButton || event.ctrlKey || event.altKey || event.metaKey || !KEYS.includes(key)) return;
    event.preventDefault();
    press(key);
  });
  show();
}

function preview(value, entry) {
  return value === null || shown(value) === entry ? "" : `= ${shown(value)}`;
}
