"""Looks at approved items are on record, and many in a short time are an alarm."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.roles import Role
from examsrv.services import looking, writing_items
from examsrv.services.looking import MOST_ITEMS, WITHIN, most_within
from examsrv.services.signing_in import StaffMember
from examsrv.storage.database import Database
from examsrv.storage.tables import AuditRow
from tests.question_bank.builders import make_item
from tests.services.bank_workers import add_items, later, worker
from tests.services.sittings_to_mark import BEGIN, PACK

NAMES = [f"S-{number}" for number in range(MOST_ITEMS + 1)]


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def alarms_in_the_audit(session: Session) -> int:
    return len(session.scalars(select(AuditRow).where(AuditRow.act == "item.many_looks")).all())


def looker(session: Session) -> StaffMember:
    add_items(session, *(make_item(name, stem=f"题 {name}（　　）。") for name in NAMES))
    return worker(session, "author", Role.AUTHOR)


def test_a_look_is_kept_with_who_when_and_whether_the_key_was_seen(session: Session) -> None:
    by = looker(session)
    looking.look(session, PACK, ["S-1"], by.actor, BEGIN)
    looking.look(session, PACK, ["S-1", "S-2"], by.actor, later(1), with_key=True)
    assert [(look.name, look.with_key, look.wall) for look in looking.looks(session, PACK, "S-1")] == [
        (by.name, True, later(1).wall),
        (by.name, False, BEGIN.wall),
    ]


def test_a_look_at_an_item_that_never_counted_is_none(session: Session) -> None:
    by = looker(session)
    item = writing_items.new_item(session, PACK, "L3", "collection", "essay", by, BEGIN)
    looking.look(session, PACK, [item], by.actor, BEGIN)
    assert looking.looks(session, PACK, item) == []


def test_one_item_more_than_allowed_within_an_hour_is_one_alarm(session: Session) -> None:
    by = looker(session)
    for _again in range(2):
        for name in NAMES[:MOST_ITEMS]:
            looking.look(session, PACK, [name], by.actor, BEGIN)
    assert (looking.alarms(session, later(1)), alarms_in_the_audit(session)) == ([], 0)
    for _again in range(2):
        looking.look(session, PACK, NAMES[MOST_ITEMS:], by.actor, later(59))
    assert [(alarm.person, alarm.items, alarm.wall) for alarm in looking.alarms(session, later(60))] == [(by.id, MOST_ITEMS + 1, later(59).wall)]
    assert alarms_in_the_audit(session) == 1
    assert looking.alarms(session, later(60 * 25)) == []


def test_the_same_number_over_more_than_an_hour_is_none(session: Session) -> None:
    by = looker(session)
    looking.look(session, PACK, NAMES[:MOST_ITEMS], by.actor, BEGIN)
    looking.look(session, PACK, NAMES[MOST_ITEMS:], by.actor, later(60))
    assert (looking.alarms(session, later(60)), alarms_in_the_audit(session)) == ([], 0)


@pytest.mark.parametrize(("ends", "most"), [([0, 1, 2], 3), ([0, 59, 60], 2), ([0, 60, 61, 119], 3)])
def test_the_most_within_an_hour_is_found_wherever_the_hour_begins(ends: list[int], most: int) -> None:
    seen = [(BEGIN.wall + timedelta(minutes=minutes), minutes) for minutes in ends]
    assert timedelta(hours=1) == WITHIN
    assert most_within(seen)[0] == most
