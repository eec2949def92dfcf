// A table with cells to fill in, named like those of a spreadsheet: B1 is the second of the first row under the heads. Enter and the arrow keys go
// from cell to cell; left and right do so at the end of what is typed.

import { make, shape } from "../elements.js";
import { text } from "../texts.js";
import { isNoNumber } from "./numbers.js";
import { answerOf, partsFilled, showParts } from "./parts.js";

const COLUMNS = "ABCDEFGHIJKL";
const LONGEST = 200;
const STAY = [0, 0];
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function createTable(item, { name, labelledBy, changed }) {
  const fields = new Map();
  const numbers = new Map(); // the fields for numbers, with the unit of each
  const wrong = make("p", { class: "wrong", id: `${name}-wrong`, role: "status" });

  const labelOf = (row, place, unit) =>
    [item.columns[place], typeof row[0] === "string" && place > 0 ? row[0] : "", unit].filter(words => words).join(" ");

  function cell(row, place, number) {
    const content = row[place];
    if (typeof content === "string") return printed(content, place === 0);
    const field = content.fill === "choice" ? choice(content) : typed(content);
    const part = `${COLUMNS[place]}${number + 1}`;
    field.setAttribute("aria-label", labelOf(row, place, content.unit) || part);
    field.id = `${name}-${part}`;
    field.addEventListener("keydown", event => walk(event, place, number));
    fields.set(part, field);
    return make(
      "td",
      { class: "fillable" },
      make("span", { class: "cell-field" }, field, content.unit ? make("span", { class: "unit" }, content.unit) : null),
    );
  }

  function choice(content) {
    const options = content.choices.map(words => make("option", { value: words }, words));
    return make(
      "select",
      { class: "input select", onchange: () => changed(answerOf(fields)) },
      make("option", { value: "" }, text("cell_none")),
      ...options,
    );
  }

  function typed(content) {
    const isForNumber = content.fill === "number";
    const field = make("input", {
      class: isForNumber ? "input number" : "input",
      inputmode: isForNumber ? "decimal" : null,
      maxlength: LONGEST,
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": isForNumber ? wrong.id : null,
      oninput: () => changed(answerOf(fields), true),
      onblur: judge,
    });
    if (isForNumber) numbers.set(field, content.unit);
    return field;
  }

  /** Say which cells hold what is no number; it is kept all the same. */
  function judge() {
    const places = [];
    for (const [field, unit] of numbers) {
      const isWrong = isNoNumber(field, unit);
      if (isWrong) places.push(field.getAttribute("aria-label"));
      if (isWrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    const words = places.length ? text("no_number_in", { places: places.join(text("and")) }) : "";
    if (wrong.textContent !== words) wrong.replaceChildren(...(words ? [shape("warn"), make("span", {}, words)] : []));
  }

  function walk(event, place, number) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const [across, down] = wayOf(event);
    if (across === 0 && down === 0) return;
    const next = nextCell(fields, item, [place, number], [across, down]);
    event.preventDefault();
    if (next) enter(next);
  }

  function show(value, isLocked) {
    showParts(fields, value, isLocked);
    judge();
  }

  const head = make("tr", {}, ...item.columns.map(words => (words ? make("th", { scope: "col" }, words) : make("td"))));
  const body = item.rows.map((row, number) => make("tr", {}, ...row.map((_content, place) => cell(row, place, number))));
  const table = make("table", { class: "fill", "aria-labelledby": labelledBy }, make("thead", {}, head), make("tbody", {}, ...body));
  return {
    element: make("div", { class: "fill-scroll" }, table, wrong),
    show,
    focus: () => enter([...fields.values()][0]),
    hint: value => partsFilled("table", fields, value),
  };
}

const printed = (words, isHead) => (isHead && words ? make("th", { scope: "row" }, words) : make("td", {}, words));

/** Return by how many columns and rows a key leads on; a list keeps up and down for itself, a text left and right within what is typed. */
function wayOf({ key, shiftKey, target }) {
  const isList = target.matches("select");
  if (key === "Enter") return shiftKey ? WAYS.ArrowUp : WAYS.ArrowDown;
  if (shiftKey || !(key in WAYS)) return STAY;
  if (key === "ArrowUp" || key === "ArrowDown") return isList ? STAY : WAYS[key];
  return isList || isAtEdge(target, key === "ArrowLeft" ? 0 : target.value.length) ? WAYS[key] : STAY;
}

const isAtEdge = (field, edge) => field.selectionStart === edge && field.selectionEnd === edge;

/** Return the next cell to fill in that way, over what is printed; none where the table ends. */
function nextCell(fields, item, [place, number], [across, down]) {
  for (let column = place + across, row = number + down; item.rows[row]?.[column] !== undefined; column += across, row += down) {
    const field = fields.get(`${COLUMNS[column]}${row + 1}`);
    if (field) return field;
  }
  return null;
}

function enter(field) {
  field.focus();
  if (field.select) field.select();
}
