// A table: a grid of cells, and below it what the chosen cell is: printed, or filled in with a number, a text or a choice, and what is right there.

import { make } from "../../candidate/elements.js";
import { area, button, choice, group, line, lines } from "../parts.js";
import { foldTicks } from "./blank.js";
import { numberFields } from "./numeric.js";

const LETTERS = "ABCDEFGHIJKL";
const MOST_ROWS = 30;

export function editTable(record, texts, changed, redraw) {
  record.body = { columns: ["", ""], rows: [["", ""]], ...(record.body ?? {}) };
  record.key = { cells: {}, ...(record.key ?? {}) };
  const { columns, rows } = record.body;
  const { cells } = record.key;
  const panel = make("div", { class: "edit-cell" }, make("p", { class: "hint" }, texts.choose_cell));
  let chosen = null;

  const table = make(
    "table",
    { class: "table edit-table", "data-place": "body" },
    make("thead", {}, heads()),
    make("tbody", {}, ...rows.map(row)),
  );
  return group(
    texts.table,
    make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": texts.table }, table),
    make(
      "div",
      { class: "edit-row" },
      rows.length < MOST_ROWS ? button(texts.add_row, addRow) : null,
      columns.length < LETTERS.length ? button(texts.add_column, addColumn) : null,
      rows.length > 1 ? button(texts.remove_row, removeRow, { icon: "stop", quiet: true }) : null,
      columns.length > 2 ? button(texts.remove_column, removeColumn, { icon: "stop", quiet: true }) : null,
    ),
    make("div", { "data-place": "key" }, panel),
  );

  function heads() {
    return make(
      "tr",
      {},
      ...columns.map((text, place) =>
        make(
          "th",
          { scope: "col" },
          field(text, `${texts.head} ${LETTERS[place]}`, value => {
            columns[place] = value;
          }),
        ),
      ),
    );
  }

  function row(values, number) {
    return make(
      "tr",
      {},
      ...values.map((value, place) => make("td", { "data-place": `key.cells.${name(number, place)}` }, cell(value, number, place))),
    );
  }

  function cell(value, number, place) {
    if (typeof value !== "string") return filled(number, place);
    const control = field(value, `${texts.cell} ${name(number, place)}`, text => {
      rows[number][place] = text;
    });
    control.addEventListener("focus", () => choose(number, place));
    return control;
  }

  function filled(number, place) {
    const right = cells[name(number, place)];
    const words = typeof right === "string" ? right : (right?.value ?? right?.accepted?.join(" / ") ?? "");
    return make(
      "button",
      {
        type: "button",
        class: "edit-filled",
        onclick: () => choose(number, place),
        "aria-label": `${texts.cell} ${name(number, place)} ${words || "?"}`,
      },
      words || "?",
    );
  }

  function field(value, label, write) {
    const control = make("input", {
      class: "input",
      "aria-label": label,
      oninput: event => {
        write(event.target.value);
        changed();
      },
    });
    control.value = value;
    return control;
  }

  function choose(number, place) {
    chosen = { number, place };
    for (const each of table.querySelectorAll("td")) each.classList.remove("chosen");
    table.tBodies[0].rows[number].cells[place].classList.add("chosen");
    showPanel();
  }

  function showPanel() {
    const { number, place } = chosen;
    const own = name(number, place);
    const value = rows[number][place];
    const fill = typeof value === "string" ? "printed" : value.fill;
    const kinds = ["printed", "number", "text", "choice"].map(each => [each, texts[`fill_${each}`]]);
    panel.replaceChildren(
      choice(`${texts.cell} ${own}`, kinds, fill, each => turn(each)),
      ...(fill === "printed" ? [] : fields(value, own)),
    );
  }

  function turn(fill) {
    const { number, place } = chosen;
    const own = name(number, place);
    delete cells[own];
    if (fill === "printed") rows[number][place] = "";
    else {
      rows[number][place] = { fill, unit: "", choices: [] };
      cells[own] = { number: () => ({ value: "", tolerance: "0", relative: false }), text: () => ({ accepted: [] }), choice: () => "" }[
        fill
      ]();
    }
    changed();
    redrawCell();
    showPanel();
  }

  function redrawCell() {
    const { number, place } = chosen;
    table.tBodies[0].rows[number].cells[place].replaceChildren(cell(rows[number][place], number, place));
  }

  function fields(value, own) {
    const said = () => {
      changed();
      redrawCell();
    };
    if (value.fill === "number") {
      const unit = line(
        texts.unit,
        value.unit,
        text => {
          value.unit = text;
          said();
        },
        { short: true },
      );
      return [make("div", { class: "edit-row" }, ...numberFields(cells[own], texts, said, `key.cells.${own}`), unit)];
    }
    if (value.fill === "text") {
      const accepted = area(
        texts.accepted,
        (cells[own]?.accepted ?? []).join("\n"),
        text => {
          cells[own].accepted = lines(text);
          said();
        },
        { hint: texts.accepted_hint },
      );
      return [accepted, foldTicks(cells[own], texts, said)];
    }
    const right = make("div");
    const offer = () =>
      right.replaceChildren(
        choice(texts.right_choice, [["", "—"], ...value.choices.map(each => [each, each])], cells[own], each => {
          cells[own] = each;
          said();
        }),
      );
    offer();
    const choices = area(
      texts.choices,
      value.choices.join("\n"),
      text => {
        value.choices = lines(text);
        offer();
        said();
      },
      { hint: texts.choices_hint },
    );
    return [choices, right];
  }

  function addRow() {
    rows.push(columns.map(() => ""));
    changed();
    redraw();
  }

  function addColumn() {
    columns.push("");
    for (const each of rows) each.push("");
    changed();
    redraw();
  }

  function removeRow() {
    const number = chosen?.number ?? rows.length - 1;
    const values = keyed();
    rows.splice(number, 1);
    values.splice(number, 1);
    rekey(values);
  }

  function removeColumn() {
    const place = chosen?.place ?? columns.length - 1;
    const values = keyed();
    columns.splice(place, 1);
    for (const each of [...rows, ...values]) each.splice(place, 1);
    rekey(values);
  }

  /** Return what is right in every cell, by row and column, so that it moves along with the cells. */
  function keyed() {
    return rows.map((values, number) => values.map((_, place) => cells[name(number, place)]));
  }

  function rekey(values) {
    const pairs = values.flatMap((own, number) => own.map((right, place) => [name(number, place), right]));
    record.key.cells = Object.fromEntries(pairs.filter(([, right]) => right !== undefined));
    changed();
    redraw();
  }
}

const name = (number, place) => `${LETTERS[place]}${number + 1}`;
