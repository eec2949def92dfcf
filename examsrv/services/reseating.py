"""A proctor gives a candidate another machine of the room, before the start or while the room runs. The machine before is cut off at once.

Answers, order of the paper and time go with the candidate; check-in stands, since the proctor who moves somebody sees who it is.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.time_ledger import time_state
from examsrv.services import answering
from examsrv.services.auditing import record
from examsrv.services.ledger import room_ledger
from examsrv.services.planning import started_rooms
from examsrv.services.proctoring import NOTE_LONGEST
from examsrv.services.publishing import deal_out
from examsrv.services.reasons import MOVED
from examsrv.services.room_log import add_incident
from examsrv.services.writable import require_text
from examsrv.storage.tables import AttemptRow, CandidateSessionRow, SeatRow, SittingRoomRow, SittingRow
from question_bank.message import N_, ExamError, Message


def move_to_seat(session: Session, attempt: str, seat: int, reason: str, by: Actor, at: Moment) -> None:
    """Move a candidate to a free seat of the same room, spare or not, with a written reason.

    No session at the old machine reads or opens anything any more; what it still sends is kept aside. The time lost is not given by itself.
    """
    row = session.get_one(AttemptRow, attempt)
    _require_reason(reason)
    _require_going_on(session, row, at)
    _require_free(session, row, seat)
    from_seat, row.seat = row.seat, seat
    session.flush()
    cut_off = update(CandidateSessionRow).where(CandidateSessionRow.attempt_id == attempt, CandidateSessionRow.cut_off.is_(None))
    session.execute(cut_off.values(cut_off=at.wall))
    answering.vacate(session.connection(), attempt, from_seat, by, at)
    if _is_paper_shared(session, row) and not started_rooms(session, [row.sitting_room_id]):
        deal_out(session, row.sitting_id)  # so that neighbours have different ones here, too
    note = add_incident(session, row.sitting_room_id, attempt, MOVED, reason, by, at, from_seat=from_seat)
    seats = {"sitting_room": row.sitting_room_id, "from_seat": from_seat, "seat": seat}
    record(session, "attempt.moved", f"attempt/{attempt}", by, at, **seats, reason=note)


def _is_paper_shared(session: Session, row: AttemptRow) -> bool:
    others = select(AttemptRow.id).where(AttemptRow.sitting_id == row.sitting_id, AttemptRow.paper == row.paper, AttemptRow.id != row.id)
    return session.scalars(others.limit(1)).first() is not None


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ExamError(Message(N_("Write down why.")))
    if len(reason) > NOTE_LONGEST:
        raise ExamError(Message(N_("At most %(longest)d characters."), {"longest": NOTE_LONGEST}))
    require_text(reason)


def _require_going_on(session: Session, row: AttemptRow, at: Moment) -> None:
    if Phase(row.phase) not in (Phase.CREATED, Phase.RUNNING):
        raise ExamError(Message(N_("The candidate's paper is closed; the seat stays as it is.")))
    limit: timedelta = session.get_one(SittingRow, row.sitting_id).limit
    if time_state(room_ledger(session, row.sitting_room_id), limit, at.exam, row.id).is_over:
        raise ExamError(Message(N_("The time is over; the seat stays as it is.")))


def _require_free(session: Session, row: AttemptRow, seat: int) -> None:
    room = session.get_one(SittingRoomRow, row.sitting_room_id).room_id
    if seat not in session.scalars(select(SeatRow.number).where(SeatRow.room_id == room)).all():
        raise ExamError(Message(N_("This room has no such seat.")))
    if seat in session.scalars(select(AttemptRow.seat).where(AttemptRow.sitting_room_id == row.sitting_room_id)).all():
        raise ExamError(Message(N_("This seat is not free.")))
