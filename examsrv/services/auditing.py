"""The audit chain: every act leaves an entry in its own transaction, and anybody can recompute the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from examsrv.domain.canonical import chained, digest
from examsrv.domain.moment import Actor, Moment
from examsrv.storage.columns import MILLISECOND
from examsrv.storage.database import lock_for_audit
from examsrv.storage.tables import AuditRow, NoteRow, table_of
from question_bank.message import N_, ExamError, Message

FIRST_HEAD = ""
BATCH = 1000
LAST = select(AuditRow.number, AuditRow.head).order_by(AuditRow.number.desc()).limit(1)
NEW_ENTRIES = insert(table_of(AuditRow))


@dataclass(frozen=True, slots=True)
class Entry:
    """An act to be entered. `detail` holds ids, digests and counts only."""

    act: str
    subject: str
    by: Actor
    at: Moment
    detail: Mapping[str, str | int | bool | None]


def record(session: Session, act: str, subject: str, by: Actor, at: Moment, **detail: str | int | bool | None) -> int:
    """Append an entry to the chain and return its number. `detail` holds ids, digests and counts only."""
    return append_entries(session.connection(), [Entry(act, subject, by, at, detail)])


def append_entries(connection: Connection, entries: Sequence[Entry]) -> int:
    """Append entries to the chain, in order, and return the number of the last."""
    lock_for_audit(connection)
    last = connection.execute(LAST).first()
    number, head = (last.number, last.head) if last else (0, FIRST_HEAD)
    rows = []
    for entry in entries:
        number += 1
        detail, by, at = dict(entry.detail), entry.by.person, entry.at
        head = chained(head, _content(number, entry.act, by, entry.subject, detail, at.exam, at.wall))
        values = {"number": number, "act": entry.act, "person_id": by, "subject": entry.subject, "detail": detail}
        rows.append(values | {"exam": at.exam, "wall": at.wall, "head": head})
    connection.execute(NEW_ENTRIES, rows)
    return number


def keep_note(session: Session, text: str) -> str | None:
    """Keep a free text apart and return its digest for a log; None for an empty text."""
    stripped = text.strip()
    if not stripped:
        return None
    name = digest(stripped)
    if session.get(NoteRow, name) is None:
        session.add(NoteRow(digest=name, text=stripped))
        session.flush()
    return name


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What recomputing found: how many entries hold, the head after them, and the number of the first bad one (None: all hold)."""

    entries: int
    head: str
    first_bad: int | None


def verify_chain(session: Session) -> ChainReport:
    """Recompute the whole chain from its first entry. An entry that is changed, missing, added or moved is the first bad one."""
    head, expected = FIRST_HEAD, 1
    with session.scalars(select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=BATCH)) as entries:
        for entry in entries:
            if entry.number != expected or entry.head != chained(head, _content_of(entry)):
                return ChainReport(expected - 1, head, expected)
            head, expected = entry.head, expected + 1
    return ChainReport(expected - 1, head, None)


def head_of_entry(session: Session, number: int) -> str:
    """Return the head of the chain after an entry; refuses a number that the chain does not reach."""
    head = session.scalars(select(AuditRow.head).where(AuditRow.number == number)).one_or_none()
    if head is None:
        text = N_("The audit chain has no entry %(number)d. If its head was written down, the chain has been cut off.")
        raise ExamError(Message(text, {"number": number}))
    return head


@dataclass(frozen=True, slots=True)
class AuditView:
    """An entry as an auditor reads it."""

    number: int
    act: str
    person: int | None
    subject: str
    detail: Mapping[str, object]
    wall: datetime
    head: str


def newest_entries(session: Session, count: int, before: int | None = None) -> list[AuditView]:
    """Return the newest `count` entries, newest first, those below number `before` when it is given."""
    query = select(AuditRow).order_by(AuditRow.number.desc()).limit(count)
    if before is not None:
        query = query.where(AuditRow.number < before)
    return [AuditView(row.number, row.act, row.person_id, row.subject, row.detail, row.wall, row.head) for row in session.scalars(query)]


def _content(number: int, act: str, person: int | None, subject: str, detail: Mapping[str, object], exam: timedelta, wall: datetime) -> list[object]:
    return [number, act, person, subject, dict(detail), exam // MILLISECOND, wall.astimezone(UTC).isoformat()]


def _content_of(row: AuditRow) -> list[object]:
    return _content(row.number, row.act, row.person_id, row.subject, row.detail, row.exam, row.wall)
