"""Logs can only be added to: on both databases, for every table that ought to be listed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from examsrv.storage.append_only import APPEND_ONLY, trigger_statements
from examsrv.storage.database import Database
from examsrv.storage.tables import Base, PersonRow, SpecificationRow
from tests.builders import CODE, add_room

ROWS = {
    "adjudication": "(id, attempt_id, way, sheets, person_id, wall) VALUES (100000, 'attempt-1-1', 'leader', '{}', 1, '2026-11-28 01:00:00')",
    "audit_entry": "(number, act, subject, detail, exam, wall, head) VALUES (100000, 'a', 's', '{}', 1, '2026-11-28 01:00:00', 'h')",
    "entry": "(id, attempt_id, place, edition, person_id, marks, vetoes, comments, seconds, digest, wall)"
    " VALUES (100000, 'attempt-1-1', 1, 1, 1, '{}', '[]', '{}', '{}', 'd', '2026-11-28 01:00:00')",
    "hearing_entry": "(id, attempt_id, kind, at, ground, person_id, wall) VALUES (100000, 'attempt-1-1', 'begin', 1, '', 1, '2026-11-28 01:00:00')",
    "incident": "(id, sitting_room_id, kind, wall, exam) VALUES (100000, 1, 'other', '2026-11-28 01:00:00', 1)",
    "item_event": "(id, pack, item_id, act, note, wall) VALUES (100000, 'p', 'S-1', 'saved', '', '2026-11-28 01:00:00')",
    "item_look": "(id, pack, item_id, digest, with_key, person_id, wall) VALUES (100000, 'p', 'S-1', 'd', '1', 1, '2026-11-28 01:00:00')",
    "item_mark": "(run_id, attempt_id, item, fraction, mark) VALUES (1, 'attempt-1-1', 1, '1', '1')",
    "panel_question": "(id, attempt_id, person_id, note, wall) VALUES (100000, 'attempt-1-1', 1, 'd', '2026-11-28 01:00:00')",
    "quarantined_step": "(id, attempt_id, epoch, seq, kind, value, client_ms, digest, reason, exam, wall)"
    " VALUES (100000, 'attempt-1-1', 1, 1, 'answered', '1', 1, 'd', 'r', 1, '2026-11-28 01:00:00')",
    "reopening": "(id, attempt_id, place, edition, note, proposed_by, approved_by, wall)"
    " VALUES (100000, 'attempt-1-1', 1, 1, 'd', 1, 1, '2026-11-28 01:00:00')",
    "reserve_call": "(id, attempt_id, place, person_id, called_by, wall) VALUES (100000, 'attempt-1-1', 4, 1, 1, '2026-11-28 01:00:00')",
    "result": "(run_id, attempt_id, sections, decision) VALUES (1, 'attempt-1-1', '{}', 'pass')",
    "specification_version": "(specification_id, version, text, is_imported, wall) VALUES (100000, 1, 't', '1', '2026-11-28 01:00:00')",
    "step": "(attempt_id, epoch, seq, kind, value, client_ms, exam, wall, digest, head)"
    " VALUES ('attempt-1-1', 1, 1, 'answered', '1', 1, 1, '2026-11-28 01:00:00', 'd', 'h')",
    "time_entry": "(id, sitting_room_id, kind, at, amount, reason, wall) VALUES (100000, 1, 'start', 1, 0, '', '2026-11-28 01:00:00')",
}
RUN = (
    "INSERT INTO run (id, sitting_id, number, reason, key_digest, rules_digest, digest, state, made)"
    " VALUES (1, 1, 1, '', '', '', '', 'preview', '2026-11-28 01:00:00')"
)


@pytest.fixture
def filled(database: Database) -> Database:
    """Give a database with one row in each log."""
    with database.writing() as session:
        add_room(session)
        session.execute(text(RUN))
        session.add(PersonRow(id=1, login="reader", name="读者", password_hash="-"))
        session.add(SpecificationRow(id=100000, pack=CODE, level="L3", component="theory", name="标准卷", version=1, is_usual=False))
        session.flush()
        for table, row in ROWS.items():
            session.execute(text(f"INSERT INTO {table} {row}"))
    return database


def refused(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(statement))


def content(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return sorted((tuple(map(str, row)) for row in session.execute(text(f"SELECT * FROM {table}"))), key=str)


def test_every_log_is_listed_here_and_there() -> None:
    """DECISIONS 5 names the kinds; a table whose own words say so has to be on the list."""
    said = {table.name for mapper in Base.registry.mappers for table in mapper.tables if "(append-only)" in (mapper.class_.__doc__ or "")}
    assert set(APPEND_ONLY) == said == set(ROWS)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_log_refuses_update_and_delete(filled: Database, table: str) -> None:
    before = content(filled, table)
    column = list(Base.metadata.tables[table].columns)[-1].name
    refused(filled, f"UPDATE {table} SET {column} = {column}")
    refused(filled, f"DELETE FROM {table}")
    assert content(filled, table) == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_log_refuses_a_row_over_an_existing_one(filled: Database, table: str) -> None:
    before = content(filled, table)
    if filled.dialect == "sqlite":
        refused(filled, f"INSERT OR REPLACE INTO {table} {ROWS[table]}")
    else:
        key = ", ".join(column.name for column in Base.metadata.tables[table].primary_key)
        column = list(Base.metadata.tables[table].columns)[-1].name
        refused(filled, f"INSERT INTO {table} {ROWS[table]} ON CONFLICT ({key}) DO UPDATE SET {column} = EXCLUDED.{column}")
    assert content(filled, table) == before


def test_replacing_by_another_unique_key_is_refused_too(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.writing() as session:
        add_room(session)
        session.execute(text(f"INSERT INTO quarantined_step {ROWS['quarantined_step']}"))
    refused(database, f"INSERT OR REPLACE INTO quarantined_step {ROWS['quarantined_step'].replace('100000', '100001')}")
    database.close()


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_postgresql_refuses_truncate(postgresql_url: str, table: str) -> None:
    database = Database(postgresql_url)
    refused(database, f"TRUNCATE {table} CASCADE")
    database.close()


def test_a_log_takes_further_rows(filled: Database) -> None:
    with filled.writing() as session:
        session.execute(text(f"INSERT INTO incident {ROWS['incident'].replace('100000', '100001')}"))
    assert len(content(filled, "incident")) == 2


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_each_listed_table_gets_three_triggers(dialect: str) -> None:
    made = [statement for statement in trigger_statements(dialect, APPEND_ONLY) if "CREATE TRIGGER" in statement]
    assert len(made) == 3 * len(APPEND_ONLY)
