"""Many rows with one statement: what is stored is what SQLAlchemy stores of the same values, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from examsrv.storage.database import Database
from examsrv.storage.many_rows import ManyKeys, ManyRows, array, insertion
from examsrv.storage.tables import AuditRow, table_of

NAMES = ["number", "act", "person_id", "subject", "detail", "exam", "wall", "head"]
ENTRIES = insertion(table_of(AuditRow), NAMES)
MORNING = datetime(2026, 11, 26, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))


def row(number: int, wall: datetime = MORNING) -> list[object]:
    return [number, "act", None, "甲 %s ?", {"of": [1, None]}, timedelta(seconds=1.5), wall, "head"]


@pytest.mark.parametrize("count", [1, 2, 500])
def test_rows_are_stored_as_sqlalchemy_stores_them(database: Database, count: int) -> None:
    with database.appending() as connection:
        ENTRIES.write(connection, [row(number) for number in range(count)])
        connection.execute(insert(AuditRow), [dict(zip(NAMES, row(count), strict=True))])
        found = [tuple(each[1:]) for each in connection.execute(select(*table_of(AuditRow).columns).order_by(AuditRow.number))]
        raw = {each[1:] for each in connection.exec_driver_sql("SELECT number, exam, wall, CAST(detail AS TEXT) FROM audit_entry")}
    assert found == [tuple(row(0)[1:])] * (count + 1)
    assert len(raw) == 1
    assert found[0][-2].astimezone(UTC) == MORNING


def test_a_row_that_is_refused_leaves_nothing_of_its_neighbours(database: Database) -> None:
    with database.appending() as connection:
        ENTRIES.write(connection, [row(1)])
    with pytest.raises(IntegrityError), database.appending() as connection:
        ENTRIES.write(connection, [row(2), row(1), row(3)])
    with database.reading() as session:
        assert list(session.scalars(select(AuditRow.number))) == [1]


def test_what_follows_a_refused_row_is_not_stored_either(database: Database) -> None:
    with database.appending() as connection:
        ENTRIES.write(connection, [row(1)])
    with pytest.raises(IntegrityError), database.appending() as connection:  # noqa: PT012 -- the block is what is rolled back
        ENTRIES.write(connection, [row(2)])
        ENTRIES.write(connection, [row(1)])
        ENTRIES.write(connection, [row(3)])
    with database.appending() as connection:
        ENTRIES.write(connection, [row(4)])
    with database.reading() as session:
        assert list(session.scalars(select(AuditRow.number).order_by(AuditRow.number))) == [1, 4]


def test_rows_that_nobody_read_are_stored_when_the_transaction_is_over(database: Database) -> None:
    for number in range(5):
        with database.appending() as connection:
            ENTRIES.write(connection, [row(number)])
        with database.reading() as session:
            assert len(session.scalars(select(AuditRow.number)).all()) == number + 1


def test_a_text_that_postgresql_cannot_keep_is_refused_and_shifts_nothing() -> None:
    for texts in (["a\0b"], ["\0"], ["a", "b\0"], ["", "\0", ""]):
        with pytest.raises(ValueError, match="NUL"):
            array(texts)
    with pytest.raises(TypeError, match="bytes"):
        array([b"a"])


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="time zone"), database.appending() as connection:
        ENTRIES.write(connection, [row(1, MORNING.replace(tzinfo=None))])


def test_values_in_another_order_are_refused(database: Database) -> None:
    audit = table_of(AuditRow)
    swapped = ManyRows(
        {name: audit.c[name].type for name in ("act", "number")}, lambda new: insert(audit).values(number=new["number"], act=new["act"])
    )
    with pytest.raises(ValueError, match="the parameters are"), database.appending() as connection:
        swapped.write(connection, [row(1)[:2]])


@pytest.mark.parametrize("asked", [[], [1], [3, 1, 7], [*range(300)]])
def test_the_rows_of_many_keys_are_read_as_sqlalchemy_reads_them(database: Database, asked: list[int]) -> None:
    with database.appending() as connection:
        ENTRIES.write(connection, [row(number) for number in range(5)])
        columns = select(*(table_of(AuditRow).c[name] for name in NAMES)).order_by(AuditRow.number)
        found = [tuple(each) for each in ManyKeys(columns, table_of(AuditRow).c.number).read(connection, asked)]
        expected = [tuple(each) for each in connection.execute(columns.where(AuditRow.number.in_(asked)))]
    assert found == expected
    assert len(found) == len({*asked} & {*range(5)})


def test_a_key_of_text_is_found_letter_by_letter(database: Database) -> None:
    acts = ["甲", "甲乙", 'a"b', "a'b", "a%s", "[1]", "1"]
    with database.appending() as connection:
        ENTRIES.write(connection, [[number, act, *row(0)[2:]] for number, act in enumerate(acts)])
        by_act = ManyKeys(select(table_of(AuditRow).c.act), table_of(AuditRow).c.act)
        for act in acts:
            assert list(by_act.read(connection, [act])) == [[act]]
