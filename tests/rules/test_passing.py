"""RULE-PASS and RULE-MARK-SHOWN: exact marks decide, and no mark is shown on the other side (DOMAIN 1.1)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsrv.rules.passing import MarkError, components_not_passed, is_component_passed, is_pass, shown_mark
from question_bank.standard import ComponentKey
from tests.question_bank.builders import STANDARD, made_up_standard

THEORY, SKILLS, REVIEW = ComponentKey
OTHER = made_up_standard("9-99-99-01")
WITHOUT_LEVELS = made_up_standard("without-levels")


def marks(theory: str, skills: str, review: str | None = None) -> dict[ComponentKey, Decimal]:
    """Return exact marks by component."""
    given_marks = {THEORY: theory, SKILLS: skills, REVIEW: review}
    return {key: Decimal(mark) for key, mark in given_marks.items() if mark is not None}


@pytest.mark.parametrize(
    ("level", "given_marks", "passed"),
    [
        ("L3", marks("60", "60"), True),
        ("L3", marks("59.99999", "100"), False),
        ("L3", marks("100", "59.5"), False),
        ("L2", marks("60", "60", "60"), True),
        ("L2", marks("59.5", "100", "100"), False),
        ("L2", marks("100", "100", "59.5"), False),
        ("L2", marks("100", "100"), False),
        ("L1", marks("100", "100", "60"), True),
        ("L4", marks("60", "60", "0"), True),
    ],
)
def test_every_component_of_the_level_must_reach_its_pass_mark(level: str, given_marks, passed: bool) -> None:
    assert is_pass(STANDARD, level, given_marks) is passed


def test_components_that_fail_or_are_missing_are_named_in_order() -> None:
    assert components_not_passed(STANDARD, "L2", marks("59", "80")) == (THEORY, REVIEW)


@pytest.mark.parametrize(
    ("standard", "level", "given_marks", "passed"),
    [
        (OTHER, "L4", marks("90", "70.01"), True),
        (OTHER, "L4", marks("89.99", "100"), False),
        (OTHER, "L4", marks("150", "70"), False),
        (WITHOUT_LEVELS, "ALL", marks("60", "60"), True),
        (WITHOUT_LEVELS, "ALL", marks("60", "59.9"), False),
    ],
)
def test_another_standard_has_its_own_pass_marks(standard, level: str, given_marks, passed: bool) -> None:
    assert is_pass(standard, level, given_marks) is passed


def test_fractions_are_marks_too() -> None:
    assert is_pass(STANDARD, "L3", {THEORY: Fraction(180, 3), SKILLS: Decimal(60)})
    assert not is_pass(STANDARD, "L3", {THEORY: Fraction(179, 3), SKILLS: Decimal(60)})


@pytest.mark.parametrize(
    ("mark", "shown"),
    [
        (Decimal("59.96"), "59.9"),
        (Decimal("59.94"), "59.9"),
        (Decimal("59.99999999"), "59.9"),
        (Decimal(60), "60.0"),
        (Decimal("60.04"), "60.0"),
        (Decimal("60.05"), "60.1"),
        (Decimal("79.96"), "80.0"),
        (Decimal("79.95"), "80.0"),
        (Decimal("79.949"), "79.9"),
        (Fraction(200, 3), "66.7"),
        (Decimal(0), "0.0"),
        (Decimal(100), "100.0"),
    ],
)
def test_a_mark_is_shown_with_one_decimal_and_never_rounded_up_to_a_pass(mark, shown: str) -> None:
    assert shown_mark(STANDARD.component(THEORY), mark) == shown


@pytest.mark.parametrize(("decimals", "shown"), [(0, "59"), (1, "59.9"), (2, "59.99")])
def test_the_number_of_decimals_does_not_matter(decimals: int, shown: str) -> None:
    assert shown_mark(STANDARD.component(THEORY), Decimal("59.996"), decimals) == shown


def test_where_the_pass_mark_itself_fails_a_pass_is_not_rounded_down_to_it() -> None:
    assert shown_mark(OTHER.component(SKILLS), Decimal("70.04")) == "70.1"
    assert shown_mark(OTHER.component(SKILLS), Decimal(70)) == "70.0"


@given(st.fractions(0, 100, max_denominator=10_000), st.integers(0, 4))
def test_what_is_shown_decides_like_the_exact_mark(mark: Fraction, decimals: int) -> None:
    for standard, key in ((STANDARD, THEORY), (OTHER, SKILLS)):
        component = standard.component(key)
        shown = Decimal(shown_mark(component, mark, decimals))
        assert is_component_passed(component, shown) == is_component_passed(component, mark)
        assert abs(Fraction(shown) - mark) < Fraction(1, 10**decimals)


@pytest.mark.parametrize("mark", [Decimal("-0.01"), Decimal("100.01"), Fraction(301, 3), 60.0, 60, "60", Decimal("NaN"), Decimal("Infinity")])
def test_an_impossible_or_inexact_mark_is_refused(mark) -> None:
    with pytest.raises(MarkError):
        is_component_passed(STANDARD.component(THEORY), mark)
