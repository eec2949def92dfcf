"""The whole report: criteria and totals, gaps, panels, severity, and what is said in words."""

import json
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsrv.measurement.agreement import AgreementReport, Severity
from examsrv.measurement.agreement_record import record_of
from examsrv.measurement.estimate import Estimate, NoFigure
from examsrv.measurement.intraclass import Form
from examsrv.measurement.raters import NO_TOTAL, NOBODY_ELSE, agreement_of
from examsrv.measurement.ratings import FaultyRatingsError
from examsrv.measurement.totals import IncompleteTotal
from tests.measurement.marks import rating, ratings_of

PUBLISHED = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Shrout & Fleiss (1979), table 2."""

gappy = st.lists(st.lists(st.none() | st.integers(0, 10), min_size=1, max_size=4), min_size=1, max_size=6)


def of_examiner(report: AgreementReport, name: str) -> Severity:
    return next(each for each in report.total.examiners if each.examiner == name)


def test_the_published_table_reaches_the_report() -> None:
    report = agreement_of(ratings_of(PUBLISHED))
    (panel,) = report.total.panels
    assert (report.scripts, report.examiners, report.marks, report.total.is_complete) == (6, ("E1", "E2", "E3", "E4"), 24, True)
    assert [round(panel.coefficients[form].value, 2) for form in Form] == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]


def test_a_total_is_the_exact_sum_of_the_criteria() -> None:
    report = agreement_of([*ratings_of([["0.1", "0.7"], ["0.2", "0.8"]], "A"), *ratings_of([["0.2", "1"], ["0.1", "1"]], "B", "2.5")])
    assert report.total.full == Decimal("12.5")
    assert [point.mark for point in of_examiner(report, "E1").by_script] == [0.3, 0.3]
    assert [criterion.criterion for criterion in report.criteria] == ["A", "B"]


def test_a_total_lacking_a_criterion_is_missing_and_told_with_its_rows() -> None:
    marks = [rating("S1", "A", "E1", row=2), rating("S1", "B", "E1", row=3), rating("S1", "C", "E1", row=4), rating("S1", "B", "E2", row=5)]
    report = agreement_of(marks)
    assert report.total.marks == 1
    assert report.incomplete_totals == (IncompleteTotal("S1", "E2", ("A", "C"), 2, (5,)),)


def test_without_any_total_there_is_a_reason() -> None:
    report = agreement_of([rating("S1", "A"), rating("S2", "B")])
    assert report.total == NoFigure(NO_TOTAL)
    assert len(report.incomplete_totals) == 2


def test_incomplete_marks_are_taken_panel_by_panel() -> None:
    report = agreement_of(ratings_of([[5, 6, 7, None], [3, 4, 4, None], [8, 2, 9, 6], [None, None, None, 4]]))
    panels = [(panel.examiners, panel.scripts) for panel in report.total.panels]
    assert panels == [(("E1", "E2", "E3"), ("S1", "S2", "S3")), (("E4",), ("S3", "S4")), (("E1", "E2", "E3", "E4"), ("S3",))]
    assert not report.total.is_complete
    assert isinstance(report.total.alpha, Estimate)


def test_a_panel_with_reserves_does_not_take_its_script_from_the_others() -> None:
    agreeing = [[mark, mark] for mark in (3, 4, 5, 6, 7)]
    with_reserves = agreement_of(ratings_of([*[[*row, None] for row in agreeing], [2, 9, 5]]))
    without = agreement_of(ratings_of(agreeing))
    first, second = (report.total.panels[0].coefficients[Form.TWO_1].value for report in (with_reserves, without))
    assert (second, first < 0.7) == (1, True)


def test_differences_of_each_script_are_there_for_the_plot() -> None:
    (point, *_) = of_examiner(agreement_of(ratings_of(PUBLISHED)), "E2").by_script
    assert (point.script, point.mark, point.others, point.difference) == ("S1", 2, pytest.approx(22 / 3), pytest.approx(2 - 22 / 3))


def test_differences_of_all_examiners_weigh_each_other_out() -> None:
    report = agreement_of(ratings_of(PUBLISHED))
    assert sum(each.difference.value for each in report.total.examiners) == pytest.approx(0)


def test_a_clear_difference_is_told_in_words() -> None:
    flags = [each.flag for each in agreement_of(ratings_of(PUBLISHED)).total.examiners]
    assert [flag is not None for flag in flags] == [True, True, False, False]
    assert str(flags[0]).startswith("E1 marks higher than the others: by 3.17 on average (31.67 % of 10; limits 2.04 to 4.29; 6 scripts)")
    assert str(flags[1]).startswith("E2 marks lower than the others: by 3.72")


@pytest.mark.parametrize(("scripts", "is_told"), [(5, False), (6, True)])
def test_few_scripts_call_nobody_out_however_alike_the_differences(scripts: int, is_told: bool) -> None:
    report = agreement_of(ratings_of([[number, number + 1 + number / 100] for number in range(scripts)]))
    assert [each.flag is not None for each in report.total.examiners] == [is_told, is_told]


def test_chance_alone_calls_somebody_out_about_as_often_as_promised() -> None:
    draw = Random(5)
    called = 0
    for _ in range(200):
        report = agreement_of(ratings_of([[round(draw.gauss(50, 8), 1) for _ in range(3)] for _ in range(12)], full="100"))
        called += any(each.flag for each in report.total.examiners)
    assert called <= 20


def test_who_marked_alone_has_no_difference() -> None:
    report = agreement_of([rating("S1", examiner="E1"), rating("S1", examiner="E2"), rating("S2", examiner="E3")])
    assert of_examiner(report, "E3").difference == NoFigure(NOBODY_ELSE)
    assert of_examiner(report, "E1").difference == Estimate(0)


def test_names_are_in_the_order_that_people_expect() -> None:
    report = agreement_of([rating("S10", examiner="E10"), rating("S9", examiner="E2")])
    assert report.examiners == ("E2", "E10")


@given(gappy, st.randoms(use_true_random=False))
def test_the_order_of_the_marks_changes_nothing(table: list[list[int | None]], chance: Random) -> None:
    marks = ratings_of(table) or [rating()]
    report = agreement_of(marks)
    chance.shuffle(marks)
    assert agreement_of(marks) == report


@given(gappy)
def test_every_report_is_json_without_nan(table: list[list[int | None]]) -> None:
    assert json.dumps(record_of(agreement_of(ratings_of(table) or [rating()]), str), allow_nan=False)


@pytest.mark.parametrize("marks", [[], [rating(mark="11")], [rating(), rating(mark="6")], [rating("S1", full="10"), rating("S2", full="20")]])
def test_faulty_ratings_are_refused(marks: list[object]) -> None:
    with pytest.raises(FaultyRatingsError):
        agreement_of(marks)


def test_a_fault_outside_a_file_names_what_it_is_about() -> None:
    with pytest.raises(FaultyRatingsError, match="script S1, criterion A, examiner E1: the mark 11"):
        agreement_of([rating(mark="11")])


@pytest.mark.parametrize("confidence", [0, 1, 95, float("nan")])
def test_a_confidence_out_of_range_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match=str(confidence)):
        agreement_of([rating()], confidence)
