"""Closing on time, also when every browser is gone: a sweep that can run twice or be cut and loses nothing."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import SERVER, Moment
from examsrv.domain.time_ledger import time_state
from examsrv.services.answering import close
from examsrv.services.ledger import room_ledger
from examsrv.storage.tables import AttemptRow, SittingRow

NO_GRACE = timedelta()


def overdue(session: Session, at: Moment, grace: timedelta, attempt: str | None = None) -> list[str]:
    """Return the running attempts (or only `attempt`) whose time, and `grace` for the last answers on their way, is over."""
    query = (
        select(AttemptRow.id, AttemptRow.sitting_room_id, SittingRow.limit)
        .join(SittingRow, SittingRow.id == AttemptRow.sitting_id)
        .where(AttemptRow.phase == Phase.RUNNING)
    )
    rows = session.execute(query if attempt is None else query.where(AttemptRow.id == attempt)).all()
    ledgers = {room: room_ledger(session, room) for room in {row.sitting_room_id for row in rows}}
    return [row.id for row in rows if time_state(ledgers[row.sitting_room_id], row.limit, at.exam, row.id).remaining <= -grace]


def close_overdue(session: Session, attempt: str, at: Moment, grace: timedelta = NO_GRACE) -> bool:
    """Close one overdue attempt. False when somebody else did, or gave it time or a pause since it was found."""
    if attempt not in overdue(session, at, grace, attempt):
        return False
    return close(session.connection(), attempt, "time", SERVER, at)
