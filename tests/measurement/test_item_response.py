"""Probability and information of the two-parameter model against figures worked out by hand, and what stands in for parameters."""

from dataclasses import dataclass

import numpy as np
import pytest

from examsrv.measurement.item_response import expected, information, parameters_of
from tests.assembly.made_up_bank import make_item


@dataclass(frozen=True)
class Calibrated:
    difficulty: int | None = None
    a: float | None = None
    b: float | None = None


@pytest.mark.parametrize(("a", "b", "theta", "right"), [(1, 0, 0, 0.5), (2, 1, 1, 0.5), (1, 0, np.log(3), 0.75), (2, -1, -1 - np.log(3) / 2, 0.25)])
def test_probability_and_information_are_those_of_the_formula(a: float, b: float, theta: float, right: float) -> None:
    assert expected(a, b, theta) == pytest.approx(right)
    assert information(a, b, theta) == pytest.approx(a * a * right * (1 - right))


def test_many_items_and_abilities_are_worked_out_at_once() -> None:
    table = information(np.array([[1.0], [2.0]]), np.array([[0.0], [1.0]]), np.array([-1.0, 0.0, 1.0]))
    assert table.shape == (2, 3)
    assert table[1, 2] == pytest.approx(1.0)


def test_no_distance_is_too_far() -> None:
    assert expected(5, 0, [-1e6, 1e6]).tolist() == [0, 1]
    assert information(5, 0, [-1e6, 1e6]).tolist() == [0, 0]


@pytest.mark.parametrize(("difficulty", "b"), [(1, -2), (2, -1), (3, 0), (4, 1), (5, 2)])
def test_the_author_s_difficulty_stands_in_until_an_item_is_calibrated(difficulty: int, b: float) -> None:
    assert parameters_of(make_item("i", difficulty=difficulty)) == (1, b)
    assert parameters_of(Calibrated(difficulty, a=1.5)) == (1, b)
    assert parameters_of(Calibrated(difficulty, a=1.5, b=0.3)) == (1.5, 0.3)


def test_an_item_of_which_nothing_is_known_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing is known"):
        parameters_of(Calibrated())
