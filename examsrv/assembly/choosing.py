"""Choosing the items of all forms: plan the cells, draw, and improve, in the way that suits the number of forms and the size of the bank.

Few forms of a bank of small cells are improved all together (`swapping`); forms that share nothing are dealt out (`dealing`); many forms are
made one after another (`in_turn`). What has a target is then matched with it. If one way leads nowhere the next is tried.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from examsrv.assembly.aim import Aim
from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.cell_plan import Lean, Plan, common_plan, joint_plans, shared_plans
from examsrv.assembly.dealing import NOBODY, Hand, balance, deal
from examsrv.assembly.drawing import UnfilledPlanError, draw
from examsrv.assembly.fallback import form_by_program
from examsrv.assembly.matching import make_lawful, match
from examsrv.assembly.open_form import FormTable, OpenForm, Points
from examsrv.assembly.overlap import least_overlap
from examsrv.assembly.pool import Pool, point_of
from examsrv.assembly.rates import NEAR_ENOUGH, Cells, rates
from examsrv.assembly.requirements import Requirements
from examsrv.assembly.shortages import ShortageError, Wear, missed_at, out_of_reach, shortages, too_few_points, worn_out
from examsrv.assembly.swapping import Swapping
from examsrv.assembly.watching import Watch, go_on
from examsrv.measurement.item_response import Figures
from question_bank.message import N_, ExamError, Message

ATTEMPTS = 4
"""Draws tried for each plan while two forms share too many items."""

JOINTLY_PLANNED = 6
"""Most forms whose cells are planned together; beyond, counting leaves a common plan little to gain."""

ROTATION = 10
"""Plans that forms take in turn where one plan for all would wear a cell out."""

DRAWS = 5
"""Draws tried for one form before the integer program is asked."""

SWAPS_AT_ONCE_MOST = 100_000
"""Most swaps, over all forms, among which the best is looked for each time."""

LEFT_TO_THE_DRAW = 0.3
"""By what part of the spread of the items within their cells a plan may miss the target: a tilted draw makes up for it."""


@dataclass(frozen=True)
class Order:
    """What is to be chosen from `pool`: a form for each of `demands`, `beside` earlier ones. `goals`: what each shall bring to `aim`, as shares."""

    pool: Pool
    demands: Sequence[Requirements]
    seed: int
    beside: Sequence[Sequence[int]]
    aim: Aim | None
    point_demands: Sequence["PointDemand"]
    goals: Figures
    watch: Watch | None

    @property
    def forms(self) -> int:
        """Return how many forms are wanted."""
        return len(self.demands)

    @property
    def tolerance(self) -> float:
        """Return by what share a goal may be missed."""
        return self.aim.tolerance if self.aim is not None else 0.0

    @cached_property
    def shares(self) -> Figures | None:
        """Return what each item brings to the target; None without one."""
        return None if self.aim is None else self.aim.shares(self.pool.items)

    @cached_property
    def sections(self) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """Return the section of each item, as a number."""
        keys = list(self.demands[0].sections)
        return np.array([keys.index(item.section) for item in self.pool.items], dtype=np.int64)

    @cached_property
    def wear(self) -> Wear | None:
        """Return how often items may be used; None if no item can be used too often."""
        uses, forms = self.demands[0].uses_max, self.forms + len(self.beside)
        if uses >= forms:
            return None
        left = np.maximum(uses - self.uses, 0)
        rooms = np.bincount(self.pool.cell_numbers, weights=left, minlength=len(self.pool.cells)) / self.forms
        return Wear(uses, forms, tuple(rooms.tolist()))

    @cached_property
    def uses(self) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """Return in how many of the earlier forms each item stands."""
        counted = Counter(item for form in self.beside for item in form)
        return np.array([counted[item] for item in range(len(self.pool.items))], dtype=np.int64)

    def points(self, form: int, items: Sequence[int]) -> Points | None:
        """Return what a form must ask that holds as many items of each section as `items`; None if nothing."""
        if not self.demands[0].point_share:
            return None
        counts = np.bincount(self.sections[list(items)], minlength=len(self.demands[0].sections)).tolist()
        return self.point_demands[form].points(self.pool, self.demands[form], counts, self.sections)


@dataclass(frozen=True, slots=True)
class PointDemand:
    """For one form: the points of the bank by section, and how many items and which points its cases bring."""

    of_bank: tuple[int, ...]
    items: tuple[int, ...]
    asked: frozenset[tuple[str, str, str]]

    def points(self, pool: Pool, demands: Requirements, counts: Sequence[int], sections: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Points:
        """Return what the items of the pool must ask if there are so many of them in each section."""
        by_cases = Counter(section for section, _point, _item in self.asked)
        least = [
            max(0, demands.points_required(points, own + count) - by_cases[section])
            for section, points, own, count in zip(demands.sections, self.of_bank, self.items, counts, strict=True)
        ]
        known = {point_of(item): number for item, number in zip(pool.items, pool.point_numbers.tolist(), strict=True)}
        return Points(pool, least, sorted(known[point] for point in self.asked if point in known), sections)


def points_of(bank: Sequence[BankItem], demands: Requirements, held: Sequence[Sequence[BankItem]]) -> list[PointDemand]:
    """Return what each form must know about points; `held`: the items of its cases."""
    if not demands.point_share:
        return []
    points = {point_of(item) for item in bank if demands.admits(item)}
    of_bank = tuple(sum(section == key for section, _point, _item in points) for key in demands.sections)
    return [
        PointDemand(
            of_bank, tuple(sum(item.section == key for item in items) for key in demands.sections), frozenset(point_of(item) for item in items)
        )
        for items in held
    ]


def goals_of(aim: Aim | None, held: Sequence[Sequence[BankItem]]) -> Figures:
    """Return what the other items of each form shall bring to the target, as shares of it; `held`: the items of its cases."""
    if aim is None:
        return np.zeros((len(held), 0))
    return np.array([1 - aim.shares(items).sum(axis=0) for items in held])


class StuckError(ExamError):
    """A way of choosing came to a form that cannot be made beside those before."""


def choose(order: Order) -> list[list[int]]:
    """Return the items of each form; raise `ShortageError` with all reasons if that cannot be done."""
    plans = planned(order)
    if (bound(order) > order.demands[0].overlap_max or not is_in_reach(order, plans)) and (found := reasons(order)):
        raise ShortageError(found)
    tried: list[Message] = []
    for way in ways(order):
        try:
            forms = way(order, plans)
        except StuckError as stuck:
            tried = tried or [stuck.message]
            continue
        if forms is not None:
            found = failings(order, forms)
            if not found:
                return forms
            tried = tried or found
    raise ShortageError(reasons(order) or tried or [Message(N_("No forms were found that meet everything, though counting does not exclude them"))])


def is_in_reach(order: Order, plans: Sequence[Plan]) -> bool:
    """Tell whether the mean of all forms can be near its goal, enemies and overlap left aside."""
    if order.shares is None:
        return True
    counts = np.array(plans, dtype=float).mean(axis=0)
    most = min(1.0, order.demands[0].uses_max / (order.forms + len(order.beside)))
    goal = order.goals.mean(axis=0)
    return bool(np.abs(wanted_rates(order, counts.tolist(), goal, most) @ order.shares - goal).max() < NEAR_ENOUGH)


def ways(order: Order) -> Iterator[Callable[[Order, list[Plan]], list[list[int]] | None]]:
    """Yield the ways to choose, the one that suits best first."""
    swaps = sum(len(members) ** 2 for members in order.pool.members) * (order.forms + len(order.beside))
    if swaps <= SWAPS_AT_ONCE_MOST:
        yield together
    if order.demands[0].overlap_max == 0 and order.forms > 1:
        yield dealt
    yield in_turn
    if order.wear is not None and not order.beside and order.forms > order.wear.uses > 1:
        yield in_rounds
    if SWAPS_AT_ONCE_MOST < swaps <= SWAPS_AT_ONCE_MOST * 10:
        yield together


def reasons(order: Order) -> list[Message]:
    """Return what counting can say against the forms."""
    first = order.demands[0]
    if order.wear is not None and (found := worn_out(order.pool, first, order.wear)):
        return found
    if (least := bound(order)) > first.overlap_max:
        values = {"forms": order.forms, "least": least, "most": first.overlap_max}
        return [Message(N_("%(forms)d forms of this bank overlap in at least %(least)d items, at most %(most)d allowed"), values)]
    for form, each in enumerate(order.demands[:1]):
        if order.point_demands and (plan := common_plan(order.pool, each)) is not None:
            points = order.points(form, drawn_anyhow(order, plan))
            if points is not None and (found := too_few_points(order.pool, each, points)):
                return found
    if order.aim is not None:
        uppers = np.clip((first.uses_max - order.uses) / order.forms, 0, 1)
        return out_of_reach(order.pool, first, order.aim, order.goals[0], uppers)
    return []


def drawn_anyhow(order: Order, plan: Plan) -> list[int]:
    """Return as many items of each cell as the plan says."""
    return [item for members, count in zip(order.pool.members, plan, strict=True) for item in members[:count]]


def failings(order: Order, forms: Sequence[Sequence[int]]) -> list[Message]:
    """Return what is not as it must be in forms that meet the quotas."""
    table = FormTable(order.pool, forms, order.forms, order.beside)
    most, count = order.demands[0].overlap_max, order.forms + len(order.beside)
    if (found := table.largest_overlap()) > most:
        text = N_("Two of the best %(forms)d forms found share %(found)d items, at most %(most)d allowed; counting alone lets them share %(least)d")
        return [Message(text, {"forms": count, "most": most, "least": bound(order), "found": found})]
    if int(table.uses.max(initial=0)) > order.demands[0].uses_max:
        values = {"found": int(table.uses.max()), "forms": count, "most": order.demands[0].uses_max}
        return [Message(N_("In the best forms found an item stands in %(found)d of %(forms)d forms, at most %(most)d allowed"), values)]
    if any(points.lacking(np.array(items)).any() for form, items in enumerate(forms) if (points := order.points(form, items)) is not None):
        return [Message(N_("No forms were found whose sections ask all the points that they must"))]
    if order.aim is not None and order.shares is not None:
        above = np.array([order.shares[list(items)].sum(axis=0) for items in forms]) - order.goals
        form, place = np.unravel_index(int(np.argmax(np.abs(above))), above.shape)
        if abs(above[form, place]) > order.tolerance:
            reason = missed_at(order.aim, int(place), float(above[form, place]))
            text = N_("The best %(forms)d forms found within the other limits are not alike enough: %(reason)s")
            return [Message(text, {"forms": order.forms, "reason": reason})]
    return []


def bound(order: Order) -> int:
    """Return how many items two of the forms must share, by counting; 0 where that cannot be counted."""
    return 0 if order.beside or len(different(order.demands)) > 1 else least_overlap(order.pool, order.demands[0], order.forms)


def different(demands: Sequence[Requirements]) -> list[Requirements]:
    """Return each of `demands` once."""
    return [each for place, each in enumerate(demands) if each not in demands[:place]]


def planned(order: Order) -> list[Plan]:
    """Return a plan for each form, one for all that need the same if a cell is not worn out by that; raise `ShortageError` if there are none."""
    kinds = different(order.demands)
    rooms = None if order.wear is None else order.wear.rooms
    plans = [plan_for(order, each, rooms) for each in kinds]
    if all(plan is not None for plan in plans):
        return [plan for each in order.demands if (plan := plans[kinds.index(each)]) is not None]
    if missing := next(filter(None, (shortages(order.pool, each) for each in kinds)), None):
        raise ShortageError(missing)
    if order.wear is None:
        raise ShortageError([Message(N_("No form can be made of this bank"))])
    if missing := worn_out(order.pool, order.demands[0], order.wear):
        raise ShortageError(missing)
    turns = min(ROTATION, order.forms)
    rotating = shared_plans(order.pool, order.demands[:turns], [room * turns for room in order.wear.rooms])
    if rotating is None or (turns < order.forms and len(kinds) > 1):
        text = N_("No plan was found by which no item stands in more than %(uses)d of %(forms)d forms")
        raise ShortageError([Message(text, {"uses": order.wear.uses, "forms": order.wear.forms})])
    return [rotating[form % turns] for form in range(order.forms)]


def plan_for(order: Order, demands: Requirements, rooms: Sequence[float] | None) -> Plan | None:
    """Return the common plan, bent towards the target where no tilt of the draw would bring it there; None if no form is possible."""
    plan = common_plan(order.pool, demands, rooms)
    if plan is None or order.shares is None:
        return plan
    goal = order.goals[order.demands.index(demands)]
    most = min(1.0, demands.uses_max / (order.forms + len(order.beside)))
    if np.abs(wanted_rates(order, plan, goal, most) @ order.shares - goal).max() < NEAR_ENOUGH:
        return plan
    return common_plan(order.pool, demands, rooms, lean(order, order.shares, goal, demands.items))


def lean(order: Order, shares: Figures, goal: Figures, items: int) -> Lean:
    """Return what a plan needs to know of the target."""
    cells = order.pool.cell_numbers
    sizes = np.maximum(np.bincount(cells, minlength=len(order.pool.cells)), 1)
    means = np.column_stack([np.bincount(cells, weights=column, minlength=len(sizes)) for column in shares.T]) / sizes[:, None]
    spread = float((shares - means[cells]).std(axis=0).min()) * items
    return Lean(means, goal, max(order.tolerance / 2, spread * LEFT_TO_THE_DRAW))


def together(order: Order, plans: list[Plan]) -> list[list[int]] | None:
    """Return the first set of forms within the limit of overlap, else the one that comes nearest, matched with the target.

    First all forms that need the same follow one plan, so that they are alike; if that fails, few forms are planned apart.
    """
    generator = np.random.default_rng(order.seed)
    best: Swapping | None = None
    most = order.demands[0].overlap_max
    for tried in plans_to_try(order, plans):
        for _ in range(ATTEMPTS):
            attempt = drawn_and_improved(order, tried, generator)
            if attempt is None:
                break
            if attempt.largest_overlap() > most:
                attempt.relieve(bound(order))
            if best is None or attempt.largest_overlap() < best.largest_overlap():
                best = attempt
            if best.largest_overlap() <= most:
                return matched(order, best.forms(), generator)
    return None if best is None else best.forms()


def is_disjoint(order: Order) -> bool:
    """Tell whether forms share nothing anyway once their overlap is as it must be, so that uses need no counting besides."""
    return order.demands[0].overlap_max == 0 and not order.beside


def plans_to_try(order: Order, plans: list[Plan]) -> Iterator[list[Plan]]:
    """Yield the plans, then plans made together for few forms."""
    yield plans
    if 1 < order.forms <= JOINTLY_PLANNED and order.aim is None and (order.wear is None or is_disjoint(order)):
        apart = joint_plans(order.pool, order.demands)
        if apart is not None:
            yield apart


def drawn_and_improved(order: Order, plans: Sequence[Plan], generator: np.random.Generator) -> Swapping | None:
    """Draw a form for each plan and improve them by swaps; None if the bank is worn out before all are drawn."""
    uses = order.uses.copy()
    uses_max = order.forms if is_disjoint(order) else order.demands[0].uses_max
    drawn = []
    for plan in plans:
        try:
            drawn.append(draw(order.pool, plan, uses, generator, uses_max))
        except UnfilledPlanError:
            return None
        uses[drawn[-1]] += 1
    demands = [replace(each, uses_max=max(uses_max, each.uses_max)) for each in order.demands]
    swapping = Swapping(order.pool, demands, drawn, generator, order.beside, order.watch)
    swapping.improve()
    return swapping


def matched(order: Order, forms: list[list[int]], generator: np.random.Generator) -> list[list[int]]:
    """Return `forms` with the points that they must ask and the information that is wanted, as far as that can be reached."""
    if order.aim is None and not order.point_demands:
        return forms
    table = FormTable(order.pool, forms, order.forms, order.beside)
    for form, items in enumerate(forms):
        go_on(order.watch, form)
        made_to_fit(order, OpenForm(table, form, items, order.demands[form], order.points(form, items)), generator)
    finished = table.forms()
    if order.demands[0].overlap_max == 0 and order.shares is not None:
        balanced(order, hand_of(order, finished), generator)
    return finished


def made_to_fit(order: Order, form: OpenForm, generator: np.random.Generator) -> bool:
    """Make the form lawful and match it with its goal, at last by the integer program; put it into the table and tell whether all is reached."""
    goal = order.goals[form.form]
    is_good = make_lawful(form, generator)
    if is_good and order.shares is not None:
        is_good = match(form, order.shares, goal, order.tolerance, generator) <= order.tolerance
    form.close()
    return is_good


def hand_of(order: Order, forms: Sequence[Sequence[int]]) -> Hand:
    """Return who owns which item."""
    owner = np.full(len(order.pool.items), NOBODY, dtype=np.int64)
    for form, items in enumerate(forms):
        owner[list(items)] = form
    return Hand(order.pool, owner)


def balanced(order: Order, hand: Hand, generator: np.random.Generator) -> list[list[int]]:
    """Return the forms of a hand after exchanges that bring them to their goals."""
    forms = [hand.items(form).tolist() for form in range(order.forms)]
    if order.shares is None:
        return forms
    points = [order.points(form, items) for form, items in enumerate(forms)]
    balance(hand, order.shares, order.goals, order.tolerance, points, generator, order.watch)
    return [hand.items(form).tolist() for form in range(order.forms)]


def dealt(order: Order, plans: list[Plan]) -> list[list[int]] | None:
    """Return forms that share nothing, dealt out together; None if that leads nowhere."""
    generator = np.random.default_rng(order.seed)
    rate = wanted_rates(order, [sum(counts) for counts in zip(*plans, strict=True)], order.goals.sum(axis=0), 1.0)
    for _ in range(ATTEMPTS):
        hand = deal(order.pool, plans, rate, generator)
        if hand is not None:
            return balanced(order, hand, generator)
    return None


def in_rounds(order: Order, plans: list[Plan]) -> list[list[int]] | None:
    """Return forms in rounds of disjoint ones, each dealt out anew: so even a bank that is used up to the last item is enough. None if it is not."""
    rounds = order.demands[0].uses_max
    size = -(-order.forms // rounds)
    forms: list[list[int]] = []
    while len(forms) < order.forms:
        go_on(order.watch, len(forms))
        part = slice(len(forms), len(forms) + size)
        points = order.point_demands[part]
        alone = replace(order, demands=order.demands[part], goals=order.goals[part], point_demands=points, seed=order.seed + part.start, watch=None)
        dealt_out = dealt(alone, plans[part])
        if dealt_out is None:
            return None
        forms += dealt_out
    return forms


def wanted_rates(order: Order, counts: Sequence[float], goal: Figures, most: float) -> Figures:
    """Return how often each item should be taken, relative to others of its cell."""
    sizes = np.array([len(members) for members in order.pool.members], dtype=float)
    return rates(Cells(order.pool.cell_numbers, sizes, np.array(counts, dtype=float)), order.shares, goal, most)


def in_turn(order: Order, plans: list[Plan]) -> list[list[int]] | None:
    """Return forms made one after another, each beside those before; None if one cannot be made."""
    generator = np.random.default_rng(order.seed)
    table = FormTable(order.pool, (), order.forms, order.beside)
    counts = np.array(plans, dtype=float).mean(axis=0)
    rate = wanted_rates(order, counts.tolist(), order.goals.mean(axis=0), min(1.0, order.demands[0].uses_max / table.by_item.shape[1]))
    for form, plan in enumerate(plans):
        go_on(order.watch, form)
        tries = (drawn_in_turn(order, table, form, plan, rate, generator) for _ in range(DRAWS))
        reason = None
        for reason in tries:
            if reason is None:
                break
        if reason is not None and not by_program(order, table, form, plan):
            text = N_("%(made)d of %(forms)d forms are found; the next would not do: %(reason)s")
            raise StuckError(Message(text, {"made": form, "forms": order.forms, "reason": reason}))
    return table.forms()


def drawn_in_turn(order: Order, table: FormTable, form: int, plan: Plan, rate: Figures, generator: np.random.Generator) -> Message | None:
    """Draw one form beside those in the table and make it fit; return why it does not, None if it does."""
    try:
        items = draw(order.pool, plan, table.uses, generator, order.demands[form].uses_max, rate)
    except UnfilledPlanError:
        values = {"uses": order.demands[form].uses_max, "forms": table.by_item.shape[1]}
        return Message(N_("too many items stand in %(uses)d of %(forms)d forms already"), values)
    drawn = OpenForm(table, form, items, order.demands[form], order.points(form, items))
    if made_to_fit(order, drawn, generator):
        return None
    table.put(form, ())
    return lack_of(order, drawn)


def lack_of(order: Order, form: OpenForm) -> Message:
    """Return what is not as it must be in a form that was given up."""
    if (found := int(form.overlap.max(initial=0))) > form.most:
        return Message(N_("it shares %(found)d items with another, at most %(most)d allowed"), {"found": found, "most": form.most})
    if form.lacks_points() or order.aim is None or order.shares is None:
        return Message(N_("its sections do not ask all the points that they must"))
    above = order.shares[form.items].sum(axis=0) - order.goals[form.form]
    place = int(np.argmax(np.abs(above)))
    return missed_at(order.aim, place, float(above[place]))


def by_program(order: Order, table: FormTable, form: int, plan: Plan) -> bool:
    """Make one form by the integer program; tell whether there is one."""
    if reasons(order):
        return False
    points = order.points(form, drawn_anyhow(order, plan))
    found = form_by_program(table, form, order.demands[form], points, order.shares, order.goals[form], order.tolerance)
    if found is None:
        return False
    table.put(form, found)
    return True
