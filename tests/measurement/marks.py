"""Ratings for the tests of measurement, with good defaults."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from examsrv.measurement.ratings import Rating


def rating(script: str = "S1", criterion: str = "A", examiner: str = "E1", mark: str = "5", full: str = "10", row: int | None = None) -> Rating:
    return Rating(script, criterion, examiner, Decimal(mark), Decimal(full), row)


def ratings_of(table: Iterable[Sequence[object]], criterion: str = "A", full: str = "10") -> list[Rating]:
    """Return the ratings of a table, scripts S1, S2 … x examiners E1, E2 …; None is a mark that was not given."""
    return [
        rating(f"S{script}", criterion, f"E{examiner}", str(mark), full)
        for script, row in enumerate(table, start=1)
        for examiner, mark in enumerate(row, start=1)
        if mark is not None
    ]


def csv_of(ratings: Iterable[Rating]) -> str:
    """Return the ratings as a CSV file."""
    lines = [f"{each.script},{each.criterion},{each.examiner},{each.mark},{each.full}" for each in ratings]
    return "\n".join(["script,criterion,examiner,mark,max", *lines]) + "\n"
