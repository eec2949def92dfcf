"""Free labels on items: put on and taken off for many at once, renamed. They are no content and make no new version."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Moment
from examsrv.services.auditing import record
from examsrv.services.scoping import WHOLE_BANK, scope_of
from examsrv.services.signing_in import StaffMember
from examsrv.services.writable import require_text
from examsrv.storage.tables import ItemRow, ItemTagRow
from question_bank.message import N_, ExamError, Message

TAG_LONGEST = 30


def tags(session: Session, pack: str) -> list[tuple[str, int]]:
    """Return every tag with how many items have it, by name."""
    query = select(ItemTagRow.tag, func.count()).where(ItemTagRow.pack == pack).group_by(ItemTagRow.tag).order_by(ItemTagRow.tag)
    return [(tag, count) for tag, count in session.execute(query)]


def tags_of(session: Session, pack: str, items: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the tags of items, by their ids."""
    query = select(ItemTagRow).where(ItemTagRow.pack == pack, ItemTagRow.item_id.in_(items)).order_by(ItemTagRow.tag)
    found: dict[str, tuple[str, ...]] = {}
    for row in session.scalars(query):
        found[row.item_id] = (*found.get(row.item_id, ()), row.tag)
    return found


def put_on(session: Session, pack: str, items: Sequence[str], tag: str, by: StaffMember, at: Moment) -> int:
    """Put a tag on items; return how many had it not. Items that are not there or not one's own are refused, all together."""
    name = _name(tag)
    own = _own(session, pack, items, by)
    without = [item for item in own if session.get(ItemTagRow, (pack, item, name)) is None]
    session.add_all(ItemTagRow(pack=pack, item_id=item, tag=name) for item in without)
    session.flush()
    _enter(session, pack, "tagged", without, by, at)
    return len(without)


def take_off(session: Session, pack: str, items: Sequence[str], tag: str, by: StaffMember, at: Moment) -> int:
    """Take a tag off items; return how many had it."""
    name = _name(tag)
    own = _own(session, pack, items, by)
    rows = session.scalars(select(ItemTagRow).where(ItemTagRow.pack == pack, ItemTagRow.tag == name, ItemTagRow.item_id.in_(own))).all()
    for row in rows:
        session.delete(row)
    session.flush()
    _enter(session, pack, "untagged", [row.item_id for row in rows], by, at)
    return len(rows)


def rename(session: Session, pack: str, old: str, new: str, by: StaffMember, at: Moment) -> int:
    """Give a tag another name on all items; where an item has both already, one remains. Return how many had the old one.

    Refused for somebody who works on some sections only: others have the tag too.
    """
    if scope_of(session, by) != WHOLE_BANK:
        raise ExamError(Message(N_("Tags are renamed for the whole bank, by somebody who works on all of it.")))
    name = _name(new)
    items = list(session.scalars(select(ItemTagRow.item_id).where(ItemTagRow.pack == pack, ItemTagRow.tag == old)))
    if not items:
        raise ExamError(Message(N_("No item has this tag.")))
    if name != old:
        session.execute(delete(ItemTagRow).where(ItemTagRow.pack == pack, ItemTagRow.tag == old))
        there = set(session.scalars(select(ItemTagRow.item_id).where(ItemTagRow.pack == pack, ItemTagRow.tag == name)))
        session.add_all(ItemTagRow(pack=pack, item_id=item, tag=name) for item in items if item not in there)
        session.flush()
        _enter(session, pack, "tag_renamed", items, by, at)
    return len(items)


def _enter(session: Session, pack: str, act: str, items: Sequence[str], by: StaffMember, at: Moment) -> None:
    if items:
        record(session, f"items.{act}", f"pack/{pack}", by.actor, at, items=len(items))


def _own(session: Session, pack: str, items: Sequence[str], by: StaffMember) -> list[str]:
    wanted = sorted(set(items))
    if not wanted:
        raise ExamError(Message(N_("Tick at least one item.")))
    query = select(ItemRow.item_id).where(ItemRow.pack == pack, ItemRow.item_id.in_(wanted), scope_of(session, by).condition(pack))
    found = sorted(session.scalars(query))
    if found != wanted:
        raise ExamError(Message(N_("Some of these items are not there any more. Look at the list again.")))
    return found


def _name(tag: str) -> str:
    name = " ".join(tag.split())
    if not name or len(name) > TAG_LONGEST:
        raise ExamError(Message(N_("A tag has 1 to %(longest)d characters."), {"longest": TAG_LONGEST}))
    require_text(name)
    return name
