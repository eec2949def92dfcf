"""Reading and adding to the time ledger of a room."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.time_ledger import EntryKind, TimeEntry
from examsrv.services.auditing import keep_note, record
from examsrv.storage.many_rows import ManyKeys
from examsrv.storage.tables import TimeEntryRow, table_of

LEDGERS = ManyKeys(
    select(TimeEntryRow.sitting_room_id, TimeEntryRow.kind, TimeEntryRow.at, TimeEntryRow.attempt_id, TimeEntryRow.amount).order_by(
        TimeEntryRow.at, TimeEntryRow.id
    ),
    table_of(TimeEntryRow).c.sitting_room_id,
)


def room_ledger(session: Session | Connection, sitting_room: int) -> list[TimeEntry]:
    """Return the ledger of a room with the entries of its seats, in order."""
    return room_ledgers(session, [sitting_room])[sitting_room]


def room_ledgers(session: Session | Connection, sitting_rooms: Collection[int]) -> dict[int, list[TimeEntry]]:
    """Return the ledgers of several rooms, each with the entries of its seats, in order."""
    found: dict[int, list[TimeEntry]] = {room: [] for room in sitting_rooms}
    connection = session.connection() if isinstance(session, Session) else session
    for room, kind, at, attempt, amount in LEDGERS.read(connection, list(sitting_rooms)):
        found[room].append(TimeEntry(EntryKind(kind), at, attempt, amount))
    return found


def add_entry(
    session: Session,
    sitting_room: int,
    kind: EntryKind,
    by: Actor,
    at: Moment,
    *,
    attempt: str | None = None,
    amount: timedelta = timedelta(),
    reason: str = "",
    note: str = "",
    when: timedelta | None = None,
) -> None:
    """Append an entry and its audit entry. `when` is the exam time that counts, by default the act's own."""
    moment = at.exam if when is None else when
    session.add(
        TimeEntryRow(
            sitting_room_id=sitting_room,
            attempt_id=attempt,
            kind=kind,
            at=moment,
            amount=amount,
            reason=reason,
            note=keep_note(session, note),
            person_id=by.person,
            wall=at.wall,
        )
    )
    session.flush()
    record(session, f"time.{kind}", f"sitting_room/{sitting_room}", by, at, attempt=attempt, seconds=int(amount.total_seconds()), reason=reason)
