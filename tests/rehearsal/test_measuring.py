"""Quantiles are values that were measured."""

import pytest

from examsrv.rehearsal.measuring import quantile


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.5, 2.0), (0.51, 3.0), (0.75, 3.0), (0.76, 4.0), (1.0, 4.0)])
def test_a_quantile_is_the_smallest_value_that_the_share_does_not_exceed(share: float, value: float) -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], share) == value
    assert quantile([], share) == 0
