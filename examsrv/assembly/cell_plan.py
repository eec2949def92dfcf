"""How many items of each cell (section × kind × difficulty) a form takes: a small integer program over counts, not over items.

Items without enemies are counted by cell; an item with enemies has a variable of its own, so that a plan can always be drawn.
Method: van der Linden, Linear Models for Optimal Test Design (2005), chapter 4, with items of equal attributes taken together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from examsrv.assembly.pool import Pool
from examsrv.assembly.program import Program
from examsrv.assembly.requirements import Quota, Requirements
from examsrv.measurement.item_response import Figures

Plan = tuple[int, ...]
"""How many items of each cell of the pool."""

SEGMENTS = 16
"""Pieces of the convex cost of emptying a cell, short ones where little is taken: a form takes a tenth of a large bank."""

NEARNESS = 1e-3
"""Weight of nearness to the ideals where sparing the bank comes first."""

WEIGHT_OF_TARGET = 1e5
"""Weight of missing the whole target, against one item off an ideal."""

ROUNDING = 1e-6
"""Room for floating point."""

JOINT_NODES = 500
"""Branches tried when several forms are planned together: a count, not a time, so that every machine finds the same plan."""


@dataclass(frozen=True, slots=True)
class FormColumns:
    """The columns of one form in a program."""

    cells: tuple[Mapping[int, float], ...]
    """For each cell the columns whose sum is its count."""

    def of(self, quota: Quota, pool: Pool, demands: Requirements) -> dict[int, Fraction]:
        """Return the coefficients of `quota`."""
        found: dict[int, Fraction] = {}
        for cell, columns in zip(pool.cells, self.cells, strict=True):
            weight = demands.weight(quota, cell)
            if weight:
                found |= dict.fromkeys(columns, weight)
        return found

    def counts(self, values: Sequence[float]) -> Plan:
        """Return the plan that the solved columns hold."""
        return tuple(sum(round(values[column]) for column in columns) for columns in self.cells)


@dataclass(frozen=True)
class Lean:
    """What an average item of each cell (rows) brings to the target, as shares of it, what all shall bring, and how near counts shall come."""

    shares: Figures
    goal: Figures
    near: float


def common_plan(pool: Pool, demands: Requirements, rooms: Sequence[float] | None = None, lean: Lean | None = None) -> Plan | None:
    """Return the counts nearest to the target and the ideals and, among those, the ones that empty the cells most evenly.

    `rooms`: the most that each cell can give one form. None if no form is possible.
    """
    program = Program()
    columns = add_form(program, pool)
    add_quotas(program, columns, pool, demands)
    add_rooms(program, columns, rooms)
    missed = add_lean(program, columns, lean, WEIGHT_OF_TARGET)
    add_distances(program, columns, pool, demands, 1)
    values = program.solve()
    if values is None:
        return None
    near = None if missed is None or lean is None else max(values[missed], lean.near) * (1 + ROUNDING)
    return evenly_emptied(pool, demands, columns.counts(values), rooms, None if lean is None or near is None else replace(lean, near=near))


def evenly_emptied(pool: Pool, demands: Requirements, plan: Plan, rooms: Sequence[float] | None = None, lean: Lean | None = None) -> Plan:
    """Return a plan with the quotas' sums of `plan` that takes from each cell in proportion to what it has, as near as can be."""
    program = Program()
    columns = add_form(program, pool)
    add_quotas(program, columns, pool, demands)
    add_rooms(program, columns, rooms)
    missed = add_lean(program, columns, lean, 0)
    if missed is not None and lean is not None:
        program.row({missed: 1.0}, most=lean.near)
    for quota in demands.quotas:
        held = sum((demands.weight(quota, cell) * count for cell, count in zip(pool.cells, plan, strict=True)), Fraction(0))
        program.exact_row(columns.of(quota, pool, demands), held, held)
    for members, counted in zip(pool.members, columns.cells, strict=True):
        steps = sorted({ceil(len(members) * (step / SEGMENTS) ** 2) for step in range(SEGMENTS + 1)})
        pieces = {program.column(high - low, cost=(low + high) / len(members)): -1.0 for low, high in pairwise(steps)}
        program.row({**counted, **pieces}, 0, 0)
    values = program.solve()
    return plan if values is None else columns.counts(values)


