"""The bound by counting is right where the answer is known, and never above what was reached."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examsrv.assembly.bank_item import bank_items
from examsrv.assembly.engine import assemble
from examsrv.assembly.overlap import least_overlap
from examsrv.assembly.pool import pool_of
from examsrv.assembly.requirements import requirements
from examsrv.domain.specification import Specification
from tests.assembly.made_up_bank import SPECIFICATION, make_item


def specification_of(needed: int) -> Specification:
    """Return a specification of `needed` single-choice items of difficulty 3."""
    return replace(SPECIFICATION, kinds=(replace(SPECIFICATION.kinds[0], items=needed),), difficulty=(0, 0, needed, 0, 0), overlap_max=needed)


def bound(needed: int, available: int, forms: int) -> int:
    demands = requirements(specification_of(needed), {"ethics": Decimal(needed)}, forms)
    items = bank_items([make_item(f"i{number}") for number in range(available)], {"single_choice": Decimal(1)})
    return least_overlap(pool_of(items, demands), demands, forms)


@pytest.mark.parametrize(
    ("needed", "available", "forms", "least"),
    [
        (5, 5, 1, 0),
        (5, 10, 2, 0),
        (5, 9, 2, 1),
        (5, 6, 2, 4),
        (5, 5, 2, 5),
        (2, 6, 3, 0),
        (2, 5, 3, 1),
        (2, 3, 3, 1),
        (2, 3, 4, 2),
        (5, 50, 10, 0),
        (5, 49, 10, 1),
    ],
)
def test_the_pigeonhole_is_counted(needed: int, available: int, forms: int, least: int) -> None:
    assert bound(needed, available, forms) == least


def test_many_forms_have_a_bound_too() -> None:
    assert bound(10, 100, 1000) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.integers(0, 8), st.integers(2, 9), st.integers(0, 99))
def test_no_forms_ever_share_less_than_the_bound(needed: int, more: int, forms: int, seed: int) -> None:
    items = [make_item(f"i{number:02}", point=f"p{number % 3}") for number in range(needed + more)]
    made = assemble(items, specification_of(needed), {"ethics": Decimal(needed)}, forms, seed)
    assert made.report.largest_overlap >= bound(needed, needed + more, forms)
