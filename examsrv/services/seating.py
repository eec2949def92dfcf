"""Who sits where in a sitting: the list of candidates; moving one to a free seat, removing one, before it begins."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.candidates import candidate_of
from examsrv.services.planning import started_rooms
from examsrv.services.publishing import deal_out
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AttemptRow,
    CandidateRow,
    CandidateSessionRow,
    HearingEntryRow,
    IncidentRow,
    RecusalRow,
    ReviewDocumentRow,
    RoomRow,
    ScriptRow,
    SeatRow,
    SittingRoomRow,
)
from question_bank.message import N_, ExamError, Message


@dataclass(frozen=True, slots=True)
class SeatedCandidate:
    """A candidate of a sitting as the administrator sees it: the ID number masked; which paper is not told."""

    attempt: str
    ticket: str
    name: str
    masked: str
    has_photo: bool
    sitting_room: int
    room: str
    seat: int
    phase: str
    is_checked_in: bool
    is_room_started: bool

    @property
    def can_move(self) -> bool:
        """Tell whether the seat may still be changed."""
        return not self.is_room_started

    @property
    def can_remove(self) -> bool:
        """Tell whether the candidate may still be taken out of the sitting."""
        return not self.is_room_started and not self.is_checked_in


def seated_candidates(session: Session, secret: Secret, sitting: int) -> list[SeatedCandidate]:
    """Return the candidates of a sitting by room and seat."""
    query = (
        select(AttemptRow, CandidateRow, RoomRow.name)
        .join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
        .join(SittingRoomRow, SittingRoomRow.id == AttemptRow.sitting_room_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .where(AttemptRow.sitting_id == sitting)
        .order_by(RoomRow.name, AttemptRow.seat)
    )
    found = session.execute(query).all()
    started = started_rooms(session, {attempt.sitting_room_id for attempt, _candidate, _room in found})
    return [_seated(secret, attempt, candidate, room, is_started=attempt.sitting_room_id in started) for attempt, candidate, room in found]


def seated_candidate(session: Session, secret: Secret, attempt: str) -> SeatedCandidate:
    """Return one candidate of a sitting."""
    row = session.get_one(AttemptRow, attempt)
    planned = session.get_one(SittingRoomRow, row.sitting_room_id)
    room = session.get_one(RoomRow, planned.room_id)
    started = started_rooms(session, [planned.id])
    return _seated(secret, row, session.get_one(CandidateRow, row.candidate_id), room.name, is_started=planned.id in started)


def free_seats(session: Session, sitting: int) -> list[tuple[int, str, int]]:
    """Return the seats nobody has, in rooms that were not started: number of the sitting in the room, the room's name, the seat."""
    taken = {(row.sitting_room_id, row.seat) for row in session.scalars(select(AttemptRow).where(AttemptRow.sitting_id == sitting))}
    query = (
        select(SittingRoomRow.id, RoomRow.name, SeatRow.number)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .join(SeatRow, SeatRow.room_id == RoomRow.id)
        .where(SittingRoomRow.sitting_id == sitting, SeatRow.is_spare.is_(False))
        .order_by(RoomRow.name, SeatRow.number)
    )
    seats = [(row.id, row.name, row.number) for row in session.execute(query)]
    started = started_rooms(session, {room for room, _name, _seat in seats})
    return [seat for seat in seats if seat[0] not in started and (seat[0], seat[-1]) not in taken]


def move_candidate(session: Session, attempt: str, sitting_room: int, seat: int, by: Actor, at: Moment) -> None:
    """Give a candidate another seat, free and not spare, before either room begins. A published sitting's paper goes by the seat.

    What was confirmed or checked in at the old seat is asked anew, and a machine signed in there is signed out.
    """
    row = session.get_one(AttemptRow, attempt)
    _require_not_started(session, row)
    if (sitting_room, seat) not in {(room, number) for room, _name, number in free_seats(session, row.sitting_id)}:
        raise ExamError(Message(N_("This seat is not free.")))
    row.sitting_room_id, row.seat = sitting_room, seat
    row.confirmed = row.disputed = row.checked_in = None
    session.execute(delete(CandidateSessionRow).where(CandidateSessionRow.attempt_id == attempt))
    session.flush()
    deal_out(session, row.sitting_id)
    record(session, "attempt.moved", f"attempt/{attempt}", by, at, sitting_room=sitting_room, seat=seat)


def remove_candidate(session: Session, attempt: str, by: Actor, at: Moment) -> None:
    """Take a candidate out of a sitting before check-in. A person who is in no other sitting is forgotten, key and all."""
    row = session.get_one(AttemptRow, attempt)
    _require_not_started(session, row)
    if row.checked_in is not None:
        raise ExamError(Message(N_("The candidate is checked in already.")))
    if session.scalars(select(IncidentRow.id).where(IncidentRow.attempt_id == attempt).limit(1)).first() is not None:
        raise ExamError(Message(N_("Something was written down about this candidate already; the candidate stays in the sitting.")))
    sitting, candidate = row.sitting_id, row.candidate_id
    session.execute(delete(CandidateSessionRow).where(CandidateSessionRow.attempt_id == attempt))
    session.execute(delete(ScriptRow).where(ScriptRow.attempt_id == attempt))
    session.execute(delete(ReviewDocumentRow).where(ReviewDocumentRow.attempt_id == attempt))
    session.execute(delete(AttemptRow).where(AttemptRow.id == attempt))
    if not session.scalar(select(func.count()).where(AttemptRow.candidate_id == candidate)):
        session.execute(delete(RecusalRow).where(RecusalRow.candidate_id == candidate))
        session.execute(delete(CandidateRow).where(CandidateRow.id == candidate))
    record(session, "attempt.removed", f"sitting/{sitting}", by, at, attempt=attempt)


def site_of_attempt(session: Session, attempt: str) -> int | None:
    """Return the site of an attempt's room; None when there is no such attempt."""
    query = (
        select(RoomRow.site_id)
        .join(SittingRoomRow, SittingRoomRow.room_id == RoomRow.id)
        .join(AttemptRow, AttemptRow.sitting_room_id == SittingRoomRow.id)
    )
    return session.scalars(query.where(AttemptRow.id == attempt)).one_or_none()


def sitting_of_attempt(session: Session, attempt: str) -> int:
    """Return the sitting of an attempt."""
    return session.get_one(AttemptRow, attempt).sitting_id


def _require_not_started(session: Session, row: AttemptRow) -> None:
    if started_rooms(session, [row.sitting_room_id]) or row.phase != Phase.CREATED:
        raise ExamError(Message(N_("The room has been started already.")))
    if session.scalars(select(HearingEntryRow.id).where(HearingEntryRow.attempt_id == row.id).limit(1)).first() is not None:
        raise ExamError(Message(N_("The panel has called this candidate already; the candidate stays where planned.")))


def _seated(secret: Secret, attempt: AttemptRow, candidate: CandidateRow, room: str, *, is_started: bool) -> SeatedCandidate:
    details = candidate_of(secret, candidate)
    return SeatedCandidate(
        attempt=attempt.id,
        ticket=attempt.ticket,
        name=details.name,
        masked=details.masked,
        has_photo=candidate.photo is not None,
        sitting_room=attempt.sitting_room_id,
        room=room,
        seat=attempt.seat,
        phase=attempt.phase,
        is_checked_in=attempt.checked_in is not None,
        is_room_started=is_started,
    )
