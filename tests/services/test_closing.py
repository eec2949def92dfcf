"""F29 to F31: closing on time without anybody connected, twice, and beside a proctor who gives time."""

from datetime import timedelta

import pytest

from examsrv.domain.attempt import Phase
from examsrv.domain.time_ledger import EntryKind
from examsrv.services.closing import close_overdue, overdue
from examsrv.services.ledger import add_entry
from examsrv.storage.database import Database
from tests.builders import GRACE, LIMIT, MINUTE, OFFICE, SECOND, Room, add_paper, add_room, at
from tests.services.attempts import answer as step
from tests.services.attempts import attempt_row, open_at, send, stored


@pytest.fixture
def room(database: Database) -> Room:
    """Give a room of three: the first two have opened the paper, the third never came."""
    with database.writing() as session:
        made = add_room(session, 3, started=True)
    open_at(database, made, seat=1)
    open_at(database, made, seat=2)
    return made


def late(database: Database, since: timedelta) -> list[str]:
    with database.reading() as session:
        return sorted(overdue(session, at(since), GRACE))


def swept(database: Database, since: timedelta) -> list[bool]:
    found = late(database, since)
    with database.writing() as session:
        return [close_overdue(session, attempt, at(since), GRACE) for attempt in found]


@pytest.mark.parametrize("since", [LIMIT, LIMIT + GRACE - SECOND])
def test_nothing_is_overdue_while_last_answers_are_on_their_way(database: Database, room: Room, since: timedelta) -> None:
    assert late(database, since) == []


def test_whoever_answers_is_overdue_when_the_grace_is_over(database: Database, room: Room) -> None:
    assert late(database, LIMIT + GRACE) == room.attempts[:2]


def test_the_sweep_closes_though_nobody_is_connected_and_who_never_came_stays_absent(database: Database, room: Room) -> None:
    send(database, room, step(1))
    assert swept(database, LIMIT + GRACE) == [True, True]
    assert [attempt_row(database, room, seat).phase for seat in (1, 2, 3)] == [Phase.SUBMITTED, Phase.SUBMITTED, Phase.CREATED]
    assert stored(database, room)[-1].value == {"by": "time"}


def test_a_second_sweep_changes_nothing(database: Database, room: Room) -> None:
    swept(database, LIMIT + GRACE)
    receipts = [attempt_row(database, room, seat).receipt for seat in (1, 2)]
    assert swept(database, LIMIT + GRACE + MINUTE) == []
    with database.writing() as session:
        assert not close_overdue(session, room.attempts[0], at(LIMIT + GRACE + MINUTE), GRACE)
    assert [attempt_row(database, room, seat).receipt for seat in (1, 2)] == receipts
    assert all(receipts)


def test_a_sweep_that_was_cut_is_finished_by_the_next(database: Database, room: Room) -> None:
    with database.writing() as session:
        close_overdue(session, room.attempts[0], at(LIMIT + GRACE), GRACE)
    assert late(database, LIMIT + GRACE) == [room.attempts[1]]
    assert swept(database, LIMIT + GRACE) == [True]


@pytest.mark.parametrize("attempt", [0, None])
def test_a_grant_that_was_committed_before_the_close_wins(database: Database, room: Room, attempt: int | None) -> None:
    found = late(database, LIMIT + GRACE)
    seat = None if attempt is None else room.attempts[attempt]
    with database.writing() as session:
        add_entry(session, room.id, EntryKind.GRANT, OFFICE, at(LIMIT + GRACE), attempt=seat, amount=SECOND, reason="other")
    with database.writing() as session:
        outcomes = [close_overdue(session, each, at(LIMIT + GRACE), GRACE) for each in found]
    assert outcomes == ([False, False] if attempt is None else [False, True])


def test_a_paused_room_closes_nobody_however_late_it_is(database: Database, room: Room) -> None:
    with database.writing() as session:
        add_entry(session, room.id, EntryKind.PAUSE, OFFICE, at(LIMIT - SECOND), reason="power")
    assert late(database, LIMIT + timedelta(hours=5)) == []


def test_each_room_has_its_own_end(database: Database) -> None:
    with database.writing() as session:
        paper = add_paper(session)
        early = add_room(session, 1, paper=paper, name="01", started=True)
        later = add_room(session, 1, paper=paper, name="02")
        add_entry(session, later.id, EntryKind.START, OFFICE, at(10 * MINUTE))
    open_at(database, early)
    open_at(database, later, at(11 * MINUTE))
    assert late(database, LIMIT + GRACE) == early.attempts
    assert late(database, LIMIT + GRACE + 10 * MINUTE) == sorted(early.attempts + later.attempts)
