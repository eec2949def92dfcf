"""What happened to an item, entered twice: for its page with the words given as reason, and in the audit without them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from examsrv.domain.item_life import Act
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.storage.tables import ItemEventRow, PersonRow

WRITTEN = "written"
"""The first event of a draft that begins from nothing."""
IMPORTED = "imported"
WRITING = frozenset({WRITTEN, Act.SAVE, Act.REVISE, IMPORTED})
"""The acts by which somebody is an author of a draft."""
SETTLED = frozenset({Act.APPROVE, Act.DISCARD})
"""The acts with which a draft ends."""


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """Something that happened to an item. `person` None: the server, or an import."""

    act: str
    person: int | None
    name: str
    note: str
    digest: str | None
    wall: datetime


def enter(session: Session, pack: str, item: str, act: str, by: Actor, at: Moment, *, digest: str | None = None, note: str = "") -> None:
    """Enter an act on an item."""
    session.add(ItemEventRow(pack=pack, item_id=item, act=act, digest=digest, person_id=by.person, note=note, wall=at.wall))
    session.flush()
    record(session, f"item.{act}", f"pack/{pack}", by, at, item=item, digest=digest)


def enter_saving(session: Session, pack: str, item: str, by: Actor, at: Moment) -> None:
    """Enter that a draft was saved: once while the same person goes on writing, for an editor saves every few seconds."""
    last = session.execute(_of(pack, item).with_only_columns(ItemEventRow.act, ItemEventRow.person_id).limit(1)).first()
    if last is None or (last.act, last.person_id) != (Act.SAVE, by.person):
        enter(session, pack, item, Act.SAVE, by, at)


def events(session: Session, pack: str, item: str) -> list[ItemEvent]:
    """Return what happened to an item, newest first."""
    rows = session.scalars(_of(pack, item)).all()
    names = names_of(session, [row.person_id for row in rows])
    return [ItemEvent(row.act, row.person_id, names.get(row.person_id, ""), row.note, row.digest, row.wall) for row in rows]


def writers_of(session: Session, pack: str, item: str) -> frozenset[int]:
    """Return everybody who has written on the present draft of an item."""
    found = set()
    for row in session.execute(_of(pack, item).with_only_columns(ItemEventRow.act, ItemEventRow.person_id)):
        if row.act in SETTLED:
            break
        if row.act in WRITING and row.person_id is not None:
            found.add(row.person_id)
    return frozenset(found)


def last_version(session: Session, pack: str, item: str) -> str | None:
    """Return the digest of the version that counted last, also when it was retired; None: none ever did."""
    query = _of(pack, item).with_only_columns(ItemEventRow.digest).where(ItemEventRow.digest.is_not(None)).limit(1)
    return session.scalars(query).first()


def names_of(session: Session, people: Sequence[int | None]) -> dict[int | None, str]:
    """Return the names of people by their numbers."""
    wanted = {person for person in people if person is not None}
    return {row.id: row.name for row in session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(wanted)))} if wanted else {}


def _of(pack: str, item: str) -> Select[ItemEventRow]:
    return select(ItemEventRow).where(ItemEventRow.pack == pack, ItemEventRow.item_id == item).order_by(ItemEventRow.id.desc())
