"""Forms of a calibrated bank: each within the tolerance of its target information, whatever is asked besides; every one judged by the checker."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.checker import broken_demands
from examsrv.assembly.engine import Assembly, assemble, assemble_from
from examsrv.assembly.shortages import ShortageError
from examsrv.domain.specification import Target
from tests.assembly.made_up_bank import SECTIONS, make_bank
from tests.assembly.made_up_bank import SPECIFICATION as OF_LEVEL_3
from tests.assembly.made_up_instance import ABILITIES, demands_of, make_instance

BANK = make_instance(1)
SMALL = make_instance(4, 3)


def made(bank: list[BankItem], forms: int, seed: int = 1, *, disjoint: bool = False, beside: tuple[tuple[str, ...], ...] = (), **changes) -> Assembly:
    """Return forms in which the checker finds nothing."""
    demands = demands_of(bank, forms + len(beside), disjoint=disjoint, **changes)
    assembly = assemble_from(bank, demands, forms, seed, disjoint=disjoint, beside=beside)
    assert broken_demands(assembly.forms, bank, demands, beside) == []
    return assembly


def relative(value: str, *abilities: int) -> Target:
    return Target(tuple(map(Decimal, abilities)) or ABILITIES, Decimal(value))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("forms", [2, 5, 10])
def test_a_bank_is_dealt_out_into_forms_that_tell_the_same(seed: int, forms: int) -> None:
    report = made(make_instance(seed), forms, seed, disjoint=True).report
    assert (report.largest_overlap, report.information.gap <= 0.1) == (0, True)


def test_many_forms_keep_to_exposure_and_overlap() -> None:
    report = made(BANK, 60, exposure_max=Decimal("0.12"), overlap_max=22).report
    assert max(report.exposure.values()) <= 7
    assert report.largest_overlap <= 22
    assert report.information.gap <= 0.1


@pytest.mark.parametrize(("forms", "exposure_max"), [(20, "0.1"), (20, "0.14"), (30, "0.1")])
def test_a_bank_may_be_used_up_to_the_last_item_several_times(forms: int, exposure_max: str) -> None:
    report = made(BANK, forms, exposure_max=Decimal(exposure_max), overlap_max=25).report
    assert set(report.exposure.values()) == {forms // 10}


def test_a_small_bank_makes_many_forms_that_overlap_no_more_than_allowed() -> None:
    assert made(SMALL, 30, overlap_max=40).report.largest_overlap <= 40


@pytest.mark.parametrize(
    ("forms", "changes"),
    [
        (10, {"target": relative("1.15")}),
        (10, {"target": relative("0.7")}),
        (10, {"target": relative("1.4"), "exposure_max": Decimal("0.5")}),
        (3, {"target": relative("1.7")}),
        (5, {"target": relative("1", -2, -1, 0, 1, 2)}),
        (3, {"target": Target((Decimal(0),), None, (Decimal("22.5"),), Decimal("0.01"))}),
    ],
)
def test_targets_off_the_mean_of_the_bank_are_reached(forms: int, changes: dict[str, object]) -> None:
    assert len(made(BANK, forms, **changes).forms) == forms


def test_disjoint_forms_may_tell_more_than_the_bank_on_average() -> None:
    assert made(BANK, 3, disjoint=True, target=relative("1.2")).report.largest_overlap == 0


def test_items_that_cannot_stand_in_a_form_do_not_move_its_target() -> None:
    strangers = [replace(item, id=f"x{item.id}", section="elsewhere", a=3.0, enemies=()) for item in SMALL]
    assert made(SMALL + strangers, 2).report.information.wanted == made(SMALL, 2).report.information.wanted


def test_the_same_seed_gives_the_same_forms_in_whatever_order_the_bank_is_read() -> None:
    assert made(BANK, 3).forms == made(BANK[::-1], 3).forms != made(BANK, 3, 2).forms


def test_a_reserve_form_is_like_the_earlier_ones_and_shares_as_little() -> None:
    earlier = tuple(form.items for form in made(BANK, 4, disjoint=True).forms)
    (reserve,) = made(BANK, 1, disjoint=True, beside=earlier).forms
    assert not set(reserve.items) & {item for items in earlier for item in items}
    (other,) = made(SMALL, 1, beside=tuple(form.items for form in made(SMALL, 2).forms), overlap_max=36).forms
    assert len(other.items) == 100


def test_items_without_parameters_are_taken_by_their_difficulty() -> None:
    asking = replace(OF_LEVEL_3, target=Target((Decimal(0),), Decimal(1), tolerance=Decimal(1)))
    report = assemble(make_bank(), asking, SECTIONS, 2, 1).report
    assert report.information.gap <= 1


def test_every_section_asks_the_points_that_are_wanted() -> None:
    bank = [replace(item, point=f"P{number % 7}") for number, item in enumerate(SMALL)]
    for forms, disjoint in ((2, True), (12, False)):
        report = made(bank, forms, disjoint=disjoint, point_share=Decimal(1)).report
        assert all(dict(form.points)["credit"] == 7 for form in report.forms)


@pytest.mark.parametrize(
    ("bank", "forms", "changes", "words"),
    [
        (BANK, 1, {"target": relative("3")}, "Information at ability -1: 55.30 wanted"),
        (BANK, 10, {"target": relative("1.1"), "disjoint": True}, "Information at ability 0"),
        (BANK, 11, {"disjoint": True}, "credit: 40 marks needed in every form; with no item in more than 1 of 11 forms there are 36.36"),
        (SMALL, 50, {"exposure_max": Decimal("0.3")}, "with no item in more than 15 of 50 forms there are 4.5"),
        (SMALL, 10, {"overlap_max": 24}, "overlap in at least 27 items, at most 24 allowed"),
    ],
)
def test_what_cannot_be_is_said_with_figures(bank: list[BankItem], forms: int, changes: dict[str, object], words: str) -> None:
    with pytest.raises(ShortageError) as refused:
        made(bank, forms, **changes)
    assert words in str(refused.value)


def test_points_that_no_form_can_ask_are_counted() -> None:
    bank = [replace(item, point="P1" if item.kind == "true_false" else item.id) for item in SMALL]
    with pytest.raises(ShortageError, match=r"credit: 40 different points needed, at most \d+ fit with"):
        made(bank, 1, point_share=Decimal(1))


EASY = st.fixed_dictionaries(
    {
        "exposure_max": st.sampled_from([None, Decimal("0.34"), Decimal("0.5"), Decimal(1)]),
        "overlap_max": st.sampled_from([None, 30, 36, 45]),
        "target": st.sampled_from([None, relative("1"), relative("1.1"), relative("0.9", 0), relative("1.6")]),
        "point_share": st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]),
    }
)


@settings(max_examples=25, deadline=None)
@given(EASY, st.integers(1, 7), st.integers(0, 2**32), st.booleans())
def test_whatever_is_asked_forms_are_right_or_refused_in_words(changes: dict[str, object], forms: int, seed: int, disjoint: bool) -> None:
    bank = [replace(item, point=f"P{number % 11}") for number, item in enumerate(SMALL)]
    assembly, shortages = made_or_refused(bank, forms, seed, disjoint=disjoint, **changes)
    assert (assembly is None) == bool(shortages)


def made_or_refused(bank: list[BankItem], forms: int, seed: int, **changes) -> tuple[Assembly | None, list[str]]:
    """Return the forms, in which the checker finds nothing, or why there are none."""
    try:
        return made(bank, forms, seed, **changes), []
    except ShortageError as refusal:
        return None, [str(shortage) for shortage in refusal.shortages]
