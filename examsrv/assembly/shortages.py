"""Why no form can be made, in words with figures: every quota that the bank cannot fill, not only the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from examsrv.assembly.aim import PERCENT, Aim
from examsrv.assembly.cell_plan import ROUNDING, FormColumns, add_form, add_quotas
from examsrv.assembly.fallback import NODES, add_points
from examsrv.assembly.open_form import Points
from examsrv.assembly.pool import Pool
from examsrv.assembly.program import Program
from examsrv.assembly.requirements import Quota, Requirements, Unit, figure
from examsrv.measurement.item_response import Figures
from question_bank.message import N_, ExamError, Message

TOO_FEW = {
    Unit.ITEMS: N_("%(what)s: %(needed)s items needed, the bank has only %(available)s"),
    Unit.MARKS: N_("%(what)s: %(needed)s marks needed, the items of the bank give only %(available)s"),
}
TOO_HOSTILE = {
    Unit.ITEMS: N_("%(what)s: %(needed)s items needed; the bank has %(total)s, but enemies apart only %(available)s fit into one form"),
    Unit.MARKS: N_("%(what)s: %(needed)s marks needed; the bank gives %(total)s, but enemies apart only %(available)s fit into one form"),
}
OUT_OF_REACH = {
    Unit.ITEMS: N_("%(what)s: %(needed)s items needed, at most %(available)s fit with everything else that is required"),
    Unit.MARKS: N_("%(what)s: %(needed)s marks needed, at most %(available)s fit with everything else that is required"),
}
TOO_MANY = {
    Unit.ITEMS: N_("%(what)s: at most %(allowed)s items allowed, everything else that is required takes at least %(found)s"),
    Unit.MARKS: N_("%(what)s: at most %(allowed)s marks allowed, everything else that is required takes at least %(found)s"),
}


ON_AVERAGE = {
    Unit.ITEMS: N_("%(what)s: %(needed)s items needed in every form; with no item in more than %(uses)d of %(forms)d forms there are %(available)s"),
    Unit.MARKS: N_("%(what)s: %(needed)s marks needed in every form; with no item in more than %(uses)d of %(forms)d forms there are %(available)s"),
}
TOO_MANY_ON_AVERAGE = {
    Unit.ITEMS: N_("%(what)s: at most %(allowed)s items allowed; with no item in more than %(uses)d of %(forms)d forms they take at least %(found)s"),
    Unit.MARKS: N_("%(what)s: at most %(allowed)s marks allowed; with no item in more than %(uses)d of %(forms)d forms they take at least %(found)s"),
}
AVERAGE_DIGITS = 2


@dataclass(frozen=True)
class Wear:
    """How often an item may be used: in `uses` of `forms` forms. `rooms`: how many items each cell can thus give a form, on average."""

    uses: int
    forms: int
    rooms: tuple[float, ...]


class ShortageError(ExamError):
    """Forms that cannot be made of this bank; `shortages` has every reason found, and the message says them line by line."""

    def __init__(self, shortages: Sequence[Message]) -> None:
        super().__init__(lines(shortages))
        self.shortages = tuple(shortages)


def lines(messages: Sequence[Message]) -> Message:
    """Return one message with each of `messages` on a line of its own."""
    names = [f"line{number}" for number in range(len(messages))]
    return Message("\n".join(f"%({name})s" for name in names), dict(zip(names, messages, strict=True)))


def shortages(pool: Pool, demands: Requirements) -> list[Message]:
    """Return why no single form fits: what is counted out at once, else what cannot be met together. Empty if a form is possible."""
    single = [message for quota in demands.quotas for message in shortage_of(quota, pool, demands)]
    return single or list(conflicts(pool, demands))


def shortage_of(quota: Quota, pool: Pool, demands: Requirements) -> Iterable[Message]:
    """Return the shortage if the whole bank cannot fill `quota` alone."""
    weights = [demands.weight(quota, cell) for cell in pool.cells]
    total = sum((weight * len(members) for weight, members in zip(weights, pool.members, strict=True)), Fraction(0))
    values = {"what": quota.name, "needed": figure(quota.least), "total": figure(total)}
    if total < quota.least:
        yield Message(TOO_FEW[quota.unit], values | {"available": figure(total)})
    elif quota.least > 0 and pool.hostile_pairs:
        peaceful = most_without_enemies(quota, weights, total, pool)
        if peaceful < quota.least:
            yield Message(TOO_HOSTILE[quota.unit], values | {"available": figure(peaceful)})


def most_without_enemies(quota: Quota, weights: Sequence[Fraction], total: Fraction, pool: Pool) -> Fraction:
    """Return the most that one form can hold of `quota`, enemies apart; no more is counted once the quota is filled.

    `weights`: what an item of each cell adds to the quota; `total`: what all items add.
    """
    weight_of = {item: weights[cell] for item, cell in enumerate(pool.cell_of) if pool.enemies[item] and weights[cell]}
    surely = total - sum(weight_of.values(), Fraction(0))
    if surely >= quota.least or not weight_of:
        return surely
    program = Program()
    columns = {item: program.column(1, cost=-float(weight), whole=True) for item, weight in weight_of.items()}
    for one, other in pool.hostile_pairs:
        if one in columns and other in columns:
            program.row({columns[one]: 1.0, columns[other]: 1.0}, most=1)
    values = program.solve() or [0.0] * len(columns)
    return surely + sum((weight_of[item] for item, column in columns.items() if round(values[column])), Fraction(0))


def conflicts(pool: Pool, demands: Requirements) -> Iterable[Message]:
    """Return the quotas that give way in a form that breaks them as little as possible; none if a form breaks nothing."""
    program = Program()
    columns = add_form(program, pool)
    gaps = []
    for quota in demands.quotas:
        below, above = program.column(cost=1), program.column(cost=1)
        counted = columns.of(quota, pool, demands)
        program.exact_row({**counted, below: Fraction(1), above: Fraction(-1)}, quota.least, quota.most)
        gaps.append((below, above))
    values = program.solve() or [0.0] * len(program.costs)
    for quota, (below, above) in zip(demands.quotas, gaps, strict=True):
        yield from conflict(quota, exact_gap(values[below], quota, pool), exact_gap(values[above], quota, pool))


def conflict(quota: Quota, below: Fraction, above: Fraction) -> Iterable[Message]:
    """Return what is said of a quota that gives way by `below` or `above`."""
    if below:
        yield Message(OUT_OF_REACH[quota.unit], {"what": quota.name, "needed": figure(quota.least), "available": figure(quota.least - below)})
    if above:
        yield Message(TOO_MANY[quota.unit], {"what": quota.name, "allowed": figure(quota.most), "found": figure(quota.most + above)})


def worn_out(pool: Pool, demands: Requirements, wear: Wear) -> list[Message]:
    """Return why not all forms fit if no item is used more often than it may: the mean form breaks a quota. Empty if there is one."""
    single = [message for quota in demands.quotas for message in _worn_out_alone(quota, pool, demands, wear)]
    return single or list(_worn_out_together(pool, demands, wear))


def _worn_out_alone(quota: Quota, pool: Pool, demands: Requirements, wear: Wear) -> Iterable[Message]:
    available = sum(float(demands.weight(quota, cell)) * room for cell, room in zip(pool.cells, wear.rooms, strict=True))
    if available < float(quota.least) - ROUNDING:
        yield _on_average(quota, wear, float(quota.least) - available, 0)


def _worn_out_together(pool: Pool, demands: Requirements, wear: Wear) -> Iterable[Message]:
    program = Program()
    columns = FormColumns(tuple({program.column(room): 1.0} for room in wear.rooms))
    gaps = []
    for quota in demands.quotas:
        below, above = program.column(cost=1), program.column(cost=1)
        program.exact_row({**columns.of(quota, pool, demands), below: Fraction(1), above: Fraction(-1)}, quota.least, quota.most)
        gaps.append((below, above))
    values = program.solve() or [0.0] * len(program.costs)
    for quota, (below, above) in zip(demands.quotas, gaps, strict=True):
        if max(values[below], values[above]) > ROUNDING:
            yield _on_average(quota, wear, values[below], values[above])


def _on_average(quota: Quota, wear: Wear, below: float, above: float) -> Message:
    values = {"what": quota.name, "uses": wear.uses, "forms": wear.forms}
    if below > above:
        rest = round(float(quota.least) - below, AVERAGE_DIGITS)
        return Message(ON_AVERAGE[quota.unit], values | {"needed": figure(quota.least), "available": f"{rest:g}"})
    found = round(float(quota.most) + above, AVERAGE_DIGITS)
    return Message(TOO_MANY_ON_AVERAGE[quota.unit], values | {"allowed": figure(quota.most), "found": f"{found:g}"})


def too_few_points(pool: Pool, demands: Requirements, points: Points) -> list[Message]:
    """Return the sections that cannot ask the points they must in a form that meets all else; empty if there is one that can."""
    program = Program()
    columns = [program.column(1, whole=True) for _ in pool.items]
    add_quotas(program, FormColumns(tuple(dict.fromkeys(members, 1.0) for members in pool.members)), pool, demands)
    for one, other in pool.hostile_pairs:
        program.row({columns[one]: 1.0, columns[other]: 1.0}, most=1)
    gaps = [program.column(cost=1, whole=True) for _ in points.least]
    add_points(program, pool, points, gaps)
    values = program.solve(nodes=NODES)
    if values is None:
        return []
    text = N_("%(section)s: %(needed)d different points needed, at most %(available)d fit with everything else that is required")
    return [
        Message(text, {"section": demands.section_names[key], "needed": int(least), "available": int(least) - round(values[gap])})
        for key, least, gap in zip(demands.sections, points.least, gaps, strict=True)
        if round(values[gap])
    ]


def out_of_reach(pool: Pool, demands: Requirements, aim: Aim, goal: Figures, uppers: Figures) -> list[Message]:
    """Return at which abilities the mean of all forms must miss the target, and by how much; empty if counting finds nothing.

    `goal`: what the items of the pool shall bring, as shares of the target; `uppers`: in what share of the forms each item may stand.
    Linear program over the items; enemies are left aside, so that what it finds is surely so.
    """
    shares = aim.shares(pool.items)
    program = Program()
    columns = [program.column(upper) for upper in uppers.tolist()]
    add_quotas(program, FormColumns(tuple(dict.fromkeys(members, 1.0) for members in pool.members)), pool, demands)
    missed = program.column(cost=1)
    for place, wanted in enumerate(goal.tolist()):
        brought = dict(zip(columns, shares[:, place].tolist(), strict=True))
        program.row({**brought, missed: 1.0}, least=wanted)
        program.row({**brought, missed: -1.0}, most=wanted)
    values = program.solve()
    if values is None or values[missed] <= aim.tolerance + ROUNDING:
        return []
    found = np.array(values[: len(columns)]) @ shares - goal
    return [missed_at(aim, place, float(found[place])) for place in np.flatnonzero(np.abs(found) > aim.tolerance + ROUNDING).tolist()]


def missed_at(aim: Aim, place: int, above: float) -> Message:
    """Return what is said of an ability at which the target is missed by the share `above`, or below if negative."""
    text = N_("Information at ability %(theta)s: %(needed)s wanted, the nearest is %(found)s: %(gap)s %% off, at most %(allowed)s %% allowed")
    wanted = float(aim.figures[place])
    return Message(
        text,
        {
            "theta": f"{aim.abilities[place]:g}",
            "needed": f"{wanted:.2f}",
            "found": f"{wanted * (1 + above):.2f}",
            "gap": f"{abs(above) * PERCENT:.2g}",
            "allowed": f"{aim.tolerance * PERCENT:g}",
        },
    )


def exact_gap(value: float, quota: Quota, pool: Pool) -> Fraction:
    """Return a solved gap as the exact figure it stands for: a multiple of the smallest part that items and bounds are made of."""
    parts = lcm(quota.least.denominator, quota.most.denominator, *(cell.marks.denominator for cell in pool.cells))
    return Fraction(round(value * parts), parts)
