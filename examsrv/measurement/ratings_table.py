"""Ratings from the text cells of a table with the columns script, criterion, examiner, mark and max, in any order, beside others."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import merge
from itertools import chain
from operator import itemgetter

from examsrv.measurement.ratings import FaultyRatingsError, Rating, at_place, faults_of
from question_bank.message import N_, Message

SCRIPT, CRITERION, EXAMINER, MARK, MAX = COLUMNS = ("script", "criterion", "examiner", "mark", "max")
NAMES = (SCRIPT, CRITERION, EXAMINER)
NUMBERS = (MARK, MAX)

NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)
NUMBER_LENGTH_MOST = 24
FULL_MARK_MOST = Decimal(1_000_000)
NAME_LENGTH_MOST = 100
DIFFERENT_MOST = 500
"""Criteria, and examiners: a file with more has its columns mixed up."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row under the headings; `number` counts as a spreadsheet does. There may be more cells than headings, or fewer."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns are, and how many headings there are."""

    places: Mapping[str, int]
    width: int

    def text(self, row: Row, column: str) -> str:
        """Return the text of a row's cell; a cell that is not there is empty."""
        place = self.places[column]
        return row.cells[place].strip() if place < len(row.cells) else ""


def read_ratings(headings: Sequence[str], rows: Sequence[Row]) -> list[Rating]:
    """Return the ratings of the rows; raise `FaultyRatingsError` with every fault, by row, as far as its bound."""
    columns = _columns(headings)
    if not rows:
        raise FaultyRatingsError([Message(N_("The file has headings but no marks"))])
    ratings = [_rating(row, columns) for row in rows if not any(_faults_of_cells(row, columns))]
    in_cells = ((row.number, fault) for row in rows for fault in _faults_of_cells(row, columns))
    between = ((rating.row or 0, fault) for rating, fault in faults_of(ratings))
    faults = (at_place(_row(number), fault) for number, fault in merge(in_cells, between, key=itemgetter(0)))
    if (first := next(faults, None)) is not None:
        raise FaultyRatingsError(chain([first], faults))
    if too_many := list(_faults_of_counts(ratings)):
        raise FaultyRatingsError(too_many)
    return ratings


def _columns(headings: Sequence[str]) -> Columns:
    names = [heading.strip().lower() for heading in headings]
    faults = [Message(N_("The column %(column)s is missing"), {"column": column}) for column in COLUMNS if column not in names]
    faults += [Message(N_("There is more than one column %(column)s"), {"column": column}) for column in COLUMNS if names.count(column) > 1]
    if faults:
        raise FaultyRatingsError(faults)
    return Columns({column: names.index(column) for column in COLUMNS}, len(names))


def _faults_of_counts(ratings: Sequence[Rating]) -> Iterator[Message]:
    counts = {CRITERION: len({rating.criterion for rating in ratings}), EXAMINER: len({rating.examiner for rating in ratings})}
    for column, count in counts.items():
        if count > DIFFERENT_MOST:
            values = {"column": column, "count": count, "most": DIFFERENT_MOST}
            yield Message(N_("The column %(column)s has %(count)d different names, more than %(most)d: are the headings mixed up?"), values)


def _row(number: int) -> Message:
    return Message(N_("row %(row)d"), {"row": number})


def _rating(row: Row, columns: Columns) -> Rating:
    script, criterion, examiner = (columns.text(row, name) for name in NAMES)
    mark, full = (Decimal(columns.text(row, number)) for number in NUMBERS)
    return Rating(script, criterion, examiner, mark, full, row.number)


def _faults_of_cells(row: Row, columns: Columns) -> Iterator[Message]:
    if any(cell.strip() for cell in row.cells[columns.width :]):
        yield Message(N_("there are more cells than headings; decimals are written with a point"))
    for column in NAMES:
        yield from _faults_of_name(column, columns.text(row, column))
    for column in NUMBERS:
        yield from _faults_of_number(column, columns.text(row, column))


def _faults_of_name(column: str, text: str) -> Iterator[Message]:
    if not text:
        yield Message(N_("%(column)s is empty"), {"column": column})
    elif len(text) > NAME_LENGTH_MOST:
        yield Message(N_("%(column)s is longer than %(most)d characters"), {"column": column, "most": NAME_LENGTH_MOST})
    elif not text.isprintable():
        yield Message(N_("%(column)s contains characters that cannot be printed"), {"column": column})


def _faults_of_number(column: str, text: str) -> Iterator[Message]:
    if not text:
        yield Message(N_("%(column)s is empty; leave out the row of a mark that was not given"), {"column": column})
    elif len(text) > NUMBER_LENGTH_MOST or not NUMBER.fullmatch(text):
        shown = text[:NUMBER_LENGTH_MOST] if text.isprintable() else "…"
        yield Message(N_("%(column)s is no number such as 12 or 7.5: %(text)s"), {"column": column, "text": shown})
    elif column == MAX and Decimal(text) > FULL_MARK_MOST:
        yield Message(N_("%(column)s is more than %(most)s"), {"column": column, "most": f"{FULL_MARK_MOST:f}"})
