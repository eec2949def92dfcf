"""The time given back is held against the outage; both sides of the edges."""

from datetime import timedelta

import pytest

from examsrv.rehearsal.nemesis import Kill
from examsrv.rehearsal.reporting import outage_of
from examsrv.rehearsal.stored import Pause

SECOND = 1000
KILL = Kill(timedelta(seconds=100), timedelta(seconds=103), timedelta(seconds=105))


@pytest.mark.parametrize(
    ("since", "until", "is_exact"),
    [
        (100, 103, True),
        (98, 102, True),
        (100, 102, True),
        (100, 101.999, False),
        (99, 105, True),
        (98.999, 105, False),
        (100, 106, True),
        (100, 106.001, False),
        (100.001, 103, False),
    ],
)
def test_what_the_outage_took_is_given_back_exact_to_a_second(since: float, until: float, is_exact: bool) -> None:
    pauses = [Pause(1, round(since * SECOND), round(until * SECOND))]
    assert outage_of(KILL, pauses, [1]).is_exact is is_exact


def test_a_room_that_got_nothing_back_is_a_fault_whatever_the_others_got() -> None:
    pauses = [Pause(1, 100 * SECOND, 103 * SECOND), Pause(2, 90 * SECOND, 95 * SECOND), Pause(3, 100 * SECOND, None)]
    assert outage_of(KILL, pauses, [1]).is_exact
    assert not outage_of(KILL, pauses, [1, 2]).is_exact
    assert not outage_of(KILL, pauses, [1, 3]).is_exact
