"""Improving drawn forms by swaps that break no quota: items of the same cell, and for the sake of overlap also items of one section and
kind whose difficulties differ, as far as the profile's deviation allows.

What counts, the earlier the more: pairs of forms that share too many items; the distance from the difficulty profile; points asked more
than once while others of the section are not asked; items used more often than others. Every swap lowers the total, so the search ends.
"""

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from examsrv.assembly.pool import Integers, Pool, numbered
from examsrv.assembly.requirements import Requirements
from examsrv.assembly.watching import Watch, go_on

WEIGHT_OF_OVERLAP = 10**10
WEIGHT_OF_PROFILE = 10**7
WEIGHT_OF_POINTS = 10**4
WEIGHT_OF_USES = 1
"""Each outweighs all that the next can add in one swap, for up to a thousand forms."""


class Swapping:
    """A set of forms under improvement; what each needs stands in `demands`. `chosen[form, item]` is 1 where the form has the item, else 0.

    Behind the rows of the forms stand those of earlier ones, `beside`: they count as others do and are never changed.
    `watch` is told that none is finished, each time before a form is improved.
    `out` and `into` list the ordered pairs of items that may be swapped, in an order drawn by lot, so that ties are broken by lot.
    """

    def __init__(
        self,
        pool: Pool,
        demands: Sequence[Requirements],
        forms: list[list[int]],
        generator: np.random.Generator,
        beside: Sequence[Sequence[int]] = (),
        watch: Watch | None = None,
    ) -> None:
        self.pool = pool
        self.generator = generator
        self.count = len(forms)
        self.watch = watch
        self.overlap_max = demands[0].overlap_max
        self.weight_of_points = WEIGHT_OF_POINTS
        self.chosen: Integers = np.zeros((len(forms) + len(beside), len(pool.items)), dtype=np.int64)
        for form, items in enumerate([*forms, *beside]):
            self.chosen[form, list(items)] = 1
        self.point_of = pool.point_numbers
        profiles = [[quota for quota in each.quotas if quota.difficulty is not None] for each in demands]
        difficulties = [quota.difficulty for quota in profiles[0]]
        self.difficulty_of = np.array([difficulties.index(cell.difficulty) if difficulties else 0 for cell in pool.cells])[pool.cell_numbers]
        self.least, self.most, self.ideal = (
            np.array([[int(getattr(quota, bound)) for quota in profile] or [0] for profile in profiles], dtype=np.int64)
            for bound in ("least", "most", "ideal")
        )
        self.uses_max = demands[0].uses_max
        self.enemy, self.enemy_of = pool.hostile
        self.pair_up(pool.cell_numbers)

    def pair_up(self, group_of: Integers) -> None:
        """Let items of the same group be swapped from now on."""
        groups = [np.flatnonzero(group_of == group).tolist() for group in range(int(group_of.max(initial=-1)) + 1)]
        pairs = np.array([pair for members in groups for pair in permutations(members, 2)], dtype=np.int64).reshape(-1, 2)
        self.out, self.into = pairs[self.generator.permutation(len(pairs))].T
        hostile = set(self.pool.hostile_pairs)
        self.hostile: Integers = np.array(
            [(one, other) in hostile or (other, one) in hostile for one, other in zip(self.out.tolist(), self.into.tolist(), strict=True)],
            dtype=np.int64,
        )

    def relieve(self, aim: int) -> None:
        """Swap for the sake of overlap, as if no more than `aim` were allowed, and across difficulties: that leads past forms that are stuck."""
        groups = numbered([(cell.section, cell.kind, cell.lower, cell.marks) for cell in self.pool.cells])
        self.pair_up(groups[self.pool.cell_numbers])
        allowed, self.overlap_max, self.weight_of_points = self.overlap_max, aim, 0
        self.improve()
        self.overlap_max, self.weight_of_points = allowed, WEIGHT_OF_POINTS
        self.improve()

    def improve(self) -> None:
        """Swap until no single swap makes the forms better."""
        improved = True
        while improved:
            improved = sum(self.improve_form(form) for form in range(self.count)) > 0

    def improve_form(self, form: int) -> bool:
        """Make the best swap in one form again and again until none helps; tell whether there was one."""
        go_on(self.watch, 0)
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
            + WEIGHT_OF_PROFILE * self.change_of_profile(form, out, into)
            + self.weight_of_points * self.change_of_points(form, out, into)
            + WEIGHT_OF_USES * self.change_of_uses(out, into)
        )
        best = int(np.argmin(change))
        if change[best] >= 0:
            return False
        self.chosen[form, out[best]] = 0
        self.chosen[form, into[best]] = 1
        return True

    def swaps(self, form: int) -> tuple[Integers, Integers]:
        """Return the swaps that are possible: an item out, one in that is no enemy of those that remain; every difficulty stays in its quota."""
        mine = self.chosen[form]
        enemies = np.bincount(self.enemy_of, weights=mine[self.enemy], minlength=len(mine))
        open_items = (mine == 0) & (self.chosen.sum(axis=0) < self.uses_max)
        possible = (mine[self.out] == 1) & open_items[self.into] & (enemies[self.into] == self.hostile)
        out, into = self.out[possible], self.into[possible]
        coming, leaving = self.difficulty_of[into], self.difficulty_of[out]
        counts = self.profile(form)
        kept = (coming == leaving) | ((counts[coming] < self.most[form, coming]) & (counts[leaving] > self.least[form, leaving]))
        return out[kept], into[kept]

    def profile(self, form: int) -> Integers:
        """Return the items of each difficulty in a form."""
        return np.bincount(self.difficulty_of, weights=self.chosen[form], minlength=self.ideal.shape[1]).astype(np.int64)

    def change_of_profile(self, form: int, out: Integers, into: Integers) -> Integers:
        """Return by how much each swap changes the sum of the distances from the ideal counts."""
        distance = self.profile(form) - self.ideal[form]
        coming, leaving = self.difficulty_of[into], self.difficulty_of[out]
        change: Integers = np.abs(distance[coming] + 1) - np.abs(distance[coming]) + np.abs(distance[leaving] - 1) - np.abs(distance[leaving])
        return np.where(coming == leaving, 0, change)

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
        return [np.flatnonzero(row).tolist() for row in self.chosen[: self.count]]

    def largest_overlap(self) -> int:
        """Return the most items that a form shares with another or an earlier one; 0 for a single form."""
        shared = self.chosen[: self.count] @ self.chosen.T
        np.fill_diagonal(shared, 0)
        return int(shared.max())
