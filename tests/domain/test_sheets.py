"""A sheet: what may be handed in, and what it comes to with vetoes."""

from decimal import Decimal
from fractions import Fraction

import pytest

from examsrv.domain.sheets import SheetError, require_sheet, totals_of
from question_bank.standard import ComponentKey
from tests.domain.panels import OTHER_VETO, TASK_SET, TASK_VETO, WHOLE_VETO, make_task_set, sheet

HALVES = make_task_set("0.5")
FULL = {"T1.1": Decimal(40), "T1.2": Decimal(30), "T2.1": Decimal(30)}


@pytest.mark.parametrize("mark", ["0", "0.5", "1", "1.0", "39.5", "40", "40.0"])
def test_every_step_from_nothing_to_the_full_mark_may_be_given(mark: str) -> None:
    require_sheet(HALVES, {**FULL, "T1.1": Decimal(mark)}, {TASK_VETO, WHOLE_VETO})


@pytest.mark.parametrize(
    "mark", [Decimal("-0.5"), Decimal("0.25"), Decimal("40.5"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), 20, 20.0, "20", None]
)
def test_no_other_mark_may_be_given(mark: object) -> None:
    with pytest.raises(SheetError, match=r"T1\.1 is marked from 0 to 40 in steps of 0\.5"):
        require_sheet(HALVES, {**FULL, "T1.1": mark}, ())


@pytest.mark.parametrize(
    ("marks", "vetoes", "words"),
    [
        ({"T1.1": Decimal(1)}, (), "Not marked yet: T1.2, T2.1"),
        ({}, (), "Not marked yet: T1.1, T1.2, T2.1"),
        ({**FULL, "T9.1": Decimal(1), "T9.2": Decimal(1)}, (), "There are no criteria called T9.1, T9.2"),
        (FULL, ("T1.W",), "There are no vetoes called T1.W"),
    ],
)
def test_a_sheet_that_is_not_whole_or_names_what_is_not_there_is_refused_with_names(marks, vetoes, words: str) -> None:
    with pytest.raises(SheetError) as refusal:
        require_sheet(TASK_SET, marks, vetoes)
    assert str(refusal.value) == words


@pytest.mark.parametrize(
    ("vetoes", "criteria", "sections", "total"),
    [
        ((), (40, 25, 0), (40, 25), 65),
        ((TASK_VETO,), (0, 0, 0), (0, 0), 0),
        ((OTHER_VETO,), (40, 25, 0), (40, 25), 65),
        ((WHOLE_VETO,), (0, 0, 0), (0, 0), 0),
    ],
)
def test_a_veto_takes_its_task_or_everything(vetoes, criteria, sections, total: int) -> None:
    totals = totals_of(TASK_SET, sheet(1, 65), vetoes)
    assert (tuple(totals.criteria.values()), tuple(totals.sections.values()), totals.total) == (criteria, sections, total)


def test_a_veto_of_one_task_leaves_the_other() -> None:
    totals = totals_of(TASK_SET, sheet(1, 100), {TASK_VETO})
    assert (totals.criteria, totals.sections) == ({"T1.1": 0, "T1.2": 0, "T2.1": 30}, {"customers": 0, "collection": 30})


def test_what_the_sheet_itself_claims_is_not_in_force_for_that() -> None:
    assert totals_of(TASK_SET, sheet(1, 65, WHOLE_VETO)).total == 65


def test_in_a_review_tasks_stand_in_for_sections() -> None:
    review = make_task_set(component=ComponentKey.REVIEW)
    assert totals_of(review, sheet(1, "80.5", task_set=review)).sections == {"T1": 70, "T2": Fraction(21, 2)}
