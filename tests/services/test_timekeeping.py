"""F26, F27: what an outage or a restart of the machine does to running rooms, and what it leaves alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from examsrv.domain.exam_clock import ClockMark, exam_time
from examsrv.domain.moment import Moment
from examsrv.domain.time_ledger import EntryKind, TimeState, time_state
from examsrv.services import timekeeping
from examsrv.services.auditing import newest_entries
from examsrv.services.ledger import add_entry, room_ledger
from examsrv.storage.database import Database
from examsrv.storage.tables import ClockMarkRow, TimeEntryRow
from tests.builders import BEGIN, LIMIT, MINUTE, MORNING, OFFICE, SECOND, Room, add_paper, add_room, at
from tests.services.attempts import open_at

BOOT = timedelta(hours=3)
SHORT = 15 * SECOND
MARKED = 10 * MINUTE
"""The last mark was written when the room had run for ten minutes."""


@pytest.fixture
def room(database: Database) -> Room:
    """Give a room that started at `at()`, and a clock marked after ten minutes."""
    with database.writing() as session:
        timekeeping.keep_mark(session, ClockMark("first", BOOT, BEGIN + MARKED), MORNING)
        return add_room(session, started=True)


def begun(database: Database, away: timedelta, boot_id: str = "first") -> ClockMark:
    boot = BOOT + away if boot_id == "first" else MINUTE
    with database.writing() as session:
        return timekeeping.begin(session, boot_id, boot, MORNING, SHORT)


def entries(database: Database, room: Room) -> list[tuple[str, timedelta]]:
    """Return kind and time since the start of the room's entries, in the order they were written."""
    with database.reading() as session:
        rows = session.scalars(select(TimeEntryRow).where(TimeEntryRow.sitting_room_id == room.id).order_by(TimeEntryRow.id))
        return [(row.kind, row.at - BEGIN) for row in rows]


def add(database: Database, room: Room, kind: EntryKind, since: timedelta, attempt: str | None = None) -> None:
    with database.writing() as session:
        add_entry(session, room.id, kind, OFFICE, at(since), attempt=attempt, reason="other")


def state(database: Database, room: Room, exam: timedelta, attempt: str | None = None) -> TimeState:
    with database.reading() as session:
        return time_state(room_ledger(session, room.id), LIMIT, exam, attempt)


def test_the_very_first_start_begins_exam_time_at_zero(database: Database) -> None:
    assert begun(database, timedelta()) == ClockMark("first", BOOT, timedelta())
    with database.reading() as session:
        assert session.get_one(ClockMarkRow, 1).exam == timedelta()


@pytest.mark.parametrize("away", [timedelta(), SECOND, SHORT])
def test_a_short_outage_resumes_by_itself_and_gives_the_time_back_exactly(database: Database, room: Room, away: timedelta) -> None:
    mark = begun(database, away)
    assert entries(database, room) == [("start", timedelta()), ("pause", MARKED), ("resume", MARKED + away)]
    found = state(database, room, exam_time(mark, BOOT + away))
    assert (found.paused, found.remaining) == (False, LIMIT - MARKED)
    assert state(database, room, exam_time(mark, BOOT + away + MINUTE)).remaining == LIMIT - MARKED - MINUTE


@pytest.mark.parametrize("away", [SHORT + timedelta(milliseconds=1), MINUTE, timedelta(days=2)])
def test_a_longer_outage_waits_for_the_proctor_and_takes_nobodys_time(database: Database, room: Room, away: timedelta) -> None:
    mark = begun(database, away)
    found = state(database, room, exam_time(mark, BOOT + away + MINUTE))
    assert (found.paused, found.remaining) == (True, LIMIT - MARKED)


def test_an_outage_of_unknown_length_waits_and_takes_nobodys_time(database: Database, room: Room) -> None:
    mark = begun(database, timedelta(), "second")
    assert mark == ClockMark("second", MINUTE, BEGIN + MARKED)
    found = state(database, room, exam_time(mark, 5 * MINUTE))
    assert (found.paused, found.remaining) == (True, LIMIT - MARKED)


def test_one_act_of_the_proctor_resumes_the_room(database: Database, room: Room) -> None:
    begun(database, MINUTE)
    add(database, room, EntryKind.RESUME, MARKED + 3 * MINUTE)
    assert state(database, room, BEGIN + MARKED + 4 * MINUTE).remaining == LIMIT - MARKED - MINUTE


def test_a_room_that_was_not_started_gets_nothing(database: Database, room: Room) -> None:
    with database.writing() as session:
        other = add_room(session, 1, name="02 考场", paper=add_paper(session, seed=8))
    begun(database, MINUTE)
    assert entries(database, other) == []


def test_a_room_that_is_paused_already_gets_nothing(database: Database, room: Room) -> None:
    add(database, room, EntryKind.PAUSE, 5 * MINUTE)
    begun(database, MINUTE)
    assert entries(database, room) == [("start", timedelta()), ("pause", 5 * MINUTE)]


