"""Closing on time, also when every browser is gone: a sweep that can run twice or be cut and loses nothing."""

from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import SERVER, Moment
from examsrv.domain.time_ledger import time_state
from examsrv.services.answering import close
from examsrv.services.ledger import room_ledgers
from examsrv.storage.tables import AttemptRow, SittingRow
from question_bank.standard import ComponentKey

NO_GRACE = timedelta()
BUSY_ROOMS = (
    select(AttemptRow.sitting_room_id, SittingRow.limit)
    .join(SittingRow, SittingRow.id == AttemptRow.sitting_id)
    .where(AttemptRow.phase == Phase.RUNNING, SittingRow.component != ComponentKey.REVIEW)
    .distinct()
)
"""A review is not among them: it ends by its panel's word, never by the time of a room."""
RUNNING = select(AttemptRow.id, AttemptRow.sitting_room_id).where(
    AttemptRow.phase == Phase.RUNNING, AttemptRow.sitting_room_id.in_(bindparam("rooms", expanding=True))
)


def overdue(session: Session, at: Moment, grace: timedelta, attempt: str | None = None) -> list[str]:
    """Return the running attempts (or only `attempt`) whose time, and `grace` for the last answers on their way, is over.

    Rooms are looked at first: what a seat's own entries give it is time, so it never has less left than its room.
    """
    connection = session.connection()
    rooms = {row.sitting_room_id: row.limit for row in connection.execute(BUSY_ROOMS)}
    ledgers = room_ledgers(connection, rooms)
    late = [room for room, limit in rooms.items() if time_state(ledgers[room], limit, at.exam).remaining <= -grace]
    if not late:
        return []
    rows = connection.execute(RUNNING, {"rooms": late})
    return [
        row.id
        for row in rows
        if attempt in (None, row.id) and time_state(ledgers[row.sitting_room_id], rooms[row.sitting_room_id], at.exam, row.id).remaining <= -grace
    ]


def close_overdue(session: Session, attempt: str, at: Moment, grace: timedelta = NO_GRACE) -> bool:
    """Close one overdue attempt. False when somebody else did, or gave it time or a pause since it was found."""
    if attempt not in overdue(session, at, grace, attempt):
        return False
    return close(session.connection(), attempt, "time", SERVER, at)
