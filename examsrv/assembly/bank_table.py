"""A bank from the text cells of a table with the columns id, section, kind and marks, and others where they are known, in any order."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from examsrv.assembly.bank_item import BankItem
from examsrv.domain.specification import DIFFICULTIES
from question_bank.message import N_, ExamError, Message

ID, SECTION, KIND, MARKS = NEEDED = ("id", "section", "kind", "marks")
LEVEL, POINT, DIFFICULTY, A, B, SECONDS, ENEMIES = OPTIONAL = ("level", "point", "difficulty", "a", "b", "seconds", "enemies")
COLUMNS = NEEDED + OPTIONAL

NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?", re.ASCII)
TEXT_LENGTH_MOST = 40
NAME_LENGTH_MOST = 200
FAULTS_MOST = 50
"""Faults that are told; a file with more was made for something else."""

SEPARATOR = ";"
MARKS_MOST, A_MOST, B_MOST, SECONDS_MOST = Decimal(10_000), Decimal(100), Decimal(100), Decimal(1_000_000)


class FaultyBankError(ExamError):
    """A table that is no bank. `faults` names row and column, as many as are told; `is_cut` tells that there are more."""

    def __init__(self, faults: Sequence[Message]) -> None:
        super().__init__(faults[0])
        self.faults = tuple(faults[:FAULTS_MOST])
        self.is_cut = len(faults) > FAULTS_MOST


@dataclass(frozen=True, slots=True)
class Row:
    """A row under the headings; `number` counts as a spreadsheet does. There may be more cells than headings, or fewer."""

    number: int
    cells: Sequence[str]


@dataclass(slots=True)
class Reading:
    """What is known of a row so far: its texts by column, and what is wrong with them."""

    row: Row
    texts: Mapping[str, str]
    faults: list[Message] = field(default_factory=list)

    def complain(self, column: str, fault: Message) -> None:
        """Note what is wrong in a column."""
        values = {"row": self.row.number, "column": column, "fault": fault}
        self.faults.append(Message(N_("row %(row)d, %(column)s: %(fault)s"), values))

    def name(self, column: str) -> str:
        """Return a text that must be there."""
        text = self.text(column)
        if not text:
            self.complain(column, Message(N_("is empty")))
        return text

    def text(self, column: str) -> str:
        """Return a text, "" where there is none."""
        text = self.texts.get(column, "")
        if len(text) > NAME_LENGTH_MOST and column != ENEMIES:
            self.complain(column, Message(N_("is longer than %(most)d characters"), {"most": NAME_LENGTH_MOST}))
        elif not text.isprintable():
            self.complain(column, Message(N_("contains characters that cannot be printed")))
        return text

    def number(self, column: str, above: Decimal, most: Decimal) -> Decimal | None:
        """Return a number above `above` and up to `most`; None where there is none."""
        text = self.texts.get(column, "")
        if not text:
            return None
        if len(text) > TEXT_LENGTH_MOST or not NUMBER.fullmatch(text):
            shown = text[:TEXT_LENGTH_MOST] if text.isprintable() else "…"
            self.complain(column, Message(N_("is no number such as 12 or 7.5: %(text)s"), {"text": shown}))
            return None
        number = Decimal(text)
        if not above < number <= most:
            values = {"text": text, "above": f"{above:f}", "most": f"{most:f}"}
            self.complain(column, Message(N_("%(text)s is not above %(above)s and up to %(most)s"), values))
            return None
        return number


def read_bank(headings: Sequence[str], rows: Sequence[Row], *, is_measured: bool) -> list[BankItem]:
    """Return the items of the rows; raise `FaultyBankError` with every fault. `is_measured`: each needs a and b, or a difficulty."""
    names = [heading.strip().lower() for heading in headings]
    faults = [Message(N_("The column %(column)s is missing"), {"column": column}) for column in NEEDED if column not in names]
    faults += [Message(N_("There is more than one column %(column)s"), {"column": column}) for column in COLUMNS if names.count(column) > 1]
    if faults:
        raise FaultyBankError(faults)
    places = {column: names.index(column) for column in COLUMNS if column in names}
    readings = [Reading(row, {column: row.cells[place].strip() for column, place in places.items() if place < len(row.cells)}) for row in rows]
    items = [_item(reading, len(names), is_measured=is_measured) for reading in readings]
    _find_twins(readings)
    if found := [fault for reading in readings for fault in reading.faults]:
        raise FaultyBankError(found)
    if not items:
        raise FaultyBankError([Message(N_("The file has headings but no items"))])
    return items


def _find_twins(readings: Sequence[Reading]) -> None:
    first: dict[str, int] = {}
    for reading in readings:
        item = reading.texts.get(ID, "")
        if item and first.setdefault(item, reading.row.number) != reading.row.number:
            reading.complain(ID, Message(N_("%(item)s stands in row %(row)d already"), {"item": item, "row": first[item]}))


def _item(reading: Reading, width: int, *, is_measured: bool) -> BankItem:
    if any(cell.strip() for cell in reading.row.cells[width:]):
        text = N_("row %(row)d: there are more cells than headings; decimals are written with a point")
        reading.faults.append(Message(text, {"row": reading.row.number}))
    item = BankItem(
        id=reading.name(ID),
        section=reading.name(SECTION),
        kind=reading.name(KIND),
        marks=_marks(reading),
        level=reading.text(LEVEL),
        point=reading.text(POINT),
        difficulty=_difficulty(reading),
        a=_figure(reading.number(A, Decimal(0), A_MOST)),
        b=_figure(reading.number(B, -B_MOST, B_MOST)),
        seconds=reading.number(SECONDS, Decimal(0), SECONDS_MOST),
        enemies=tuple(each.strip() for each in reading.text(ENEMIES).split(SEPARATOR) if each.strip()),
    )
    if not reading.faults:
        for fault in _faults_of_parameters(item, is_measured=is_measured):
            reading.complain(f"{A}, {B}", fault)
    return item


def _marks(reading: Reading) -> Decimal:
    reading.name(MARKS)
    return reading.number(MARKS, Decimal(0), MARKS_MOST) or Decimal(0)


def _difficulty(reading: Reading) -> int | None:
    number = reading.number(DIFFICULTY, -B_MOST, B_MOST)
    if number is None:
        return None
    if number not in DIFFICULTIES:
        values = {"text": reading.texts[DIFFICULTY], "most": DIFFICULTIES.stop - 1}
        reading.complain(DIFFICULTY, Message(N_("%(text)s is no whole number from 1 to %(most)d"), values))
    return int(number)


def _figure(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _faults_of_parameters(item: BankItem, *, is_measured: bool) -> Iterator[Message]:
    if (item.a is None) != (item.b is None):
        yield Message(N_("one of the two is empty; both or neither"))
    elif is_measured and item.a is None and item.difficulty is None:
        yield Message(N_("empty, and no difficulty that could stand in for them; the target information needs one or the other"))
