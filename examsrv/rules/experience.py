"""How long somebody has worked: periods merged, cut and added the way RULE-ELIGIBILITY counts them.

One stretch is counted by the calendar: start + N years must not lie after its end. Several are added as whole months, left-over days with
30 days to the month. The 29th of February has its anniversary on the last day of February (民法典第二百零二条).
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MONTHS_IN_A_YEAR = 12
DAYS_AS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class WorkPeriod:
    """Work in the own or a related occupation, from `start` up to `until`, the first day without it; None: it still goes on."""

    start: date
    until: date | None
    relation: str


@dataclass(frozen=True, slots=True, order=True)
class Length:
    """A length of time in whole months and left-over days (fewer than a month)."""

    months: int
    days: int = 0

    @classmethod
    def of_years(cls, years: int) -> "Length":
        """Return the length of so many years."""
        return cls(years * MONTHS_IN_A_YEAR)

    @property
    def years(self) -> int:
        """Whole years."""
        return self.months // MONTHS_IN_A_YEAR

    @property
    def months_over(self) -> int:
        """Whole months beyond the whole years."""
        return self.months % MONTHS_IN_A_YEAR


def total_length(periods: Sequence[WorkPeriod], since: date, reference: date) -> Length:
    """Return the time worked from `since` to `reference`, no day counted twice."""
    lengths = [stretch_length(start, end) for start, end in merged_stretches(periods, since, reference)]
    if len(lengths) <= 1:
        return lengths[0] if lengths else Length(0)
    more_months, days = divmod(sum(length.days for length in lengths), DAYS_AS_A_MONTH)
    return Length(sum(length.months for length in lengths) + more_months, days)


def merged_stretches(periods: Sequence[WorkPeriod], since: date, reference: date) -> list[tuple[date, date]]:
    """Return the periods cut to `since` and `reference`, those that overlap or touch made one, in order of time."""
    cut = sorted((max(period.start, since), min(period.until or reference, reference)) for period in periods)
    merged: list[tuple[date, date]] = []
    for start, end in cut:
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def stretch_length(start: date, end: date) -> Length:
    """Return the whole months from `start` to `end` by the calendar and the days left over."""
    months = (end.year - start.year) * MONTHS_IN_A_YEAR + end.month - start.month
    if months_later(start, months) > end:
        months -= 1
    return Length(months, (end - months_later(start, months)).days)


def months_later(start: date, months: int) -> date:
    """Return the same day `months` later, the last day of that month if it has no such day."""
    year, month = divmod(start.year * MONTHS_IN_A_YEAR + start.month - 1 + months, MONTHS_IN_A_YEAR)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
