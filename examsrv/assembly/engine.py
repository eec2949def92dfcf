"""Assembling forms: draw the cases, plan the cells, draw the other items, improve by swaps.

The same bank, specification and seed give the same forms.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from examsrv.assembly.cases import CaseGroup, draw_cases, items_of, largest_shared, without_enemies
from examsrv.assembly.cell_plan import Plan, common_plan, joint_plans
from examsrv.assembly.drawing import draw
from examsrv.assembly.overlap import least_overlap
from examsrv.assembly.pool import Pool, pool_of
from examsrv.assembly.report import Report, report_on
from examsrv.assembly.requirements import Requirements, requirements
from examsrv.assembly.shortages import ShortageError, shortages
from examsrv.assembly.swapping import Swapping
from examsrv.assembly.watching import Watch, go_on
from examsrv.domain.form import Form, form_name
from examsrv.domain.specification import Specification
from question_bank.item import Item
from question_bank.message import N_, ExamError, Message

ATTEMPTS = 4
"""Draws tried for each plan while two forms share too many items."""

JOINTLY_PLANNED = 6
"""Most forms whose cells are planned together; beyond, counting leaves a common plan little to gain."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """Finished forms, the seed that drew them, and what they are like."""

    seed: int
    forms: tuple[Form, ...]
    report: Report


def assemble(
    items: Sequence[Item],
    specification: Specification,
    sections: Mapping[str, Decimal],
    forms: int,
    seed: int,
    *,
    names: Sequence[str] | None = None,
    lower_levels: Collection[str] = (),
    section_names: Mapping[str, str] | None = None,
    disjoint: bool = False,
    beside: Sequence[Collection[str]] = (),
    watch: Watch | None = None,
) -> Assembly:
    """Return `forms` forms of `items` that meet `specification` and give each section exactly its marks.

    `sections`: marks by section in the order of the standard. `names`: names of the forms, A, B, C … by default. Within a form the kinds
    stand in the specification's order, within a kind the sections in the standard's, then ids; the cases come last, each with its items.
    `beside`: the items of earlier forms; what a form shares with them counts too. `disjoint`: no two forms share anything, and nothing of
    `beside` is used. `watch` is told how many forms are finished and tells whether to go on; if not, `StoppedError` is raised.
    Raises `ShortageError` with every reason in words with figures when this cannot be done, `ExamError` when the request contradicts itself.
    """
    names = names or [form_name(number) for number in range(forms)]
    refuse_contradictions(items, specification, sections, forms, seed, names)
    demands = requirements(specification, sections, forms + len(beside), lower_levels, section_names)
    if disjoint:
        used = frozenset[str]().union(*beside)
        demands, items = replace(demands, overlap_max=0), [item for item in items if item.id not in used]
    cases = draw_cases(items, demands, forms, seed)
    pool = pool_of(without_enemies(items, [item for groups in cases for item in items_of(groups)]), demands)
    drawn = choose(pool, rests(demands, cases, beside), seed, pool.places(beside), watch)
    go_on(watch, forms)
    finished = tuple(Form(name, in_order(pool, demands, chosen, groups)) for name, chosen, groups in zip(names, drawn, cases, strict=True))
    return Assembly(seed, finished, report_on(finished, items, demands))


def refuse_contradictions(
    items: Sequence[Item], specification: Specification, sections: Mapping[str, Decimal], forms: int, seed: int, names: Sequence[str]
) -> None:
    """Raise `ExamError` if the request makes no sense whatever the bank holds."""
    wanted = sum(sections.values(), Decimal(0))
    twice = sorted(item for item, times in Counter(item.id for item in items).items() if times > 1)
    if forms < 1:
        raise ExamError(Message(N_("At least one form is wanted, not %(forms)d"), {"forms": forms}))
    if seed < 0:
        raise ExamError(Message(N_("A seed is a whole number from 0, not %(seed)d"), {"seed": seed}))
    if len(names) != forms or len(set(names)) != forms:
        raise ExamError(Message(N_("%(forms)d forms need as many different names"), {"forms": forms}))
    if specification.marks != wanted:
        values = {"given": specification.marks, "wanted": wanted}
        raise ExamError(Message(N_("The items of the specification give %(given)s marks, the sections have %(wanted)s"), values))
    if twice:
        raise ExamError(Message(N_("The bank has several items with the id %(item)s"), {"item": twice[0]}))


def rests(demands: Requirements, cases: Sequence[tuple[CaseGroup, ...]], beside: Sequence[Collection[str]]) -> list[Requirements]:
    """Return what each form needs besides its cases. What cases share is taken off what any two forms may share."""
    shared = largest_shared(cases, beside)
    left = replace(demands, overlap_max=demands.overlap_max - shared)
    if left.overlap_max < 0:
        values = {"shared": shared, "most": demands.overlap_max}
        raise ShortageError([Message(N_("Two forms would share %(shared)d items of cases, at most %(most)d allowed; more cases are needed"), values)])
    return [left.less(items_of(groups)) for groups in cases]


def choose(pool: Pool, demands: Sequence[Requirements], seed: int, beside: Sequence[Sequence[int]], watch: Watch | None) -> list[list[int]]:
    """Return the items of each form, whose `demands` stand in order; raise `ShortageError` if one is not possible or two share too many items."""
    forms, most = len(demands), demands[0].overlap_max
    if missing := next(filter(None, (shortages(pool, each) for each in different(demands))), None):
        raise ShortageError(missing)
    bound = least_overlap(pool, demands[0], forms) if len(different(demands)) == 1 else 0
    values = {"forms": forms, "most": most, "least": bound}
    if bound > most:
        raise ShortageError([Message(N_("%(forms)d forms of this bank overlap in at least %(least)d items, at most %(most)d allowed"), values)])
    best = best_attempt(pool, demands, seed, bound, beside, watch)
    if best.largest_overlap() > most:
        text = N_("The best %(forms)d forms found overlap in %(found)d items, at most %(most)d allowed; by counting at least %(least)d remain")
        raise ShortageError([Message(text, values | {"found": best.largest_overlap()})])
    return best.forms()


def different(demands: Sequence[Requirements]) -> list[Requirements]:
    """Return each of `demands` once."""
    return [each for place, each in enumerate(demands) if each not in demands[:place]]


def best_attempt(
    pool: Pool, demands: Sequence[Requirements], seed: int, bound: int, beside: Sequence[Sequence[int]], watch: Watch | None
) -> Swapping:
    """Return the first set of forms within the limit of overlap, else the one that comes nearest; `bound`: the least overlap by counting.

    First all forms that need the same follow one plan, so that they are alike; if that fails, few forms are planned apart.
    """
    generator = np.random.default_rng(seed)
    best: Swapping | None = None
    for plans in plans_to_try(pool, demands):
        for _ in range(ATTEMPTS):
            attempt = drawn_and_improved(pool, demands, plans, generator, beside, watch)
            if attempt.largest_overlap() > demands[0].overlap_max:
                attempt.relieve(bound)
            if best is None or attempt.largest_overlap() < best.largest_overlap():
                best = attempt
            if best.largest_overlap() <= demands[0].overlap_max:
                return best
    if best is None:
        raise ShortageError([Message(N_("No form can be made of this bank"))])
    return best


def plans_to_try(pool: Pool, demands: Sequence[Requirements]) -> Iterator[list[Plan]]:
    """Yield a plan for each form: one for all that need the same, then plans made together."""
    kinds = different(demands)
    plans = [common_plan(pool, each) for each in kinds]
    common = [plan for each in demands if (plan := plans[kinds.index(each)]) is not None]
    if len(common) == len(demands):
        yield common
    if 1 < len(demands) <= JOINTLY_PLANNED:
        together = joint_plans(pool, demands)
        if together is not None:
            yield together


def drawn_and_improved(
    pool: Pool,
    demands: Sequence[Requirements],
    plans: Sequence[Plan],
    generator: np.random.Generator,
    beside: Sequence[Sequence[int]],
    watch: Watch | None,
) -> Swapping:
    """Draw a form for each plan and improve them by swaps."""
    counted = Counter(item for form in beside for item in form)
    uses = [counted[item] for item in range(len(pool.items))]
    drawn = []
    for plan in plans:
        chosen = draw(pool, plan, uses, generator)
        drawn.append(chosen)
        for item in chosen:
            uses[item] += 1
    swapping = Swapping(pool, demands, drawn, generator, beside, watch)
    swapping.improve()
    return swapping


def in_order(pool: Pool, demands: Requirements, chosen: Sequence[int], cases: Sequence[CaseGroup]) -> tuple[str, ...]:
    """Return the ids of the chosen items in the order of the paper, and those of the cases behind them."""
    kinds, sections = list(demands.marks), list(demands.sections)
    items = [pool.items[number] for number in chosen]
    alone = sorted(items, key=lambda item: (kinds.index(item.kind), sections.index(item.section), item.id))
    return tuple(item.id for item in (*alone, *items_of(cases)))
