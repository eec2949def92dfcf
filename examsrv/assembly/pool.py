"""The items of a bank that may stand in a form, numbered, with what choosing them needs to know."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.requirements import Cell, Requirements

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """Admitted items sorted by id, so that the order of the bank's files changes nothing. Everywhere an item is its number here."""

    items: tuple[BankItem, ...]
    cells: tuple[Cell, ...]
    """The cells that have items, sorted."""
    cell_of: tuple[int, ...]
    """The cell of each item."""
    enemies: tuple[frozenset[int], ...]
    """The enemies of each item, in both directions."""

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """Return the items of each cell."""
        found: list[list[int]] = [[] for _ in self.cells]
        for item, cell in enumerate(self.cell_of):
            found[cell].append(item)
        return tuple(tuple(each) for each in found)

    @cached_property
    def hostile_pairs(self) -> tuple[tuple[int, int], ...]:
        """Return each pair of enemies once."""
        return tuple((one, other) for one, each in enumerate(self.enemies) for other in sorted(each) if one < other)

    @cached_property
    def cell_numbers(self) -> Integers:
        """Return the cell of each item."""
        return np.array(self.cell_of, dtype=np.int64)

    @cached_property
    def hostile(self) -> tuple[Integers, Integers]:
        """Return items and their enemies, every pair in both directions."""
        both = np.array([*self.hostile_pairs, *((other, one) for one, other in self.hostile_pairs)], dtype=np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    @cached_property
    def point_numbers(self) -> Integers:
        """Return a number for the point of each item within its section; an item without a point has one of its own."""
        return numbered([point_of(item) for item in self.items])

    def places(self, forms: Iterable[Iterable[str]]) -> list[list[int]]:
        """Return the numbers of the items of each of `forms`, given by id; what is not in the pool is left out."""
        number_of = {item.id: number for number, item in enumerate(self.items)}
        return [[number_of[item] for item in form if item in number_of] for form in forms]


def pool_of(items: Iterable[BankItem], demands: Requirements) -> Pool:
    """Return the pool of the items that `demands` admits."""
    admitted = tuple(sorted((item for item in items if demands.admits(item)), key=lambda item: item.id))
    cells = tuple(sorted({demands.cell(item) for item in admitted}, key=lambda cell: cell.sorting_key))
    number_of_cell = {cell: number for number, cell in enumerate(cells)}
    return Pool(admitted, cells, tuple(number_of_cell[demands.cell(item)] for item in admitted), enemies_of(admitted))


def point_of(item: BankItem) -> tuple[str, str, str]:
    """Return what tells points apart; an item without one shares it with none."""
    return (item.section, item.point, "" if item.point else item.id)


def numbered(names: Sequence[Hashable]) -> Integers:
    """Return a number for each name, equal exactly for equal names, from 0 in the order in which they first stand."""
    number: dict[Hashable, int] = {}
    return np.array([number.setdefault(name, len(number)) for name in names], dtype=np.int64)


def enemies_of(items: tuple[BankItem, ...]) -> tuple[frozenset[int], ...]:
    """Return the enemies of each item among `items`; it is enough that one of two names the other. An item is not its own enemy."""
    number_of = {item.id: number for number, item in enumerate(items)}
    found: list[set[int]] = [set() for _ in items]
    for number, item in enumerate(items):
        for enemy in item.enemies:
            other = number_of.get(enemy, number)
            if other != number:
                found[number].add(other)
                found[other].add(number)
    return tuple(frozenset(each) for each in found)
