"""Improving drawn forms by swaps of items of the same cell, which can break no quota.

What counts, the earlier the more: pairs of forms that share too many items; points asked more than once while others of the section
are not asked; items used more often than others. Every swap lowers the total, so the search ends by itself.
"""

import numpy as np
from numpy.typing import NDArray

from examsrv.assembly.pool import Pool

Integers = NDArray[np.int64]

WEIGHT_OF_OVERLAP = 10**8
WEIGHT_OF_POINTS = 10**4
WEIGHT_OF_USES = 1
"""Each outweighs all that the next can add in one swap, for up to a thousand forms."""


class Swapping:
    """A set of forms under improvement. `chosen[form, item]` is 1 where the form has the item, else 0."""

    def __init__(self, pool: Pool, forms: list[list[int]], overlap_max: int, generator: np.random.Generator) -> None:
        self.pool = pool
        self.overlap_max = overlap_max
        self.lots = generator.permutation(len(pool.items))
        self.cell_of = np.array(pool.cell_of)
        names = sorted({(item.section, item.point) for item in pool.items})
        number = {name: place for place, name in enumerate(names)}
        self.point_of = np.array([number[item.section, item.point] for item in pool.items])
        self.points = len(names)
        self.chosen: Integers = np.zeros((len(forms), len(pool.items)), dtype=np.int64)
        for form, items in enumerate(forms):
            self.chosen[form, items] = 1

    def improve(self) -> None:
        """Swap until no single swap makes the forms better."""
        improved = True
        while improved:
            improved = sum(self.improve_form(form) for form in range(len(self.chosen))) > 0

    def improve_form(self, form: int) -> bool:
        """Make the best swap in one form again and again until none helps; tell whether there was one."""
        improved = False
        while self.best_swap(form):
            improved = True
        return improved

    def best_swap(self, form: int) -> bool:
        """Make the swap in `form` that lowers the total most, ties by lot; tell whether there was one."""
        mine = np.flatnonzero(self.chosen[form])
        outside = np.flatnonzero(self.chosen[form] == 0)
        mine, outside = mine[np.argsort(self.lots[mine])], outside[np.argsort(self.lots[outside])]
        if not len(outside):
            return False
        changes = (
            self.change_of_overlap(form, mine, outside) + self.change_of_points(form, mine, outside) + self.change_of_uses(mine, outside)
        )
        changes[~self.allowed(mine, outside)] = 0
        out, into = np.unravel_index(np.argmin(changes), changes.shape)
        if changes[out, into] >= 0:
            return False
        self.chosen[form, mine[out]] = 0
        self.chosen[form, outside[into]] = 1
        return True

    def allowed(self, mine: Integers, outside: Integers) -> NDArray[np.bool_]:
        """Tell which swaps stay within a cell and bring no enemy of an item that remains."""
        same: NDArray[np.bool_] = self.cell_of[mine][:, None] == self.cell_of[outside][None, :]
        held = set(mine.tolist())
        for place, item in enumerate(outside.tolist()):
            hostile = self.pool.enemies[item] & held
            if len(hostile) > 1:
                same[:, place] = False
            elif hostile:
                same[:, place] &= mine == next(iter(hostile))
        return same

    def change_of_overlap(self, form: int, mine: Integers, outside: Integers) -> Integers:
        """Return by how much each swap changes the sum of squared overlaps above the limit."""
        others = np.delete(self.chosen, form, axis=0)
        shared = others @ self.chosen[form]
        excess = np.maximum(shared - self.overlap_max, 0) ** 2
        more = np.maximum(shared + 1 - self.overlap_max, 0) ** 2 - excess
        less = np.maximum(shared - 1 - self.overlap_max, 0) ** 2 - excess
        near = np.flatnonzero(more - less)
        leaving, coming = others[np.ix_(near, mine)].T, others[np.ix_(near, outside)]
        both = leaving @ ((more + less)[near][:, None] * coming)
        change: Integers = (leaving @ less[near])[:, None] + (more[near] @ coming)[None, :] - both
        return change * WEIGHT_OF_OVERLAP

    def change_of_points(self, form: int, mine: Integers, outside: Integers) -> Integers:
        """Return by how much each swap changes the sum, over the points, of squared items on the point."""
        counts = np.bincount(self.point_of[np.flatnonzero(self.chosen[form])], minlength=self.points)
        leaving, coming = self.point_of[mine], self.point_of[outside]
        change: Integers = 2 * (counts[coming][None, :] - counts[leaving][:, None] + 1)
        change[leaving[:, None] == coming[None, :]] = 0
        return change * WEIGHT_OF_POINTS

    def change_of_uses(self, mine: Integers, outside: Integers) -> Integers:
        """Return by how much each swap changes the sum, over the items, of squared uses."""
        uses = self.chosen.sum(axis=0)
        change: Integers = 2 * (uses[outside][None, :] - uses[mine][:, None] + 1)
        return change * WEIGHT_OF_USES

    def forms(self) -> list[list[int]]:
        """Return the items of each form, ascending."""
        return [np.flatnonzero(row).tolist() for row in self.chosen]

    def largest_overlap(self) -> int:
        """Return the most items that two forms share; 0 for a single form."""
        shared = self.chosen @ self.chosen.T
        np.fill_diagonal(shared, 0)
        return int(shared.max())
