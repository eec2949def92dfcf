"""The checker sees exposure, points, information and earlier forms: nothing at the edge, a fault just beyond it."""

from dataclasses import replace
from decimal import Decimal
from math import exp

import pytest

from examsrv.assembly.bank_item import BankItem
from examsrv.assembly.checker import broken_demands
from examsrv.assembly.requirements import Requirements
from examsrv.assembly.requirements_of_bank import BankSpecification, requirements_of
from examsrv.domain.form import Form
from examsrv.domain.specification import Target

ITEMS = [BankItem(f"i{number}", "s", "k", Decimal(1), point=f"p{number // 2}", difficulty=3) for number in range(8)]
TWO = BankSpecification(2, {"s": Decimal(2)}, {"k": 2})


def form(name: str, *numbers: int) -> Form:
    return Form(name, tuple(f"i{number}" for number in numbers))


def found(demands: Requirements, *forms: Form, items: list[BankItem] = ITEMS, beside: tuple[tuple[str, ...], ...] = ()) -> list[str]:
    return [str(fault) for fault in broken_demands(forms, items, demands, beside)]


FORMS = [form("A", 0, 2), form("B", 0, 4), form("C", 2, 4), form("D", 5, 7)]


@pytest.mark.parametrize(
    ("share", "texts"), [("0.5", []), ("0.49", [f"i{item}: The item stands in 2 forms, at most 1 may have it" for item in (0, 2, 4)])]
)
def test_an_item_in_too_many_forms_is_found(share: str, texts: list[str]) -> None:
    assert found(requirements_of(replace(TWO, exposure_max=Decimal(share)), 4), *FORMS) == texts


def test_one_form_is_always_allowed_and_earlier_forms_count() -> None:
    demands = requirements_of(replace(TWO, exposure_max=Decimal(0)), 2)
    assert found(demands, FORMS[0]) == []
    assert found(demands, FORMS[0], beside=(("i0", "i7"),)) == ["i0: The item stands in 2 forms, at most 1 may have it"]


@pytest.mark.parametrize(("most", "texts"), [(1, []), (0, ["A: 1 items also stand in an earlier form, at most 0 may"])])
def test_what_is_shared_with_an_earlier_form_is_found(most: int, texts: list[str]) -> None:
    assert found(requirements_of(replace(TWO, overlap_max=most), 2), FORMS[0], beside=(("i2", "i7"),)) == texts


def test_disjoint_forms_share_nothing_whatever_the_specification_allows() -> None:
    demands = requirements_of(replace(TWO, overlap_max=2), 2, disjoint=True)
    assert found(demands, FORMS[0], FORMS[3]) == []
    assert found(demands, FORMS[0], FORMS[1]) == [
        "A: 1 items also stand in form B, at most 0 may",
        "i0: The item stands in 2 forms, at most 1 may have it",
    ]


@pytest.mark.parametrize(
    ("share", "numbers", "texts"),
    [
        ("1", (0, 2), []),
        ("1", (0, 1), ["A: s: 2 different points are required, the form asks 1"]),
        ("0.5", (0, 1), []),
        ("0.51", (0, 1), ["A: s: 2 different points are required, the form asks 1"]),
    ],
)
def test_a_section_that_asks_too_few_points_is_found(share: str, numbers: tuple[int, ...], texts: list[str]) -> None:
    assert found(requirements_of(replace(TWO, point_share=Decimal(share)), 1), form("A", *numbers)) == texts


def test_items_without_a_point_ask_one_each() -> None:
    pointless = [replace(item, point="") for item in ITEMS]
    assert found(requirements_of(replace(TWO, point_share=Decimal(1)), 1), form("A", 0, 1), items=pointless) == []


def test_information_is_worked_out_anew_and_compared_to_the_tolerance() -> None:
    items = [replace(item, a=1.5, b=number / 4) for number, item in enumerate(ITEMS)]
    told = [2.25 * exp(-1.5 * (1 - item.b)) / (1 + exp(-1.5 * (1 - item.b))) ** 2 for item in items]
    wanted = told[0] + told[1]
    for above, is_found in ((1.0009, False), (1.0011, True), (0.9991, False), (0.9989, True)):
        target = Target((Decimal(1),), None, (Decimal(wanted / above),))
        faults = found(requirements_of(replace(TWO, target=target), 1), form("A", 0, 1), items=items)
        assert bool(faults) is is_found
        assert all(fault.startswith("A: Information at ability 1: ") for fault in faults)


def test_a_relative_target_is_a_multiple_of_the_mean_of_what_may_stand_in_a_form() -> None:
    items = [replace(item, difficulty=1 + number % 5) for number, item in enumerate(ITEMS)]
    told = [exp(-abs(each.difficulty - 3)) / (1 + exp(-abs(each.difficulty - 3))) ** 2 for each in items]
    strangers = [BankItem("x", "elsewhere", "k", Decimal(1), difficulty=3)]
    factor = (told[0] + told[1]) / (2 * sum(told) / len(told))
    for wanted, is_found in ((factor, False), (factor * 1.002, True)):
        target = Target((Decimal(0),), Decimal(wanted))
        demands = requirements_of(replace(TWO, target=target), 1)
        assert bool(found(demands, form("A", 0, 1), items=items + strangers)) is is_found
