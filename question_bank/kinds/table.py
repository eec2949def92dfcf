"""表格题: a table with cells to fill in, such as an ageing table; each of them is a number, a text or a choice."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag

from question_bank.formats.shape import Shape
from question_bank.item import Item, Response
from question_bank.kinds.accepted import AcceptedTexts
from question_bank.kinds.kind import NOTHING, Kind, PartialCredit, fields, require_texts_by_part, share_of
from question_bank.kinds.numbers import NumberKey
from question_bank.kinds.options import faults_of_options
from question_bank.message import N_, Fault, Message

COLUMN_LETTERS = "ABCDEFGHIJKL"
MOST_ROWS = 30
MOST_CHOICES = 10

Text = Annotated[str, StringConstraints(min_length=1)]


class Cell(Shape):
    """A cell to fill in: a number (with the unit shown), a text, or one of `choices`."""

    fill: Literal["number", "text", "choice"]
    unit: str = ""
    choices: Annotated[list[Text], Field(max_length=MOST_CHOICES, default_factory=list)]


def _printed(raw: object) -> object:
    """A number in a file is printed as it is written."""
    return str(raw) if isinstance(raw, int | Decimal) and not isinstance(raw, bool) else raw


def _cell_tag(raw: object) -> str:
    return "cell" if isinstance(raw, dict | Cell) else "printed"


def _key_tag(raw: object) -> str:
    if isinstance(raw, dict):
        return "number" if "value" in raw else "text"
    if isinstance(raw, NumberKey):
        return "number"
    return "text" if isinstance(raw, AcceptedTexts) else "choice"


Printed = Annotated[str, BeforeValidator(_printed)]
CellOrText = Annotated[Annotated[Printed, Tag("printed")] | Annotated[Cell, Tag("cell")], Discriminator(_cell_tag)]
RightCell = Annotated[
    Annotated[NumberKey, Tag("number")] | Annotated[AcceptedTexts, Tag("text")] | Annotated[str, Tag("choice")], Discriminator(_key_tag)
]


class TableBody(Shape):
    """Heads of the columns, and rows of as many cells each: a text is printed, a `Cell` is filled in."""

    columns: Annotated[list[Printed], Field(min_length=2, max_length=len(COLUMN_LETTERS))]
    rows: Annotated[list[list[CellOrText]], Field(min_length=1, max_length=MOST_ROWS)]


class TableKey(Shape):
    """By cell what is right there. A cell is named as in a spreadsheet, B1 being the second of the first row under the heads."""

    cells: Annotated[dict[str, RightCell], Field(min_length=1)]


class Table(Kind):
    """A response has a text for each cell that is filled; of a choice it is the words chosen."""

    name = "table"
    label = Message(N_("Table"))
    policies = (PartialCredit.ALL_OR_NOTHING, PartialCredit.EACH_RIGHT)
    sample_policy = PartialCredit.EACH_RIGHT
    Body = TableBody
    Key = TableKey

    def validate(self, item: Item) -> list[Fault]:
        """Rows are as wide as the heads, there is something to fill in, and every such cell has a key that fits it."""
        body = fields(item.body, TableBody)
        key = fields(item.key, TableKey).cells
        faults = faults_of_options(item, None)
        for place, row in enumerate(body.rows):
            if len(row) != len(body.columns):
                text = Message(N_("The row has %(given)d cells, the table %(wanted)d columns"), {"given": len(row), "wanted": len(body.columns)})
                faults.append(Fault(f"{item.id}.body.rows[{place}]", text))
        cells = dict(_cells(body))
        if set(cells) != set(key):
            names = ", ".join(sorted(set(cells) ^ set(key)))
            faults.append(
                Fault(f"{item.id}.key", Message(N_("Cells to fill in and the key must be the same; they differ in %(names)s"), {"names": names}))
            )
        for name in sorted(set(cells) & set(key)):
            faults += _faults_of_cell(f"{item.id}.key.cells.{name}", cells[name], key[name])
        return faults

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """Each cell counts the same share under EACH_RIGHT."""
        if not isinstance(response, dict):
            return NOTHING
        cells = fields(key, TableKey).cells
        return share_of(sum(name in response and _is_hit(right, response[name]) for name, right in cells.items()), len(cells), policy)

    def response_from(self, raw: object) -> Response:
        """A JSON object from cell to text."""
        return require_texts_by_part(raw)

    def marking_key(self, item: Item, ids: Mapping[str, str]) -> Response:
        """The key with the units of the cells, which may be typed behind the numbers."""
        units = {name: cell.unit for name, cell in _cells(fields(item.body, TableBody))}
        key: TableKey = fields(item.key, TableKey)
        cells: dict[str, Response] = {}
        for name, right in key.cells.items():
            if isinstance(right, NumberKey):
                cells[name] = {**right.model_dump(), "unit": units.get(name, "")}
            else:
                cells[name] = right if isinstance(right, str) else right.model_dump()
        return {"cells": cells}

    def parts(self, item: Item) -> tuple[str, ...]:
        """The cells to fill in."""
        return tuple(name for name, _cell in _cells(fields(item.body, TableBody)))


def _cells(body: TableBody) -> Iterator[tuple[str, Cell]]:
    for number, row in enumerate(body.rows, start=1):
        for letter, cell in zip(COLUMN_LETTERS, row, strict=False):
            if isinstance(cell, Cell):
                yield f"{letter}{number}", cell


def _faults_of_cell(place: str, cell: Cell, right: NumberKey | AcceptedTexts | str) -> list[Fault]:
    if _key_tag(right) != cell.fill:
        return [Fault(place, Message(N_("The key does not fit the cell, which is filled in with: %(fill)s"), {"fill": cell.fill}))]
    if cell.fill == "choice" and (right not in cell.choices or len(set(cell.choices)) < max(2, len(cell.choices))):
        return [Fault(place, Message(N_("The key must be one of the cell's choices, and these must be two or more different ones")))]
    return []


def _is_hit(right: NumberKey | AcceptedTexts | str, given: object) -> bool:
    return right == given if isinstance(right, str) else right.accepts(given)


TABLE = Table()
