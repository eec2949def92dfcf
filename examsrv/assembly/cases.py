"""Cases with their items: drawn whole, before everything else. What they bring is subtracted from what a form still needs."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.pool import pool_of
from examsrv.assembly.requirements import Requirements
from examsrv.assembly.shortages import ShortageError, shortages
from question_bank.message import N_, Message

TRIES = 60
"""Sets of cases that are tried out for one form, those least used first, before it is said that none fits."""


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """A case of the bank with all its items, by id: the order of the paper."""

    case: str
    items: tuple[BankItem, ...]


def case_groups(items: Iterable[BankItem]) -> list[CaseGroup]:
    """Return the cases of a bank, by id."""
    found: dict[str, list[BankItem]] = {}
    for item in items:
        if item.case is not None:
            found.setdefault(item.case, []).append(item)
    return [CaseGroup(case, tuple(sorted(group, key=lambda item: item.id))) for case, group in sorted(found.items())]


def draw_cases(items: Sequence[BankItem], demands: Requirements, forms: int, seed: int) -> list[tuple[CaseGroup, ...]]:
    """Return the cases of each form, by id: as many as the specification asks for, such that the rest of the bank can fill the rest of the form.

    Those least used in earlier forms come first, ties by lot. Raises `ShortageError` with the reasons.
    """
    if demands.cases == 0:
        return [()] * forms
    fitting = [group for group in case_groups(items) if fits(group.items, demands)]
    if len(fitting) < demands.cases:
        values = {"needed": demands.cases, "available": len(fitting)}
        raise ShortageError([Message(N_("%(needed)d cases needed; the bank has %(available)d whose items all have a place in this paper"), values)])
    lots = np.random.default_rng(seed).random((forms, len(fitting)))
    uses = dict.fromkeys((group.case for group in fitting), 0)
    drawn = []
    for form in range(forms):
        lot = dict(zip(uses, lots[form].tolist(), strict=True))
        chosen = first_that_fits(sorted(fitting, key=lambda group: (uses[group.case], lot[group.case])), items, demands)
        for group in chosen:
            uses[group.case] += 1
        drawn.append(tuple(sorted(chosen, key=lambda group: group.case)))
    return drawn


def first_that_fits(groups: Sequence[CaseGroup], items: Sequence[BankItem], demands: Requirements) -> tuple[CaseGroup, ...]:
    """Return the first set of cases, in the order of `groups`, that leaves a form that can be filled."""
    missing: list[Message] = []
    for tried, chosen in enumerate(sets_that_fit(groups, demands)):
        held = items_of(chosen)
        reasons = shortages(pool_of(without_enemies(items, held), demands.less(held)), demands.less(held))
        if not reasons:
            return chosen
        missing = missing or reasons
        if tried + 1 == TRIES:
            break
    values = {"needed": demands.cases, "available": len(groups)}
    text = Message(N_("No %(needed)d of the %(available)d cases of the bank fit with everything else that is required"), values)
    raise ShortageError([text, *missing])


def sets_that_fit(groups: Sequence[CaseGroup], demands: Requirements) -> Iterator[tuple[CaseGroup, ...]]:
    """Yield the sets of cases that break no upper bound and hold no two enemies; sets of groups that come early come first."""
    for last in range(demands.cases - 1, len(groups)):
        for earlier in combinations(groups[:last], demands.cases - 1):
            if fits(items_of((*earlier, groups[last])), demands):
                yield (*earlier, groups[last])


def items_of(groups: Iterable[CaseGroup]) -> tuple[BankItem, ...]:
    """Return the items of cases, in the order of the paper."""
    return tuple(item for group in groups for item in group.items)


def fits(items: Sequence[BankItem], demands: Requirements) -> bool:
    """Tell whether `items` may stand in one form together: all of them admitted, no two enemies, no upper bound passed."""
    if not all(demands.admits(item) for item in items) or any(are_enemies(one, other) for one, other in combinations(items, 2)):
        return False
    return all(demands.held(quota, items) <= quota.most for quota in demands.quotas)


def are_enemies(one: BankItem, other: BankItem) -> bool:
    """Tell whether two items may not stand in one form; it is enough that one of them names the other."""
    return other.id in one.enemies or one.id in other.enemies


def without_enemies(items: Iterable[BankItem], held: Sequence[BankItem]) -> list[BankItem]:
    """Return the items without a case that are enemies of none that are `held`."""
    named = {enemy for item in held for enemy in item.enemies}
    ids = {item.id for item in held}
    return [item for item in items if item.case is None and item.id not in named and not ids.intersection(item.enemies)]


def largest_shared(drawn: Sequence[tuple[CaseGroup, ...]], beside: Sequence[Collection[str]] = ()) -> int:
    """Return the most items of cases that two forms share, or a form and an earlier one of `beside`."""
    ids = [{item.id for item in items_of(groups)} for groups in drawn]
    if not any(ids):
        return 0
    pairs = (*combinations(ids, 2), *product(ids, map(set, beside)))
    return max((len(one & other) for one, other in pairs), default=0)
