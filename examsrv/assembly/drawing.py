"""Filling a plan with items: a seeded draw, least-used items first, enemies apart."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from examsrv.assembly.cell_plan import Plan
from examsrv.assembly.pool import Pool
from examsrv.assembly.program import Program
from examsrv.measurement.item_response import Figures


class UnfilledPlanError(ValueError):
    """A plan that no items can fill any more."""


def draw(
    pool: Pool, plan: Plan, uses: Sequence[int] | NDArray[np.int64], generator: np.random.Generator, uses_max: int, rate: Figures | None = None
) -> list[int]:
    """Return items that fill `plan`: in each cell those with the fewest `uses` in earlier forms, ties by lot, no two enemies, none worn out.

    With rates an item comes the earlier the fewer its uses are for its rate.
    Where the lot runs into enemies the choice is left to an integer program with the same preferences. `plan` must be one that
    `cell_plan` made for this pool; `UnfilledPlanError` if it cannot be filled with what is not worn out.
    """
    keys = np.asarray(uses) + generator.random(len(pool.items))
    if rate is not None:
        keys = keys / rate
    worn = np.asarray(uses) >= uses_max
    order = np.argsort(np.where(worn, np.inf, keys), kind="stable")
    order = order[: len(order) - int(worn.sum())]
    order = order[np.argsort(pool.cell_numbers[order], kind="stable")]
    ends = np.searchsorted(pool.cell_numbers[order], np.arange(len(pool.cells) + 1)).tolist()
    ready = order.tolist()
    drawn: set[int] = set()
    for cell in scarcest_first(pool, plan):
        drawn |= draw_cell(pool, plan[cell], ready[ends[cell] : ends[cell + 1]], drawn)
    if len(drawn) < sum(plan):
        return draw_by_program(pool, plan, keys, worn)
    return sorted(drawn)


def draw_cell(pool: Pool, count: int, candidates: Sequence[int], drawn: set[int]) -> set[int]:
    """Return the first `count` candidates that are enemies neither of `drawn` nor of each other; fewer if there are no more."""
    taken: set[int] = set()
    for item in candidates:
        if len(taken) == count:
            break
        enemies = pool.enemies[item]
        if not enemies or (enemies.isdisjoint(drawn) and enemies.isdisjoint(taken)):
            taken.add(item)
    return taken


def scarcest_first(pool: Pool, plan: Plan) -> list[int]:
    """Return the cells that the plan uses, those with the least choice first."""
    used = [cell for cell, count in enumerate(plan) if count]
    return sorted(used, key=lambda cell: (len(pool.members[cell]) - plan[cell], cell))


def draw_by_program(pool: Pool, plan: Plan, keys: Figures, worn: NDArray[np.bool_]) -> list[int]:
    """Return the items with the least keys that fill `plan` without enemies and without those that are `worn` out."""
    program = Program()
    for key, is_worn in zip(keys.tolist(), worn.tolist(), strict=True):
        program.column(0 if is_worn else 1, cost=key, whole=True)
    for members, count in zip(pool.members, plan, strict=True):
        program.row(dict.fromkeys(members, 1.0), count, count)
    for one, other in pool.hostile_pairs:
        program.row({one: 1.0, other: 1.0}, most=1)
    values = program.solve()
    if values is None:
        raise UnfilledPlanError
    return [item for item, value in enumerate(values) if round(value)]
