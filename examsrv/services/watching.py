"""What a proctor sees of a room: every seat with its state, trouble first, and what happened."""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Moment
from examsrv.domain.steps import answered_count
from examsrv.domain.time_ledger import TimeEntry, TimeState, time_state
from examsrv.services.batches import needs_proctors
from examsrv.services.board_watchers import required_at_board, rooms_watched, watchers
from examsrv.services.candidates import shown_details
from examsrv.services.ledger import room_ledger
from examsrv.services.proctoring import present_proctors
from examsrv.services.room_log import EventView, newest_events
from examsrv.services.standards import standard_of
from examsrv.services.stations import is_observed
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AttemptRow,
    AuditRow,
    CandidateRow,
    CandidateSessionRow,
    IncidentRow,
    PaperRow,
    RoomRow,
    ScriptRow,
    SeatRow,
    SittingRoomRow,
    SittingRow,
    ThrottleRow,
)


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
    """One seat of the plan; a seat without an attempt is spare. `ends` is the exam time at which its time is over; None while it stands still."""

    number: int
    state: SeatState
    attempt: str | None = None
    name: str = ""
    masked_id: str = ""
    ticket: str = ""
    station: int | None = None
    has_photo: bool = False
    answered: int = 0
    total: int = 0
    remaining: timedelta | None = None
    ends: timedelta | None = None
    last_saved: datetime | None = None
    finished: datetime | None = None
    silent: timedelta | None = None
    unsaved: int = 0

    @property
    def is_trouble(self) -> bool:
        """Tell whether the seat wants the proctor."""
        return self.state in TROUBLE


