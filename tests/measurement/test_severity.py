"""Differences of one judge from the others: by hand, at the edges, and what floating point must not make of them."""

import numpy as np
import pytest

from examsrv.measurement.severity import MeanDifference, mean_difference, paired_differences


def differences_of(table: list[list[float | None]]) -> list[list[float]]:
    """Return the differences of each judge in a table units x judges with gaps."""
    given = [(value, unit, judge) for unit, row in enumerate(table) for judge, value in enumerate(row) if value is not None]
    values, units, judges = (np.array(column) for column in zip(*given, strict=True))
    return [each.differences.tolist() for each in paired_differences(values.astype(float), units, judges)]


def test_each_value_is_held_against_the_mean_of_the_others() -> None:
    assert differences_of([[1, 2, 6], [4, 4, 4]]) == [[-3, 0], [-1.5, 0], [4.5, 0]]


def test_units_with_a_single_value_are_left_out() -> None:
    assert differences_of([[1, None], [5, 3], [None, 9]]) == [[2], [-2]]


def test_the_mean_has_its_error_and_limits() -> None:
    found = mean_difference(np.array([1.0, 2.0, 3.0, 4.0]), 0.95, 10)
    assert (found.count, found.mean, found.deviation) == (4, 2.5, pytest.approx(1.2910, abs=1e-4))
    assert found.standard_error == pytest.approx(0.6455, abs=1e-4)
    assert found.limits == pytest.approx((2.5 - 3.1824 * 0.6455, 2.5 + 3.1824 * 0.6455), abs=1e-3)  # t for 3 degrees of freedom: 3.1824
    assert found.limits_of_agreement == pytest.approx((2.5 - 1.96 * 1.2910, 2.5 + 1.96 * 1.2910), abs=1e-3)
    assert found.p == pytest.approx(0.0305, abs=1e-4)  # t = 3.873


def test_a_single_difference_has_no_error() -> None:
    assert mean_difference(np.array([3.0]), 0.95, 10) == MeanDifference(1, 3.0)


@pytest.mark.parametrize(("count", "chance"), [(2, 0.5), (5, 0.0625), (6, 0.03125)])
def test_equal_differences_are_judged_by_their_signs(count: int, chance: float) -> None:
    found = mean_difference(np.array([0.1 + 0.2, *[0.3] * (count - 1)]), 0.95, 10)  # the first is not quite 0.3
    assert (found.deviation, found.p) == (0, chance)


def test_what_floating_point_leaves_of_nothing_is_nothing() -> None:
    found = mean_difference(np.array([0.1 + 0.2 - 0.3] * 8), 0.95, 10)
    assert (found.mean, found.deviation, found.p) == (0, 0, 1)
