"""How marks and the picture of agreement are written."""

from decimal import Decimal
from fractions import Fraction

import pytest

from examsrv.measurement.estimate import Estimate
from examsrv.web.agreement_plot import agreement_plot
from examsrv.web.marks import written_mark


@pytest.mark.parametrize(
    ("mark", "written"),
    [
        (None, ""),
        (Fraction(0), "0"),
        (Decimal("7.50"), "7.5"),
        (Fraction(100), "100"),
        (Fraction(218, 3), "72.67"),
        (Fraction(59999, 1000), "60.00"),
        (Fraction(60), "60"),
    ],
)
def test_a_mark_is_whole_where_it_is_exact_and_has_two_decimals_where_not(mark: Fraction | Decimal | None, written: str) -> None:
    assert written_mark(mark) == written


def test_the_picture_has_a_row_for_each_examiner_around_zero() -> None:
    plot = agreement_plot([("甲", Estimate(-2.0, -3.0, -1.0), [("107", -3.0)]), ("乙", Estimate(2.0), [("107", 2.0)])])
    assert [(row.name, row.limits is None) for row in plot.rows] == [("甲", False), ("乙", True)]
    assert float(plot.rows[0].mean) < float(plot.zero) < float(plot.rows[1].mean)
    assert [word for word, _x in plot.scale] == ["-4", "-3", "-2", "-1", "0", "+1", "+2", "+3", "+4"]


def test_a_difference_beyond_the_scale_is_drawn_at_its_end() -> None:
    plot = agreement_plot([("甲", Estimate(500.0), [])])
    assert plot.rows[0].mean == plot.scale[-1][1]


def test_examiners_who_do_not_differ_have_a_picture_too() -> None:
    assert agreement_plot([("甲", Estimate(0.0, 0.0, 0.0), [("107", 0.0)])]).rows[0].mean == agreement_plot([]).zero
