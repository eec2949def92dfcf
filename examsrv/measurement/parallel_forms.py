"""How alike forms are: the information of each, the marks to expect of it, what every two share, how often an item stands in them, how hard it is.

Source: van der Linden, Linear Models for Optimal Test Design (2005), chapter 1: information and expected score of a test are sums over its items.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examsrv.measurement.item_response import Figures, expected, information, parameters_of

LOWEST, HIGHEST, ABILITIES = -3.0, 3.0, 49
HALVINGS = 40
"""Steps of looking for an ability: more than a double has digits for."""
REACH = 6.0
"""Abilities beyond ± this one do not occur: nothing is looked for there."""


@dataclass(frozen=True, slots=True)
class FormItem:
    """What the pictures need of an item. `a` and `b` are None until it was calibrated; its difficulty from 1 to 5 stands in then."""

    id: str
    section: str
    difficulty: int
    marks: float
    a: float | None = None
    b: float | None = None


@dataclass(frozen=True, slots=True)
class ParallelForms:
    """N forms side by side. Rows stand in the order of the forms, columns of curves in that of `abilities` (K, on the scale of theta)."""

    abilities: tuple[float, ...]
    information: tuple[tuple[float, ...], ...]
    """N × K: Fisher information of the whole form."""
    expected: tuple[tuple[float, ...], ...]
    """N × K: marks to expect of a candidate of that ability."""
    shared: tuple[tuple[int, ...], ...]
    """N × N: items that two forms share; on the diagonal the items of the form."""
    uses: Mapping[str, int]
    """In how many of the forms each item stands that stands in any."""
    difficulty: Mapping[str, tuple[float, ...]]
    """By section the mean difficulty (1 to 5) of each form's items there; NaN where it has none."""

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Return for each number of shared items how many pairs of forms share so many, the fewest first."""
        return sorted(Counter(count for place, row in enumerate(self.shared) for count in row[:place]).items())

    @property
    def largest_overlap(self) -> int:
        """Return the most items that two forms share; 0 for a single form."""
        return max((count for count, _pairs in self.pairs), default=0)


def compare_forms(forms: Sequence[Sequence[FormItem]], sections: Sequence[str]) -> ParallelForms:
    """Return how `forms` compare; `sections` in the order of the standard. At least one form, and each has items."""
    items = {item.id: item for form in forms for item in form}
    place = {item: number for number, item in enumerate(items)}
    chosen = np.zeros((len(forms), len(items)))
    for row, form in enumerate(forms):
        chosen[row, [place[item.id] for item in form]] = 1
    abilities = np.linspace(LOWEST, HIGHEST, ABILITIES)
    a, b, marks = _parameters(list(items.values()))
    told = information(a[:, None], b[:, None], abilities)
    right = expected(a[:, None], b[:, None], abilities) * marks[:, None]
    return ParallelForms(
        abilities=tuple(abilities.tolist()),
        information=_rows(chosen @ told),
        expected=_rows(chosen @ right),
        shared=tuple(tuple(row) for row in np.rint(chosen @ chosen.T).astype(int).tolist()),
        uses=dict(sorted(Counter(item.id for form in forms for item in form).items())),
        difficulty=_mean_difficulties(chosen, list(items.values()), sections),
    )


def ability_at(items: Sequence[FormItem], marks: float) -> float | None:
    """Return the ability theta at which `items` together are expected to earn `marks`; None where no ability within ± 6 does."""
    a, b, worth = _parameters(items)
    low, high = -REACH, REACH

    def earned(theta: float) -> float:
        return float(np.sum(expected(a, b, theta) * worth))

    if not earned(low) <= marks <= earned(high):
        return None
    for _step in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if earned(middle) < marks else (low, middle)
    return (low + high) / 2


def information_at(items: Sequence[FormItem], theta: float) -> float:
    """Return the information of `items` together at ability `theta`."""
    a, b, _marks = _parameters(items)
    return float(np.sum(information(a, b, theta)))


def _parameters(items: Sequence[FormItem]) -> tuple[Figures, Figures, Figures]:
    pairs = [parameters_of(item) for item in items]
    return np.array([a for a, _b in pairs]), np.array([b for _a, b in pairs]), np.array([item.marks for item in items], dtype=float)


def _mean_difficulties(chosen: NDArray[np.float64], items: Sequence[FormItem], sections: Sequence[str]) -> dict[str, tuple[float, ...]]:
    found = {}
    grades = np.array([item.difficulty for item in items], dtype=float)
    for section in sections:
        there = np.array([item.section == section for item in items])
        counts = chosen[:, there].sum(axis=1)
        sums = chosen[:, there] @ grades[there]
        found[section] = tuple(np.divide(sums, counts, out=np.full(len(chosen), np.nan), where=counts > 0).tolist())
    return found


def _rows(figures: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in figures.tolist())
