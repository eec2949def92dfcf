"""An independent look at finished forms: it knows the requirements, and nothing of how the forms were made."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, groupby, pairwise

from examsrv.assembly.requirements import Quota, Requirements, Unit, figure, requirements
from examsrv.domain.form import Form
from examsrv.domain.specification import Specification
from question_bank.item import Item
from question_bank.message import N_, Fault, Message

BROKEN = {
    (Unit.ITEMS, True): N_("%(what)s: %(least)s items are required, the form has %(found)s"),
    (Unit.ITEMS, False): N_("%(what)s: %(least)s to %(most)s items are required, the form has %(found)s"),
    (Unit.MARKS, True): N_("%(what)s: %(least)s marks are required, the form has %(found)s"),
    (Unit.MARKS, False): N_("%(what)s: %(least)s to %(most)s marks are required, the form has %(found)s"),
}
"""What is said of a broken quota, by its unit and whether it leaves no room."""


def violations(
    forms: Sequence[Form],
    items: Iterable[Item],
    specification: Specification,
    sections: Mapping[str, Decimal],
    lower_levels: Collection[str] = (),
    section_names: Mapping[str, str] | None = None,
) -> list[Fault]:
    """Return everything in which `forms`, drawn from `items`, break the specification or the sections; the place is the form."""
    demands = requirements(specification, sections, len(forms), lower_levels, section_names)
    bank = {item.id: item for item in items}
    faults = [fault for form in forms for fault in faults_of_form(form, bank, demands)]
    return [*faults, *twin_names(forms), *overlaps(forms, demands.overlap_max)]


def faults_of_form(form: Form, bank: Mapping[str, Item], demands: Requirements) -> list[Fault]:
    """Return what is wrong within one form."""
    known = [bank[item] for item in form.items if item in bank]
    messages = [
        *unknown(form, bank),
        *repeated(form),
        *misplaced(known, demands),
        *hostile(known),
        *disordered(known, demands),
        *case_faults(known, bank, demands),
        *(message for quota in demands.quotas for message in broken(quota, known, demands)),
    ]
    return [Fault(form.name, message) for message in messages]


def unknown(form: Form, bank: Mapping[str, Item]) -> Iterable[Message]:
    """Items that the bank has not."""
    return [Message(N_("The bank has no item %(item)s"), {"item": item}) for item in form.items if item not in bank]


def repeated(form: Form) -> Iterable[Message]:
    """Items that stand more than once in the form."""
    twice = sorted(item for item, times in Counter(form.items).items() if times > 1)
    return [Message(N_("The item %(item)s stands in the form more than once"), {"item": item}) for item in twice]


def misplaced(items: Sequence[Item], demands: Requirements) -> Iterable[Message]:
    """Items whose level, section, kind or difficulty has no place in this paper."""
    text = N_("The item %(item)s (%(level)s, %(section)s, %(kind)s, difficulty %(difficulty)s) has no place in this paper")
    for item in items:
        if not demands.admits(item):
            values = {"item": item.id, "level": item.level, "section": item.section, "kind": item.kind, "difficulty": item.difficulty}
            yield Message(text, values)


def hostile(items: Sequence[Item]) -> Iterable[Message]:
    """Pairs of enemies; it is enough that one of the two names the other."""
    for one, other in combinations(sorted({item.id: item for item in items}.values(), key=lambda item: item.id), 2):
        if other.id in one.enemies or one.id in other.enemies:
            yield Message(N_("The items %(one)s and %(other)s are enemies"), {"one": one.id, "other": other.id})


def disordered(items: Sequence[Item], demands: Requirements) -> Iterable[Message]:
    """Kinds that do not stand together in the order of the specification; items of cases stand apart."""
    order = list(demands.marks)
    places = [order.index(item.kind) for item in items if item.kind in order and item.case is None]
    if any(before > after for before, after in pairwise(places)):
        yield Message(N_("The kinds of items do not stand in the order of the specification"))


def case_faults(items: Sequence[Item], bank: Mapping[str, Item], demands: Requirements) -> Iterable[Message]:
    """Cases that are not whole, whose items do not stand together behind all others, and more or fewer cases than required."""
    cases = [item.case.id if item.case is not None else "" for item in items]
    runs = [case for case, _items in groupby(cases)]
    if "" in runs[1:] or len(set(runs)) < len(runs):
        yield Message(N_("The items of a case do not stand together behind all other items"))
    found = set(cases) - {""}
    for case in sorted(found):
        missing = sorted({item.id for item in bank.values() if item.case is not None and item.case.id == case} - {item.id for item in items})
        if missing:
            yield Message(N_("Of the case %(case)s the form lacks %(items)s"), {"case": case, "items": ", ".join(missing)})
    if len(found) != demands.cases:
        yield Message(N_("%(needed)d cases are required, the form has %(found)d"), {"needed": demands.cases, "found": len(found)})


def broken(quota: Quota, items: Sequence[Item], demands: Requirements) -> Iterable[Message]:
    """The quota, if the form holds less or more."""
    found = sum((demands.weight(quota, demands.cell(item)) for item in items if demands.admits(item)), Fraction(0))
    if quota.least <= found <= quota.most:
        return
    values = {"what": quota.name, "found": figure(found), "least": figure(quota.least), "most": figure(quota.most)}
    yield Message(BROKEN[quota.unit, quota.least == quota.most], values)


def twin_names(forms: Sequence[Form]) -> list[Fault]:
    """Forms that cannot be told apart by name."""
    twins = sorted(name for name, times in Counter(form.name for form in forms).items() if times > 1)
    return [Fault(name, Message(N_("Several forms have the name %(name)s"), {"name": name})) for name in twins]


def overlaps(forms: Sequence[Form], most: int) -> list[Fault]:
    """Pairs of forms that share too many items."""
    faults = []
    for one, other in combinations(forms, 2):
        shared = len(set(one.items) & set(other.items))
        if shared > most:
            values = {"other": other.name, "shared": shared, "most": most}
            faults.append(Fault(one.name, Message(N_("%(shared)d items also stand in form %(other)s, at most %(most)d may"), values)))
    return faults
