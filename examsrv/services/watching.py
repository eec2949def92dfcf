"""What a proctor sees of a room: every seat with its state, trouble first, and what happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Moment
from examsrv.domain.steps import answered_count
from examsrv.domain.time_ledger import EntryKind, TimeState, time_state
from examsrv.rules.staffing import persons_required
from examsrv.services.candidates import shown_details
from examsrv.services.ledger import room_ledger
from examsrv.services.proctoring import present_proctors
from examsrv.services.reasons import INCIDENT_KINDS, reason_label
from examsrv.services.standards import standard_of
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AttemptRow,
    CandidateRow,
    CandidateSessionRow,
    IncidentRow,
    NoteRow,
    PaperRow,
    PersonRow,
    ProctorDutyRow,
    RoomRow,
    SeatRow,
    SittingRoomRow,
    SittingRow,
    ThrottleRow,
    TimeEntryRow,
)
from question_bank.message import N_, Message

NEWEST_EVENTS = 30


class SeatState(StrEnum):
    """What a seat shows; derived, never stored."""

    SPARE = "spare"
    ABSENT = "absent"
    SIGNED_IN = "signed_in"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    ANSWERING = "answering"
    UNSAVED = "unsaved"
    OFFLINE = "offline"
    OTHER_MACHINE = "other_machine"
    LOCKED = "locked"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    VOIDED = "voided"


TROUBLE = (SeatState.OTHER_MACHINE, SeatState.OFFLINE, SeatState.DISPUTED, SeatState.LOCKED, SeatState.UNSAVED, SeatState.PAUSED)
"""What wants the proctor, most urgent first."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of a candidate's machine: how long it was not heard, and how many answers it has not sent."""

    silent: timedelta
    unsaved: int


@dataclass(frozen=True, slots=True)
class SeatView:
    """One seat of the plan; a seat without an attempt is spare."""

    number: int
    state: SeatState
    attempt: str | None = None
    name: str = ""
    masked_id: str = ""
    ticket: str = ""
    has_photo: bool = False
    answered: int = 0
    total: int = 0
    remaining: timedelta | None = None
    last_saved: datetime | None = None
    finished: datetime | None = None
    silent: timedelta | None = None
    unsaved: int = 0

    @property
    def is_trouble(self) -> bool:
        """Tell whether the seat wants the proctor."""
        return self.state in TROUBLE


@dataclass(frozen=True, slots=True)
class EventView:
    """Something in the room's log."""

    wall: datetime
    text: Message
    note: str
    person: str


@dataclass(frozen=True, slots=True)
class StaffingView:
    """Proctors present, needed and planned for the candidates assigned."""

    present: tuple[tuple[int, str], ...]
    required: int
    assigned: int
    per_person: int | None
    planned: tuple[tuple[int, str], ...]

    @property
    def missing(self) -> int:
        """Return how many are lacking."""
        return max(0, self.required - len(self.present))


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room as the board shows it."""

    id: int
    room: str
    place: str
    sitting: str
    sitting_id: int
    planned: datetime
    limit: timedelta
    columns: int
    time: TimeState
    staffing: StaffingView
    seats: tuple[SeatView, ...]
    events: tuple[EventView, ...]

    @property
    def trouble(self) -> tuple[SeatView, ...]:
        """Return the seats that want the proctor, most urgent first."""
        return tuple(sorted((seat for seat in self.seats if seat.is_trouble), key=lambda seat: (TROUBLE.index(seat.state), seat.number)))

    def count(self, *states: SeatState) -> int:
        """Return how many seats are in one of the states."""
        return sum(seat.state in states for seat in self.seats)


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room in a proctor's list."""

    id: int
    room: str
    place: str
    sitting: str
    planned: datetime
    limit: timedelta
    staffing: StaffingView
    time: TimeState
    is_over: bool


