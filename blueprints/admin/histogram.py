"""The picture of totals: bars of equal width with the pass mark between them, as coordinates for an inline SVG. Draws; decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle

from question_bank.standard import Component

BARS = 25
"""Bars over the full mark: with 100 marks each is 4 wide, and 60 lies between two."""
WIDTH, HEIGHT = 486, 323
LEFT, RIGHT, TOP, BOTTOM = 38, 478, 26, 281
GAP = 1.6
LABEL_EVERY = 5
MOST_LINES = 5
GROWTH = (Fraction(2), Fraction(5, 2), Fraction(2))
"""5, 10, 25, 50, then the same ten times as large."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: marks from `low` up to but not including `high` (the last includes the full mark)."""

    low: str
    high: str
    count: int
    x: str
    y: str
    width: str
    height: str
    is_pass: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """The whole picture: bars, lines of the scale (count, y), labels below (mark, x) and the pass mark (mark, x)."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[int, str], ...]
    labels: tuple[tuple[str, str], ...]
    cut: tuple[str, str]


def histogram(component: Component, totals: Sequence[Fraction]) -> Histogram:
    """Return the picture of exact totals; the ground of each bar says whether its marks pass."""
    full, passing = Fraction(component.full_mark), Fraction(component.pass_mark)
    step = full / BARS
    counts = [0] * BARS
    for total in totals:
        counts[min(int(total / step), BARS - 1)] += 1
    top = scale_top(max(counts))
    lines = range(0, top + 1, max(1, top // MOST_LINES))
    return Histogram(
        bars=tuple(_bar(place, count, step, top, passing) for place, count in enumerate(counts)),
        lines=tuple((count, _figure(_y(count, top))) for count in lines),
        labels=tuple((_mark(step * place), _figure(_x(step * place, full))) for place in range(0, BARS + 1, LABEL_EVERY)),
        cut=(_mark(passing), _figure(_x(passing, full))),
    )


def scale_top(highest: int) -> int:
    """Return the top of the scale: the first of 5, 10, 25, 50, 100, 250 … that `highest` does not pass."""
    top = MOST_LINES
    for factor in cycle(GROWTH):
        if top >= highest:
            break
        top = int(top * factor)
    return top


def _bar(place: int, count: int, step: Fraction, top: int, passing: Fraction) -> Bar:
    low, high = step * place, step * (place + 1)
    full = step * BARS
    left, right, y = _x(low, full), _x(high, full), _y(count, top)
    width = float(right - left) - GAP
    return Bar(_mark(low), _mark(high), count, _figure(left), _figure(y), f"{width:.1f}", _figure(BOTTOM - y), low >= passing)


def _x(mark: Fraction, full: Fraction) -> Fraction:
    return LEFT + (RIGHT - LEFT) * mark / full


def _y(count: int, top: int) -> Fraction:
    return BOTTOM - Fraction((BOTTOM - TOP) * count, top)


def _figure(value: Fraction) -> str:
    return f"{float(value):.1f}"


def _mark(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"{float(value):.1f}"
