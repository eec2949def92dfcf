"""Bringing a form to its target by pairs of swaps, and within its limits of overlap and points by single ones."""

import numpy as np

from examsrv.assembly.open_form import OpenForm
from examsrv.assembly.pairs import nearest_pairs, sampled, times_for
from examsrv.measurement.item_response import Figures

ROUNDS = 40
"""Rounds of swaps for one form, if each brings it nearer."""

FRUITLESS = 6
"""Rounds without a gain before it is given up."""

RELIEVING = 3
"""How many times the usual number of swaps is looked at where single ones must do."""

PATIENCE = 4
"""Rounds after which more swaps are looked at."""

AIMED_AT = 0.999
"""What part of the tolerance is used, so that rounding elsewhere does not lead out of it."""


def match(form: OpenForm, shares: Figures, goal: Figures, tolerance: float, generator: np.random.Generator) -> float:
    """Swap until the form misses `goal` by no more than `tolerance` at any ability, or no pair helps; return by how much it misses."""
    missing = goal - shares[form.items].sum(axis=0)
    fruitless = 0
    for tried in range(ROUNDS):
        far = float(np.abs(missing).max())
        if far <= tolerance * AIMED_AT or fruitless >= FRUITLESS:
            break
        swaps = sampled(form.items, form.free, form.pool.cell_numbers, generator, times_for(shares) + tried // PATIENCE + fruitless)
        if not len(swaps.out):
            break
        found = next(((out, into, change) for out, into, change in nearest_pairs(swaps, shares, missing, far) if form.allows(out, into)), None)
        if found is None:
            fruitless += 1
            continue
        fruitless = 0
        form.swap(found[0], found[1])
        missing = missing - found[2]
    return float(np.abs(goal - shares[form.items].sum(axis=0)).max())


def make_lawful(form: OpenForm, generator: np.random.Generator) -> bool:
    """Swap single items until the form shares no more than allowed and asks the points it must; tell whether that was reached."""
    return relieve(form, generator) and cover(form, generator)


def relieve(form: OpenForm, generator: np.random.Generator) -> bool:
    """Swap until no other form shares more than allowed: each time the swap that lowers the sum of squared excesses most."""
    cells = form.pool.cell_numbers
    for _ in range(len(form.items) * 2):
        excess = form.overlap - form.most
        if excess.max(initial=0) <= 0:
            return True
        near = np.flatnonzero(excess >= 0)
        rows = form.table.by_item[:, near].astype(np.float64)
        swaps = sampled(form.items, form.free, cells, generator, RELIEVING)
        if not len(swaps.out):
            return False
        after = np.maximum(excess[near] + rows[swaps.into] - rows[swaps.out], 0)
        change = np.square(after).sum(axis=1) - np.square(excess[near]).sum()
        best = int(np.argmin(change))
        if change[best] >= 0:
            return False
        form.swap((int(swaps.out[best]),), (int(swaps.into[best]),))
    return bool(form.overlap.max(initial=0) <= form.most)


def cover(form: OpenForm, generator: np.random.Generator) -> bool:
    """Swap until every section asks the points it must: an item whose point others ask too, for one of a point that none asks."""
    if form.points is None:
        return True
    numbers, cells = form.points.numbers, form.pool.cell_numbers
    for _ in range(len(form.items)):
        lacking = form.points.lacking(form.items)
        if not lacking.any():
            return True
        asked = np.bincount(numbers[form.items], minlength=int(numbers.max()) + 1)
        asked[form.points.asked] += 1
        free, held = form.free, form.items
        fresh = free[(asked[numbers[free]] == 0) & (lacking[form.points.section_of[free]] > 0)]
        swaps = sampled(held[asked[numbers[held]] > 1], fresh, cells, generator, RELIEVING)
        order = np.argsort(form.table.uses[swaps.into], kind="stable")
        pairs = zip(swaps.out[order].tolist(), swaps.into[order].tolist(), strict=True)
        found = next(((out, into) for out, into in pairs if form.overlap_after((out,), (into,)).max(initial=0) <= form.most), None)
        if found is None:
            return False
        form.swap((found[0],), (found[1],))
    return not form.lacks_points()
