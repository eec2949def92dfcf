"""Every look at an approved item is on record, and somebody who looks at many of them in a short time is an alarm."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.item_events import names_of
from examsrv.storage.tables import ItemLookRow, ItemRow

MOST_ITEMS = 60
"""More different approved items than this within `WITHIN` is an alarm: an author's or a reviewer's day does not need it."""
WITHIN = timedelta(hours=1)
SHOWN_FOR = timedelta(days=1)
SHOWN_LOOKS = 50


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at an item."""

    name: str
    with_key: bool
    wall: datetime


@dataclass(frozen=True, slots=True)
class LookAlarm:
    """Somebody looked at many items: how many within `WITHIN` at most, and when that was reached."""

    person: int
    name: str
    items: int
    wall: datetime


def look(session: Session, pack: str, items: Sequence[str], by: Actor, at: Moment, *, with_key: bool = False) -> None:
    """Enter that somebody looks at items, by their ids; those of which no version counts are nobody's secret yet and are left out.

    Whoever passes `MOST_ITEMS` with it goes into the audit.
    """
    if by.person is None:
        return
    query = select(ItemRow.item_id, ItemRow.digest).where(ItemRow.pack == pack, ItemRow.item_id.in_(items), ItemRow.digest.is_not(None))
    before = _items_since(session, by.person, at)
    for row in session.execute(query.order_by(ItemRow.item_id)).all():
        session.add(ItemLookRow(pack=pack, item_id=row.item_id, digest=row.digest or "", with_key=with_key, person_id=by.person, wall=at.wall))
    session.flush()
    now = _items_since(session, by.person, at)
    if before <= MOST_ITEMS < now:
        record(session, "item.many_looks", f"person/{by.person}", by, at, items=now)


def looks(session: Session, pack: str, item: str) -> list[Look]:
    """Return the newest looks at an item."""
    query = select(ItemLookRow).where(ItemLookRow.pack == pack, ItemLookRow.item_id == item).order_by(ItemLookRow.id.desc()).limit(SHOWN_LOOKS)
    rows = session.scalars(query).all()
    names = names_of(session, [row.person_id for row in rows])
    return [Look(names.get(row.person_id, ""), row.with_key, row.wall) for row in rows]


def alarms(session: Session, at: Moment) -> list[LookAlarm]:
    """Return who looked at more than `MOST_ITEMS` different items within `WITHIN` during the last day."""
    query = select(ItemLookRow.person_id, ItemLookRow.pack, ItemLookRow.item_id, ItemLookRow.wall).where(ItemLookRow.wall > at.wall - SHOWN_FOR)
    by_person: dict[int, list[tuple[datetime, tuple[str, str]]]] = {}
    for row in session.execute(query.order_by(ItemLookRow.wall)):
        by_person.setdefault(row.person_id, []).append((row.wall, (row.pack, row.item_id)))
    most = {person: most_within(seen) for person, seen in by_person.items()}
    names = names_of(session, list(most))
    return [LookAlarm(person, names.get(person, ""), count, wall) for person, (count, wall) in sorted(most.items()) if count > MOST_ITEMS]


def most_within(seen: Iterable[tuple[datetime, object]]) -> tuple[int, datetime]:
    """Return the largest number of different things within `WITHIN`, and when it was first reached. `seen` is in order of time and not empty."""
    window: deque[tuple[datetime, object]] = deque()
    best: tuple[int, datetime] | None = None
    for wall, thing in seen:
        window.append((wall, thing))
        while wall - window[0][0] >= WITHIN:
            window.popleft()
        count = len({each for _wall, each in window})
        if best is None or count > best[0]:
            best = (count, wall)
    if best is None:
        raise ValueError("nothing was seen")
    return best


def _items_since(session: Session, person: int, at: Moment) -> int:
    seen = select(ItemLookRow.pack, ItemLookRow.item_id).where(ItemLookRow.person_id == person, ItemLookRow.wall > at.wall - WITHIN).distinct()
    return session.scalar(select(func.count()).select_from(seen.subquery())) or 0
