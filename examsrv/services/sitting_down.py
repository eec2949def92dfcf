"""What a candidate is shown before, during and after: the own details, the state of the room, notices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, exists, literal, select, union_all
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Moment
from examsrv.domain.time_ledger import EntryKind, TimeState, time_state
from examsrv.services.candidates import details_of, photo_of
from examsrv.services.ledger import room_ledger
from examsrv.services.reasons import MESSAGE, reason_label
from examsrv.services.standards import standard_of
from examsrv.storage.columns import Duration
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AttemptRow,
    CandidateRow,
    IncidentRow,
    NoteRow,
    PaperRow,
    RoomRow,
    ScriptRow,
    SittingRoomRow,
    SittingRow,
    TimeEntryRow,
)
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
    paper: str | None
    order_seed: int
    station: int | None

    @property
    def subject(self) -> str:
        """Return what stands over the paper."""
        name = f"{self.occupation} {self.level}" if self.level else self.occupation
        return f"{name} · {self.component}"


@dataclass(frozen=True, slots=True)
class OwnState:
    """How far a candidate's attempt is; `is_told`: there are notices."""

    phase: Phase
    is_confirmed: bool
    is_checked_in: bool
    wants_other_machine: bool
    device: str | None
    epoch: int
    planned: datetime
    leave_after: timedelta
    time: TimeState
    station: int | None
    is_told: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the room tells a candidate."""

    id: str
    kind: str
    text: Message
    wall: datetime


AS_WRITTEN = "%(text)s"
"""A proctor's own words: no translator has any for them."""

OWN_DETAILS = (
    select(
        AttemptRow.seat,
        AttemptRow.ticket,
        AttemptRow.confirmed,
        AttemptRow.disputed,
        AttemptRow.paper,
        AttemptRow.order_seed,
        CandidateRow.person_key,
        CandidateRow.sealed,
        CandidateRow.photo.is_not(None).label("has_photo"),
        SittingRow.occupation,
        SittingRow.level,
        SittingRow.component,
        SittingRow.planned,
        SittingRow.limit,
        SittingRow.late_limit,
        SittingRow.leave_after,
        RoomRow.name.label("room"),
        RoomRow.place,
        PaperRow.item_count,
        ScriptRow.station,
    )
    .join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
    .join(SittingRow, SittingRow.id == AttemptRow.sitting_id)
    .join(SittingRoomRow, SittingRoomRow.id == AttemptRow.sitting_room_id)
    .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
    .outerjoin(PaperRow, PaperRow.digest == AttemptRow.paper)
    .outerjoin(ScriptRow, ScriptRow.attempt_id == AttemptRow.id)
    .where(AttemptRow.id == bindparam("attempt"))
)


def own_details(session: Session, secret: Secret, attempt: str) -> OwnDetails:
    """Return the details that a candidate has to check."""
    row = session.connection().execute(OWN_DETAILS, {"attempt": attempt}).one()
    person = details_of(secret, row.person_key, row.sealed)
    standard = standard_of(session, row.occupation)
    component = standard.component(ComponentKey(row.component))
    return OwnDetails(
        name=person.name,
        masked_id=person.masked,
        has_photo=row.has_photo,
        occupation=standard.occupation.name,
        level=standard.level(row.level).name,
        component=component.name,
        room=row.room,
        place=row.place,
        seat=row.seat,
        ticket=row.ticket,
        planned=row.planned,
        limit=row.limit,
        late_limit=row.late_limit,
        leave_after=row.leave_after,
        items=row.item_count or 0,
        full_mark=component.full_mark,
        pass_mark=component.pass_mark,
        confirmed=row.confirmed,
        disputed=row.disputed,
        paper=row.paper,
        order_seed=row.order_seed,
        station=row.station,
    )


def own_paper(session: Session, attempt: str) -> str | None:
    """Return the digest of the paper that is dealt to an attempt."""
    return session.scalar(select(AttemptRow.paper).where(AttemptRow.id == attempt))


