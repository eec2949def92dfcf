"""The bank as a workbook, as institutions keep it: a sheet 试题 with a row for each item, a sheet 案例 with the cases, notes for who fills it in.

Columns are found by their headings in any order; whatever is wrong is told by sheet, row and column. The layout is `excel_columns`, what stands
in the cells `excel_rows` and `excel_answers`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from question_bank.formats.excel_book import workbook_of
from question_bank.formats.excel_columns import CASE_COLUMNS, CASES, EXAMPLES, ITEM_COLUMNS, LISTS, NOTES, PICTURES, Column, column_of
from question_bank.formats.excel_rows import Row, column_of_place, record_of_row
from question_bank.formats.pictures import pictures_of
from question_bank.formats.reading import NO_NAMES, Names, Reading, Writing
from question_bank.formats.workbook import BLANK, Cell, NotAWorkbookError, Sheet, read_workbook
from question_bank.formats.yaml_bank import read_items
from question_bank.formats.yaml_document import shorten
from question_bank.item import Case, Item
from question_bank.message import N_, Fault, Message
from question_bank.record import case_from, item_from

EXAMPLES_FILE = Path(__file__).with_name("excel_examples.yaml")
OWN_SHEETS = frozenset({CASES, EXAMPLES, NOTES, PICTURES, LISTS})
"""Sheets of our layout in which no items stand; every other one with the headings of a bank is read, for some houses keep each kind on its own."""
HEADING_ROWS = 20
"""How far down the headings may stand: many banks begin with a title."""
HEADINGS_FEWEST = 3
NEEDED = (Column.ID, Column.KIND, Column.LEVEL, Column.SECTION, Column.POINT, Column.DIFFICULTY, Column.IMPORTANCE, Column.STEM, Column.KEY)
CASE_NEEDED = (Column.ID, Column.TITLE, Column.TEXT)


def read(content: bytes, name: str) -> Reading:
    """Return what a workbook called `name` holds."""
    try:
        sheets, pictures = read_workbook(content)
    except NotAWorkbookError as error:
        return Reading(faults=(Fault(name, error.message),))
    grids = [grid for sheet in sheets if sheet.name.strip() not in OWN_SHEETS and (grid := _grid_of(sheet, ITEM_COLUMNS)) is not None]
    if not grids:
        text = N_("No sheet has the headings of a bank: %(headings)s")
        return Reading(faults=(Fault(name, Message(text, {"headings": "、".join(NEEDED)})),))
    faults = [fault for grid in grids for fault in _said_of_grid(name, grid, NEEDED)]
    notes = [note for grid in grids for note in _notes_of_grid(name, grid)]
    if faults:
        return Reading(faults=tuple(faults), notes=tuple(notes))
    cases = _cases(name, next((grid for sheet in sheets if sheet.name.strip() == CASES and (grid := _grid_of(sheet, CASE_COLUMNS))), None), faults)
    seen: dict[str, tuple[str, int]] = {}
    items = [item for grid in grids for item in _items(name, grid, cases, seen, faults, notes)]
    named = {digest for item in items for digest in pictures_of(item)}
    held = {hashlib.sha256(each).hexdigest(): each for each in pictures.values()}
    media = {digest: each for digest, each in held.items() if digest in named}
    if len(held) > len(media):
        text = N_("Pictures that no text names were left out: %(count)d")
        notes.append(Fault(name, Message(text, {"count": len(held) - len(media)})))
    return Reading(tuple(items), tuple(faults), media, tuple(notes))


def write(items: Sequence[Item], media: Mapping[str, bytes], names: Names = NO_NAMES) -> Writing:
    """Return a workbook of `items`; `names` are shown behind the ids of levels, sections and points, and offered for choice."""
    return workbook_of(items, media, names)


def template(names: Names) -> bytes:
    """Return an empty workbook, with an example of every kind on a sheet of its own, tagged as the first entries of `names`."""
    examples, _ = read_items(EXAMPLES_FILE.read_bytes(), EXAMPLES_FILE.name)
    tagged = [
        replace(each, level=_first(names.levels, each.level), section=_first(names.sections, each.section), point=_first(names.points, each.point))
        for each in examples
    ]
    return workbook_of([], {}, names, tagged).content


def _first(known: Mapping[str, str], otherwise: str) -> str:
    return next(iter(known), otherwise)


@dataclass(frozen=True, slots=True)
class _Grid:
    """A sheet whose headings were found: the place of each column, the number of the row of headings, headings that are none of ours."""

    sheet: Sheet
    columns: Mapping[str, int]
    heading_row: int
    others: tuple[str, ...]
    twice: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Give the rows below the headings that are not blank, by column, with their numbers counted from 1."""
        for number, row in enumerate(self.sheet.rows[self.heading_row :], start=self.heading_row + 1):
            cells = {column: row[place] if place < len(row) else BLANK for column, place in self.columns.items()}
            if any(cell.text.strip() or cell.fault for cell in cells.values()):
                yield number, cells