@dataclass(frozen=True, slots=True)
class StaffingView:
    """Who is present at the board, needed and planned for the candidates assigned. `needs_proctors` False: one person at the board is enough."""

    present: tuple[tuple[int, str], ...]
    needs_proctors: bool
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
    """A room as the board shows it at exam time `at`."""

    id: int
    room: str
    place: str
    sitting: str
    sitting_id: int
    planned: datetime
    limit: timedelta
    columns: int
    at: timedelta
    time: TimeState
    staffing: StaffingView
    has_stations: bool
    seats: tuple[SeatView, ...]
    events: tuple[EventView, ...]

    @property
    def trouble(self) -> tuple[SeatView, ...]:
        """Return the seats that want the proctor, most urgent first."""
        return tuple(sorted((seat for seat in self.seats if seat.is_trouble), key=lambda seat: (TROUBLE.index(seat.state), seat.number)))

    @property
    def is_drawn(self) -> bool:
        """Tell whether stations have been drawn."""
        return any(seat.station is not None for seat in self.seats)

    @property
    def ends(self) -> timedelta | None:
        """Return the exam time at which the room's time is over; None while it stands still."""
        return _end(self.time, self.at)

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
    """Return the rooms that somebody may watch, in published sittings, those not over first."""
    query = (
        select(SittingRoomRow, SittingRow, RoomRow)
        .join(SittingRow, SittingRow.id == SittingRoomRow.sitting_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .where(SittingRoomRow.id.in_(rooms_watched(session, person)))
        .order_by(SittingRow.planned.desc(), SittingRow.id.desc(), RoomRow.name)
    )
    lines = []
    for sitting_room, sitting, room in session.execute(query):
        time = time_state(room_ledger(session, sitting_room.id), sitting.limit, at.exam)
        busy = session.scalars(
            select(AttemptRow.id).where(AttemptRow.sitting_room_id == sitting_room.id, AttemptRow.phase == Phase.RUNNING).limit(1)
        ).first()
        staffing = _staffing(session, sitting_room.id, sitting)
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
        exists().where(CandidateSessionRow.attempt_id == AttemptRow.id, CandidateSessionRow.cut_off.is_(None)).label("is_signed_in"),
        exists().where(ThrottleRow.attempt_id == AttemptRow.id, ThrottleRow.until > bindparam("now")).label("is_locked"),
        CandidateRow.person_key,
        CandidateRow.sealed,
        CandidateRow.photo.is_not(None).label("has_photo"),
        PaperRow.item_count,
        ScriptRow.station,
    )
    .join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
    .outerjoin(PaperRow, PaperRow.digest == AttemptRow.paper)
    .outerjoin(ScriptRow, ScriptRow.attempt_id == AttemptRow.id)
    .where(AttemptRow.sitting_room_id == bindparam("room"))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a room only an act changes: its view without seats, and what those are worked out from. `after` is the last act it was read after."""

    after: tuple[int | None, int | None]
    view: RoomView
    ledger: Sequence[TimeEntry]
    numbers: Sequence[int]


LAST_ACTS = select(select(func.max(AuditRow.number)).scalar_subquery(), select(func.max(IncidentRow.id)).scalar_subquery())
"""Every act leaves an audit entry; what the server writes down by itself, an incident."""


def room_view(
    session: Session,
    secret: Secret,
    sitting_room: int,
    at: Moment,
    contact: Callable[[str], Contact | None],
    offline_after: timedelta,
    known: MutableMapping[int, Standing],
) -> RoomView:
    """Return everything the board shows. `contact` tells when a candidate's machine was heard; it lives in memory only.

    What only an act changes is kept in `known` by room, and read anew after any.
    """
    standing = _standing(session, sitting_room, at, known)
    room, ledger = standing.view, standing.ledger
    of_room = time_state(ledger, room.limit, at.exam)
    with_own = {entry.attempt for entry in ledger}
    taken: dict[int, SeatView] = {}
    for attempt in session.connection().execute(ATTEMPTS, {"room": sitting_room, "now": at.exam}):
        heard = contact(attempt.id)
        time = time_state(ledger, room.limit, at.exam, attempt.id) if attempt.id in with_own else of_room
        name, masked_id = shown_details(secret, attempt.person_key, attempt.sealed)
        taken[attempt.seat] = SeatView(
            number=attempt.seat,
            state=_seat_state(attempt, time, heard, offline_after),
            attempt=attempt.id,
            name=name,
            masked_id=masked_id,
            ticket=attempt.ticket,
            station=attempt.station,
            has_photo=attempt.has_photo,
            answered=answered_count(attempt.answered),
            total=attempt.item_count or 0,
            remaining=time.remaining if time.started is not None else None,
            ends=_end(time, at.exam),
            last_saved=attempt.last_saved,
            finished=attempt.finished,
            silent=heard.silent if heard else None,
            unsaved=heard.unsaved if heard else 0,
        )
    seats = tuple(taken.get(number) or SeatView(number, SeatState.SPARE) for number in standing.numbers)
    return replace(room, at=at.exam, time=of_room, seats=seats)


def _standing(session: Session, sitting_room: int, at: Moment, known: MutableMapping[int, Standing]) -> Standing:
    audited, written = session.connection().execute(LAST_ACTS).one()
    after = (audited, written)
    kept = known.get(sitting_room)
    if kept is None or kept.after != after:
        kept = known[sitting_room] = _read_standing(session, sitting_room, at, after)
    return kept


def _read_standing(session: Session, sitting_room: int, at: Moment, after: tuple[int | None, int | None]) -> Standing:
    row, sitting, room = session.execute(
        select(SittingRoomRow, SittingRow, RoomRow)
        .join(SittingRow, SittingRow.id == SittingRoomRow.sitting_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .where(SittingRoomRow.id == sitting_room)
    ).one()
    ledger = room_ledger(session, sitting_room)
    places = session.execute(select(AttemptRow.id, AttemptRow.seat).where(AttemptRow.sitting_room_id == sitting_room)).all()
    view = RoomView(
        id=row.id,
        room=room.name,
        place=room.place,
        sitting=sitting.name,
        sitting_id=sitting.id,
        planned=sitting.planned,
        limit=sitting.limit,
        columns=room.columns,
        at=at.exam,
        time=time_state(ledger, sitting.limit, at.exam),
        staffing=_staffing(session, sitting_room, sitting),
        has_stations=is_observed(session, sitting.id),
        seats=(),
        events=tuple(newest_events(session, sitting_room, {place.id: place.seat for place in places})),
    )
    numbers = session.scalars(select(SeatRow.number).where(SeatRow.room_id == room.id).order_by(SeatRow.number)).all()
    return Standing(after, view, ledger, numbers)


def _end(time: TimeState, at: timedelta) -> timedelta | None:
    """Return when a time that runs will be over; the same at every moment at which it runs."""
    return None if time.started is None or time.paused else at + time.remaining


def _seat_state(attempt: Any, time: TimeState, heard: Contact | None, offline_after: timedelta) -> SeatState:
    """Return what a seat shows; the first that is true."""
    phase = Phase(attempt.phase)
    is_running = phase is Phase.RUNNING
    chain = (
        (phase is Phase.VOIDED, SeatState.VOIDED),
        (phase is Phase.SUBMITTED, SeatState.SUBMITTED),
        (attempt.is_locked, SeatState.LOCKED),
        (attempt.wanted_device is not None, SeatState.OTHER_MACHINE),
        (attempt.disputed is not None, SeatState.DISPUTED),
        (is_running and (heard is None or heard.silent > offline_after), SeatState.OFFLINE),
        (is_running and time.paused, SeatState.PAUSED),
        (is_running and heard is not None and heard.unsaved > 0, SeatState.UNSAVED),
        (is_running, SeatState.ANSWERING),
        (attempt.checked_in is not None, SeatState.CHECKED_IN),
        (attempt.confirmed is not None, SeatState.CONFIRMED),
        (attempt.is_signed_in, SeatState.SIGNED_IN),
    )
    return next((state for holds, state in chain if holds), SeatState.ABSENT)


def _staffing(session: Session, sitting_room: int, sitting: SittingRow) -> StaffingView:
    assigned = len(session.scalars(select(AttemptRow.id).where(AttemptRow.sitting_room_id == sitting_room, AttemptRow.phase != Phase.VOIDED)).all())
    is_asked = needs_proctors(session, sitting)
    return StaffingView(
        tuple(present_proctors(session, sitting_room)),
        is_asked,
        required_at_board(session, sitting, assigned),
        assigned,
        standard_of(session, sitting.occupation).staffing.proctors.candidates_per_person if is_asked else None,
        watchers(session, sitting_room),
    )
