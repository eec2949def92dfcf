// The answers and review marks as the page has them: what the server holds, plus the steps it has not acknowledged. Values are what the contract
// says (Kind.response_from): one option's id or null; a list of ids; true, false or null; a text; an object from part to text; a list of files.

/** Return the answers: `given` {n: value} and `marked` [n] from the server, then `steps` in their order. */
export function createAnswers(given, marked, steps) {
  const values = new Map(Object.entries(given).map(([item, value]) => [Number(item), value]));
  const marks = new Set(marked);

  function apply({ kind, item, value }) {
    if (kind === "marked") marks[value ? "add" : "delete"](item);
    else if (isAnswer(value)) values.set(item, value);
    else values.delete(item);
  }

  for (const step of steps) apply(step);
  return {
    apply,
    value: item => values.get(item) ?? null,
    isAnswered: item => values.has(item),
    isMarked: item => marks.has(item),
    /** Return all answers as the hand-in declares them: {n: value}, unanswered left out. */
    declared: () => Object.fromEntries(values),
    /** Return the acts that make the server's picture equal to this one. */
    differences: (serverGiven, serverMarked) => differences(values, marks, serverGiven, new Set(serverMarked)),
  };
}

/** Return the value of `item` after `choice` was clicked: single kinds take it, multiple choice adds it or takes it away. */
export function chosen(item, value, choice) {
  if (item.kind !== "multiple_choice") return choice;
  const choices = new Set(value ?? []);
  if (!choices.delete(choice)) choices.add(choice);
  return [...choices].sort();
}

const CLEARED = {
  multiple_choice: [],
  ordering: [],
  upload: [],
  blank: {},
  matching: {},
  table: {},
  numeric: "",
  short_text: "",
  essay: "",
};

/** Return the value of an item without an answer, by its kind. */
export const cleared = item => CLEARED[item.kind] ?? null;

/** Tell whether a value answers anything: null, an empty text, list or object do not. */
export const isAnswer = value =>
  value !== null && value !== undefined && value !== "" && !(typeof value === "object" && Object.keys(value).length === 0);

/** Tell whether two values say the same; the order of an object's parts says nothing. */
export const isSame = (one, other) => spelled(one) === spelled(other);

const spelled = value =>
  JSON.stringify(value ?? null, (_name, part) => (isObject(part) ? Object.fromEntries(Object.entries(part).sort()) : part));
const isObject = part => part !== null && typeof part === "object" && !Array.isArray(part);

function differences(values, marks, given, serverMarks) {
  const acts = [];
  for (const item of new Set([...values.keys(), ...Object.keys(given).map(Number)])) {
    const value = values.get(item);
    if (!isSame(value, given[item])) acts.push({ kind: "answered", item, value: value ?? (Array.isArray(given[item]) ? [] : null) });
  }
  for (const item of new Set([...marks, ...serverMarks])) {
    if (marks.has(item) !== serverMarks.has(item)) acts.push({ kind: "marked", item, value: marks.has(item) });
  }
  return acts;
}
