"""The schema that migrations make is the one that the tables say, triggers and all; an interrupted upgrade is finished by the next."""

import json
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from examsrv.storage import migrating
from examsrv.storage.append_only import APPEND_ONLY, trigger_statements
from examsrv.storage.database import Database
from examsrv.storage.migrating import is_current, upgrade
from examsrv.storage.tables import Base

SQLITE_SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite%'"
POSTGRESQL_TRIGGERS = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"


@pytest.fixture
def empty(empty_database_url: str):
    made = Database(empty_database_url)
    yield made
    made.close()


def triggers(database: Database) -> set[tuple[str, ...]]:
    query = POSTGRESQL_TRIGGERS if database.dialect == "postgresql" else "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    with database.reading() as session:
        return {tuple(row) for row in session.execute(text(query))}


def test_an_upgraded_database_has_the_tables_that_the_code_knows(empty: Database) -> None:
    upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_an_upgraded_database_has_the_triggers_that_the_code_knows(database: Database, empty: Database) -> None:
    if database.dialect != empty.dialect:
        return
    with empty.engine.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in trigger_statements(empty.dialect, APPEND_ONLY):
            connection.execute(text(statement))
    assert triggers(database) == triggers(empty)
    assert len(triggers(database)) == 3 * len(APPEND_ONLY)


def test_unique_keys_and_foreign_keys_are_as_the_code_knows_them(database: Database) -> None:
    found = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        known = {(tuple(each.column_keys), each.referred_table.name) for each in table.foreign_key_constraints}
        assert {(tuple(each["constrained_columns"]), each["referred_table"]) for each in found.get_foreign_keys(table.name)} == known


def test_an_empty_database_is_not_current_and_an_upgraded_one_is(empty: Database) -> None:
    assert not is_current(empty)
    upgrade(empty)
    assert is_current(empty)


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    upgrade(empty)
    before = triggers(empty)
    upgrade(empty)
    assert triggers(empty) == before


def test_an_interrupted_upgrade_leaves_nothing_and_can_be_run_again(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE time_entry (id integer)"))  # the last table: all others come before it fails
    with pytest.raises(DBAPIError):
        upgrade(empty)
    assert set(inspect(empty.engine).get_table_names()) - {"alembic_version"} == {"time_entry"}
    with empty.engine.begin() as connection:
        connection.execute(text("DROP TABLE time_entry"))
    upgrade(empty)
    assert is_current(empty)


def test_a_database_of_a_later_release_is_not_current(empty: Database) -> None:
    upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not is_current(empty)


def test_specifications_of_an_earlier_release_become_versions(empty: Database) -> None:
    upgrade_to(empty, "0003")
    said = "level: L3\ncomponent: theory\nname: 标准卷\n"
    with empty.engine.begin() as connection:
        pack = "INSERT INTO pack (code, name, standard, standard_digest, specifications) VALUES ('p', 'n', 's', 'd', :texts)"
        connection.execute(text(pack), {"texts": json.dumps({"b.yaml": said, "a.yaml": said})})
    upgrade(empty)
    with empty.reading() as session:
        rows = session.execute(text("SELECT origin, name, version, is_usual FROM specification ORDER BY id")).all()
        assert [tuple(row) for row in rows] == [("a.yaml", "标准卷", 1, True), ("b.yaml", "标准卷", 1, False)]
        assert session.execute(text("SELECT text FROM specification_version")).scalars().all() == [said, said]


def test_sealed_papers_of_an_earlier_release_are_sealed_sets(empty: Database) -> None:
    upgrade_to(empty, "0003")
    columns = "(id, pack, level, component, specification, seed, bank_digest, report, wall)"
    form_set = f"INSERT INTO form_set {columns} VALUES (:set, 'p', '', '', '{{}}', 1, '', '{{}}', :at)"
    paper = "INSERT INTO paper (digest, form_id, content, item_count, sealed) VALUES (:name, :set, :content, 1, :sealed)"
    morning = datetime(2026, 11, 1, tzinfo=UTC)
    with empty.engine.begin() as connection:
        connection.execute(text("INSERT INTO pack (code, name, standard, standard_digest, specifications) VALUES ('p', 'n', 's', 'd', '{}')"))
        for number, sealed in ((1, morning), (2, None)):
            connection.execute(text(form_set), {"set": number, "at": morning})
            connection.execute(text("INSERT INTO form (id, form_set_id, name, items) VALUES (:set, :set, 'A', '[]')"), {"set": number})
            connection.execute(text(paper), {"name": f"paper-{number}", "set": number, "content": b"", "sealed": sealed})
    upgrade(empty)
    with empty.reading() as session:
        assert [row.sealed is not None for row in session.execute(text("SELECT sealed FROM form_set ORDER BY id"))] == [True, False]


def upgrade_to(database: Database, revision: str) -> None:
    config = migrating._config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
