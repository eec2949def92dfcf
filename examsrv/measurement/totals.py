"""An examiner's total of a script: the exact sum over all criteria, and none where one is lacking."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from examsrv.measurement.ratings import Rating

LACKING_NAMED = 20
"""Criteria that are named where many are lacking."""


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the marks that an examiner gave a script in all criteria."""

    script: str
    examiner: str
    mark: Decimal


@dataclass(frozen=True, slots=True)
class IncompleteTotal:
    """A script that an examiner has not marked in all criteria: it has no total. `lacking` names the first criteria of `lacking_count`.

    `rows` are those of the marks that are there, where they were read from a file.
    """

    script: str
    examiner: str
    lacking: tuple[str, ...]
    lacking_count: int
    rows: tuple[int, ...]


def totals_of(ratings: Sequence[Rating]) -> tuple[list[Total], list[IncompleteTotal]]:
    """Return the totals over all criteria that `ratings` name, and where an examiner has marked a script only in part."""
    criteria = list(dict.fromkeys(rating.criterion for rating in ratings))
    sheets: dict[tuple[str, str], dict[str, Rating]] = {}
    for rating in ratings:
        sheets.setdefault((rating.script, rating.examiner), {})[rating.criterion] = rating
    whole, incomplete = [], []
    for (script, examiner), sheet in sheets.items():
        if len(sheet) == len(criteria):
            whole.append(Total(script, examiner, sum((rating.mark for rating in sheet.values()), Decimal(0))))
        else:
            lacking = tuple(islice((each for each in criteria if each not in sheet), LACKING_NAMED))
            rows = tuple(rating.row for rating in sheet.values() if rating.row is not None)
            incomplete.append(IncompleteTotal(script, examiner, lacking, len(criteria) - len(sheet), rows))
    return whole, incomplete