@pytest.mark.parametrize("boot_id", ["first", "second"])
def test_a_room_that_was_over_gets_nothing(database: Database, boot_id: str) -> None:
    with database.writing() as session:
        timekeeping.keep_mark(session, ClockMark("first", BOOT, BEGIN + LIMIT), MORNING)
        room = add_room(session, started=True)
    begun(database, MINUTE, boot_id)
    assert entries(database, room) == [("start", timedelta())]


def test_a_room_over_in_which_somebody_still_answers_gets_the_time_back(database: Database) -> None:
    with database.writing() as session:
        timekeeping.keep_mark(session, ClockMark("first", BOOT, BEGIN + LIMIT + SECOND), MORNING)
        room = add_room(session, started=True)
    open_at(database, room)
    begun(database, SECOND)
    assert entries(database, room)[1:] == [("pause", LIMIT + SECOND), ("resume", LIMIT + 2 * SECOND)]


def test_a_room_whose_time_would_have_run_out_in_the_outage_gets_it_back(database: Database, room: Room) -> None:
    """Nobody has opened the paper yet: the candidates wait in front of their machines."""
    begun(database, LIMIT)
    assert state(database, room, BEGIN + MARKED + LIMIT).remaining == LIMIT - MARKED


@pytest.mark.parametrize("boot_id", ["first", "second"])
def test_a_start_younger_than_the_last_mark_is_respected(database: Database, boot_id: str) -> None:
    started = MARKED + 3 * SECOND
    with database.writing() as session:
        timekeeping.keep_mark(session, ClockMark("first", BOOT, BEGIN + MARKED), MORNING)
        room = add_room(session)
        add_entry(session, room.id, EntryKind.START, OFFICE, at(started))
    mark = begun(database, MINUTE, boot_id)
    assert entries(database, room) == [("start", started), ("pause", started)]
    later = exam_time(mark, mark.boot + MINUTE)
    assert (state(database, room, later).paused, state(database, room, later).remaining) == (True, LIMIT)


@pytest.mark.parametrize("boot_id", ["first", "second"])
def test_a_resume_younger_than_the_last_mark_is_respected(database: Database, room: Room, boot_id: str) -> None:
    add(database, room, EntryKind.PAUSE, 8 * MINUTE)
    add(database, room, EntryKind.RESUME, MARKED + 3 * SECOND)
    begun(database, MINUTE, boot_id)
    assert entries(database, room)[3:] == [("pause", MARKED + 3 * SECOND)]


@pytest.mark.parametrize("boot_id", ["first", "second"])
def test_a_pause_younger_than_the_last_mark_is_respected(database: Database, room: Room, boot_id: str) -> None:
    add(database, room, EntryKind.PAUSE, MARKED + 3 * SECOND)
    begun(database, MINUTE, boot_id)
    assert entries(database, room)[2:] == []


def test_after_a_restart_of_the_machine_no_entry_lies_in_the_future(database: Database, room: Room) -> None:
    add(database, room, EntryKind.PAUSE, MARKED + 2 * SECOND)
    add(database, room, EntryKind.RESUME, MARKED + 4 * SECOND)
    assert begun(database, timedelta(), "second").exam == BEGIN + MARKED + 4 * SECOND


def test_a_seats_own_pause_stays_a_seats_own(database: Database, room: Room) -> None:
    add(database, room, EntryKind.PAUSE, 6 * MINUTE, room.attempts[0])
    mark = begun(database, SECOND)
    now = exam_time(mark, BOOT + MINUTE)
    assert state(database, room, now, room.attempts[0]).remaining == LIMIT - 6 * MINUTE
    assert not state(database, room, now, room.attempts[1]).paused


def test_two_outages_one_after_the_other_take_nothing(database: Database, room: Room) -> None:
    begun(database, 10 * SECOND)
    mark = begun(database, 20 * SECOND)
    assert state(database, room, exam_time(mark, BOOT + 20 * SECOND)).remaining == LIMIT - MARKED


def test_the_outage_and_its_length_stand_in_the_audit_chain(database: Database, room: Room) -> None:
    begun(database, 7 * SECOND)
    with database.reading() as session:
        (started,) = [entry for entry in newest_entries(session, 5) if entry.act == "server.started"]
    assert started.detail == {"away_ms": 7000}


def test_a_mark_overwrites_the_one_before(database: Database) -> None:
    with database.writing() as session:
        timekeeping.keep_mark(session, ClockMark("first", BOOT, MINUTE), MORNING)
        timekeeping.keep_mark(session, ClockMark("first", BOOT + MINUTE, 2 * MINUTE), MORNING)
    with database.reading() as session:
        assert timekeeping.last_exam_time(session) == 2 * MINUTE


def test_a_database_without_a_mark_is_at_exam_time_zero(database: Database) -> None:
    with database.reading() as session:
        assert timekeeping.last_exam_time(session) == timedelta()


def test_moments_are_told_and_never_asked_for(database: Database, room: Room) -> None:
    wrong_wall = Moment(MORNING.replace(year=1970), BEGIN)
    with database.writing() as session:
        add_entry(session, room.id, EntryKind.PAUSE, OFFICE, wrong_wall, reason="other")
    assert state(database, room, BEGIN + MINUTE).remaining == LIMIT