def _grid_of(sheet: Sheet, columns: Sequence[str]) -> _Grid | None:
    """Return a sheet as a grid if it has the headings."""
    for number, row in enumerate(sheet.rows[:HEADING_ROWS], start=1):
        headings = [cell.text.strip() for cell in row]
        found = [column_of(heading, columns) if heading else None for heading in headings]
        if len(set(found) - {None}) >= HEADINGS_FEWEST:
            places = {column: found.index(column) for column in found if column is not None}
            others = tuple(heading for heading, column in zip(headings, found, strict=True) if heading and column is None)
            twice = tuple(sorted({column for column in found if column is not None and found.count(column) > 1}))
            return _Grid(sheet, places, number, others, twice)
    return None


def _said_of_grid(name: str, grid: _Grid, needed: Sequence[str]) -> list[Fault]:
    text = N_("Sheet %(sheet)s: the column “%(column)s” is missing")
    faults = [Fault(name, Message(text, {"sheet": grid.sheet.name, "column": column})) for column in needed if column not in grid.columns]
    text = N_("Sheet %(sheet)s: the column “%(column)s” stands there twice")
    faults += [Fault(name, Message(text, {"sheet": grid.sheet.name, "column": column})) for column in grid.twice]
    text = N_("Sheet %(sheet)s, row %(row)d: cells are merged; take the merging back, so that each row stands for itself")
    merged = [number for number in grid.sheet.merged if number > grid.heading_row]
    return faults + [Fault(name, Message(text, {"sheet": grid.sheet.name, "row": number})) for number in merged]


def _notes_of_grid(name: str, grid: _Grid) -> list[Fault]:
    notes = []
    if grid.others:
        text = N_("Sheet %(sheet)s: these columns are not known and were left out: %(columns)s")
        columns = "、".join(shorten(heading) for heading in grid.others)
        notes.append(Fault(name, Message(text, {"sheet": grid.sheet.name, "columns": columns})))
    filled = {number for number, _ in grid.rows()}
    hidden = [number for number in grid.sheet.hidden if number in filled]
    if hidden:
        text = N_("Sheet %(sheet)s: rows that are hidden were read too: %(rows)s")
        notes.append(Fault(name, Message(text, {"sheet": grid.sheet.name, "rows": shorten("、".join(map(str, hidden)))})))
    return notes


def _cases(name: str, grid: _Grid | None, faults: list[Fault]) -> dict[str, Case]:
    cases: dict[str, Case] = {}
    if grid is None or Column.TEXT not in grid.columns:
        return cases
    faults += _said_of_grid(name, grid, CASE_NEEDED)
    for number, cells in grid.rows():
        row = Row(cells)
        case, findings = case_from({"case": row.word(Column.ID), "title": row.text(Column.TITLE), "text": row.text(Column.TEXT)})
        columns = {"case": Column.ID, "title": Column.TITLE, "text": Column.TEXT}
        found = [*row.faults, *((columns.get(str(place[0])), message) for place, message in findings)]
        if case is not None and case.id in cases:
            found.append((Column.ID, Message(N_("The case %(case)s stands twice"), {"case": case.id})))
        elif case is not None:
            cases[case.id] = case
        faults += [Fault(row.word(Column.ID) or name, _where(grid.sheet.name, number, column, message)) for column, message in found]
    return cases


def _items(
    name: str, grid: _Grid, cases: Mapping[str, Case], seen: dict[str, tuple[str, int]], faults: list[Fault], notes: list[Fault]
) -> list[Item]:
    """Return the items of a sheet that are whole; `seen` holds where each id stood first, also on other sheets."""
    items: list[Item] = []
    for number, cells in grid.rows():
        row = Row(cells)
        item, found = _item(row, cases)
        if item is not None and item.id in seen:
            sheet, first = seen[item.id]
            text = N_("%(item)s stands already on sheet %(sheet)s, row %(row)d")
            found.append((Column.ID, Message(text, {"item": item.id, "sheet": sheet, "row": first})))
        elif item is not None:
            seen[item.id] = (grid.sheet.name, number)
        place = shorten(cells[Column.ID].text.strip()) or name
        faults += [Fault(place, _where(grid.sheet.name, number, column, message)) for column, message in found]
        unused = Message(N_("an item of this kind has no such field; it was left out"))
        notes += [Fault(place, _where(grid.sheet.name, number, column, unused)) for column in row.unused]
        items += [item] if item is not None and not found else []
    return items


def _item(row: Row, cases: Mapping[str, Case]) -> tuple[Item | None, list[tuple[str | None, Message]]]:
    """Return the item of a row, or what is wrong with it by column: of each column only what was found first."""
    record = record_of_row(row)
    item, findings = (None, []) if record is None else item_from(record, cases)
    found: dict[tuple[str | None, int], Message] = {}
    steps = count()
    for column, message in [*row.faults, *((column_of_place(place), message) for place, message in findings)]:
        if column is None or column not in {each for each, _ in found}:
            found[column, next(steps)] = message
    return item, [(column, message) for (column, _), message in found.items()]


def _where(sheet: str, row: int, column: str | None, message: Message) -> Message:
    if column is None:
        return Message(N_("Sheet %(sheet)s, row %(row)d: %(what)s"), {"sheet": sheet, "row": row, "what": message})
    return Message(N_("Sheet %(sheet)s, row %(row)d, “%(column)s”: %(what)s"), {"sheet": sheet, "row": row, "column": str(column), "what": message})
