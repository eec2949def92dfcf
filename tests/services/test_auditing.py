"""The audit chain: any single change is found with the first bad number; concurrent writers keep one chain."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from examsrv.domain.canonical import chained
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import keep_note, newest_entries, record, verify_chain
from examsrv.storage.append_only import APPEND_ONLY, trigger_statements
from examsrv.storage.database import Database
from examsrv.storage.tables import AuditRow, NoteRow
from tests.builders import BEGIN, MORNING, OFFICE, at

ENTRIES = 40
MUTATIONS = 200
COLUMNS = ("act", "person_id", "subject", "detail", "exam", "wall", "head")
OTHERS = {"act": "'other'", "person_id": "77", "subject": "'other'", "detail": """'{"n": 77}'""", "exam": "exam + 1", "head": "'other'"}


def fill(database: Database, count: int = ENTRIES) -> None:
    with database.writing() as session:
        for number in range(count):
            record(
                session, "act", f"subject/{number}", Actor(None, "server"), at(timedelta(seconds=number)), n=number, text="考", none=None, yes=True
            )


def drop_triggers(database: Database) -> None:
    with database.writing() as session:
        for act in ("update", "delete", "replace" if database.dialect == "sqlite" else "truncate"):
            suffix = " ON audit_entry" if database.dialect == "postgresql" else ""
            session.execute(text(f"DROP TRIGGER audit_entry_no_{act}{suffix}"))


def first_bad(database: Database) -> int | None:
    with database.reading() as session:
        return verify_chain(session).first_bad


def mutations(chance: random.Random) -> tuple[int, list[str]]:
    """Return the first number that is no longer right, and the statements of one mutation."""
    number = chance.randint(1, ENTRIES - 1)
    column = chance.choice(COLUMNS)
    other = OTHERS.get(column, "'2001-01-01 00:00:00.000000+00'")
    copy = f"act, person_id, subject, detail, exam, wall, head FROM audit_entry WHERE number = {number}"
    names = "number, act, person_id, subject, detail, exam, wall, head"
    shift = [f"UPDATE audit_entry SET number = -number WHERE number > {number}", "UPDATE audit_entry SET number = 1 - number WHERE number < 0"]
    swap = [f"UPDATE audit_entry SET number = {to} WHERE number = {source}" for source, to in ((number, -1), (number + 1, number), (-1, number + 1))]
    return chance.choice(
        [
            (number, [f"UPDATE audit_entry SET {column} = {other} WHERE number = {number}"]),
            (number, [f"DELETE FROM audit_entry WHERE number = {number}"]),
            (number + 1, [*shift, f"INSERT INTO audit_entry ({names}) SELECT {number + 1}, {copy}"]),
            (number, swap),
        ]
    )


def test_every_random_mutation_is_found_with_the_first_bad_number(database: Database) -> None:
    fill(database)
    drop_triggers(database)
    assert first_bad(database) is None
    chance = random.Random(20261122)
    missed = []
    for _turn in range(MUTATIONS):
        expected, statements = mutations(chance)
        with database.engine.begin() as connection:
            inner = connection.begin_nested()
            for statement in statements:
                connection.execute(text(statement))
            with Session(connection, join_transaction_mode="rollback_only") as session:
                found = verify_chain(session)
            inner.rollback()
        if found.first_bad != expected or found.entries != expected - 1:
            missed.append((statements, expected, found))
    assert missed == []
    assert first_bad(database) is None


def test_a_forged_entry_at_the_end_is_found(database: Database) -> None:
    fill(database, 3)
    with database.writing() as session:
        session.add(AuditRow(number=4, act="a", person_id=None, subject="s", detail={}, exam=BEGIN, wall=MORNING, head=chained("", ["forged"])))
    assert first_bad(database) == 4


def test_an_empty_chain_holds(database: Database) -> None:
    with database.reading() as session:
        report = verify_chain(session)
    assert (report.entries, report.head, report.first_bad) == (0, "", None)


def test_an_intact_chain_is_told_with_its_length_and_head(database: Database) -> None:
    fill(database)
    with database.reading() as session:
        report = verify_chain(session)
        assert (report.entries, report.head) == (ENTRIES, newest_entries(session, 1)[0].head)


@pytest.mark.parametrize("hours", [-3, 0, 8])
def test_the_chain_holds_whatever_zone_the_moment_was_told_in(database: Database, hours: int) -> None:
    wall = MORNING.astimezone(timezone(timedelta(hours=hours))).replace(microsecond=654321)
    with database.writing() as session:
        record(session, "act", "subject", OFFICE, Moment(wall, timedelta(microseconds=1_234_567)))
    assert first_bad(database) is None


def test_an_act_that_fails_leaves_no_entry(database: Database) -> None:
    with pytest.raises(LookupError), database.writing() as session:  # noqa: PT012 -- the block is what is rolled back
        record(session, "act", "subject", OFFICE, at())
        raise LookupError
    with database.reading() as session:
        assert verify_chain(session).entries == 0


def test_writers_of_one_process_keep_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(12) as threads:
        list(threads.map(lambda _turn: fill(database, 5), range(24)))
    with database.reading() as session:
        assert verify_chain(session).first_bad is None
        assert session.scalar(select(func.count()).select_from(AuditRow)) == 120


def test_writers_of_several_processes_keep_one_chain_on_postgresql(postgresql_url: str) -> None:
    databases = [Database(postgresql_url) for _process in range(4)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda turn: fill(databases[turn % 4], 5), range(24)))
    with databases[0].reading() as session:
        report = verify_chain(session)
    assert (report.first_bad, report.entries) == (None, 120)
    for database in databases:
        database.close()


def test_entries_are_read_newest_first_and_page_by_page(database: Database) -> None:
    fill(database, 5)
    with database.reading() as session:
        assert [entry.number for entry in newest_entries(session, 2)] == [5, 4]
        assert [entry.number for entry in newest_entries(session, 9, before=4)] == [3, 2, 1]


def test_the_same_note_is_kept_once_and_an_empty_one_not_at_all(database: Database) -> None:
    with database.writing() as session:
        names = [keep_note(session, text_of) for text_of in ("断电十分钟", " 断电十分钟 ", "", "  ")]
        assert session.scalars(select(NoteRow.text)).all() == ["断电十分钟"]
    assert names[0] == names[1] is not None
    assert names[2:] == [None, None]


def test_the_triggers_that_this_test_drops_are_those_that_protect(database: Database) -> None:
    named = [statement for statement in trigger_statements(database.dialect, APPEND_ONLY) if " ON audit_entry" in statement]
    assert len(named) == 3
