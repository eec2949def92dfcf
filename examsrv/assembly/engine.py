"""Assembling forms: plan the cells, draw the items, improve by swaps. The same bank, specification and seed give the same forms."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from examsrv.assembly.cell_plan import Plan, common_plan, joint_plans
from examsrv.assembly.drawing import draw
from examsrv.assembly.overlap import least_overlap
from examsrv.assembly.pool import Pool, pool_of
from examsrv.assembly.report import Report, report_on
from examsrv.assembly.requirements import Requirements, requirements
from examsrv.assembly.shortages import ShortageError, shortages
from examsrv.assembly.swapping import Swapping
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
) -> Assembly:
    """Return `forms` forms of `items` that meet `specification` and give each section exactly its marks.

    `sections`: marks by section in the order of the standard. `names`: names of the forms, A, B, C … by default. Within a form the kinds
    stand in the specification's order, within a kind the sections in the standard's, then ids. Raises `ShortageError` with every reason
    in words with figures when this cannot be done, `ExamError` when the request contradicts itself.
    """
    names = names or [form_name(number) for number in range(forms)]
    refuse_contradictions(items, specification, sections, forms, seed, names)
    demands = requirements(specification, sections, forms, lower_levels, section_names)
    pool = pool_of(items, demands)
    drawn = choose(pool, demands, forms, seed)
    finished = tuple(Form(name, in_order(pool, demands, chosen)) for name, chosen in zip(names, drawn, strict=True))
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


def choose(pool: Pool, demands: Requirements, forms: int, seed: int) -> list[list[int]]:
    """Return the items of each form; raise `ShortageError` if no form is possible or two of them share too many items."""
    if missing := shortages(pool, demands):
        raise ShortageError(missing)
    bound = least_overlap(pool, demands, forms)
    values = {"forms": forms, "most": demands.overlap_max, "least": bound}
    if bound > demands.overlap_max:
        raise ShortageError([Message(N_("%(forms)d forms of this bank overlap in at least %(least)d items, at most %(most)d allowed"), values)])
    best = best_attempt(pool, demands, forms, seed, bound)
    if best.largest_overlap() > demands.overlap_max:
        text = N_("The best %(forms)d forms found overlap in %(found)d items, at most %(most)d allowed; by counting at least %(least)d remain")
        raise ShortageError([Message(text, values | {"found": best.largest_overlap()})])
    return best.forms()


def best_attempt(pool: Pool, demands: Requirements, forms: int, seed: int, bound: int) -> Swapping:
    """Return the first set of forms within the limit of overlap, else the one that comes nearest; `bound`: the least overlap by counting.

    First all forms follow one plan, so that they are alike; if that fails, few forms are planned apart.
    """
    generator = np.random.default_rng(seed)
    best: Swapping | None = None
    for plans in plans_to_try(pool, demands, forms):
        for _ in range(ATTEMPTS):
            attempt = drawn_and_improved(pool, demands, plans, generator)
            if attempt.largest_overlap() > demands.overlap_max:
                attempt.relieve(bound)
            if best is None or attempt.largest_overlap() < best.largest_overlap():
                best = attempt
            if best.largest_overlap() <= demands.overlap_max:
                return best
    if best is None:
        raise ShortageError([Message(N_("No form can be made of this bank"))])
    return best


def plans_to_try(pool: Pool, demands: Requirements, forms: int) -> Iterator[list[Plan]]:
    """Yield a plan for each form: one for all, then plans made together."""
    common = common_plan(pool, demands)
    if common is not None:
        yield [common] * forms
    if 1 < forms <= JOINTLY_PLANNED:
        together = joint_plans(pool, demands, forms)
        if together is not None:
            yield together


def drawn_and_improved(pool: Pool, demands: Requirements, plans: Sequence[Plan], generator: np.random.Generator) -> Swapping:
    """Draw a form for each plan and improve them by swaps."""
    uses = [0] * len(pool.items)
    drawn = []
    for plan in plans:
        chosen = draw(pool, plan, uses, generator)
        drawn.append(chosen)
        for item in chosen:
            uses[item] += 1
    swapping = Swapping(pool, demands, drawn, generator)
    swapping.improve()
    return swapping


def in_order(pool: Pool, demands: Requirements, chosen: Sequence[int]) -> tuple[str, ...]:
    """Return the ids of the chosen items in the order of the paper."""
    kinds, sections = list(demands.marks), list(demands.sections)
    items = [pool.items[number] for number in chosen]
    return tuple(item.id for item in sorted(items, key=lambda item: (kinds.index(item.kind), sections.index(item.section), item.id)))