def photo(session: Session, secret: Secret, attempt: str) -> bytes | None:
    """Return the photo of an attempt's candidate, JPEG."""
    query = select(CandidateRow).join(AttemptRow, AttemptRow.candidate_id == CandidateRow.id).where(AttemptRow.id == attempt)
    return photo_of(secret, session.scalars(query).one())


OWN_STATE = (
    select(
        AttemptRow.sitting_room_id,
        AttemptRow.phase,
        AttemptRow.confirmed,
        AttemptRow.checked_in,
        AttemptRow.wanted_device,
        AttemptRow.device,
        AttemptRow.epoch,
        SittingRow.planned,
        SittingRow.limit,
        SittingRow.leave_after,
        ScriptRow.station,
        exists().where(IncidentRow.sitting_room_id == AttemptRow.sitting_room_id, IncidentRow.kind == MESSAGE).label("has_messages"),
    )
    .join(SittingRow, SittingRow.id == AttemptRow.sitting_id)
    .outerjoin(ScriptRow, ScriptRow.attempt_id == AttemptRow.id)
    .where(AttemptRow.id == bindparam("attempt"))
)
TIME_NOTICES = (
    select(TimeEntryRow.id.label("number"), TimeEntryRow.kind, TimeEntryRow.amount, TimeEntryRow.reason.label("said"), TimeEntryRow.wall)
    .join(AttemptRow, AttemptRow.sitting_room_id == TimeEntryRow.sitting_room_id)
    .where(AttemptRow.id == bindparam("attempt"), TimeEntryRow.attempt_id.is_(None) | (TimeEntryRow.attempt_id == bindparam("attempt")))
    .where(TimeEntryRow.kind != EntryKind.START)
)
MESSAGES = (
    select(IncidentRow.id, IncidentRow.kind, literal(timedelta(), Duration()), NoteRow.text, IncidentRow.wall)
    .join(AttemptRow, AttemptRow.sitting_room_id == IncidentRow.sitting_room_id)
    .join(NoteRow, NoteRow.digest == IncidentRow.note)
    .where(AttemptRow.id == bindparam("attempt"), IncidentRow.attempt_id.is_(None) | (IncidentRow.attempt_id == bindparam("attempt")))
    .where(IncidentRow.kind == MESSAGE)
)
NOTICES = union_all(TIME_NOTICES, MESSAGES).order_by("wall", "number")


def own_state(session: Session, attempt: str, at: Moment) -> OwnState:
    """Return how far an attempt is at this moment. Every page asks it again and again while it waits or answers."""
    connection = session.connection()
    row = connection.execute(OWN_STATE, {"attempt": attempt}).one()
    entries = [entry for entry in room_ledger(connection, row.sitting_room_id) if entry.attempt in (None, attempt)]
    return OwnState(
        phase=Phase(row.phase),
        is_confirmed=row.confirmed is not None,
        is_checked_in=row.checked_in is not None,
        wants_other_machine=row.wanted_device is not None,
        device=row.device,
        epoch=row.epoch,
        planned=row.planned,
        leave_after=row.leave_after,
        time=time_state(entries, row.limit, at.exam, attempt),
        station=row.station,
        is_told=row.has_messages or any(entry.kind is not EntryKind.START for entry in entries),
    )


def notices(session: Session, attempt: str) -> list[Notice]:
    """Return what the room has told this candidate: messages, time given, pauses, resumptions; oldest first."""
    rows = session.connection().execute(NOTICES, {"attempt": attempt})
    return [Notice(f"{row.kind}-{row.number}", row.kind, _notice_text(row), row.wall) for row in rows]


def _notice_text(row: Row[Any, Any, Any, Any, Any]) -> Message:
    if row.kind == MESSAGE:
        return Message(AS_WRITTEN, {"text": row.said})
    reason = reason_label(row.said)
    match EntryKind(row.kind):
        case EntryKind.GRANT:
            return Message(N_("%(minutes)s minutes given: %(reason)s"), {"minutes": f"{row.amount / timedelta(minutes=1):g}", "reason": reason})
        case EntryKind.PAUSE:
            return Message(N_("The examination is paused: %(reason)s"), {"reason": reason})
        case _:
            return Message(N_("The examination goes on. The time of the pause is not counted."))
