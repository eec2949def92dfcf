"""People who keep a bank, a bank of one shipped standard, and drafts that are ready to be sent."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.roles import Role
from examsrv.services import managing_people, reviewing_items, writing_items
from examsrv.services.banking import import_pack
from examsrv.services.item_drafts import draft_of
from examsrv.services.signing_in import StaffMember
from question_bank.item import Case, Item
from question_bank.record import Record, record_of
from tests.question_bank.builders import make_item, make_pack
from tests.services.sittings_to_mark import BEGIN, PACK

SYSTEM = Actor(None, "test")


def worker(session: Session, login: str, *roles: Role) -> StaffMember:
    """Add a member of staff with these roles."""
    number = managing_people.create_person(session, login, f"姓名{login}", "a good password", [(role, None) for role in roles], SYSTEM, BEGIN)
    return StaffMember(number, f"姓名{login}", login, frozenset((role, None) for role in roles), None, must_change_password=False)


def later(minutes: float) -> Moment:
    """Return a moment after the beginning."""
    return Moment(BEGIN.wall + timedelta(minutes=minutes), BEGIN.exam + timedelta(minutes=minutes))


def add_items(session: Session, *items: Item) -> None:
    """Import items as a pack of their own."""
    import_pack(session, make_pack(*items), SYSTEM, BEGIN)


def good_record(item_id: str = "", **changes) -> Record:
    """Return the record of a faultless item."""
    return record_of(make_item(item_id or "S-1", stem="逾期账款的催收应当首先（　　）。", **changes))


def written(session: Session, by: StaffMember, **changes) -> str:
    """Begin an item and write it whole; return its id."""
    item = writing_items.new_item(session, PACK, "L3", "collection", "single_choice", by, BEGIN)
    writing_items.save(session, PACK, item, good_record(**changes), 1, by, BEGIN)
    return item


def approved(session: Session, author: StaffMember, reviewer: StaffMember, **changes) -> str:
    """Let an item be written, sent and approved; return its id."""
    item = written(session, author, **changes)
    writing_items.send(session, PACK, item, author, BEGIN)
    approve(session, item, reviewer)
    return item


def approve(session: Session, item: str, by: StaffMember) -> tuple[str, ...]:
    """Approve a draft as it is."""
    return reviewing_items.approve(session, PACK, item, draft_of(session, PACK, item).revision, by, BEGIN)


CASE = Case("K-1", "某公司赊销", "甲公司对乙公司赊销 100 万元，约定 60 天付款。")


def case_items(*numbers: int, case: Case = CASE) -> list[Item]:
    """Return faultless items of one case."""
    return [replace(make_item(f"K-1-{number}", stem=f"第 {number} 问的做法应当（　　）。"), case=case) for number in numbers]
