"""One writer, many readers: what readers see, what they cannot do, and what a failed transaction leaves."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from examsrv.config import THREADS
from examsrv.storage.database import Database, claim_writer
from examsrv.storage.tables import ClockMarkRow, NoteRow, SiteRow

FREED_WITHIN_SECONDS = 5
REFUSED = {"sqlite": "SELECT * FROM nowhere", "postgresql": "SET LOCAL statement_timeout = 1; SELECT pg_sleep(9)"}
"""What each kind of database answers with the error that also a full disk gives."""


def notes(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(NoteRow)) or 0


def write_note(database: Database, name: str) -> None:
    with database.writing() as session:
        session.add(NoteRow(digest=name, text="text"))


@pytest.mark.parametrize("statement", ["INSERT INTO note VALUES ('a', 'b')", "DELETE FROM note", "UPDATE note SET text = ''", "DROP TABLE note"])
def test_a_reading_session_cannot_write(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), database.reading() as session:
        session.execute(text(statement))


def test_every_thread_of_a_server_can_read_from_sqlite_at_the_same_time(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    everybody = threading.Barrier(THREADS)

    def read(_number: int) -> int:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
            return everybody.wait(timeout=10)

    with ThreadPoolExecutor(THREADS) as threads:
        assert {*threads.map(read, range(THREADS))} == {*range(THREADS)}
    database.close()


def test_writing_still_works_after_somebody_read(database: Database) -> None:
    with database.reading() as session:
        assert notes(session) == 0
    write_note(database, "a")
    with database.reading() as session:
        assert notes(session) == 1


def test_a_reading_session_sees_one_state_of_the_database_to_its_end(database: Database) -> None:
    with database.reading() as session:
        before = notes(session)
        write_note(database, "a")
        assert notes(session) == before
    with database.reading() as session:
        assert notes(session) == before + 1


def test_a_writing_session_rolls_back_whole_when_anything_is_raised(database: Database) -> None:
    with pytest.raises(LookupError), database.writing() as session:  # noqa: PT012 -- the block is what is rolled back
        session.add(NoteRow(digest="a", text="text"))
        session.flush()
        raise LookupError
    with database.reading() as session:
        assert notes(session) == 0


def test_an_appending_connection_rolls_back_whole_when_anything_is_raised(database: Database) -> None:
    with pytest.raises(LookupError), database.appending() as connection:  # noqa: PT012 -- the block is what is rolled back
        connection.execute(text("INSERT INTO note VALUES ('a', 'b')"))
        raise LookupError
    with database.reading() as session:
        assert notes(session) == 0


def test_writers_take_turns_so_that_nobody_reads_what_another_is_changing(database: Database) -> None:
    write_note(database, "count")

    def count_up(_turn: int) -> None:
        with database.writing() as session:
            row = session.get_one(NoteRow, "count")
            row.text = str(int(row.text or "0") + 1) if row.text != "text" else "1"

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(count_up, range(100)))
    with database.reading() as session:
        assert session.get_one(NoteRow, "count").text == "100"


def test_foreign_keys_are_kept(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), database.writing() as session:
        session.execute(text("INSERT INTO proctor_duty (id, sitting_room_id, person_id, is_lead) VALUES (1, 77, 77, false)"))


def test_sqlite_commits_are_on_disk_when_they_return(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.writing() as session:
        assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    database.close()


def test_a_writer_of_another_process_is_waited_for(sqlite_url: str) -> None:
    here, there = Database(sqlite_url), Database(sqlite_url)
    began = threading.Event()

    def write_slowly() -> None:
        with there.writing() as session:
            session.add(NoteRow(digest="there", text=""))
            session.flush()
            began.set()
            threading.Event().wait(0.3)

    other = threading.Thread(target=write_slowly)
    other.start()
    began.wait()
    write_note(here, "here")
    other.join()
    with here.reading() as session:
        assert notes(session) == 2
    here.close()
    there.close()


def test_only_one_server_can_claim_a_postgresql_database(postgresql_url: str) -> None:
    one, other = Database(postgresql_url), Database(postgresql_url)
    claim = claim_writer(one)
    assert claim is not None
    assert claim_writer(other) is None
    claim.close()
    one.close()
    again = None
    until = time.monotonic() + FREED_WITHIN_SECONDS
    while again is None and time.monotonic() < until:  # PostgreSQL lets go of a lock a moment after its connection is closed
        again = claim_writer(other)
    assert again is not None
    again.close()
    other.close()


@pytest.mark.parametrize("hours", [-12, 0, 8])
def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database, hours: int) -> None:
    wall = datetime(2026, 11, 28, 9, 30, 7, 123456, tzinfo=timezone(timedelta(hours=hours)))
    with database.writing() as session:
        session.add(ClockMarkRow(id=1, boot_id="b", boot=timedelta(), exam=timedelta(), wall=wall))
    with database.reading() as session:
        found = session.get_one(ClockMarkRow, 1).wall
    assert found == wall
    assert found.tzinfo == UTC


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(ClockMarkRow(id=1, boot_id="b", boot=timedelta(), exam=timedelta(), wall=datetime(2026, 11, 28)))  # noqa: DTZ001 -- the fault


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        (timedelta(milliseconds=1), timedelta(milliseconds=1)),
        (timedelta(microseconds=1999), timedelta(milliseconds=1)),
        (timedelta(days=4000, seconds=1), timedelta(days=4000, seconds=1)),
        (timedelta(minutes=-1), timedelta(minutes=-1)),
    ],
)
def test_a_duration_is_kept_in_whole_milliseconds(database: Database, kept: timedelta, found: timedelta) -> None:
    with database.writing() as session:
        session.add(ClockMarkRow(id=1, boot_id="b", boot=kept, exam=kept, wall=datetime(2026, 11, 28, tzinfo=UTC)))
    with database.reading() as session:
        assert session.get_one(ClockMarkRow, 1).boot == found


def test_what_was_written_is_there_for_another_opening(database: Database) -> None:
    with database.writing() as session:
        session.add(SiteRow(name="考点"))
    other = Database(database.url.render_as_string(hide_password=False))
    with other.reading() as session:
        assert session.scalars(select(SiteRow.name)).all() == ["考点"]
    other.close()


def test_a_database_that_cannot_store_says_so_until_it_can(database: Database) -> None:
    with pytest.raises(OperationalError), database.writing() as session:
        session.execute(text(REFUSED[database.dialect]))
    assert database.is_failing
    write_note(database, "a")
    assert not database.is_failing


def test_what_is_refused_for_what_it_is_does_not_put_the_storage_out_of_order(database: Database) -> None:
    write_note(database, "a")
    with pytest.raises(IntegrityError):
        write_note(database, "a")
    with pytest.raises(LookupError), database.writing():
        raise LookupError
    assert not database.is_failing
