"""PostgreSQL's engine for the journal: few answers to wait for, no error lost, a connection that died is replaced."""

import time
from collections.abc import Iterator, Sequence

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from examsrv.storage.database import Database
from examsrv.storage.journal import Journal
from examsrv.storage.many_rows import array
from examsrv.storage.pipelined import UNANSWERED, pipelined_engine

INSERT = "INSERT INTO seen VALUES (%s)"
TEXTS = ["", " ", "NULL", "null", '"', "\\", '\\"', '","', "{}", "a,b", "a\nb\tc\r\b\f\x01\x7f", "\\n", "%s", "'", "𠀀甲", "true"]


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    made = pipelined_engine(postgresql_url)
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE seen (number INTEGER PRIMARY KEY)"))
    yield made
    made.dispose()


def seen(url: str) -> list[int]:
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        return [number for (number,) in other.execute("SELECT number FROM seen ORDER BY number")]


def end_connections(url: str) -> None:
    """End all connections to a database, as a restart of PostgreSQL does, and wait until they are gone."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as mine:
        mine.execute(f"SELECT pg_terminate_backend(pid) {others}")
        while mine.execute(f"SELECT 1 {others}").fetchone():
            time.sleep(0.01)


def write(engine: Engine, *numbers: int) -> None:
    with engine.begin() as connection:
        for number in numbers:
            connection.exec_driver_sql(INSERT, (number,), execution_options=UNANSWERED)


def test_a_commit_that_returns_has_kept_what_was_not_answered(engine: Engine, postgresql_url: str) -> None:
    for number in range(5):
        write(engine, 2 * number, 2 * number + 1)
        assert seen(postgresql_url) == [*range(2 * number + 2)]


def test_an_error_of_what_was_not_answered_comes_with_the_next_answer_and_undoes_all(engine: Engine, postgresql_url: str) -> None:
    write(engine, 1)
    with pytest.raises(IntegrityError):
        write(engine, 2, 1, 3)
    with pytest.raises(IntegrityError), engine.begin() as connection:  # noqa: PT012 -- the block is what is rolled back
        connection.exec_driver_sql(INSERT, (1,), execution_options=UNANSWERED)
        connection.execute(text("SELECT 1"))
        pytest.fail("the answer came without the error")
    with pytest.raises(LookupError), engine.begin() as connection:  # noqa: PT012 -- the block is what is rolled back
        connection.exec_driver_sql(INSERT, (1,), execution_options=UNANSWERED)
        raise LookupError
    write(engine, 4)
    assert seen(postgresql_url) == [1, 4]


def test_a_refused_constraint_that_waits_for_the_commit_is_no_commit(engine: Engine, postgresql_url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE late (number INTEGER UNIQUE DEFERRABLE INITIALLY DEFERRED)"))
    with pytest.raises(IntegrityError), engine.begin() as connection:  # noqa: PT012 -- the block is what is rolled back
        connection.exec_driver_sql(INSERT, (1,), execution_options=UNANSWERED)
        connection.exec_driver_sql("INSERT INTO late VALUES (1), (1)", execution_options=UNANSWERED)
    assert seen(postgresql_url) == []
    write(engine, 2)
    assert seen(postgresql_url) == [2]


def test_rows_are_read_as_by_any_engine(engine: Engine) -> None:
    write(engine, 1, 2, 3)
    with engine.begin() as connection:
        connection.exec_driver_sql(INSERT, (4,), execution_options=UNANSWERED)
        assert connection.execute(text("SELECT number FROM seen ORDER BY number")).scalars().all() == [1, 2, 3, 4]
        assert connection.execute(text("INSERT INTO seen VALUES (5) RETURNING number")).scalar_one() == 5
        assert connection.execute(text("DELETE FROM seen WHERE number > 2")).rowcount == 3


def test_a_connection_that_died_is_replaced(engine: Engine, postgresql_url: str) -> None:
    write(engine, 1)
    end_connections(postgresql_url)
    with pytest.raises(OperationalError) as raised:
        write(engine, 2)
    assert raised.value.connection_invalidated
    write(engine, 3)
    assert seen(postgresql_url) == [1, 3]


def test_a_connection_that_dies_in_the_middle_is_replaced_and_told_as_lost(engine: Engine, postgresql_url: str) -> None:
    with pytest.raises(OperationalError) as raised, engine.begin() as connection:  # noqa: PT012 -- the block is what is lost
        connection.execute(text("SELECT 1"))
        end_connections(postgresql_url)
        connection.exec_driver_sql(INSERT, (1,), execution_options=UNANSWERED)
    assert raised.value.connection_invalidated
    write(engine, 2)
    assert seen(postgresql_url) == [2]


@pytest.mark.parametrize("texts", [[], TEXTS, [*TEXTS, None], [None, *TEXTS[::-1]], [None], *([text] for text in TEXTS)])
def test_an_array_has_each_text_letter_by_letter(engine: Engine, texts: list[str | None]) -> None:
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT unnest(%s::TEXT[])", (array(texts),)).scalars().all() == texts


def test_a_request_that_met_a_dead_connection_is_carried_out_all_the_same(engine: Engine, postgresql_url: str) -> None:
    database = Database(postgresql_url)
    tried = []

    def carry_out(connection: Connection, numbers: Sequence[int]) -> list[int]:
        tried.append([*numbers])
        for number in numbers:
            connection.exec_driver_sql(INSERT, (number,), execution_options=UNANSWERED)
        return [*numbers]

    journal = Journal(database, carry_out)
    assert journal.write(1) == 1
    end_connections(postgresql_url)
    assert journal.write(2) == 2
    with pytest.raises(IntegrityError):
        journal.write(1)
    journal.close()
    database.close()
    assert seen(postgresql_url) == [1, 2]
    assert tried == [[1], [2], [1]]  # the dead connection refused already to begin
