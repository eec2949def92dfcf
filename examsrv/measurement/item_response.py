"""What an item tells about an examinee: the two-parameter logistic model.

Source: Birnbaum, in Lord & Novick, Statistical Theories of Mental Test Scores (1968), chapters 17 to 20. The scaling constant D is 1.
"""

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

STAND_IN_DISCRIMINATION = 1.0
STAND_IN_DIFFICULTIES = {1: -2.0, 2: -1.0, 3: 0.0, 4: 1.0, 5: 2.0}
"""The b of an item that was not calibrated, by the difficulty from 1 (easy) to 5 (hard) that its author gave it."""

Figures = NDArray[np.float64]


class Measured(Protocol):
    """An item with a difficulty from 1 to 5. Those that were calibrated have an `a` and a `b` besides."""

    @property
    def difficulty(self) -> int | None:
        """Return what the author thinks."""


def parameters_of(item: Measured) -> tuple[float, float]:
    """Return discrimination a (above 0) and difficulty b (on the scale of abilities) of `item`; what the author thinks stands in for them.

    `ValueError` for an item that has neither.
    """
    a, b = getattr(item, "a", None), getattr(item, "b", None)
    if a is not None and b is not None:
        return float(a), float(b)
    if item.difficulty not in STAND_IN_DIFFICULTIES:
        raise ValueError(f"nothing is known of the difficulty: {item.difficulty}")
    return STAND_IN_DISCRIMINATION, STAND_IN_DIFFICULTIES[item.difficulty]


def expected(a: ArrayLike, b: ArrayLike, theta: ArrayLike) -> Figures:
    """Return the probability of a right answer at ability `theta`: P = 1 / (1 + exp(-a (theta - b))). Shapes are broadcast."""
    distance = np.asarray(a, dtype=float) * (np.asarray(theta, dtype=float) - np.asarray(b, dtype=float))
    return np.asarray(0.5 * (1 + np.tanh(distance / 2)), dtype=float)  # the same figure; no distance overflows


def information(a: ArrayLike, b: ArrayLike, theta: ArrayLike) -> Figures:
    """Return the item's Fisher information at ability `theta`: I = a² P (1 - P), at most a² / 4, at theta = b. Shapes are broadcast."""
    right = expected(a, b, theta)
    return np.asarray(np.square(np.asarray(a, dtype=float)) * right * (1 - right), dtype=float)
