"""An item as a row of a workbook, and a row as the record of an item: what each kind puts into which column."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from question_bank.formats import excel_answers as answers
from question_bank.formats.cell_text import guarded, halves, lines_of, plain
from question_bank.formats.excel_answers import NotUnderstoodError
from question_bank.formats.excel_columns import (
    COMMON,
    DIFFICULTY_WORDS,
    KIND_WORDS,
    NO,
    OPTION,
    OPTIONS,
    OWN_COLUMNS,
    YES,
    Column,
    kind_of,
)
from question_bank.formats.reading import Names
from question_bank.formats.workbook import BLANK, NUMBER, Cell, folded
from question_bank.formats.yaml_document import Place, shorten
from question_bank.item import Item
from question_bank.message import N_, Message
from question_bank.record import Record, plain_response

Values: TypeAlias = dict[str, str | int]
BLANKS = " \t\u00a0\u3000"
SEPARATORS = str.maketrans(dict.fromkeys("、,，;；|\n", " "))
WORDS_OF_IDS = frozenset({Column.ID, Column.CASE, Column.ENEMIES, Column.LEVEL, Column.SECTION, Column.POINT})
YES_WORDS = frozenset(folded(word) for word in (YES, "可以", "true", "y", "yes", "1"))
BODY_COLUMNS: Mapping[str, str] = {
    "unit": Column.UNIT,
    "decimals": Column.DECIMALS,
    "least": Column.LEAST,
    "most": Column.MOST,
    "types": Column.TYPES,
    "megabytes": Column.MEGABYTES,
    "files": Column.FILES,
    "prompts": Column.PROMPTS,
    "reuse": Column.REUSE,
    "columns": Column.TABLE,
    "rows": Column.TABLE,
}
FIELD_COLUMNS: Mapping[str, str] = {column.name.lower(): column for column in Column if column in COMMON}
"""The column of a record's field."""
KEY_COLUMNS: Mapping[str, str] = {"elements": Column.ELEMENTS, "tolerance": Column.TOLERANCE, "relative": Column.TOLERANCE}


