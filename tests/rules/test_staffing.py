"""RULE-PROCTORS, RULE-EXAMINERS and RULE-PANEL at every edge (DOMAIN 1.3)."""

import pytest

from examsrv.rules.staffing import StaffingError, persons_required, require_staff
from question_bank.standard import UnknownPartError
from tests.question_bank.builders import STANDARD, made_up_standard

STAFFING = STANDARD.staffing
OTHER = made_up_standard("9-99-99-01").staffing
WITHOUT_LEVELS = made_up_standard("without-levels").staffing
CANDIDATES = (1, 15, 16, 30, 31, 40, 41, 45, 46, 50, 51, 60, 61, 70, 71)


@pytest.mark.parametrize(("candidates", "proctors"), list(zip(CANDIDATES, (2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5), strict=True)))
def test_one_proctor_per_fifteen_candidates_and_never_fewer_than_two(candidates: int, proctors: int) -> None:
    assert persons_required(STAFFING.proctors, candidates) == proctors


@pytest.mark.parametrize(("candidates", "examiners"), list(zip(CANDIDATES, (3, 3, 3, 3, 5, 5, 5, 5, 5, 5, 7, 7, 7, 7, 9), strict=True)))
def test_one_examiner_per_ten_candidates_never_fewer_than_three_and_odd(candidates: int, examiners: int) -> None:
    assert persons_required(STAFFING.examiners, candidates) == examiners


@pytest.mark.parametrize("candidates", [1, 15, 1000])
def test_a_panel_has_three_members_whatever_the_candidates(candidates: int) -> None:
    assert persons_required(STAFFING.panel, candidates) == 3


@pytest.mark.parametrize(("candidates", "proctors", "examiners"), [(1, 3, 5), (25, 3, 5), (26, 3, 7), (60, 3, 13), (61, 4, 13)])
def test_another_occupation_has_its_own_ratios(candidates: int, proctors: int, examiners: int) -> None:
    assert persons_required(OTHER.proctors, candidates) == proctors
    assert persons_required(OTHER.examiners, candidates) == examiners


@pytest.mark.parametrize("candidates", [1, 31, 400])
def test_a_scheme_without_ratios_asks_for_its_least_numbers(candidates: int) -> None:
    assert persons_required(WITHOUT_LEVELS.proctors, candidates) == 2
    assert persons_required(WITHOUT_LEVELS.examiners, candidates) == 3


def test_an_occupation_without_review_has_no_rule_for_panels() -> None:
    with pytest.raises(UnknownPartError):
        _ = OTHER.panel


@pytest.mark.parametrize("rule", STAFFING.rules)
def test_nobody_is_required_for_nobody(rule) -> None:
    assert persons_required(rule, 0) == 0
    require_staff(rule, 0, 0)


def test_two_proctors_for_thirty_one_candidates_are_refused_with_both_figures() -> None:
    with pytest.raises(StaffingError, match="3 proctors are required, 2 present"):
        require_staff(STAFFING.proctors, 31, 2)


def test_three_proctors_for_thirty_one_candidates_are_enough() -> None:
    require_staff(STAFFING.proctors, 31, 3)


@pytest.mark.parametrize(("candidates", "present"), [(30, 2), (30, 3), (30, 4), (46, 4), (46, 9)])
def test_more_proctors_are_always_legal_even_or_odd(candidates: int, present: int) -> None:
    require_staff(STAFFING.proctors, candidates, present)


@pytest.mark.parametrize(("rule", "present"), [(STAFFING.examiners, 4), (STAFFING.examiners, 6), (STAFFING.panel, 4), (OTHER.examiners, 6)])
def test_even_numbers_of_examiners_and_members_are_refused(rule, present: int) -> None:
    with pytest.raises(StaffingError, match="must be odd"):
        require_staff(rule, 10, present)


@pytest.mark.parametrize(("rule", "present"), [(STAFFING.examiners, 3), (STAFFING.examiners, 5), (STAFFING.panel, 3), (STAFFING.panel, 7)])
def test_odd_numbers_of_examiners_and_members_are_legal(rule, present: int) -> None:
    require_staff(rule, 10, present)


def test_two_examiners_are_too_few_before_they_are_even() -> None:
    with pytest.raises(StaffingError, match="3 examiners are required, 2 present"):
        require_staff(STAFFING.examiners, 10, 2)
