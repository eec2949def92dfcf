"""The exam clock: on the same start of the machine it has run on, after another it goes on where it stood."""

from datetime import timedelta

import pytest

from examsrv.domain.exam_clock import ClockMark, Restart, exam_time, restarted

SECOND = timedelta(seconds=1)
MARK = ClockMark("first", 1000 * SECOND, 300 * SECOND)


@pytest.mark.parametrize("seconds", [0, 1, 86_400])
def test_exam_time_runs_with_the_boot_clock(seconds: int) -> None:
    assert exam_time(MARK, (1000 + seconds) * SECOND) == (300 + seconds) * SECOND


def test_on_the_same_start_the_clock_has_run_on_and_the_outage_is_known() -> None:
    found = restarted(MARK, "first", 1012 * SECOND)
    assert found == Restart(MARK, 12 * SECOND)
    assert exam_time(found.mark, 1012 * SECOND) == 312 * SECOND


@pytest.mark.parametrize("boot", [5, 1000, 90_000])
def test_after_another_start_the_clock_goes_on_where_it_stood_and_nobody_knows_how_long_it_was_away(boot: int) -> None:
    found = restarted(MARK, "second", boot * SECOND)
    assert found.away is None
    assert exam_time(found.mark, boot * SECOND) == 300 * SECOND
    assert exam_time(found.mark, (boot + 7) * SECOND) == 307 * SECOND