@dataclass(slots=True)
class Row:
    """A row of the sheet of items by column, and what was found wrong in it, each with its column."""

    cells: Mapping[str, Cell]
    faults: list[tuple[str, Message]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def text(self, column: str) -> str:
        """Return the text of a column without blanks at its ends; what the spreadsheet spoilt is a fault."""
        cell = self.cells.get(column, BLANK)
        if cell.fault is not None:
            self.faults.append((column, cell.fault))
        elif cell.is_number and column in WORDS_OF_IDS:
            self.faults.append((column, NUMBER))
        return cell.text.strip(BLANKS) if cell.text.strip() else ""

    def word(self, column: str) -> str:
        """Return the first word of a column, such as an id with a name behind it."""
        return next(iter(unicodedata.normalize("NFKC", self.text(column)).split()), "")

    def words(self, column: str) -> list[str]:
        """Return the words of a column, however they are separated."""
        return unicodedata.normalize("NFKC", self.text(column)).translate(SEPARATORS).split()

    def number(self, column: str) -> int | str | None:
        """Return a whole number; the text where it is none, and None where nothing stands."""
        text = unicodedata.normalize("NFKC", self.text(column)).strip()
        digits = text.removeprefix("-")
        return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < LONGEST_NUMBER else text or None

    def read(self, column: str, reader: Callable[[str], Any]) -> Any:
        """Return what `reader` makes of a column, None (and a fault) where it makes nothing of it."""
        try:
            return reader(self.text(column))
        except NotUnderstoodError as error:
            self.faults.append((column, error.message))
            return None


LONGEST_NUMBER = 10


def record_of_row(row: Row) -> Record | None:
    """Return the record that a row holds, None where its kind is unknown; `row` tells what was not understood."""
    kind = kind_of(row.text(Column.KIND))
    if kind is None:
        expected = "、".join(words[0] for words in KIND_WORDS.values())
        text = Message(N_("%(given)s is not one of %(expected)s"), {"given": shorten(row.text(Column.KIND)) or "—", "expected": expected})
        row.faults.append((Column.KIND, text))
        return None
    difficulty = row.number(Column.DIFFICULTY)
    record: Record = {
        "id": row.word(Column.ID),
        "kind": kind,
        "level": row.word(Column.LEVEL),
        "section": row.word(Column.SECTION),
        "point": row.word(Column.POINT),
        "difficulty": DIFFICULTY_WORDS.get(str(difficulty), difficulty),
        "importance": row.word(Column.IMPORTANCE).upper(),
        "case": row.word(Column.CASE) or None,
        "stem": row.text(Column.STEM),
        "options": _options(row) if OPTIONS[0] in OWN_COLUMNS[kind] else None,
        "rationale": row.text(Column.RATIONALE),
        "enemies": row.words(Column.ENEMIES),
        **READERS[kind](row),
    }
    record["samples"] = _samples(row, record)
    row.unused += [column for column in (set(row.cells) - COMMON - OWN_COLUMNS[kind]) if row.cells[column].text.strip()]
    if kind == TRUE_FALSE:
        row.unused = [column for column in row.unused if column not in OPTIONS[:2]]
    return record


def column_of_place(place: Place) -> str | None:
    """Return the column in which the part of a record stands that a finding is about."""
    first = str(place[0]) if place else ""
    second = str(place[1]) if len(place) > 1 else ""
    if first == "options":
        return f"{OPTION}{second}" if second else OPTIONS[0]
    if first == "body":
        return BODY_COLUMNS.get(second)
    return KEY_COLUMNS.get(second, Column.KEY) if first == "key" else FIELD_COLUMNS.get(first)


def row_of_item(item: Item, names: Names) -> Values:
    """Return what stands in which column for `item`; `names` stand behind ids."""
    values: Values = {
        Column.ID: item.id,
        Column.KIND: KIND_WORDS[item.kind][0],
        Column.LEVEL: named(item.level, names.levels),
        Column.SECTION: named(item.section, names.sections),
        Column.POINT: named(item.point, names.points),
        Column.DIFFICULTY: item.difficulty,
        Column.IMPORTANCE: item.importance,
        Column.CASE: "" if item.case is None else item.case.id,
        Column.STEM: item.stem,
        **{f"{OPTION}{option.letter}": option.text for option in item.options},
        Column.RATIONALE: item.rationale,
        Column.SAMPLES: "\n".join(f"{each.fraction}：{answers.response_text(item.kind, plain_response(each.answer))}" for each in item.samples),
        Column.ENEMIES: "、".join(item.enemies),
        **WRITERS[item.kind](plain_response(item.key), item.body),
    }
    return {column: value for column, value in values.items() if value != ""}


def named(code: str, names: Mapping[str, str]) -> str:
    """Return an id with its name behind it."""
    return f"{code} {names[code]}" if code in names else code


TRUE_FALSE = "true_false"


def _options(row: Row) -> dict[str, str]:
    return {column.removeprefix(OPTION): text for column in OPTIONS if (text := row.text(column))}


def _samples(row: Row, record: Record) -> list[dict[str, Any]]:
    lines = lines_of(row.text(Column.SAMPLES))
    if not lines:
        return _plain_samples(record)
    samples = []
    for line in lines:
        pair = halves(line, answers.COLONS)
        if pair is None:
            text = N_("A share and an answer, such as 1：B, is wanted, not %(given)s")
            row.faults.append((Column.SAMPLES, Message(text, {"given": shorten(line)})))
            continue
        try:
            samples.append({"answer": answers.response_in(record["kind"], pair[1]), "fraction": unicodedata.normalize("NFKC", pair[0]).strip()})
        except NotUnderstoodError as error:
            row.faults.append((Column.SAMPLES, error.message))
    return samples


def _plain_samples(record: Record) -> list[dict[str, Any]]:
    """Return one right and one wrong response of a kind where these go without saying: banks of other houses have no samples."""
    key, kind = record.get("key"), record["kind"]
    if kind == TRUE_FALSE and isinstance(key, bool):
        wrong: Any = not key
    elif kind == "single_choice" and key:
        wrong = next((letter for letter in record["options"] if letter != key), None)
    elif kind in ("multiple_choice", "ordering") and key:
        wrong = [] if kind == "multiple_choice" else key[::-1]
    else:
        return []
    return [{"answer": key, "fraction": 1}, {"answer": wrong, "fraction": 0}] if wrong is not None else []


def _read_true_false(row: Row) -> Record:
    """Some banks give a claim two options, and name one of them as the answer."""
    letter = unicodedata.normalize("NFKC", row.text(Column.KEY)).upper()
    column = f"{OPTION}{letter}" if letter in ("A", "B") else Column.KEY
    return {"key": row.read(column, answers.truth_in)}


def _read_numeric(row: Row) -> Record:
    tolerance = row.read(Column.TOLERANCE, answers.tolerance_in) or {}
    body = {"unit": row.text(Column.UNIT), "decimals": row.number(Column.DECIMALS)}
    return {"body": body, "key": {"value": row.text(Column.KEY), **tolerance}}


def _read_matching(row: Row) -> Record:
    reuse = folded(row.text(Column.REUSE)) in YES_WORDS
    body = {"prompts": answers.prompts_in(row.text(Column.PROMPTS)), "reuse": reuse}
    return {"body": body, "key": {"pairs": row.read(Column.KEY, answers.pairs_in)}}


def _read_table(row: Row) -> Record:
    body = row.read(Column.TABLE, answers.table_in) or {}
    return {"body": body, "key": {"cells": row.read(Column.KEY, lambda text: answers.cells_in(text, body))}}


def _read_short_text(row: Row) -> Record:
    return {
        "body": _given(most=row.number(Column.MOST)),
        "key": {"model": row.text(Column.KEY), "elements": row.read(Column.ELEMENTS, answers.elements_in)},
    }


def _read_essay(row: Row) -> Record:
    body = _given(least=row.number(Column.LEAST), most=row.number(Column.MOST))
    return {"body": body, "key": {"model": row.text(Column.KEY), "elements": [plain(line) for line in lines_of(row.text(Column.ELEMENTS))]}}


def _read_upload(row: Row) -> Record:
    types = [word.lower().removeprefix(".") for word in row.words(Column.TYPES)]
    body = {"types": types, **_given(megabytes=row.number(Column.MEGABYTES), files=row.number(Column.FILES))}
    return {"body": body, "key": {"model": row.text(Column.KEY)}}


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


READERS: Mapping[str, Callable[[Row], Record]] = {
    "single_choice": lambda row: {"key": row.read(Column.KEY, answers.letter_in)},
    "multiple_choice": lambda row: {"key": row.read(Column.KEY, answers.letters_in)},
    TRUE_FALSE: _read_true_false,
    "blank": lambda row: {"key": {"gaps": row.read(Column.KEY, answers.gaps_in)}},
    "numeric": _read_numeric,
    "matching": _read_matching,
    "ordering": lambda row: {"key": row.read(Column.KEY, answers.letters_in)},
    "table": _read_table,
    "short_text": _read_short_text,
    "essay": _read_essay,
    "upload": _read_upload,
}


def _write_numeric(key: Any, body: Mapping[str, Any]) -> Values:
    values: Values = {Column.KEY: key["value"], Column.TOLERANCE: answers.tolerance_text(key), Column.UNIT: body["unit"]}
    return values if body["decimals"] is None else values | {Column.DECIMALS: body["decimals"]}


def _write_short_text(key: Any, body: Mapping[str, Any]) -> Values:
    return {Column.KEY: key["model"], Column.ELEMENTS: answers.elements_text(key["elements"]), Column.MOST: body["most"]}


def _write_essay(key: Any, body: Mapping[str, Any]) -> Values:
    elements = "\n".join(guarded(each, "") for each in key["elements"])
    return {Column.KEY: key["model"], Column.ELEMENTS: elements, Column.LEAST: body["least"], Column.MOST: body["most"]}


def _write_upload(key: Any, body: Mapping[str, Any]) -> Values:
    types: Sequence[str] = body["types"]
    return {Column.KEY: key["model"], Column.TYPES: "、".join(types), Column.MEGABYTES: body["megabytes"], Column.FILES: body["files"]}


def _write_matching(key: Any, body: Mapping[str, Any]) -> Values:
    reuse = YES if body["reuse"] else NO
    return {Column.KEY: answers.pairs_text(key["pairs"]), Column.PROMPTS: answers.prompts_text(body["prompts"]), Column.REUSE: reuse}


WRITERS: Mapping[str, Callable[[Any, Mapping[str, Any]], Values]] = {
    "single_choice": lambda key, _body: {Column.KEY: key},
    "multiple_choice": lambda key, _body: {Column.KEY: "".join(key)},
    TRUE_FALSE: lambda key, _body: {Column.KEY: answers.TRUTH[key]},
    "blank": lambda key, _body: {Column.KEY: answers.gaps_text(key["gaps"])},
    "numeric": _write_numeric,
    "matching": _write_matching,
    "ordering": lambda key, _body: {Column.KEY: "".join(key)},
    "table": lambda key, body: {Column.KEY: answers.cells_text(key["cells"]), Column.TABLE: answers.table_text(body)},
    "short_text": _write_short_text,
    "essay": _write_essay,
    "upload": _write_upload,
}
