"""An independent look at finished forms: it knows the requirements, and nothing of how the forms were made."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, groupby, pairwise
from math import exp, inf

from examsrv.assembly.bank_item import BankItem, bank_items
from examsrv.assembly.requirements import Quota, Requirements, Unit, figure, requirements
from examsrv.domain.form import Form
from examsrv.domain.specification import Specification
from examsrv.measurement.item_response import parameters_of
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
    *,
    disjoint: bool = False,
    beside: Sequence[Collection[str]] = (),
) -> list[Fault]:
    """Return everything in which `forms`, drawn from `items`, break the specification or the sections; the place is the form.

    `beside`: the items of earlier forms; what is shared with them, and every use of an item there, counts too.
    """
    total = len(forms) + len(beside)
    demands = requirements(specification, sections, total, lower_levels, section_names, disjoint=disjoint)
    return broken_demands(forms, bank_items(items, specification.marks_per_item), demands, beside)


def broken_demands(forms: Sequence[Form], items: Iterable[BankItem], demands: Requirements, beside: Sequence[Collection[str]] = ()) -> list[Fault]:
    """Return everything in which `forms`, drawn from `items`, break `demands`; else as `violations`."""
    bank = {item.id: item for item in items}
    enemies, scales = enemies_in_both_directions(bank), scales_of(bank, demands)
    faults = [fault for form in forms for fault in faults_of_form(form, bank, enemies, demands, scales)]
    return [
        *faults,
        *twin_names(forms),
        *overlaps(forms, beside, demands.overlap_max),
        *overexposed(forms, beside, demands.uses_max),
        *missed_points(forms, bank, demands),
        *missed_target(forms, bank, demands),
    ]


def enemies_in_both_directions(bank: Mapping[str, BankItem]) -> Mapping[str, set[str]]:
    """Return the enemies of each item that has any; it is enough that one of two names the other."""
    found: dict[str, set[str]] = {}
    for item in bank.values():
        for enemy in set(item.enemies) - {item.id}:
            found.setdefault(item.id, set()).add(enemy)
            found.setdefault(enemy, set()).add(item.id)
    return found


@dataclass(frozen=True, slots=True)
class Scales:
    """The cell of each item that has a place in this paper, as a number, and for each quota what one item of each cell adds to it."""

    cell_of: Mapping[str, int]
    quotas: tuple[tuple[Quota, Mapping[int, Fraction]], ...]


def scales_of(bank: Mapping[str, BankItem], demands: Requirements) -> Scales:
    """Return what the quotas weigh items by."""
    cells = {item.id: demands.cell(item) for item in bank.values() if demands.admits(item)}
    number = {cell: place for place, cell in enumerate(dict.fromkeys(cells.values()))}
    weights = [(quota, {place: weight for cell, place in number.items() if (weight := demands.weight(quota, cell))}) for quota in demands.quotas]
    return Scales({item: number[cell] for item, cell in cells.items()}, tuple(weights))


def faults_of_form(form: Form, bank: Mapping[str, BankItem], enemies: Mapping[str, set[str]], demands: Requirements, scales: Scales) -> list[Fault]:
    """Return what is wrong within one form."""
    known = [bank[item] for item in form.items if item in bank]
    counts = Counter(scales.cell_of[item.id] for item in known if item.id in scales.cell_of)
    messages = [
        *unknown(form, bank),
        *repeated(form),
        *misplaced(known, demands),
        *hostile(form, enemies),
        *disordered(known, demands),
        *case_faults(known, bank, demands),
        *(message for quota, weights in scales.quotas for message in broken(quota, counts, weights)),
    ]
    return [Fault(form.name, message) for message in messages]


def unknown(form: Form, bank: Mapping[str, BankItem]) -> Iterable[Message]:
    """Items that the bank has not."""
    return [Message(N_("The bank has no item %(item)s"), {"item": item}) for item in form.items if item not in bank]


def repeated(form: Form) -> Iterable[Message]:
    """Items that stand more than once in the form."""
    twice = sorted(item for item, times in Counter(form.items).items() if times > 1)
    return [Message(N_("The item %(item)s stands in the form more than once"), {"item": item}) for item in twice]


def misplaced(items: Sequence[BankItem], demands: Requirements) -> Iterable[Message]:
    """Items whose level, section, kind or difficulty has no place in this paper."""
    text = N_("The item %(item)s (%(level)s, %(section)s, %(kind)s, difficulty %(difficulty)s) has no place in this paper")
    for item in items:
        if not demands.admits(item):
            values = {"item": item.id, "level": item.level, "section": item.section, "kind": item.kind, "difficulty": item.difficulty}
            yield Message(text, values)


def hostile(form: Form, enemies: Mapping[str, set[str]]) -> Iterable[Message]:
    """Pairs of enemies."""
    held = set(form.items)
    for one in sorted(held & enemies.keys()):
        for other in sorted(enemies[one] & held):
            if one < other:
                yield Message(N_("The items %(one)s and %(other)s are enemies"), {"one": one, "other": other})


def disordered(items: Sequence[BankItem], demands: Requirements) -> Iterable[Message]:
    """Kinds that do not stand together in the order of the specification; items of cases stand apart."""
    order = list(demands.kinds)
    places = [order.index(item.kind) for item in items if item.kind in order and item.case is None]
    if any(before > after for before, after in pairwise(places)):
        yield Message(N_("The kinds of items do not stand in the order of the specification"))


def case_faults(items: Sequence[BankItem], bank: Mapping[str, BankItem], demands: Requirements) -> Iterable[Message]:
    """Cases that are not whole, whose items do not stand together behind all others, and more or fewer cases than required."""
    cases = [item.case if item.case is not None else "" for item in items]
    runs = [case for case, _items in groupby(cases)]
    if "" in runs[1:] or len(set(runs)) < len(runs):
        yield Message(N_("The items of a case do not stand together behind all other items"))
    found = set(cases) - {""}
    for case in sorted(found):
        missing = sorted({item.id for item in bank.values() if item.case == case} - {item.id for item in items})
        if missing:
            yield Message(N_("Of the case %(case)s the form lacks %(items)s"), {"case": case, "items": ", ".join(missing)})
    if len(found) != demands.cases:
        yield Message(N_("%(needed)d cases are required, the form has %(found)d"), {"needed": demands.cases, "found": len(found)})


def broken(quota: Quota, counts: Mapping[int, int], weights: Mapping[int, Fraction]) -> Iterable[Message]:
    """The quota, if the form holds less or more; `counts`: how many items of each cell it has."""
    found = sum((weight * counts[cell] for cell, weight in weights.items() if cell in counts), Fraction(0))
    if quota.least <= found <= quota.most:
        return
    values = {"what": quota.name, "found": figure(found), "least": figure(quota.least), "most": figure(quota.most)}
    yield Message(BROKEN[quota.unit, quota.least == quota.most], values)


def twin_names(forms: Sequence[Form]) -> list[Fault]:
    """Forms that cannot be told apart by name."""
    twins = sorted(name for name, times in Counter(form.name for form in forms).items() if times > 1)
    return [Fault(name, Message(N_("Several forms have the name %(name)s"), {"name": name})) for name in twins]


def overlaps(forms: Sequence[Form], beside: Sequence[Collection[str]], most: int) -> list[Fault]:
    """Pairs of forms that share too many items, earlier ones among them."""
    bit = {item: 1 << number for number, item in enumerate(sorted({item for form in forms for item in form.items}))}
    marked = [(form.name, sum(bit[item] for item in set(form.items))) for form in forms]
    faults = []
    for (one, held), (other, others) in combinations(marked, 2):
        if (shared := (held & others).bit_count()) > most:
            values = {"other": other, "shared": shared, "most": most}
            faults.append(Fault(one, Message(N_("%(shared)d items also stand in form %(other)s, at most %(most)d may"), values)))
    for form in forms:
        shared = max((len(set(form.items) & set(earlier)) for earlier in beside), default=0)
        if shared > most:
            text = N_("%(shared)d items also stand in an earlier form, at most %(most)d may")
            faults.append(Fault(form.name, Message(text, {"shared": shared, "most": most})))
    return faults


def overexposed(forms: Sequence[Form], beside: Sequence[Collection[str]], most: int) -> list[Fault]:
    """Items of the forms that stand in too many of them and of the earlier ones."""
    uses = Counter(item for items in (*(form.items for form in forms), *beside) for item in set(items))
    here = {item for form in forms for item in form.items}
    text = N_("The item stands in %(found)d forms, at most %(most)d may have it")
    return [Fault(item, Message(text, {"found": uses[item], "most": most})) for item in sorted(here) if uses[item] > most]


def missed_points(forms: Sequence[Form], bank: Mapping[str, BankItem], demands: Requirements) -> Iterable[Fault]:
    """Sections of forms that ask fewer different points than they must."""
    if not demands.point_share:
        return
    admitted = [item for item in bank.values() if demands.admits(item)]
    text = N_("%(section)s: %(needed)d different points are required, the form asks %(found)d")
    for section in demands.sections:
        of_bank = different_points(item for item in admitted if item.section == section)
        for form in forms:
            items = [bank[item] for item in form.items if item in bank and bank[item].section == section]
            needed, found = demands.points_required(of_bank, len(items)), different_points(items)
            if found < needed:
                values = {"section": demands.section_names.get(section, section), "needed": needed, "found": found}
                yield Fault(form.name, Message(text, values))


def different_points(items: Iterable[BankItem]) -> int:
    """Return how many different points items of one section ask; an item without a point asks one of its own."""
    return len({(item.point, "" if item.point else item.id) for item in items})


def missed_target(forms: Sequence[Form], bank: Mapping[str, BankItem], demands: Requirements) -> Iterable[Fault]:
    """Forms whose information misses the target by more than the tolerance."""
    if demands.target is None:
        return
    admitted = {item.id: item for item in bank.values() if demands.admits(item)}
    text = N_("Information at ability %(theta)s: %(needed)s wanted, the form has %(found)s: %(gap)s %% off, at most %(allowed)s %% allowed")
    for place, ability in enumerate(demands.target.abilities):
        told = {name: information_at(item, float(ability)) for name, item in admitted.items()}
        if demands.target.information is not None:
            wanted = float(demands.target.information[place])
        else:
            wanted = float(demands.target.relative or 0) * demands.items * sum(told.values()) / max(len(told), 1)
        for form in forms:
            found = sum(told.get(item, 0.0) for item in form.items)
            gap = abs(found / wanted - 1) * PERCENT if wanted else inf
            if gap > float(demands.target.tolerance) + ROUNDING:
                values = {"theta": f"{ability:f}", "needed": f"{wanted:.3f}", "found": f"{found:.3f}", "gap": f"{gap:.3g}"}
                yield Fault(form.name, Message(text, values | {"allowed": f"{demands.target.tolerance.normalize():f}"}))


def information_at(item: BankItem, ability: float) -> float:
    """Return a² P (1 - P) of the two-parameter model, worked out here by itself."""
    a, b = parameters_of(item)
    odds = exp(-abs(a * (ability - b)))
    return a * a * odds / (1 + odds) ** 2


PERCENT = 100
ROUNDING = 1e-9
"""Percent of the target that floating point may add."""
