"""How few items forms can share at best, by counting."""

from math import ceil, comb

from examsrv.assembly.cell_plan import add_form, add_quotas, add_sharing
from examsrv.assembly.pool import Pool
from examsrv.assembly.program import Program
from examsrv.assembly.requirements import Requirements

SLOPES = 24
"""Tangents of the convex count of shared items; fewer only weaken the bound, they never make it wrong."""

ROUNDING = 1e-6
"""Room for the solver's floating point before a bound is rounded up."""


def least_overlap(pool: Pool, demands: Requirements, forms: int) -> int:
    """Return a number of items that some two of `forms` forms must share, whoever draws them.

    N draws from a cell of a items make at least the pairs that even use makes; the mean over all pairs of forms is a bound for the largest.
    The counts of a form are relaxed to real numbers, so the bound holds for forms of different counts too (pigeonhole, linear program).
    """
    if forms <= 1:
        return 0
    program = Program()
    columns = add_form(program, pool)
    add_quotas(program, columns, pool, demands)
    slopes = sorted({1 + (forms - 2) * step // SLOPES for step in range(SLOPES + 1)})
    for members, counted in zip(pool.members, columns.cells, strict=True):
        add_sharing(program, {column: float(forms) for column in counted}, len(members), slopes)
    program.whole = [0] * len(program.whole)
    values = program.solve()
    if values is None:
        return 0
    pairs = sum(cost * value for cost, value in zip(program.costs, values, strict=True))
    return ceil(pairs / comb(forms, 2) - ROUNDING)
