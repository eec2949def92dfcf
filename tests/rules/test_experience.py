"""How periods of work are merged, cut and added."""

from datetime import date

import pytest

from examsrv.rules.experience import Length, WorkPeriod, merged_stretches, stretch_length, total_length

ALWAYS = date.min
END = date(2024, 6, 30)


def period(start: str, until: str | None = None) -> WorkPeriod:
    """Return work in the own occupation."""
    return WorkPeriod(date.fromisoformat(start), date.fromisoformat(until) if until else None, "own")


@pytest.mark.parametrize(
    ("start", "end", "months", "days"),
    [
        ("2019-07-01", "2024-06-30", 59, 29),
        ("2019-06-30", "2024-06-30", 60, 0),
        ("2024-01-31", "2024-02-29", 1, 0),
        ("2024-01-31", "2024-02-28", 0, 28),
        ("2023-01-31", "2023-03-01", 1, 1),
        ("2020-02-29", "2021-02-28", 12, 0),
        ("2020-02-29", "2021-02-27", 11, 29),
        ("2023-12-15", "2024-01-14", 0, 30),
        ("2023-12-15", "2024-01-15", 1, 0),
    ],
)
def test_one_stretch_is_counted_by_the_calendar(start: str, end: str, months: int, days: int) -> None:
    assert stretch_length(date.fromisoformat(start), date.fromisoformat(end)) == Length(months, days)


def test_overlapping_and_touching_periods_count_once() -> None:
    periods = [period("2022-01-01", "2023-01-01"), period("2020-01-01", "2022-06-01"), period("2023-01-01", "2024-01-01")]

    assert merged_stretches(periods, ALWAYS, END) == [(date(2020, 1, 1), date(2024, 1, 1))]
    assert total_length(periods, ALWAYS, END) == Length(48)


def test_a_period_inside_another_adds_nothing() -> None:
    assert total_length([period("2020-01-01", "2024-01-01"), period("2021-01-01", "2021-02-01")], ALWAYS, END) == Length(48)


def test_separate_periods_add_months_and_days_with_thirty_days_to_the_month() -> None:
    periods = [period("2020-01-01", "2020-03-16"), period("2021-01-01", "2021-02-16")]

    assert total_length(periods, ALWAYS, END) == Length(4, 0)


def test_left_over_days_below_thirty_make_no_month() -> None:
    periods = [period("2020-01-01", "2020-03-16"), period("2021-01-01", "2021-02-15")]

    assert total_length(periods, ALWAYS, END) == Length(3, 29)


def test_work_before_the_cut_and_after_the_reference_date_does_not_count() -> None:
    assert total_length([period("2010-01-01")], date(2023, 6, 30), END) == Length(12)
    assert total_length([period("2024-07-01")], ALWAYS, END) == Length(0)
    assert total_length([], ALWAYS, END) == Length(0)


def test_work_that_goes_on_counts_up_to_the_reference_date() -> None:
    assert total_length([period("2024-01-30")], ALWAYS, END) == Length(5)
