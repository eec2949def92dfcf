"""The journal: gathered writes, each with its own outcome, acknowledged when they are committed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.exc import IntegrityError

from examsrv.storage.database import Database
from examsrv.storage.journal import Journal
from examsrv.storage.tables import NoteRow


@pytest.fixture
def journal(database: Database) -> Iterator[Journal]:
    made = Journal(database, one_by_one)
    yield made
    made.close()


def one_by_one(connection: Connection, writes: Sequence[Callable[[Connection], object]]) -> list[object]:
    return [write(connection) for write in writes]


def noting(name: str, value: object = None) -> Callable[[Connection], object]:
    def write(connection: Connection) -> object:
        connection.execute(insert(NoteRow).values(digest=name, text="text"))
        return value

    return write


def refusing(name: str) -> Callable[[Connection], object]:
    def write(connection: Connection) -> object:
        noting(name)(connection)
        raise LookupError(name)

    return write


def kept(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(NoteRow.digest)))


def gathered(journal: Journal, *writes: Callable[[Connection], object]) -> list[Any]:
    """Hand the writes in while the writer is held up, so that they make one batch, in this order; return each one's value or error."""
    held, release = threading.Event(), threading.Event()

    def hold(_connection: Connection) -> None:
        held.set()
        release.wait()

    def outcome(write: Callable[[Connection], object]) -> object:
        try:
            return journal.write(write)
        except Exception as error:  # noqa: BLE001 -- what comes out is what is looked at
            return error

    with ThreadPoolExecutor(len(writes) + 1) as threads:
        threads.submit(journal.write, hold)
        held.wait()
        futures = []
        for count, write in enumerate(writes, start=1):
            futures.append(threads.submit(outcome, write))
            while len(journal._waiting) < count:
                threading.Event().wait(0.001)
        release.set()
        return [future.result() for future in futures]


def test_a_write_returns_what_it_returned(journal: Journal) -> None:
    assert journal.write(noting("a", 42)) == 42


def test_acknowledged_means_committed(database: Database, journal: Journal) -> None:
    for number in range(20):
        journal.write(noting(str(number)))
        assert str(number) in kept(database)


def test_writes_that_have_gathered_are_committed_together(database: Database, journal: Journal) -> None:
    commits = []
    with database.appending() as connection:
        event.listen(connection.engine, "commit", lambda _connection: commits.append(1))
    gathered(journal, *(noting(str(number)) for number in range(30)))
    assert len(kept(database)) == 30
    assert len(commits) == 1 + 2  # the first above, the one that held the writer up, and all others


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_bad_write_fails_alone_and_leaves_nothing(database: Database, journal: Journal, place: int) -> None:
    writes = [noting(str(number), number) for number in range(3)]
    writes.insert(place, refusing("bad"))
    outcomes = gathered(journal, *writes)
    assert isinstance(outcomes.pop(place), LookupError)
    assert outcomes == [0, 1, 2]
    assert kept(database) == {"0", "1", "2"}


def test_a_statement_that_the_database_refuses_fails_alone(database: Database, journal: Journal) -> None:
    outcomes = gathered(journal, noting("a", 1), noting("b", 2), noting("a", 3), noting("c", 4))
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 1
    assert kept(database) == {"a", "b", "c"}


def test_fifty_threads_each_get_their_own_outcome(database: Database, journal: Journal) -> None:
    def work(thread: int) -> list[object]:
        found = []
        for turn in range(8):
            name = f"{thread}-{turn}"
            try:
                found.append(journal.write(refusing(name) if turn % 4 == 3 else noting(name, name)))
            except LookupError as error:
                found.append(error.args[0] + "!")
        return found

    with ThreadPoolExecutor(50) as threads:
        outcomes = list(threads.map(work, range(50)))
    expected = [[f"{thread}-{turn}" + "!" * (turn % 4 == 3) for turn in range(8)] for thread in range(50)]
    assert outcomes == expected
    assert kept(database) == {name for names in expected for name in names if not name.endswith("!")}


def test_closing_writes_out_what_waits(database: Database) -> None:
    journal = Journal(database, one_by_one)
    with ThreadPoolExecutor(5) as threads:
        with database.writing():
            futures = [threads.submit(journal.write, noting(str(number), number)) for number in range(5)]
            threading.Event().wait(0.2)  # now all wait: the writer cannot begin
            closing = threading.Thread(target=journal.close)
            closing.start()
        assert sorted(future.result() for future in futures) == [0, 1, 2, 3, 4]
        closing.join()
    assert kept(database) == {"0", "1", "2", "3", "4"}


def test_a_closed_journal_takes_nothing(database: Database) -> None:
    journal = Journal(database, one_by_one)
    journal.close()
    with pytest.raises(RuntimeError, match="closed"):
        journal.write(noting("a"))


def test_the_writer_lives_on_after_an_error(database: Database, journal: Journal) -> None:
    with pytest.raises(LookupError):
        journal.write(refusing("bad"))
    assert journal.write(noting("a", 1)) == 1
