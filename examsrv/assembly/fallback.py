"""One form by an integer program over items: slower than swaps, but it finds what there is.

The forms before stand as rows that limit what is shared; a floor under the miss lets the solver stop as soon as the target is reached.
Method: van der Linden, Linear Models for Optimal Test Design (2005), chapters 4 and 6.
"""

from collections.abc import Sequence

import numpy as np

from examsrv.assembly.cell_plan import FormColumns, add_quotas
from examsrv.assembly.open_form import FormTable, Points
from examsrv.assembly.pool import Pool
from examsrv.assembly.program import Program
from examsrv.assembly.requirements import Requirements
from examsrv.measurement.item_response import Figures

NODES = 20
"""Branches tried for one form: a count, not a time, so that every machine finds the same form."""

POOL_MOST, FORMS_MOST = 3_000, 400
"""Beyond, a single form would take minutes."""


def form_by_program(
    table: FormTable, form: int, demands: Requirements, points: Points | None, shares: Figures | None, goal: Figures, tolerance: float
) -> list[int] | None:
    """Return a form that breaks nothing and misses its goal by no more than `tolerance`, beside all others of the table; None if none was found."""
    pool = table.pool
    if len(pool.items) > POOL_MOST or table.by_item.shape[1] > FORMS_MOST:
        return None
    table.put(form, ())
    program = Program()
    columns = [program.column(int(uses < demands.uses_max), cost=SPARING * float(uses), whole=True) for uses in table.uses]
    add_quotas(program, FormColumns(tuple(dict.fromkeys(members, 1.0) for members in pool.members)), pool, demands)
    for one, other in pool.hostile_pairs:
        program.row({one: 1.0, other: 1.0}, most=1)
    for other in np.flatnonzero(table.by_item.sum(axis=0) > demands.overlap_max).tolist():
        program.row(dict.fromkeys(np.flatnonzero(table.by_item[:, other]).tolist(), 1.0), most=demands.overlap_max)
    if points is not None:
        add_points(program, pool, points)
    missed = program.column(tolerance, cost=1)
    program.row({missed: 1.0}, least=tolerance / 2)
    for place, wanted in enumerate([] if shares is None else goal.tolist()):
        brought = dict(zip(columns, shares[:, place].tolist() if shares is not None else [], strict=True))
        program.row({**brought, missed: 1.0}, least=wanted)
        program.row({**brought, missed: -1.0}, most=wanted)
    values = program.solve(nodes=NODES)
    return None if values is None else [item for item in columns if round(values[item])]


SPARING = 1e-6
"""Weight of taking an item once more used, against the whole miss."""


def add_points(program: Program, pool: Pool, points: Points, gaps: Sequence[int] = ()) -> None:
    """Hold every section to the points that it must ask; columns `gaps`, one for each section, may make up for what is missing."""
    asked = set(points.asked.tolist())
    members: dict[int, list[int]] = {}
    for item, point in enumerate(pool.point_numbers.tolist()):
        members.setdefault(point, []).append(item)
    for section, least in enumerate(points.least.tolist()):
        rows = {}
        for items in (items for point, items in members.items() if point not in asked and points.section_of[items[0]] == section):
            column = program.column(1)
            rows[column] = 1.0
            program.row({column: 1.0, **dict.fromkeys(items, -1.0)}, most=0)
        if least > 0:
            program.row(rows | dict.fromkeys(gaps[section : section + 1], 1.0), least=least)
