"""What a candidate is shown before, during and after: the own details, the state of the room, notices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Moment
from examsrv.domain.time_ledger import EntryKind, TimeState, time_state
from examsrv.services.candidates import candidate_of, photo_of
from examsrv.services.ledger import room_ledger
from examsrv.services.reasons import reason_label
from examsrv.services.standards import standard_of
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, CandidateRow, PaperRow, RoomRow, SittingRoomRow, SittingRow, TimeEntryRow
from question_bank.message import N_, Message
from question_bank.standard import ComponentKey


@dataclass(frozen=True, slots=True)
class OwnDetails:
    """What a candidate checks before the examination."""

    name: str
    masked_id: str
    has_photo: bool
    occupation: str
    level: str | None
    component: str
    room: str
    place: str
    seat: int
    ticket: str
    planned: datetime
    limit: timedelta
    late_limit: timedelta
    leave_after: timedelta
    items: int
    full_mark: Decimal
    pass_mark: Decimal
    confirmed: datetime | None
    disputed: datetime | None

    @property
    def subject(self) -> str:
        """Return what stands over the paper."""
        name = f"{self.occupation} {self.level}" if self.level else self.occupation
        return f"{name} · {self.component}"


@dataclass(frozen=True, slots=True)
class OwnState:
    """How far a candidate's attempt is."""

    phase: Phase
    is_confirmed: bool
    is_checked_in: bool
    wants_other_machine: bool
    device: str | None
    epoch: int
    planned: datetime
    limit: timedelta
    leave_after: timedelta
    time: TimeState


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the room tells a candidate."""

    id: int
    kind: str
    text: Message
    wall: datetime


def own_details(session: Session, secret: Secret, attempt: str) -> OwnDetails:
    """Return the details that a candidate has to check."""
    row, candidate, sitting, room, items = session.execute(
        select(AttemptRow, CandidateRow, SittingRow, RoomRow, PaperRow.item_count)
        .join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
        .join(SittingRow, SittingRow.id == AttemptRow.sitting_id)
        .join(SittingRoomRow, SittingRoomRow.id == AttemptRow.sitting_room_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .outerjoin(PaperRow, PaperRow.digest == AttemptRow.paper)
        .where(AttemptRow.id == attempt)
    ).one()
    person = candidate_of(secret, candidate)
    standard = standard_of(session, sitting.occupation)
    component = standard.component(ComponentKey(sitting.component))
    return OwnDetails(
        name=person.name,
        masked_id=person.masked,
        has_photo=candidate.photo is not None,
        occupation=standard.occupation.name,
        level=standard.level(sitting.level).name,
        component=component.name,
        room=room.name,
        place=room.place,
        seat=row.seat,
        ticket=row.ticket,
        planned=sitting.planned,
        limit=sitting.limit,
        late_limit=sitting.late_limit,
        leave_after=sitting.leave_after,
        items=items or 0,
        full_mark=component.full_mark,
        pass_mark=component.pass_mark,
        confirmed=row.confirmed,
        disputed=row.disputed,
    )


def photo(session: Session, secret: Secret, attempt: str) -> bytes | None:
    """Return the photo of an attempt's candidate, JPEG."""
    query = select(CandidateRow).join(AttemptRow, AttemptRow.candidate_id == CandidateRow.id).where(AttemptRow.id == attempt)
    return photo_of(secret, session.scalars(query).one())


def own_state(session: Session, attempt: str, at: Moment) -> OwnState:
    """Return how far an attempt is at this moment."""
    row, sitting = session.execute(
        select(AttemptRow, SittingRow).join(SittingRow, SittingRow.id == AttemptRow.sitting_id).where(AttemptRow.id == attempt)
    ).one()
    entries = [entry for entry in room_ledger(session, row.sitting_room_id) if entry.attempt in (None, attempt)]
    return OwnState(
        phase=Phase(row.phase),
        is_confirmed=row.confirmed is not None,
        is_checked_in=row.checked_in is not None,
        wants_other_machine=row.wanted_device is not None,
        device=row.device,
        epoch=row.epoch,
        planned=sitting.planned,
        limit=sitting.limit,
        leave_after=sitting.leave_after,
        time=time_state(entries, sitting.limit, at.exam, attempt),
    )


def notices(session: Session, attempt: str) -> list[Notice]:
    """Return what the room has told this candidate since the start: time given, pauses, resumptions; oldest first."""
    query = (
        select(TimeEntryRow)
        .join(AttemptRow, AttemptRow.sitting_room_id == TimeEntryRow.sitting_room_id)
        .where(AttemptRow.id == attempt, TimeEntryRow.attempt_id.is_(None) | (TimeEntryRow.attempt_id == attempt))
        .where(TimeEntryRow.kind != EntryKind.START)
        .order_by(TimeEntryRow.id)
    )
    return [Notice(row.id, row.kind, _notice_text(row), row.wall) for row in session.scalars(query)]


def _notice_text(row: TimeEntryRow) -> Message:
    reason = reason_label(row.reason)
    match EntryKind(row.kind):
        case EntryKind.GRANT:
            return Message(N_("%(minutes)s minutes given: %(reason)s"), {"minutes": f"{row.amount / timedelta(minutes=1):g}", "reason": reason})
        case EntryKind.PAUSE:
            return Message(N_("The examination is paused: %(reason)s"), {"reason": reason})
        case _:
            return Message(N_("The examination goes on. The time of the pause is not counted."))
