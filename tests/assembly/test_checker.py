"""The checker finds every sort of violation, planted one at a time in a form that has none."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from examsrv.assembly.checker import violations
from examsrv.assembly.engine import assemble
from examsrv.domain.form import Form
from question_bank.item import Item
from tests.assembly.made_up_bank import NAMES, SECTIONS, SPECIFICATION, make_bank, make_item

BANK = make_bank()
LOWER = make_bank(level="L4")
GOOD = assemble(BANK, SPECIFICATION, SECTIONS, 2, 1).forms
FORM = GOOD[0]
BY_ID = {item.id: item for item in BANK}


def spare(wanted: Callable[[Item], bool]) -> str:
    """Return an item outside the form."""
    return next(item.id for item in BANK if item.id not in FORM.items and wanted(item))


def held(wanted: Callable[[Item], bool]) -> str:
    """Return an item of the form."""
    return next(item for item in FORM.items if wanted(BY_ID[item]))


def exchanged(out: str, into: str) -> Form:
    return Form("A", tuple(into if item == out else item for item in FORM.items))


def found(form: Form, bank: list[Item] = BANK) -> str:
    faults = violations([form], bank, SPECIFICATION, SECTIONS, section_names=NAMES)
    assert all(fault.place == "A" for fault in faults)
    return "\n".join(str(fault.message) for fault in faults)


def alike(one: Item, other: Item, *names: str) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)


def test_nothing_is_found_in_good_forms() -> None:
    assert violations(GOOD, BANK, SPECIFICATION, SECTIONS) == []


def test_a_form_with_an_item_too_few_breaks_section_and_kind() -> None:
    text = found(Form("A", FORM.items[1:]))
    assert "职业道德: 5 marks are required, the form has 4" in text
    assert "Single choice: 60 items are required, the form has 59" in text


def test_marks_in_the_wrong_section_are_found() -> None:
    out = held(lambda item: item.section == "collection")
    into = spare(lambda item: item.section == "ethics" and alike(item, BY_ID[out], "kind", "difficulty"))
    text = found(exchanged(out, into))
    assert "商账追收: 25 marks are required, the form has 24" in text
    assert "职业道德: 5 marks are required, the form has 6" in text


def test_kinds_shifted_within_a_section_are_found() -> None:
    out = held(lambda item: item.kind == "true_false")
    into = spare(lambda item: item.kind == "multiple_choice" and alike(item, BY_ID[out], "section", "difficulty"))
    text = found(exchanged(out, into))
    assert "Multiple choice: 20 items are required, the form has 21" in text
    assert "True or false: 20 items are required, the form has 19" in text


def test_a_difficulty_outside_its_deviation_is_found_and_one_at_the_edge_is_not() -> None:
    strict = replace(SPECIFICATION, difficulty_deviation=0)
    out = held(lambda item: item.difficulty == 2)
    shifted = exchanged(out, spare(lambda item: item.difficulty == 3 and alike(item, BY_ID[out], "section", "kind")))
    texts = [str(fault.message) for fault in violations([shifted], BANK, strict, SECTIONS)]
    assert texts == ["difficulty 2: 30 items are required, the form has 29", "difficulty 3: 35 items are required, the form has 36"]
    assert violations([shifted], BANK, replace(strict, difficulty_deviation=1), SECTIONS) == []


def test_an_unknown_item_is_found() -> None:
    assert "The bank has no item L3-NOT-THERE" in found(exchanged(FORM.items[0], "L3-NOT-THERE"))


def test_an_item_that_stands_twice_is_found() -> None:
    text = found(Form("A", (FORM.items[0], *FORM.items)))
    assert f"The item {FORM.items[0]} stands in the form more than once" in text


@pytest.mark.parametrize("named_by", [0, 1])
def test_enemies_are_found_whichever_of_them_names_the_other(named_by: int) -> None:
    pair = FORM.items[3], FORM.items[60]
    bank = [replace(item, enemies=(pair[1 - named_by],)) if item.id == pair[named_by] else item for item in BANK]
    assert found(FORM, bank) == f"The items {min(pair)} and {max(pair)} are enemies"


def test_an_item_of_a_lower_level_is_found() -> None:
    out = BY_ID[FORM.items[0]]
    into = next(item for item in LOWER if alike(item, out, "section", "kind", "difficulty"))
    assert f"The item {into.id} (L4, ethics, single_choice" in found(exchanged(out.id, into.id), BANK + LOWER)


def test_a_share_of_lower_levels_is_held_to_its_limit() -> None:
    generous = replace(SPECIFICATION, lower_level_share=Decimal("0.01"))
    items = list(FORM.items)
    bank = [*BANK, *LOWER]
    for place in (0, 1):
        into = next(item for item in LOWER if alike(item, BY_ID[items[place]], "section", "kind", "difficulty") and item.id not in items)
        items[place] = into.id
        texts = [str(fault.message) for fault in violations([Form("A", tuple(items))], bank, generous, SECTIONS, ["L4"])]
        assert texts == (["items of lower levels: 0 to 1 marks are required, the form has 2"] if place else [])


@pytest.mark.parametrize("wrong", [{"section": "elsewhere"}, {"kind": "essay"}, {"difficulty": 6}, {"level": "L2"}])
def test_an_item_that_has_no_place_in_the_paper_is_found(wrong: dict[str, object]) -> None:
    stranger = make_item("X", **({"kind": "single_choice"} | wrong))
    assert "The item X (" in found(exchanged(FORM.items[0], "X"), [*BANK, stranger])


def test_kinds_out_of_order_are_found() -> None:
    assert found(Form("A", FORM.items[::-1])) == "The kinds of items do not stand in the order of the specification"


def test_too_large_an_overlap_is_found_and_the_largest_allowed_is_not() -> None:
    shared = len(set(GOOD[0].items) & set(GOOD[1].items))
    assert shared > 0
    assert violations(GOOD, BANK, replace(SPECIFICATION, overlap_max=shared), SECTIONS) == []
    faults = violations(GOOD, BANK, replace(SPECIFICATION, overlap_max=shared - 1), SECTIONS)
    assert [str(fault) for fault in faults] == [f"A: {shared} items also stand in form B, at most {shared - 1} may"]


def test_two_forms_of_one_name_are_found() -> None:
    faults = violations([GOOD[0], replace(GOOD[1], name="A")], BANK, SPECIFICATION, SECTIONS)
    assert [str(fault.message) for fault in faults] == ["Several forms have the name A"]
