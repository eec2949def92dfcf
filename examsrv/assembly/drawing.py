"""Filling a plan with items: a seeded draw, least-used items first, enemies apart."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from examsrv.assembly.cell_plan import Plan
from examsrv.assembly.pool import Pool
from examsrv.assembly.program import Program


def draw(pool: Pool, plan: Plan, uses: Sequence[int], generator: np.random.Generator) -> list[int]:
    """Return items that fill `plan`: in each cell those with the fewest `uses` in earlier forms, ties by lot, no two enemies.

    Where the lot runs into enemies the choice is left to an integer program with the same preferences. `plan` must be one that
    `cell_plan` made for this pool; `ValueError` for any other that cannot be filled.
    """
    lots = generator.random(len(pool.items))
    drawn: set[int] = set()
    for cell in scarcest_first(pool, plan):
        drawn |= draw_cell(pool, plan[cell], sorted(pool.members[cell], key=lambda item: (uses[item], lots[item])), drawn)
    if len(drawn) < sum(plan):
        return draw_by_program(pool, plan, uses, lots)
    return sorted(drawn)


def draw_cell(pool: Pool, count: int, candidates: Sequence[int], drawn: set[int]) -> set[int]:
    """Return the first `count` candidates that are enemies neither of `drawn` nor of each other; fewer if there are no more."""
    taken: set[int] = set()
    for item in candidates:
        if len(taken) < count and not pool.enemies[item] & (drawn | taken):
            taken.add(item)
    return taken


def scarcest_first(pool: Pool, plan: Plan) -> list[int]:
    """Return the cells that the plan uses, those with the least choice first."""
    used = [cell for cell, count in enumerate(plan) if count]
    return sorted(used, key=lambda cell: (len(pool.members[cell]) - plan[cell], cell))


def draw_by_program(pool: Pool, plan: Plan, uses: Sequence[int], lots: NDArray[np.float64]) -> list[int]:
    """Return the items with the fewest uses, ties by lot, that fill `plan` without enemies."""
    program = Program()
    for item in range(len(pool.items)):
        program.column(1, cost=uses[item] + float(lots[item]), whole=True)
    for members, count in zip(pool.members, plan, strict=True):
        program.row(dict.fromkeys(members, 1.0), count, count)
    for one, other in pool.hostile_pairs:
        program.row({one: 1.0, other: 1.0}, most=1)
    values = program.solve()
    if values is None:
        raise ValueError("a plan that no items can fill")
    return [item for item, value in enumerate(values) if round(value)]
