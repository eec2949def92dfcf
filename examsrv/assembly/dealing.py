"""Forms that share nothing: their items are drawn together, dealt out, and balanced between two forms, or a form and what is left over, at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from examsrv.assembly.cell_plan import Plan
from examsrv.assembly.matching import AIMED_AT
from examsrv.assembly.open_form import Points
from examsrv.assembly.pairs import nearest_pairs, sampled, times_for
from examsrv.assembly.pool import Integers, Pool
from examsrv.assembly.watching import Watch, go_on
from examsrv.measurement.item_response import Figures

NOBODY = -1
"""Owner of what is left over."""

ROUNDS_OF_A_FORM = 60
FRUITLESS, PARTNERS = 3, 5
TRIES = 400


@dataclass(frozen=True)
class Hand:
    """Who owns which item of the pool."""

    pool: Pool
    owner: Integers

    def items(self, form: int) -> Integers:
        """Return the items of a form, ascending."""
        return np.flatnonzero(self.owner == form)

    def welcomes(self, form: int, out: Sequence[int], into: Sequence[int]) -> bool:
        """Tell whether a form has no enemies of `into` once `out` are gone."""
        if form == NOBODY:
            return True
        return not any((self.owner[enemy] == form and enemy not in out) or enemy in into for item in into for enemy in self.pool.enemies[item])

    def exchange(self, one: int, other: int, out: Sequence[int], into: Sequence[int]) -> None:
        """Give `out` of `one` to `other` for `into`."""
        self.owner[list(out)], self.owner[list(into)] = other, one


def deal(pool: Pool, plans: Sequence[Plan], rate: Figures, generator: np.random.Generator) -> Hand | None:
    """Return forms that follow `plans` and share nothing, items of a high rate first; None if enemies cannot be parted."""
    owner = np.full(len(pool.items), NOBODY, dtype=np.int64)
    keys = generator.random(len(pool.items)) / rate
    for cell, members in enumerate(pool.members):
        counts = [plan[cell] for plan in plans]
        items = np.array(members, dtype=np.int64)
        drawn = items[np.argsort(keys[items], kind="stable")][: sum(counts)]
        if len(drawn) < sum(counts):
            return None
        owner[generator.permutation(drawn)] = np.repeat(np.arange(len(plans)), counts)
    hand = Hand(pool, owner)
    return hand if parted(hand, generator) else None


def parted(hand: Hand, generator: np.random.Generator) -> bool:
    """Exchange items of a cell until no form has two enemies; tell whether that was reached."""
    for one, other in hand.pool.hostile_pairs:
        form = int(hand.owner[one])
        if form != NOBODY and form == hand.owner[other] and not moved_away(hand, other, generator):
            return False
    return all(hand.owner[one] != hand.owner[other] or hand.owner[one] == NOBODY for one, other in hand.pool.hostile_pairs)


def moved_away(hand: Hand, item: int, generator: np.random.Generator) -> bool:
    """Exchange `item` for one of its cell that somebody else owns, so that neither meets an enemy; tell whether there was one."""
    form = int(hand.owner[item])
    members = np.array(hand.pool.members[hand.pool.cell_of[item]])
    for into in generator.permutation(members[hand.owner[members] != form])[:TRIES].tolist():
        other = int(hand.owner[into])
        if hand.welcomes(form, (item,), (into,)) and hand.welcomes(other, (into,), (item,)):
            hand.exchange(form, other, (item,), (into,))
            return True
    return False


def balance(
    hand: Hand,
    shares: Figures,
    goals: Figures,
    tolerance: float,
    points: Sequence[Points | None],
    generator: np.random.Generator,
    watch: Watch | None,
) -> Figures:
    """Exchange pairs of items until every form is within `tolerance` of its goal, or nothing helps; return what each form is above its goal.

    The worst form gives half of its difference to the form that makes up for it best, or all of it to what is left over.
    """
    above = np.array([shares[hand.items(form)].sum(axis=0) for form in range(len(goals))]) - goals
    stuck = 0
    for _ in range(ROUNDS_OF_A_FORM * len(goals)):
        far = np.abs(above).max(axis=1)
        go_on(watch, int((far <= tolerance).sum()))
        worst = int(np.argmax(far))
        if far[worst] <= tolerance * AIMED_AT or stuck == FRUITLESS:
            break
        times = times_for(shares) * (1 + stuck)
        others = partners(hand, worst, above)
        stuck = 0 if any(exchanged(hand, worst, other, shares, above, points, generator, times) for other in others) else stuck + 1
    return above


def partners(hand: Hand, form: int, above: Figures) -> list[int]:
    """Return whom a form may exchange with: what is left over first, then the others, those first that make up for it best."""
    left = np.abs(above + above[form]).max(axis=1)
    others = [other for other in np.argsort(left, kind="stable").tolist() if other != form]
    return [NOBODY, *others[:PARTNERS]] if (hand.owner == NOBODY).any() else others[:PARTNERS]


def exchanged(
    hand: Hand,
    form: int,
    other: int,
    shares: Figures,
    above: Figures,
    points: Sequence[Points | None],
    generator: np.random.Generator,
    times: int,
) -> bool:
    """Make the exchange that leaves the worse of the two nearest to its goal, if that is nearer than before; tell whether there was one."""
    swaps = sampled(hand.items(form), hand.items(other), hand.pool.cell_numbers, generator, times)
    if not len(swaps.out):
        return False
    worse = float(np.abs(above[form]).max())
    wanted = -above[form] if other == NOBODY else (above[other] - above[form]) / 2
    for out, into, change in nearest_pairs(swaps, shares, wanted, worse):
        mine, theirs = above[form] + change, above[other] - change
        gain = max(float(np.abs(mine).max()), 0 if other == NOBODY else float(np.abs(theirs).max()))
        if gain < worse * IMPROVEMENT and hand.welcomes(form, out, into) and hand.welcomes(other, into, out):
            before = lacking(hand, (form, other), points)
            hand.exchange(form, other, out, into)
            if lacking(hand, (form, other), points) <= before:
                above[form] = mine
                if other != NOBODY:
                    above[other] = theirs
                return True
            hand.exchange(form, other, into, out)
    return False


def lacking(hand: Hand, forms: Sequence[int], points: Sequence[Points | None]) -> int:
    """Return how many points the sections of `forms` lack together."""
    demands = [(form, points[form]) for form in forms if form != NOBODY]
    return sum(int(each.lacking(hand.items(form)).sum()) for form, each in demands if each is not None)


IMPROVEMENT = 0.95
"""An exchange must do better than this, or it is none."""
