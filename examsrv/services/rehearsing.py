"""A database for rehearsals only: marked while it is empty, never in real use, and never to be turned into one that is.

The mark is an entry of the audit chain, which nobody can take back. What a rehearsal needs to judge by itself, the keys, is handed out here
and only from a marked database.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.marking import key_of
from examsrv.domain.moment import SERVER, Moment
from examsrv.domain.paper import KeyLine
from examsrv.services.auditing import record
from examsrv.services.managing_people import has_staff
from examsrv.services.paper_keys import paper_keys
from examsrv.storage.tables import AttemptRow, AuditRow, ItemVersionRow
from question_bank.message import N_, ExamError, Message

MARKED = "rehearsal.marked"
ORDERED = "ordering"


Right: TypeAlias = bool | str | frozenset[str] | tuple[str, ...] | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RehearsedItem:
    """What is known of an item of a paper: what is right (in the paper's option ids), what it earns, and how difficult it is (1 to 5).

    What is right is a truth or an option, a set of options, a row of options in their order, or the key as the kind gives it for marking.
    """

    kind: str
    policy: str
    marks: Fraction
    right: Right
    difficulty: int


@dataclass(frozen=True, slots=True)
class Dealt:
    """Where an attempt stands and which paper it has."""

    attempt: str
    sitting_room: int
    paper: str


def is_for_rehearsal(session: Session) -> bool:
    """Tell whether the database is marked for rehearsals only."""
    return session.scalars(select(AuditRow.number).where(AuditRow.act == MARKED).limit(1)).first() is not None


def mark_for_rehearsal(session: Session, at: Moment) -> None:
    """Mark an empty database for rehearsals only, for ever; marking it again changes nothing. Refused as soon as anybody has an account."""
    if is_for_rehearsal(session):
        return
    if has_staff(session):
        raise ExamError(Message(N_("This database is in real use; a rehearsal needs one of its own. Nothing was changed.")))
    record(session, MARKED, "rehearsal", SERVER, at)


def require_rehearsal(session: Session) -> None:
    """Refuse a database that is not marked for rehearsals only."""
    if not is_for_rehearsal(session):
        raise ExamError(Message(N_("This database is not marked for rehearsals. Mark an empty one with: examsrv rehearse --mark")))


def rehearsed_items(session: Session, papers: Collection[str]) -> dict[str, dict[int, RehearsedItem]]:
    """Return the items of papers by paper and number, keys and all. Refused outside a database that is marked."""
    require_rehearsal(session)
    keys = paper_keys(session, papers)
    versions = {line.digest for key in keys.values() for line in key.lines.values()}
    query = select(ItemVersionRow.digest, ItemVersionRow.difficulty).where(ItemVersionRow.digest.in_(versions))
    difficulties = {row.digest: row.difficulty for row in session.execute(query)}
    return {
        paper: {
            number: RehearsedItem(line.kind, line.policy, Fraction(line.marks), _right(line), difficulties[line.digest])
            for number, line in key.lines.items()
        }
        for paper, key in keys.items()
    }


def dealt_out(session: Session, sitting: int) -> dict[str, Dealt]:
    """Return the attempts of a published sitting by ticket."""
    query = select(AttemptRow.ticket, AttemptRow.id, AttemptRow.sitting_room_id, AttemptRow.paper)
    rows = session.execute(query.where(AttemptRow.sitting_id == sitting, AttemptRow.paper.is_not(None)))
    return {row.ticket: Dealt(row.id, row.sitting_room_id, row.paper) for row in rows}


def _right(line: KeyLine) -> Right:
    key = key_of(line)
    if isinstance(key, tuple):
        options = tuple(str(option) for option in key)
        return options if line.kind == ORDERED else frozenset(options)
    return key if isinstance(key, (bool, Mapping)) else str(key)
