"""In what share of the forms each item should stand: evenly within its cell, or tilted so that the mean form has the target information.

The tilt is the distribution of largest entropy under the counts of the cells, the target and the largest share: p = c / (1 + exp(-m - l I)),
with m for each cell and l for each ability found by Newton's method.
"""

from dataclasses import dataclass

import numpy as np

from examsrv.assembly.pool import Integers
from examsrv.measurement.item_response import Figures

NEAR_ENOUGH = 0.01
"""Even rates whose mean form misses the target by less than this share are left as they are: swaps do the rest."""

NEWTON_STEPS, INNER_STEPS = 40, 60
STEP_MOST = 2.0
RIDGE = 1e-9
LEAST_RATE = 1e-9


@dataclass(frozen=True)
class Cells:
    """The cell of each item, how many items the cells have, and how many of them a form takes."""

    of_items: Integers
    sizes: Figures
    counts: Figures

    def sums(self, values: Figures) -> Figures:
        """Return the sum over the items of each cell."""
        return np.asarray(np.bincount(self.of_items, weights=values, minlength=len(self.sizes)), dtype=float)


def rates(cells: Cells, shares: Figures | None, goal: Figures, most: float) -> Figures:
    """Return the rate of each item, at most `most`. `shares`: what the items bring to the target; None without one; `goal`: what they shall bring."""
    even = (cells.counts / np.maximum(cells.sizes, 1))[cells.of_items]
    if shares is None or np.abs(even @ shares - goal).max() < NEAR_ENOUGH:
        return np.maximum(even, LEAST_RATE)
    return np.maximum(tilted(cells, shares, goal, most), LEAST_RATE)


def tilted(cells: Cells, shares: Figures, goal: Figures, most: float) -> Figures:
    """Return rates whose mean form comes as near to `goal` as can be."""
    scale = 1 / max(float(shares.std()), LEAST_RATE)
    brought, wanted = shares * scale, goal * scale
    tilt = np.zeros(shares.shape[1])
    for _ in range(NEWTON_STEPS):
        rate = filled(cells, brought @ tilt, most)
        missing = wanted - rate @ brought
        if np.abs(missing).max() < NEAR_ENOUGH * scale / 10:
            break
        weight = rate * (1 - rate / most)
        means = np.column_stack([cells.sums(weight * column) for column in brought.T]) / np.maximum(cells.sums(weight), LEAST_RATE)[:, None]
        around = brought - means[cells.of_items]
        step = np.linalg.solve(around.T @ (around * weight[:, None]) + RIDGE * np.eye(len(tilt)), missing)
        tilt += step * min(1, STEP_MOST / max(float(np.abs(step).max()), LEAST_RATE))
    return filled(cells, brought @ tilt, most)


def filled(cells: Cells, lean: Figures, most: float) -> Figures:
    """Return rates p = most / (1 + exp(-m - lean)) whose sums are the counts: m of each cell by halving an interval."""
    span = float(np.abs(lean).max()) + 40
    low, high = np.full(len(cells.sizes), -span), np.full(len(cells.sizes), span)
    rate = lean
    for _ in range(INNER_STEPS):
        middle = (low + high) / 2
        rate = most * 0.5 * (1 + np.tanh((middle[cells.of_items] + lean) / 2))
        is_full = cells.sums(rate) > cells.counts
        low, high = np.where(is_full, low, middle), np.where(is_full, middle, high)
    return rate
