"""Improving drawn forms by swaps of items of the same cell, which can break no quota.

What counts, the earlier the more: pairs of forms that share too many items; points asked more than once while others of the section
are not asked; items used more often than others. Every swap lowers the total, so the search ends by itself.
"""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from examsrv.assembly.pool import Pool

Integers = NDArray[np.int64]

WEIGHT_OF_OVERLAP = 10**8
WEIGHT_OF_POINTS = 10**4
WEIGHT_OF_USES = 1
"""Each outweighs all that the next can add in one swap, for up to a thousand forms."""


class Swapping:
    """A set of forms under improvement. `chosen[form, item]` is 1 where the form has the item, else 0.

    `out` and `into` list every ordered pair of items of the same cell, in an order drawn by lot, so that ties are broken by lot.
    """

    def __init__(self, pool: Pool, forms: list[list[int]], overlap_max: int, generator: np.random.Generator) -> None:
        self.overlap_max = overlap_max
        self.chosen: Integers = np.zeros((len(forms), len(pool.items)), dtype=np.int64)
        for form, items in enumerate(forms):
            self.chosen[form, items] = 1
        names = sorted({(item.section, item.point) for item in pool.items})
        number = {name: place for place, name in enumerate(names)}
        self.point_of: Integers = np.array([number[item.section, item.point] for item in pool.items], dtype=np.int64)
        pairs = [pair for members in pool.members for pair in permutations(members, 2)]
        shuffled = np.array(pairs, dtype=np.int64).reshape(-1, 2)[generator.permutation(len(pairs))]
        self.out, self.into = shuffled[:, 0], shuffled[:, 1]
        self.hostile: Integers = np.array([other in pool.enemies[one] for one, other in shuffled.tolist()], dtype=np.int64)
        both = np.array([*pool.hostile_pairs, *((other, one) for one, other in pool.hostile_pairs)], dtype=np.int64).reshape(-1, 2)
        self.enemy, self.enemy_of = both[:, 0], both[:, 1]

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
        out, into = self.swaps(form)
        if not len(out):
            return False
        change = (
            WEIGHT_OF_OVERLAP * self.change_of_overlap(form, out, into)
            + WEIGHT_OF_POINTS * self.change_of_points(form, out, into)
            + WEIGHT_OF_USES * self.change_of_uses(out, into)
        )
        best = int(np.argmin(change))
        if change[best] >= 0:
            return False
        self.chosen[form, out[best]] = 0
        self.chosen[form, into[best]] = 1
        return True

    def swaps(self, form: int) -> tuple[Integers, Integers]:
        """Return the swaps that are possible: an item out, one of the same cell in that is no enemy of those that remain."""
        mine = self.chosen[form]
        enemies = np.bincount(self.enemy_of, weights=mine[self.enemy], minlength=len(mine))
        possible = (mine[self.out] == 1) & (mine[self.into] == 0) & (enemies[self.into] == self.hostile)
        return self.out[possible], self.into[possible]

    def change_of_overlap(self, form: int, out: Integers, into: Integers) -> Integers:
        """Return by how much each swap changes the sum of squared overlaps above the limit."""
        others = np.delete(self.chosen, form, axis=0)
        shared = others @ self.chosen[form]
        others, shared = others[shared >= self.overlap_max], shared[shared >= self.overlap_max]
        before = (shared - self.overlap_max) ** 2
        after = np.maximum(shared[:, None] + others[:, into] - others[:, out] - self.overlap_max, 0) ** 2
        change: Integers = (after - before[:, None]).sum(axis=0)
        return change

    def change_of_points(self, form: int, out: Integers, into: Integers) -> Integers:
        """Return by how much each swap changes the sum, over the points, of squared items on the point."""
        counts = np.bincount(self.point_of, weights=self.chosen[form]).astype(np.int64)
        leaving, coming = self.point_of[out], self.point_of[into]
        change: Integers = np.where(leaving == coming, 0, 2 * (counts[coming] - counts[leaving] + 1))
        return change

    def change_of_uses(self, out: Integers, into: Integers) -> Integers:
        """Return by how much each swap changes the sum, over the items, of squared uses."""
        uses = self.chosen.sum(axis=0)
        change: Integers = 2 * (uses[into] - uses[out] + 1)
        return change

    def forms(self) -> list[list[int]]:
        """Return the items of each form, ascending."""
        return [np.flatnonzero(row).tolist() for row in self.chosen]

    def largest_overlap(self) -> int:
        """Return the most items that two forms share; 0 for a single form."""
        shared = self.chosen @ self.chosen.T
        np.fill_diagonal(shared, 0)
        return int(shared.max())