def rooms_of(session: Session, person: int, at: Moment) -> list[RoomLine]:
    """Return the rooms that a proctor is planned for, in published sittings, those not over first."""
    query = (
        select(SittingRoomRow, SittingRow, RoomRow)
        .join(SittingRow, SittingRow.id == SittingRoomRow.sitting_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .join(ProctorDutyRow, ProctorDutyRow.sitting_room_id == SittingRoomRow.id)
        .where(ProctorDutyRow.person_id == person, SittingRow.is_published)
        .order_by(SittingRow.planned.desc(), SittingRow.id.desc(), RoomRow.name)
    )
    lines = []
    for sitting_room, sitting, room in session.execute(query):
        time = time_state(room_ledger(session, sitting_room.id), sitting.limit, at.exam)
        busy = session.scalars(
            select(AttemptRow.id).where(AttemptRow.sitting_room_id == sitting_room.id, AttemptRow.phase == Phase.RUNNING).limit(1)
        ).first()
        staffing = _staffing(session, sitting_room.id, sitting.occupation)
        is_over = time.is_over and busy is None
        lines.append(RoomLine(sitting_room.id, room.name, room.place, sitting.name, sitting.planned, sitting.limit, staffing, time, is_over))
    return sorted(lines, key=lambda line: line.is_over)


ATTEMPTS = (
    select(
        AttemptRow.id,
        AttemptRow.seat,
        AttemptRow.ticket,
        AttemptRow.phase,
        AttemptRow.wanted_device,
        AttemptRow.disputed,
        AttemptRow.checked_in,
        AttemptRow.confirmed,
        AttemptRow.answered,
        AttemptRow.last_saved,
        AttemptRow.finished,
        CandidateRow.person_key,
        CandidateRow.sealed,
        CandidateRow.photo.is_not(None).label("has_photo"),
        PaperRow.item_count,
    )
    .join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
    .outerjoin(PaperRow, PaperRow.digest == AttemptRow.paper)
    .where(AttemptRow.sitting_room_id == bindparam("room"))
)


def room_view(
    session: Session, secret: Secret, sitting_room: int, at: Moment, contact: Callable[[str], Contact | None], offline_after: timedelta
) -> RoomView:
    """Return everything the board shows. `contact` tells when a candidate's machine was heard; it lives in memory only."""
    row, sitting, room = session.execute(
        select(SittingRoomRow, SittingRow, RoomRow)
        .join(SittingRow, SittingRow.id == SittingRoomRow.sitting_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .where(SittingRoomRow.id == sitting_room)
    ).one()
    ledger = room_ledger(session, sitting_room)
    signed_in = set(
        session.scalars(
            select(CandidateSessionRow.attempt_id)
            .join(AttemptRow, AttemptRow.id == CandidateSessionRow.attempt_id)
            .where(AttemptRow.sitting_room_id == sitting_room)
        )
    )
    locked = set(session.scalars(select(ThrottleRow.attempt_id).where(ThrottleRow.attempt_id.is_not(None), ThrottleRow.until > at.exam)))
    of_room = time_state(ledger, sitting.limit, at.exam)
    with_own = {entry.attempt for entry in ledger}
    taken: dict[int, SeatView] = {}
    for attempt in session.connection().execute(ATTEMPTS, {"room": sitting_room}):
        heard = contact(attempt.id)
        time = time_state(ledger, sitting.limit, at.exam, attempt.id) if attempt.id in with_own else of_room
        state = _seat_state(attempt, time, heard, offline_after, is_signed_in=attempt.id in signed_in, is_locked=attempt.id in locked)
        name, masked_id = shown_details(secret, attempt.person_key, attempt.sealed)
        taken[attempt.seat] = SeatView(
            number=attempt.seat,
            state=state,
            attempt=attempt.id,
            name=name,
            masked_id=masked_id,
            ticket=attempt.ticket,
            has_photo=attempt.has_photo,
            answered=answered_count(attempt.answered),
            total=attempt.item_count or 0,
            remaining=time.remaining if time.started is not None else None,
            last_saved=attempt.last_saved,
            finished=attempt.finished,
            silent=heard.silent if heard else None,
            unsaved=heard.unsaved if heard else 0,
        )
    numbers = session.scalars(select(SeatRow.number).where(SeatRow.room_id == room.id).order_by(SeatRow.number))
    seats = tuple(taken.get(number, SeatView(number, SeatState.SPARE)) for number in numbers)
    return RoomView(
        id=row.id,
        room=room.name,
        place=room.place,
        sitting=sitting.name,
        sitting_id=sitting.id,
        planned=sitting.planned,
        limit=sitting.limit,
        columns=room.columns,
        time=of_room,
        staffing=_staffing(session, sitting_room, sitting.occupation),
        seats=seats,
        events=tuple(_events(session, sitting_room, {seat.attempt: seat.number for seat in seats})),
    )


def _seat_state(attempt: Any, time: TimeState, heard: Contact | None, offline_after: timedelta, *, is_signed_in: bool, is_locked: bool) -> SeatState:
    """Return what a seat shows; the first that is true."""
    phase = Phase(attempt.phase)
    is_running = phase is Phase.RUNNING
    chain = (
        (phase is Phase.VOIDED, SeatState.VOIDED),
        (phase is Phase.SUBMITTED, SeatState.SUBMITTED),
        (is_locked, SeatState.LOCKED),
        (attempt.wanted_device is not None, SeatState.OTHER_MACHINE),
        (attempt.disputed is not None, SeatState.DISPUTED),
        (is_running and (heard is None or heard.silent > offline_after), SeatState.OFFLINE),
        (is_running and time.paused, SeatState.PAUSED),
        (is_running and heard is not None and heard.unsaved > 0, SeatState.UNSAVED),
        (is_running, SeatState.ANSWERING),
        (attempt.checked_in is not None, SeatState.CHECKED_IN),
        (attempt.confirmed is not None, SeatState.CONFIRMED),
        (is_signed_in, SeatState.SIGNED_IN),
    )
    return next((state for holds, state in chain if holds), SeatState.ABSENT)


def _staffing(session: Session, sitting_room: int, occupation: str) -> StaffingView:
    rule = standard_of(session, occupation).staffing.proctors
    assigned = len(session.scalars(select(AttemptRow.id).where(AttemptRow.sitting_room_id == sitting_room, AttemptRow.phase != Phase.VOIDED)).all())
    planned = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(ProctorDutyRow, ProctorDutyRow.person_id == PersonRow.id)
        .where(ProctorDutyRow.sitting_room_id == sitting_room)
        .order_by(ProctorDutyRow.id)
    )
    return StaffingView(
        tuple(present_proctors(session, sitting_room)),
        persons_required(rule, assigned),
        assigned,
        rule.candidates_per_person,
        tuple((row.id, row.name) for row in planned),
    )


ENTRY_TEXTS: Mapping[EntryKind, tuple[str, str]] = {
    EntryKind.START: (N_("Room started"), N_("Room started")),
    EntryKind.PAUSE: (N_("Room paused: %(reason)s"), N_("Seat %(seat)s paused: %(reason)s")),
    EntryKind.RESUME: (N_("Room resumed"), N_("Seat %(seat)s resumed")),
    EntryKind.GRANT: (N_("Room given %(minutes)s minutes: %(reason)s"), N_("Seat %(seat)s given %(minutes)s minutes: %(reason)s")),
}
AT_SEAT = N_("Seat %(seat)s: %(event)s")


def _events(session: Session, sitting_room: int, seats: Mapping[str | None, int]) -> list[EventView]:
    """Return the newest events of a room, newest first."""
    entries = session.execute(
        select(TimeEntryRow, PersonRow.name, NoteRow.text)
        .outerjoin(PersonRow, PersonRow.id == TimeEntryRow.person_id)
        .outerjoin(NoteRow, NoteRow.digest == TimeEntryRow.note)
        .where(TimeEntryRow.sitting_room_id == sitting_room)
        .order_by(TimeEntryRow.id.desc())
        .limit(NEWEST_EVENTS)
    )
    found = []
    for entry, person, note in entries:
        of_room, of_seat = ENTRY_TEXTS[EntryKind(entry.kind)]
        values = {
            "reason": reason_label(entry.reason),
            "minutes": f"{entry.amount / timedelta(minutes=1):g}",
            "seat": _seat_label(seats, entry.attempt_id),
        }
        text = of_seat if entry.attempt_id else of_room
        found.append(EventView(entry.wall, Message(text, values), note or "", person or ""))
    incidents = session.execute(
        select(IncidentRow, PersonRow.name, NoteRow.text)
        .outerjoin(PersonRow, PersonRow.id == IncidentRow.person_id)
        .outerjoin(NoteRow, NoteRow.digest == IncidentRow.note)
        .where(IncidentRow.sitting_room_id == sitting_room)
        .order_by(IncidentRow.id.desc())
        .limit(NEWEST_EVENTS)
    )
    for incident, person, note in incidents:
        event = INCIDENT_KINDS.get(incident.kind, INCIDENT_KINDS["other"])
        text_of = Message(AT_SEAT, {"seat": _seat_label(seats, incident.attempt_id), "event": event}) if incident.attempt_id else event
        found.append(EventView(incident.wall, text_of, note or "", person or ""))
    return sorted(found, key=lambda event: event.wall, reverse=True)[:NEWEST_EVENTS]


def _seat_label(seats: Mapping[str | None, int], attempt: str | None) -> str:
    return f"{seats[attempt]:02}" if attempt in seats else ""
