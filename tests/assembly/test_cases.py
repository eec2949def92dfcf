"""Forms with cases: whole, together, as many as asked for, and everything else as exact as without them."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from examsrv.assembly.checker import violations
from examsrv.assembly.engine import assemble
from examsrv.assembly.shortages import ShortageError
from examsrv.domain.form import Form
from examsrv.domain.specification import KindRequirement, KindsInSections, Specification
from question_bank.item import Case, Item
from question_bank.kinds import PartialCredit
from tests.assembly.made_up_bank import make_item

SECTIONS = {"ethics": Decimal(8), "collection": Decimal(12)}
SPECIFICATION = Specification(
    name="with cases",
    occupation="4-05-06-02",
    level="L3",
    component="theory",
    minutes=90,
    kinds=(
        KindRequirement("single_choice", 10, Decimal(1), PartialCredit.ALL_OR_NOTHING),
        KindRequirement("table", 5, Decimal(2), PartialCredit.EACH_RIGHT),
    ),
    kinds_in_sections=KindsInSections.FREE,
    difficulty=(0, 3, 9, 3, 0),
    difficulty_deviation=2,
    lower_level_share=Decimal(0),
    overlap_max=12,
    cases=2,
)
FIGURES = [(kind, section, difficulty) for kind in ("single_choice", "table") for section in SECTIONS for difficulty in (2, 3, 3, 4)]


def of_case(case: str, *kinds: str, section: str = "collection", **changes: Any) -> list[Item]:
    """Return the items of a case, one of each of `kinds`."""
    shared = Case(case, f"案例 {case}", "正文")
    return [replace(make_item(f"{case}-{place}", section, kind), case=shared, **changes) for place, kind in enumerate(kinds)]


def bank(*cases: list[Item]) -> list[Item]:
    """Return items without a case, enough for many forms, and those of `cases`."""
    alone = [
        make_item(f"i{number}-{copy}", section, kind, difficulty) for copy in range(6) for number, (kind, section, difficulty) in enumerate(FIGURES)
    ]
    return [*alone, *(item for items in cases for item in items)]


FOUR = [of_case(f"c{number}", "single_choice", "table", "single_choice") for number in range(4)]


def drawn(items: Sequence[Item], forms: int = 2, seed: int = 1, **changes: Any) -> tuple[Form, ...]:
    return assemble(items, replace(SPECIFICATION, **changes), SECTIONS, forms, seed).forms


def found(items: Sequence[Item], forms: Sequence[Form], **changes: Any) -> str:
    return " / ".join(str(fault) for fault in violations(forms, items, replace(SPECIFICATION, **changes), SECTIONS))


@pytest.mark.parametrize("seed", range(5))
def test_forms_hold_whole_cases_last_and_break_nothing(seed: int) -> None:
    items = bank(*FOUR)
    forms = drawn(items, 2, seed)
    assert found(items, forms) == ""
    for form in forms:
        cases = [item.split("-")[0] for item in form.items[-6:]]
        assert (cases[:3], cases[3:]) == ([cases[0]] * 3, [cases[3]] * 3)
        assert not any(item.startswith("c") for item in form.items[:-6])


def test_the_same_seed_gives_the_same_forms_and_cases_are_used_evenly() -> None:
    items = bank(*FOUR)
    first, second = drawn(items)
    assert (first, second) == drawn(items[::-1])
    assert set(first.items[-6:]).isdisjoint(second.items[-6:])
    assert len({drawn(items, 1, seed)[0].items[-6:] for seed in range(12)}) > 1


def test_cases_of_different_make_leave_different_rests() -> None:
    cases = [
        of_case("c1", "single_choice"),
        of_case("c2", "table", "table"),
        of_case("c3", "table", section="ethics"),
        of_case("c4", "single_choice"),
    ]
    items = bank(*cases)
    for seed in range(6):
        assert found(items, drawn(items, 3, seed)) == ""


def test_without_cases_asked_for_no_item_of_a_case_is_drawn() -> None:
    items = bank(*FOUR)
    forms = drawn(items, cases=0)
    assert found(items, forms, cases=0) == ""
    assert not any(item.startswith("c") for form in forms for item in form.items)


@pytest.mark.parametrize(
    "spoilt",
    [
        of_case("c9", "single_choice", "essay"),
        of_case("c9", "single_choice", level="L4"),
        of_case("c9", "single_choice", section="nowhere"),
        of_case("c9", *["table"] * 6),
        of_case("c9", *["single_choice"] * 9, section="ethics"),
    ],
    ids=["a kind that the paper has not", "another level", "another section", "too many of a kind", "too many marks of a section"],
)
def test_a_case_that_does_not_fit_whole_is_not_drawn_and_counted_out_in_words(spoilt: list[Item]) -> None:
    with pytest.raises(ShortageError) as refused:
        drawn(bank(FOUR[0], spoilt))
    assert str(refused.value) == "2 cases needed; the bank has 1 whose items all have a place in this paper"


def test_cases_that_are_enemies_are_never_in_one_form() -> None:
    other = [replace(item, enemies=("c0-0",)) for item in FOUR[1]]
    with pytest.raises(ShortageError) as refused:
        drawn(bank(FOUR[0], other))
    assert "No 2 of the 2 cases" in str(refused.value)


def test_an_enemy_of_a_drawn_case_stays_out() -> None:
    items = [replace(item, enemies=("c0-0", "c1-0")) if item.id == "i0-0" else item for item in bank(*FOUR[:2])]
    assert all("i0-0" not in form.items for seed in range(5) for form in drawn(items, 1, seed))


def test_what_is_short_besides_the_cases_is_said() -> None:
    with pytest.raises(ShortageError) as refused:
        drawn([item for item in bank(*FOUR) if item.case is not None or item.kind != "table"])
    assert "No 2 of the 4 cases of the bank fit" in str(refused.value)
    assert "3 items needed, the bank has only 0" in str(refused.value)


def test_forms_that_would_share_too_much_of_their_cases_are_refused() -> None:
    with pytest.raises(ShortageError) as refused:
        drawn(bank(*FOUR[:2]), overlap_max=5)
    assert "share 6 items of cases, at most 5" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda items: items[:-1], "Of the case c1 the form lacks c1-2"),
        (lambda items: (*items[-3:], *items[:-3]), "do not stand together behind"),
        (lambda items: (*items[:-2], items[-1], items[0], items[-2]), "do not stand together behind"),
        (lambda items: items[:-3], "2 cases are required, the form has 1"),
    ],
)
def test_the_checker_sees_a_case_that_is_torn(change: Any, words: str) -> None:
    items = bank(*FOUR[:2])
    (form,) = drawn(items, 1)
    assert words in found(items, [replace(form, items=change(form.items))])
