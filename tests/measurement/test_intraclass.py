"""The six intraclass correlations: the published table, what changes them and what does not, and tables that say nothing."""

from math import isfinite

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from examsrv.measurement.estimate import Estimate, NoFigure
from examsrv.measurement.intraclass import ALL_THE_SAME, ONE_JUDGE, ONE_TARGET, ONLY_ERROR, TARGETS_THE_SAME, Form, intraclass, mean_squares

PUBLISHED = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=np.float64)
"""Shrout & Fleiss (1979), table 2: six targets, four judges."""

tables = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(0, 20).map(lambda mark: mark / 4))
)


def figures(marks: np.ndarray, confidence: float = 0.95) -> dict[Form, float | None]:
    found = intraclass(marks, confidence)
    return {form: figure.value if isinstance(figure, Estimate) else None for form, figure in found.items()}


def same(one: dict[Form, float | None], other: dict[Form, float | None]) -> bool:
    return all((one[form] is None) == (other[form] is None) and one[form] == pytest.approx(other[form], abs=1e-9) for form in Form)


def test_the_mean_squares_are_those_of_the_published_table() -> None:
    squares = mean_squares(PUBLISHED)
    found = (squares.between, squares.within, squares.judges, squares.error)
    assert found == pytest.approx((11.24, 6.26, 32.49, 1.02), abs=0.005)


@pytest.mark.parametrize(
    ("form", "value", "lower", "upper"),
    [
        (Form.ONE_1, 0.17, -0.13, 0.72),
        (Form.TWO_1, 0.29, 0.02, 0.76),
        (Form.THREE_1, 0.71, 0.34, 0.95),
        (Form.ONE_K, 0.44, -0.88, 0.91),
        (Form.TWO_K, 0.62, 0.07, 0.93),
        (Form.THREE_K, 0.91, 0.68, 0.99),
    ],
)
def test_coefficients_and_limits_are_the_published_ones(form: Form, value: float, lower: float, upper: float) -> None:
    figure = intraclass(PUBLISHED, 0.95)[form]
    assert isinstance(figure, Estimate)
    assert (round(figure.value, 2), round(figure.lower or 0, 2), round(figure.upper or 0, 2)) == (value, lower, upper)


def test_more_confidence_sets_wider_limits() -> None:
    narrow, wide = (intraclass(PUBLISHED, confidence) for confidence in (0.9, 0.99))
    for form in Form:
        assert wide[form].lower < narrow[form].lower < narrow[form].value < narrow[form].upper < wide[form].upper


def test_a_severe_judge_lowers_absolute_agreement_and_leaves_consistency() -> None:
    severe = PUBLISHED + np.array([0, 0, 0, 3])
    before, after = figures(PUBLISHED), figures(severe)
    assert [after[form] == pytest.approx(before[form]) for form in (Form.THREE_1, Form.THREE_K)] == [True, True]
    assert [after[form] < before[form] - 0.01 for form in (Form.ONE_1, Form.ONE_K, Form.TWO_1, Form.TWO_K)] == [True] * 4


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_targets_and_judges_changes_nothing(marks: np.ndarray, chance: object) -> None:
    rows, columns = list(range(marks.shape[0])), list(range(marks.shape[1]))
    chance.shuffle(rows)
    chance.shuffle(columns)
    assert same(figures(marks), figures(marks[rows][:, columns]))


@given(tables, st.integers(-50, 50), st.integers(1, 9))
def test_another_scale_of_marks_changes_nothing(marks: np.ndarray, shift: int, factor: int) -> None:
    assert same(figures(marks), figures(marks * factor + shift))


@given(tables, st.sampled_from([0.5, 0.95, 0.999]))
def test_every_figure_is_finite_and_between_its_limits_or_has_a_reason(marks: np.ndarray, confidence: float) -> None:
    for figure in intraclass(marks, confidence).values():
        if isinstance(figure, NoFigure):
            assert str(figure.reason)
            continue
        assert all(isfinite(each) for each in (figure.value, figure.lower, figure.upper) if each is not None)
        assert figure.lower is None or figure.lower <= figure.value + 1e-9
        assert figure.upper is None or figure.upper >= figure.value - 1e-9


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ([[1, 2, 3]], ONE_TARGET),
        ([[1], [2], [3]], ONE_JUDGE),
        ([[0.1, 0.1], [0.1, 0.1], [0.1, 0.1]], ALL_THE_SAME),
        ([[0.1, 0.3], [0.3, 0.1]], TARGETS_THE_SAME),
        ([[0.1, 0.7], [0.1, 0.7], [0.1, 0.7]], TARGETS_THE_SAME),
        (np.empty((0, 3)), ONE_TARGET),
        (np.empty((3, 0)), ONE_JUDGE),
    ],
)
def test_a_table_that_says_nothing_gives_its_reason(marks: list[list[float]], reason: object) -> None:
    assert intraclass(np.array(marks, dtype=np.float64), 0.95) == dict.fromkeys(Form, NoFigure(reason))


def test_judges_who_agree_in_everything_reach_one_within_limits_of_one() -> None:
    found = intraclass(np.array([[3.1] * 3, [5.2] * 3, [4.3] * 3]), 0.95)
    assert found == dict.fromkeys(Form, Estimate(1, 1, 1))


def test_a_mean_without_meaning_has_a_reason_while_the_others_have_figures() -> None:
    found = intraclass(np.array([[0.0, 10], [10, 0], [5, 6]]), 0.95)
    assert found[Form.TWO_K] == NoFigure(ONLY_ERROR)
    assert isinstance(found[Form.TWO_1], Estimate)


@pytest.mark.parametrize("marks", [[1.0, 2.0], [[1.0, float("nan")], [2.0, 3.0]], [[1.0, float("inf")], [2.0, 3.0]]])
def test_what_is_no_complete_table_is_refused(marks: object) -> None:
    with pytest.raises(ValueError, match="complete"):
        intraclass(np.array(marks), 0.95)
