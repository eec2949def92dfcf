"""Remarks on an item, by those who keep the bank, each open until somebody settles it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.item_events import names_of
from examsrv.services.writable import require_text
from examsrv.storage.tables import ItemCommentRow
from question_bank.message import N_, ExamError, Message

COMMENT_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark; `settled` None: it is open."""

    id: int
    person: int
    name: str
    text: str
    wall: datetime
    settled: datetime | None
    settled_by: str


def comment(session: Session, pack: str, item: str, text: str, by: Actor, at: Moment) -> int:
    """Put a remark on an item; return its number."""
    if by.person is None:
        raise ExamError(Message(N_("Only a person can write a comment.")))
    row = ItemCommentRow(pack=pack, item_id=item, person_id=by.person, text=require_words(text), wall=at.wall)
    session.add(row)
    session.flush()
    record(session, "item.commented", f"pack/{pack}", by, at, item=item, comment=row.id)
    return row.id


def settle(session: Session, pack: str, item: str, number: int, by: Actor, at: Moment) -> None:
    """Settle a remark of an item; one that is settled stays as it is."""
    row = session.get(ItemCommentRow, number)
    if row is None or (row.pack, row.item_id) != (pack, item):
        raise ExamError(Message(N_("There is no such comment.")))
    if row.settled is None:
        row.settled, row.settled_by = at.wall, by.person
        record(session, "item.comment_settled", f"pack/{pack}", by, at, item=item, comment=number)


def comments(session: Session, pack: str, item: str) -> list[Comment]:
    """Return the remarks on an item, open ones first, each kind newest first."""
    query = select(ItemCommentRow).where(ItemCommentRow.pack == pack, ItemCommentRow.item_id == item).order_by(ItemCommentRow.id.desc())
    rows = sorted(session.scalars(query), key=lambda row: row.settled is not None)
    names = names_of(session, [person for row in rows for person in (row.person_id, row.settled_by)])
    return [
        Comment(row.id, row.person_id, names.get(row.person_id, ""), row.text, row.wall, row.settled, names.get(row.settled_by, "")) for row in rows
    ]


def is_comment(session: Session, pack: str, item: str, number: int) -> bool:
    """Tell whether an item has such a remark."""
    row = session.get(ItemCommentRow, number)
    return row is not None and (row.pack, row.item_id) == (pack, item)


def require_words(text: str) -> str:
    """Return a remark or a reason as it is kept; refuse an empty or a very long one."""
    words = text.strip()
    if not words or len(words) > COMMENT_LONGEST:
        raise ExamError(Message(N_("Enter 1 to %(longest)d characters."), {"longest": COMMENT_LONGEST}))
    require_text(words)
    return words
