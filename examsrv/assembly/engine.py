"""Assembling forms: draw the cases, then the other items as `choosing` does, and put all in order.

The same bank, specification and seed give the same forms.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from examsrv.assembly.aim import aim_of
from examsrv.assembly.bank_item import BankItem, bank_items
from examsrv.assembly.cases import CaseGroup, draw_cases, items_of, largest_shared, without_enemies
from examsrv.assembly.choosing import Order, choose, goals_of, points_of
from examsrv.assembly.pool import Pool, pool_of
from examsrv.assembly.report import Report, report_on
from examsrv.assembly.requirements import Requirements, requirements
from examsrv.assembly.shortages import ShortageError
from examsrv.assembly.watching import Watch, go_on
from examsrv.domain.form import Form, form_name
from examsrv.domain.specification import Specification
from question_bank.item import Item
from question_bank.message import N_, ExamError, Message


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
    wanted = sum(sections.values(), Decimal(0))
    if specification.marks != wanted:
        values = {"given": specification.marks, "wanted": wanted}
        raise ExamError(Message(N_("The items of the specification give %(given)s marks, the sections have %(wanted)s"), values))
    total = forms + len(beside)
    demands = requirements(specification, sections, total, lower_levels, section_names, disjoint=disjoint)
    bank = bank_items(items, specification.marks_per_item)
    return assemble_from(bank, demands, forms, seed, names=names, disjoint=disjoint, beside=beside, watch=watch)


def assemble_from(
    bank: Sequence[BankItem],
    demands: Requirements,
    forms: int,
    seed: int,
    *,
    names: Sequence[str] | None = None,
    disjoint: bool = False,
    beside: Sequence[Collection[str]] = (),
    watch: Watch | None = None,
) -> Assembly:
    """Return `forms` forms of any bank that meet `demands`, which count the forms of `beside` too; all else as `assemble` promises."""
    names = names or [form_name(number) for number in range(forms)]
    refuse_contradictions(bank, forms, seed, names)
    aim = aim_of(bank, demands)
    used = frozenset[str]().union(*beside) if disjoint else frozenset[str]()
    left = [item for item in bank if item.id not in used]
    cases = draw_cases(left, demands, forms, seed)
    pool = pool_of(without_enemies(left, [item for groups in cases for item in items_of(groups)]), demands)
    held = [items_of(groups) for groups in cases]
    places = () if disjoint else pool.places(beside)
    order = Order(pool, tuple(rests(demands, cases, beside)), seed, places, aim, points_of(bank, demands, held), goals_of(aim, held), watch)
    drawn = choose(order)
    go_on(watch, forms)
    finished = tuple(Form(name, in_order(pool, demands, chosen, groups)) for name, chosen, groups in zip(names, drawn, cases, strict=True))
    return Assembly(seed, finished, report_on(finished, bank, demands, aim, beside))


def refuse_contradictions(bank: Sequence[BankItem], forms: int, seed: int, names: Sequence[str]) -> None:
    """Raise `ExamError` if the request makes no sense whatever the bank holds."""
    twice = sorted(item for item, times in Counter(item.id for item in bank).items() if times > 1)
    if forms < 1:
        raise ExamError(Message(N_("At least one form is wanted, not %(forms)d"), {"forms": forms}))
    if seed < 0:
        raise ExamError(Message(N_("A seed is a whole number from 0, not %(seed)d"), {"seed": seed}))
    if len(names) != forms or len(set(names)) != forms:
        raise ExamError(Message(N_("%(forms)d forms need as many different names"), {"forms": forms}))
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


def in_order(pool: Pool, demands: Requirements, chosen: Sequence[int], cases: Sequence[CaseGroup]) -> tuple[str, ...]:
    """Return the ids of the chosen items in the order of the paper, and those of the cases behind them."""
    kinds, sections = list(demands.kinds), list(demands.sections)
    items = [pool.items[number] for number in chosen]
    alone = sorted(items, key=lambda item: (kinds.index(item.kind), sections.index(item.section), item.id))
    return tuple(item.id for item in (*alone, *items_of(cases)))
