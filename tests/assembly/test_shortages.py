"""What cannot be met is said in words with figures, all of it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from examsrv.assembly.engine import assemble
from examsrv.assembly.shortages import ShortageError
from examsrv.assembly.watching import Watch
from examsrv.domain.specification import KindsInSections, Specification
from question_bank.item import Item
from tests.assembly.made_up_bank import NAMES, SECTIONS, SPECIFICATION, make_bank, make_item

BANK = make_bank()


def refused(bank: Sequence[Item], specification: Specification = SPECIFICATION, forms: int = 1, watch: Watch | None = None) -> list[str]:
    with pytest.raises(ShortageError) as refusal:
        assemble(bank, specification, SECTIONS, forms, 1, section_names=NAMES, watch=watch)
    assert str(refusal.value).splitlines() == [str(message) for message in refusal.value.shortages]
    return [str(message) for message in refusal.value.shortages]


def reduced(section: str, kind: str, left: int) -> list[Item]:
    """Return the bank with only `left` items of this section and kind."""
    some = [item for item in BANK if (item.section, item.kind) == (section, kind)]
    return [item for item in BANK if item not in some[left:]]


def made_enemies(section: str, kind: str, count: int) -> list[Item]:
    """Return the bank with `count` items of this section and kind that are all enemies of the first."""
    first, *others = [item.id for item in BANK if (item.section, item.kind) == (section, kind)]
    every = (first, *others[: count - 1])
    return [replace(item, enemies=tuple(set(every) - {item.id})) if item.id in every else item for item in BANK]


def test_three_items_where_five_are_needed() -> None:
    assert refused(reduced("collection", "multiple_choice", 3)) == ["商账追收 / Multiple choice: 5 items needed, the bank has only 3"]


def test_as_many_items_as_are_needed_suffice() -> None:
    assert assemble(reduced("collection", "multiple_choice", 5), SPECIFICATION, SECTIONS, 1, 1).forms


def test_another_kind_may_stand_in_where_kinds_are_free_in_the_sections() -> None:
    free = replace(SPECIFICATION, kinds_in_sections=KindsInSections.FREE)
    form = assemble(reduced("collection", "multiple_choice", 3), free, SECTIONS, 1, 1).forms[0]
    held = [item for item in BANK if item.id in form.items and item.section == "collection"]
    assert [sum(item.kind == kind for item in held) for kind in ("multiple_choice", "single_choice", "true_false")] in (
        [3, 16, 6],
        [3, 15, 7],
        [3, 17, 5],
    )


def test_every_shortage_is_told_and_not_only_the_first() -> None:
    bank = [item for item in BANK if item.section != "ethics" and (item.section, item.kind) != ("collection", "true_false") and item.difficulty != 3]
    assert refused(bank) == [
        "职业道德: 5 marks needed, the items of the bank give only 0",
        "职业道德 / Single choice: 3 items needed, the bank has only 0",
        "职业道德 / Multiple choice: 1 items needed, the bank has only 0",
        "职业道德 / True or false: 1 items needed, the bank has only 0",
        "商账追收 / True or false: 5 items needed, the bank has only 0",
        "difficulty 3: 30 items needed, the bank has only 0",
    ]


def test_a_kind_that_is_short_in_the_whole_bank() -> None:
    free = replace(SPECIFICATION, kinds_in_sections=KindsInSections.FREE)
    bank = [item for item in BANK if item.kind != "true_false"] + [item for item in BANK if item.kind == "true_false"][:19]
    assert refused(bank, free) == ["True or false: 20 items needed, the bank has only 19"]


def test_an_empty_bank_lacks_everything() -> None:
    assert len(refused([])) == len(SECTIONS) * (1 + 3) + 3 + 4


def test_enemies_can_leave_too_few() -> None:
    assert refused(made_enemies("ethics", "single_choice", 11)) == [
        "职业道德 / Single choice: 3 items needed; the bank has 12, but enemies apart only 2 fit into one form"
    ]


def test_enemies_can_leave_just_enough() -> None:
    assert assemble(made_enemies("ethics", "single_choice", 10), SPECIFICATION, SECTIONS, 1, 1).forms


def test_what_only_together_cannot_be_met_is_named_too() -> None:
    easy_sections = {"customer_credit_management", "collection"}
    bank = [replace(item, difficulty=1 if item.section in easy_sections else 3) for item in BANK]
    specification = replace(SPECIFICATION, difficulty=(50, 0, 50, 0, 0), difficulty_deviation=0)
    said = refused(bank, specification)
    assert said == [
        "difficulty 1: at most 50 items allowed, everything else that is required takes at least 65",
        "difficulty 3: 50 items needed, at most 35 fit with everything else that is required",
    ]


def test_marks_that_do_not_come_out_are_said_exactly() -> None:
    sections = {"ethics": Decimal("2.5"), "collection": Decimal("1.5")}
    kinds = (replace(SPECIFICATION.kinds[0], items=4),)
    specification = replace(SPECIFICATION, kinds=kinds, difficulty=(0, 0, 4, 0, 0), kinds_in_sections=KindsInSections.FREE)
    bank = [make_item(f"{section}{number}", section) for section in sections for number in range(5)]
    with pytest.raises(ShortageError, match=r"ethics: .*2\.5 marks"):
        assemble(bank, specification, sections, 1, 1)


@pytest.mark.parametrize(("forms", "least"), [(10, 44), (2000, 49)])
def test_more_forms_than_the_bank_can_keep_apart_are_counted_out_before_any_is_chosen(forms: int, least: int) -> None:
    text = f"{forms} forms of this bank overlap in at least {least} items, at most 40 allowed"
    assert refused(BANK, forms=forms, watch=lambda _done: False) == [text]


def test_a_bank_of_a_single_form_gives_no_second() -> None:
    form = assemble(BANK, SPECIFICATION, SECTIONS, 1, 1).forms[0]
    bank = [item for item in BANK if item.id in form.items]
    assert refused(bank, forms=2) == ["2 forms of this bank overlap in at least 100 items, at most 20 allowed"]


def test_a_limit_that_was_not_reached_says_what_was() -> None:
    """Of four items one is everybody's enemy, so two forms of two items meet; counting alone does not see it."""
    bank = [make_item("a", enemies=("b", "c", "d")), make_item("b"), make_item("c"), make_item("d")]
    kinds = (replace(SPECIFICATION.kinds[0], items=2),)
    specification = replace(SPECIFICATION, kinds=kinds, difficulty=(0, 0, 2, 0, 0), overlap_max=0)
    with pytest.raises(ShortageError) as refusal:
        assemble(bank, specification, {"ethics": Decimal(2)}, 2, 1)
    assert str(refusal.value) == "Two of the best 2 forms found share 1 items, at most 0 allowed; counting alone lets them share 0"
