"""Why no form can be made, in words with figures: every quota that the bank cannot fill, not only the first."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm

from examsrv.assembly.cell_plan import add_form
from examsrv.assembly.pool import Pool
from examsrv.assembly.program import Program
from examsrv.assembly.requirements import Quota, Requirements, Unit, figure
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
        yield from conflict(quota, exact_gap(values[below], quota, demands), exact_gap(values[above], quota, demands))


def conflict(quota: Quota, below: Fraction, above: Fraction) -> Iterable[Message]:
    """Return what is said of a quota that gives way by `below` or `above`."""
    if below:
        yield Message(OUT_OF_REACH[quota.unit], {"what": quota.name, "needed": figure(quota.least), "available": figure(quota.least - below)})
    if above:
        yield Message(TOO_MANY[quota.unit], {"what": quota.name, "allowed": figure(quota.most), "found": figure(quota.most + above)})


def exact_gap(value: float, quota: Quota, demands: Requirements) -> Fraction:
    """Return a solved gap as the exact figure it stands for: a multiple of the smallest part that items and bounds are made of."""
    denominators = [Fraction(marks).denominator for marks in demands.marks.values()]
    parts = lcm(quota.least.denominator, quota.most.denominator, *denominators)
    return Fraction(round(value * parts), parts)
