"""The workbook that is written: the sheets, their columns and drop-downs. A template and an export have the same layout."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxInputError, XlsxWriterException

from question_bank.formats.excel_columns import (
    CASE_COLUMNS,
    CASES,
    EXAMPLES,
    EXPLANATIONS,
    ITEM_COLUMNS,
    ITEMS,
    KIND_WORDS,
    LISTS,
    NO,
    NOTES,
    NUMBERS,
    PICTURES,
    WIDTHS,
    YES,
    Column,
)
from question_bank.formats.excel_rows import named, row_of_item
from question_bank.formats.pictures import pictures_of
from question_bank.formats.reading import Names, Writing
from question_bank.item import Case, Item
from question_bank.message import N_, Fault, Message

LONGEST_CELL = 32_767
LAST_ROW = 9_999
IMPORTANCES = ("X", "Y", "Z")
DIFFICULTIES = tuple(str(grade) for grade in range(1, 6))
PICTURE_ROW_HEIGHT = 120
PICTURE_COLUMN_WIDTH = 70
OPTIONS_OF_PICTURE = {"x_scale": 0.5, "y_scale": 0.5, "object_position": 1}
FROZEN_COLUMNS = 2
WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
"""Said to be the date of every file, so that the same items give the same bytes."""
UTF_16 = "utf-16-le"
UNIT_BYTES = 2


def workbook_of(items: Sequence[Item], media: Mapping[str, bytes], names: Names, examples: Sequence[Item] = ()) -> Writing:
    """Return a workbook of `items`, the same bytes for the same items; `examples` stand on a sheet of their own that is never read."""
    losses: list[Fault] = []
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({"created": WRITTEN})
        styles = _styles(book)
        rows = [_held(item, row_of_item(item, names), losses) for item in items]
        _add_items(book, styles, ITEMS, rows, names)
        _add_cases(book, styles, items, losses)
        if examples:
            _add_items(book, styles, EXAMPLES, [row_of_item(each, names) for each in examples], names)
        _add_notes(book, styles)
        losses += _add_pictures(book, styles, items, media)
        _add_lists(book, styles, names)
    return Writing(out.getvalue(), tuple(losses))


def _styles(book: Workbook) -> dict[str, Any]:
    text = {"num_format": "@", "text_wrap": True, "valign": "top"}
    return {
        "text": book.add_format(text),
        "number": book.add_format({"valign": "top"}),
        "head": book.add_format({**text, "bold": True, "bottom": 1, "bg_color": "#E8EEF4"}),
    }


def _held(item: Item, values: dict[str, str | int], losses: list[Fault]) -> dict[str, str | int]:
    """Return `values` without what is too long for a cell, which is a loss; a spreadsheet counts in units of UTF-16."""
    for column, value in values.items():
        if isinstance(value, str) and len(value.encode(UTF_16)) > LONGEST_CELL * UNIT_BYTES:
            text = N_("“%(column)s” has more than %(most)d characters, which is more than a cell can hold")
            losses.append(Fault(item.id, Message(text, {"column": column, "most": LONGEST_CELL})))
    return {column: value for column, value in values.items() if isinstance(value, int) or len(value.encode(UTF_16)) <= LONGEST_CELL * UNIT_BYTES}


def _add_items(book: Workbook, styles: Mapping[str, Any], name: str, rows: Sequence[Mapping[str, str | int]], names: Names) -> None:
    sheet = _add_sheet(book, styles, name, ITEM_COLUMNS, rows)
    sheet.freeze_panes(1, FROZEN_COLUMNS)
    sheet.autofilter(0, 0, max(len(rows), 1), len(ITEM_COLUMNS) - 1)
    choices: dict[str, list[str] | str] = {Column.KIND: [words[0] for words in KIND_WORDS.values()], Column.REUSE: [YES, NO]}
    choices |= {Column.DIFFICULTY: list(DIFFICULTIES), Column.IMPORTANCE: list(IMPORTANCES)}
    for place, (column, known) in enumerate(_lists(names)):
        if known:
            letter = "ABC"[place]
            choices[column] = f"={LISTS}!${letter}$2:${letter}${len(known) + 1}"
    for column, source in choices.items():
        at = ITEM_COLUMNS.index(column)
        sheet.data_validation(1, at, LAST_ROW, at, {"validate": "list", "source": source, "error_type": "warning"})


def _add_cases(book: Workbook, styles: Mapping[str, Any], items: Sequence[Item], losses: list[Fault]) -> None:
    cases: dict[str, Case] = {}
    for item in items:
        if item.case is not None and cases.setdefault(item.case.id, item.case) != item.case:
            text = N_("The case %(case)s stands in the file with another text")
            losses.append(Fault(item.id, Message(text, {"case": item.case.id})))
    rows: list[Mapping[str, str | int]] = [{Column.ID: case.id, Column.TITLE: case.title, Column.TEXT: case.text} for case in cases.values()]
    for case in cases.values():
        if len(case.text.encode(UTF_16)) > LONGEST_CELL * UNIT_BYTES:
            text = N_("“%(column)s” has more than %(most)d characters, which is more than a cell can hold")
            losses.append(Fault(case.id, Message(text, {"column": Column.TEXT, "most": LONGEST_CELL})))
    _add_sheet(book, styles, CASES, CASE_COLUMNS, rows).freeze_panes(1, 0)


def _add_sheet(book: Workbook, styles: Mapping[str, Any], name: str, columns: Sequence[str], rows: Sequence[Mapping[str, str | int]]) -> Any:
    sheet = book.add_worksheet(name)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS[column], styles["number" if column in NUMBERS else "text"])
        sheet.write_string(0, place, column, styles["head"])
    places = {column: place for place, column in enumerate(columns)}
    for number, values in enumerate(rows, start=1):
        for column, value in values.items():
            if isinstance(value, int):
                sheet.write_number(number, places[column], value, styles["number"])
            else:
                sheet.write_string(number, places[column], value, styles["text"])
    return sheet


def _add_notes(book: Workbook, styles: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(NOTES)
    sheet.set_column(0, 0, WIDTHS[Column.TITLE], styles["text"])
    sheet.set_column(1, 1, WIDTHS[Column.TEXT], styles["text"])
    for number, (about, text) in enumerate(EXPLANATIONS):
        sheet.write_string(number, 0, about, styles["head"])
        sheet.write_string(number, 1, text, styles["text"])


def _add_pictures(book: Workbook, styles: Mapping[str, Any], items: Sequence[Item], media: Mapping[str, bytes]) -> list[Fault]:
    """Put the pictures on a sheet, where their bytes stay as they are; return those that are not at hand or that a workbook does not take."""
    wanted = {digest: item.id for item in reversed(items) for digest in pictures_of(item)}
    if not wanted:
        return []
    losses = []
    sheet = book.add_worksheet(PICTURES)
    sheet.set_column(0, 0, PICTURE_COLUMN_WIDTH, styles["text"])
    sheet.set_column(1, 1, PICTURE_COLUMN_WIDTH)
    for number, (digest, item) in enumerate(sorted(wanted.items())):
        sheet.set_row(number, PICTURE_ROW_HEIGHT)
        sheet.write_string(number, 0, digest, styles["text"])
        if not _insert(sheet, number, media.get(digest)):
            losses.append(Fault(item, Message(N_("The picture %(picture)s cannot be put into the file"), {"picture": digest[:SHORT]})))
    return losses


SHORT = 8


def _insert(sheet: Any, row: int, content: bytes | None) -> bool:
    if content is None:
        return False
    try:
        return bool(sheet.insert_image(row, 1, f"{row}.png", {"image_data": io.BytesIO(content), **OPTIONS_OF_PICTURE}) == 0)
    except (XlsxInputError, XlsxWriterException):
        return False


def _add_lists(book: Workbook, styles: Mapping[str, Any], names: Names) -> None:
    """The sheet that the drop-downs read."""
    sheet = book.add_worksheet(LISTS)
    for place, (column, known) in enumerate(_lists(names)):
        sheet.set_column(place, place, WIDTHS[Column.STEM], styles["text"])
        sheet.write_string(0, place, column, styles["head"])
        for number, code in enumerate(known, start=1):
            sheet.write_string(number, place, named(code, known), styles["text"])


def _lists(names: Names) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return (Column.LEVEL, names.levels), (Column.SECTION, names.sections), (Column.POINT, names.points)