def shared_plans(pool: Pool, demands: Sequence[Requirements], rooms: Sequence[float]) -> list[Plan] | None:
    """Return a plan for each form such that all together ask no cell for more than its room, enemies left aside; None if there are none."""
    program = Program()
    planned = []
    for each in demands:
        columns = FormColumns(tuple({program.column(len(members), whole=True): 1.0} for members in pool.members))
        add_quotas(program, columns, pool, each)
        planned.append(columns)
    for cell, room in enumerate(rooms):
        program.row({column: 1.0 for columns in planned for column in columns.cells[cell]}, most=floor(room + ROUNDING))
    values = program.solve(nodes=JOINT_NODES)
    return None if values is None else [columns.counts(values) for columns in planned]


def joint_plans(pool: Pool, demands: Sequence[Requirements]) -> list[Plan] | None:
    """Return a plan for each form, together such that the forms share as few items as counting allows; None if none was found."""
    program = Program()
    planned = []
    for each in demands:
        columns = add_form(program, pool)
        add_quotas(program, columns, pool, each)
        add_distances(program, columns, pool, each, NEARNESS)
        planned.append(columns)
    for cell, members in enumerate(pool.members):
        used = {column: 1.0 for columns in planned for column in columns.cells[cell]}
        add_sharing(program, used, len(members), range(1, len(demands)))
    values = program.solve(nodes=JOINT_NODES)
    return None if values is None else [columns.counts(values) for columns in planned]


def add_sharing(program: Program, used: Mapping[int, float], members: int, slopes: Sequence[int]) -> None:
    """Charge the pairs of forms that share an item of a cell: if `used` (Σ) draws spread evenly over `members` items, an item in u forms
    makes u(u-1)/2 such pairs; the sum is convex in the draws, with slope k between k and k+1 draws an item."""
    pairs = program.column(cost=1)
    for slope in slopes:
        program.row({pairs: 1.0, **{column: -slope * each for column, each in used.items()}}, least=-members * slope * (slope + 1) / 2)


def add_form(program: Program, pool: Pool) -> FormColumns:
    """Add the columns of one form: the count of each cell's items without enemies, and every item with enemies by itself."""
    cells = []
    own: dict[int, int] = {}
    for members in pool.members:
        hostile = [item for item in members if pool.enemies[item]]
        columns = {program.column(len(members) - len(hostile), whole=True): 1.0}
        for item in hostile:
            own[item] = program.column(1, whole=True)
            columns[own[item]] = 1.0
        cells.append(columns)
    for one, other in pool.hostile_pairs:
        program.row({own[one]: 1.0, own[other]: 1.0}, most=1)
    return FormColumns(tuple(cells))


def add_rooms(program: Program, columns: FormColumns, rooms: Sequence[float] | None) -> None:
    """Take from no cell more than its room."""
    for counted, room in zip(columns.cells, rooms or (), strict=rooms is not None):
        program.row(counted, most=floor(room + ROUNDING))


def add_lean(program: Program, columns: FormColumns, lean: Lean | None, weight: float) -> int | None:
    """Add the column of the largest share by which the counts miss the target, charged from `near` on; return it."""
    if lean is None:
        return None
    missed = program.column(cost=weight)
    program.row({missed: 1.0}, least=lean.near)
    for place, goal in enumerate(lean.goal.tolist()):
        brought = {column: float(share) for counted, share in zip(columns.cells, lean.shares[:, place], strict=True) for column in counted}
        program.row({**brought, missed: 1.0}, least=goal)
        program.row({**brought, missed: -1.0}, most=goal)
    return missed


def add_quotas(program: Program, columns: FormColumns, pool: Pool, demands: Requirements) -> None:
    """Hold one form to every quota."""
    for quota in demands.quotas:
        program.exact_row(columns.of(quota, pool, demands), quota.least, quota.most)


def add_distances(program: Program, columns: FormColumns, pool: Pool, demands: Requirements, weight: float) -> None:
    """Charge one form for each item or mark by which a quota that leaves room misses its ideal."""
    for quota in demands.quotas:
        if quota.least < quota.most:
            counted = {column: float(each) for column, each in columns.of(quota, pool, demands).items()}
            distance = program.column(cost=weight)
            program.row({**counted, distance: 1.0}, least=float(quota.ideal))
            program.row({**counted, distance: -1.0}, most=float(quota.ideal))
