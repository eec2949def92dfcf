"""The record of a room (考场记录单): who watched, who came, all that happened, and where the audit chain stood when it was read.

Everything is derived from the logs at one moment, with as many queries for sixty candidates as for one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Moment
from examsrv.domain.time_ledger import EntryKind, TimeEntry, time_state
from examsrv.services.auditing import newest_entries
from examsrv.services.batches import needs_proctors
from examsrv.services.board_watchers import required_at_board
from examsrv.services.candidates import shown_details
from examsrv.services.ledger import room_ledger
from examsrv.services.papers import paper_title
from examsrv.services.reasons import BREACH, FORCED, INCIDENT_KINDS, MOVED
from examsrv.services.room_log import EventView, all_events
from examsrv.services.staffing_rooms import duties
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AttemptRow,
    BatchRow,
    CandidateRow,
    PersonRow,
    PresenceRow,
    RoomRow,
    SiteRow,
    SittingRoomRow,
    SittingRow,
    StepRow,
    TimeEntryRow,
)
from question_bank.message import N_, Message
from question_bank.standard import ComponentKey

BY_PROCTOR = "proctor"


class Attendance(StrEnum):
    """Whether somebody came. Absent is who has not opened the paper and cannot any more, as for the marks."""

    EXPECTED = "expected"
    PRESENT = "present"
    ABSENT = "absent"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is said of a candidate in the list; `wall` is when it happened."""

    text: Message
    wall: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A candidate in the list. `handed_in_by` is candidate, time or proctor; `granted` is all time given until then."""

    seat: int
    ticket: str
    name: str
    attendance: Attendance
    checked_in: datetime | None
    opened: datetime | None
    finished: datetime | None
    handed_in_by: str
    granted: timedelta
    remarks: tuple[Remark, ...]
    breaches: tuple[EventView, ...]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody who is planned for the room or was present, with every shift; the last one is open while it lasts."""

    name: str
    role: Message
    shifts: tuple[tuple[datetime, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """A room as its record tells it. It `is_provisional` as long as somebody may still answer or open the paper.

    `present_staff`: so many were present at the start, or are before it. `entries` and `head`: the audit chain.
    """

    id: int
    sitting_id: int
    sitting: str
    batch: str
    title: str
    site_id: int
    site: str
    room: str
    place: str
    planned: datetime
    limit: timedelta
    started: datetime | None
    is_provisional: bool
    staff: tuple[StaffLine, ...]
    needs_proctors: bool
    required_staff: int
    present_staff: int
    seats: tuple[SeatLine, ...]
    events: tuple[EventView, ...]
    entries: int
    head: str
    by_attempt: Mapping[str, SeatLine] = field(repr=False)

    @property
    def ended(self) -> datetime | None:
        """Return when the last paper was handed in; None while one may still be."""
        return None if self.is_provisional else max((line.finished for line in self.seats if line.finished), default=None)

    @property
    def expected(self) -> int:
        """Return how many are assigned to the room."""
        return sum(line.attendance is not Attendance.VOIDED for line in self.seats)

    @property
    def handed_in(self) -> int:
        """Return how many have handed in, however."""
        return sum(line.finished is not None for line in self.of(Attendance.PRESENT))

    @property
    def forced(self) -> int:
        """Return for how many the room handed in."""
        return sum(line.handed_in_by == BY_PROCTOR for line in self.of(Attendance.PRESENT))

    @property
    def breaches(self) -> list[SeatLine]:
        """Return those of whom a breach of the rules is on record."""
        return [line for line in self.seats if line.breaches]

    @property
    def signers(self) -> list[StaffLine]:
        """Return who is to sign: those who were present, or, before anybody was, those who are planned."""
        return [person for person in self.staff if person.shifts] or list(self.staff)

    def of(self, attendance: Attendance) -> list[SeatLine]:
        """Return those who came, or did not."""
        return [line for line in self.seats if line.attendance is attendance]


LINES = (
    select(
        AttemptRow.id,
        AttemptRow.seat,
        AttemptRow.ticket,
        AttemptRow.phase,
        AttemptRow.checked_in,
        AttemptRow.opened,
        AttemptRow.finished,
        CandidateRow.person_key,
        CandidateRow.sealed,
        StepRow.value.label("closing"),
        StepRow.exam.label("closed"),
    )
    .join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
    .outerjoin(
        StepRow,
        and_(
            AttemptRow.finished.is_not(None),  # its last step tells who handed in
            StepRow.attempt_id == AttemptRow.id,
            StepRow.epoch == AttemptRow.epoch,
            StepRow.seq == AttemptRow.last_seq,
        ),
    )
    .order_by(AttemptRow.seat)
)


def site_of_record(session: Session, sitting_room: int) -> int | None:
    """Return the site of a room of which a record is kept: of a published sitting, and no review, whose hearings have records of their own."""
    query = select(SittingRow.site_id).join(SittingRoomRow, SittingRoomRow.sitting_id == SittingRow.id)
    query = query.where(SittingRoomRow.id == sitting_room, SittingRow.is_published, SittingRow.component != ComponentKey.REVIEW)
    return session.scalars(query).one_or_none()


def room_record(session: Session, secret: Secret, sitting_room: int, at: Moment) -> RoomRecord:
    """Return the record of a room as it is to be written at this moment."""
    sitting, room, site, batch = session.execute(
        select(SittingRow, RoomRow, SiteRow.name, BatchRow.name)
        .join(SittingRoomRow, SittingRoomRow.sitting_id == SittingRow.id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .join(SiteRow, SiteRow.id == SittingRow.site_id)
        .outerjoin(BatchRow, BatchRow.id == SittingRow.batch_id)
        .where(SittingRoomRow.id == sitting_room)
    ).one()
    started = _started(session, sitting_room)
    rows = session.execute(LINES.where(AttemptRow.sitting_room_id == sitting_room)).all()
    events = all_events(session, sitting_room, {row.id: row.seat for row in rows})
    ledger = room_ledger(session, sitting_room)
    lines = {row.id: _seat_line(secret, row, started, ledger, sitting.limit, at, events) for row in rows}
    staff = _staff(session, sitting_room, is_proctored := needs_proctors(session, sitting))
    newest = newest_entries(session, 1)
    return RoomRecord(
        id=sitting_room,
        sitting_id=sitting.id,
        sitting=sitting.name,
        batch=batch or "",
        title=paper_title(session, sitting.occupation, sitting.level, sitting.component),
        site_id=sitting.site_id,
        site=site,
        room=room.name,
        place=room.place,
        planned=sitting.planned,
        limit=sitting.limit,
        started=started,
        is_provisional=started is None or any(_may_go_on(row, lines[row.id]) for row in rows),
        staff=staff,
        needs_proctors=is_proctored,
        required_staff=required_at_board(session, sitting, sum(Phase(row.phase) is not Phase.VOIDED for row in rows)),
        present_staff=sum(_is_present(person, started) for person in staff),
        seats=tuple(lines.values()),
        events=tuple(events),
        entries=newest[0].number if newest else 0,
        head=newest[0].head if newest else "",
        by_attempt=lines,
    )


def _started(session: Session, sitting_room: int) -> datetime | None:
    query = select(TimeEntryRow.wall).where(TimeEntryRow.sitting_room_id == sitting_room, TimeEntryRow.kind == EntryKind.START)
    return session.scalars(query.order_by(TimeEntryRow.id).limit(1)).one_or_none()


def _seat_line(
    secret: Secret, row: Any, started: datetime | None, ledger: Sequence[TimeEntry], limit: timedelta, at: Moment, events: Sequence[EventView]
) -> SeatLine:
    name, _masked = shown_details(secret, row.person_key, row.sealed)
    own = [event for event in events if event.attempt == row.id]
    until = at.exam if row.closed is None else row.closed
    attendance = _attendance(row, is_over=time_state(ledger, limit, at.exam, row.id).is_over)
    is_closed = row.closing is not None
    return SeatLine(
        seat=row.seat,
        ticket=row.ticket,
        name=name,
        attendance=attendance,
        checked_in=row.checked_in,
        opened=row.opened,
        finished=row.finished,
        handed_in_by=json.loads(row.closing)["by"] if is_closed else "",
        granted=time_state(ledger, limit, until, row.id).granted,
        remarks=(*_remarks_on_coming(row, attendance, started), *_remarks_on_events(own)),
        breaches=tuple(event for event in own if event.kind == BREACH or (event.kind, event.reason) == (FORCED, BREACH)),
    )


def _attendance(row: Any, *, is_over: bool) -> Attendance:
    phase = Phase(row.phase)
    if phase is Phase.VOIDED:
        return Attendance.VOIDED
    if phase is not Phase.CREATED:
        return Attendance.PRESENT
    if is_over:
        return Attendance.ABSENT
    return Attendance.EXPECTED if row.checked_in is None else Attendance.PRESENT


def _may_go_on(row: Any, line: SeatLine) -> bool:
    return Phase(row.phase) in (Phase.CREATED, Phase.RUNNING) and line.attendance is not Attendance.ABSENT


def _remarks_on_coming(row: Any, attendance: Attendance, started: datetime | None) -> list[Remark]:
    found = []
    match attendance:
        case Attendance.VOIDED:
            found.append(Remark(Message(N_("Voided"))))
        case Attendance.EXPECTED:
            found.append(Remark(Message(N_("Not yet come"))))
        case Attendance.ABSENT:
            found.append(Remark(Message(N_("Absent") if row.checked_in is None else N_("Absent: was checked in, and did not open the paper"))))
    if started is not None and row.checked_in is not None and row.checked_in > started:
        found.append(Remark(Message(N_("Checked in after the start"))))
    return found


def _remarks_on_events(own: Sequence[EventView]) -> list[Remark]:
    """Return what the log has of somebody; a forced hand-in stands with the hand-in."""
    moves = [Remark(event.text, event.wall) for event in own if event.kind == MOVED]
    return moves + [Remark(INCIDENT_KINDS[event.kind], event.wall) for event in own if event.kind in INCIDENT_KINDS and event.kind != FORCED]


def _staff(session: Session, sitting_room: int, is_proctored: bool) -> tuple[StaffLine, ...]:
    """Return who is planned, the lead first, then who else was present."""
    planned = {duty.person: duty for duty in duties(session, sitting_room)}
    names = {person: duty.name for person, duty in planned.items()}
    shifts: dict[int, list[tuple[datetime, datetime | None]]] = {person: [] for person in planned}
    query = select(PresenceRow, PersonRow.name).join(PersonRow, PersonRow.id == PresenceRow.person_id)
    for row, name in session.execute(query.where(PresenceRow.sitting_room_id == sitting_room).order_by(PresenceRow.id)):
        names[row.person_id] = name
        shifts.setdefault(row.person_id, []).append((row.since, row.until))
    roles = {person: N_("Lead proctor") if duty.is_lead else N_("Proctor") for person, duty in planned.items()}
    other = N_("Proctor, no longer planned") if is_proctored else N_("Examiner")
    return tuple(StaffLine(names[person], Message(roles.get(person, other)), tuple(found)) for person, found in shifts.items())


def _is_present(person: StaffLine, started: datetime | None) -> bool:
    """Tell whether somebody was present when the room was started, or (None) is now."""
    if started is None:
        return any(until is None for _since, until in person.shifts)
    return any(since <= started and (until is None or until > started) for since, until in person.shifts)
