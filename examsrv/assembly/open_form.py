"""A form in the making beside all others: what may be swapped in it without breaking anything that held before."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from examsrv.assembly.pool import Integers, Pool
from examsrv.assembly.requirements import Requirements


class FormTable:
    """Which forms have which items. `by_item[item, form]` is 1 where the form has the item; earlier forms stand in the last columns."""

    def __init__(self, pool: Pool, forms: Sequence[Sequence[int]], count: int, beside: Sequence[Sequence[int]]) -> None:
        self.pool = pool
        self.count = count
        self.by_item = np.zeros((len(pool.items), count + len(beside)), dtype=np.uint8)
        for place, items in enumerate(beside, start=count):
            self.by_item[list(items), place] = 1
        for place, items in enumerate(forms):
            self.by_item[list(items), place] = 1
        self.uses: Integers = self.by_item.sum(axis=1, dtype=np.int64)

    def put(self, form: int, items: Iterable[int]) -> None:
        """Make `items` those of a form."""
        self.uses -= self.by_item[:, form]
        self.by_item[:, form] = 0
        self.by_item[list(items), form] = 1
        self.uses += self.by_item[:, form]

    def forms(self) -> list[list[int]]:
        """Return the items of each form, ascending."""
        return [np.flatnonzero(column).tolist() for column in self.by_item[:, : self.count].T]

    def largest_overlap(self) -> int:
        """Return the most items that a form shares with another or with an earlier one."""
        table = self.by_item.astype(np.float32)
        shared = table[:, : self.count].T @ table
        np.fill_diagonal(shared, 0)
        return int(shared.max(initial=0))


class Points:
    """How many different points the sections of one form ask, and how many they must. `asked` already: by items outside the pool."""

    def __init__(self, pool: Pool, least: Sequence[int], asked: Sequence[int], sections: Integers) -> None:
        self.numbers = pool.point_numbers
        self.least = np.array(least, dtype=np.int64)
        self.asked = np.array(asked, dtype=np.int64)
        self.section_of = sections

    def lacking(self, held: Integers) -> Integers:
        """Return how many points each section lacks if the form holds `held`."""
        points, places = np.unique(self.numbers[held], return_index=True)
        fresh = places[~np.isin(points, self.asked)]
        found = np.bincount(self.section_of[held[fresh]], minlength=len(self.least))
        lacking: Integers = np.maximum(self.least - found, 0)
        return lacking


class OpenForm:
    """One form: `held` items, what it shares with the others, and how many enemies of each item it has."""

    def __init__(self, table: FormTable, form: int, held: Collection[int], demands: Requirements, points: Points | None) -> None:
        self.table, self.form, self.pool, self.points = table, form, table.pool, points
        self.most, self.uses_max = demands.overlap_max, demands.uses_max
        table.put(form, ())
        self.held = np.zeros(len(self.pool.items), dtype=bool)
        self.held[list(held)] = True
        self.overlap: Integers = table.by_item[self.items].sum(axis=0, dtype=np.int64)

    @property
    def items(self) -> Integers:
        """Return the items, ascending."""
        return np.flatnonzero(self.held)

    @property
    def free(self) -> Integers:
        """Return the items that may come in: not worn out, and enemies of none that is here."""
        enemies, of = self.pool.hostile
        is_free = ~self.held & (self.table.uses < self.uses_max)
        is_free[of[self.held[enemies]]] = False
        return np.flatnonzero(is_free)

    @property
    def is_lawful(self) -> bool:
        """Tell whether overlap and points are as they must be."""
        return bool(self.overlap.max(initial=0) <= self.most) and not self.lacks_points()

    def lacks_points(self) -> bool:
        """Tell whether a section asks too few points."""
        return self.points is not None and bool(self.points.lacking(self.items).any())

    def allows(self, out: Sequence[int], into: Sequence[int]) -> bool:
        """Tell whether a lawful form stays so with these swaps; `into` are free."""
        if len(into) > 1 and into[1] in self.pool.enemies[into[0]]:
            return False
        if int(self.overlap_after(out, into).max(initial=0)) > self.most:
            return False
        if self.points is None:
            return True
        after = self.held.copy()
        after[list(out)], after[list(into)] = False, True
        return not self.points.lacking(np.flatnonzero(after)).any()

    def overlap_after(self, out: Sequence[int], into: Sequence[int]) -> Integers:
        """Return what the form would share with each other one."""
        rows = self.table.by_item
        after = self.overlap.copy()
        for item in out:
            after -= rows[item]
        for item in into:
            after += rows[item]
        return after

    def swap(self, out: Sequence[int], into: Sequence[int]) -> None:
        """Make the swaps."""
        self.overlap = self.overlap_after(out, into)
        self.held[list(out)], self.held[list(into)] = False, True

    def close(self) -> None:
        """Put the form into the table."""
        self.table.put(self.form, self.items)
