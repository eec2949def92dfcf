"""What happened in a room: its time entries and incidents, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.time_ledger import EntryKind
from examsrv.services.auditing import keep_note
from examsrv.services.reasons import INCIDENT_KINDS, MESSAGE, MOVED, WITHOUT_PROCTORS, reason_label
from examsrv.storage.tables import IncidentRow, NoteRow, PersonRow, TimeEntryRow
from question_bank.message import N_, Message

NEWEST_EVENTS = 30


@dataclass(frozen=True, slots=True)
class EventView:
    """Something in the room's log."""

    wall: datetime
    text: Message
    note: str
    person: str


ENTRY_TEXTS: Mapping[EntryKind, tuple[str, str]] = {
    EntryKind.START: (N_("Room started"), N_("Room started")),
    EntryKind.PAUSE: (N_("Room paused: %(reason)s"), N_("Seat %(seat)s paused: %(reason)s")),
    EntryKind.RESUME: (N_("Room resumed"), N_("Seat %(seat)s resumed")),
    EntryKind.GRANT: (N_("Room given %(minutes)s minutes: %(reason)s"), N_("Seat %(seat)s given %(minutes)s minutes: %(reason)s")),
}
STARTED_WITHOUT_PROCTORS = N_("Room started; the batch asks for no proctors")
AT_SEAT = N_("Seat %(seat)s: %(event)s")
INCIDENT_TEXTS: Mapping[str, tuple[str, str]] = {
    MESSAGE: (N_("Message to the room"), N_("Message to seat %(seat)s")),
    MOVED: ("", N_("Moved from seat %(from_seat)s to seat %(seat)s")),
}
"""What is said of a room, and of a seat, in a sentence of its own."""


def add_incident(
    session: Session, sitting_room: int, attempt: str | None, kind: str, note: str, by: Actor, at: Moment, *, from_seat: int | None = None
) -> str | None:
    """Append an incident and return the digest of its note. The audit entry is the caller's."""
    incident = IncidentRow(
        sitting_room_id=sitting_room,
        attempt_id=attempt,
        kind=kind,
        note=keep_note(session, note),
        person_id=by.person,
        wall=at.wall,
        exam=at.exam,
        from_seat=from_seat,
    )
    session.add(incident)
    session.flush()
    return incident.note


def newest_events(session: Session, sitting_room: int, seats: Mapping[str, int]) -> list[EventView]:
    """Return the newest events of a room, newest first, each with the seat of that time. `seats` tells where each attempt sits now."""
    moves = _moves(session, sitting_room)
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
            "seat": _seat_label(seats, moves, entry.attempt_id, entry.wall),
        }
        text = of_seat if entry.attempt_id else STARTED_WITHOUT_PROCTORS if entry.reason == WITHOUT_PROCTORS else of_room
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
        seat = _seat_label(seats, moves, incident.attempt_id, incident.wall)
        found.append(EventView(incident.wall, _incident_text(incident, seat), note or "", person or ""))
    return sorted(found, key=lambda event: event.wall, reverse=True)[:NEWEST_EVENTS]


def _incident_text(incident: IncidentRow, seat: str) -> Message:
    if incident.kind in INCIDENT_TEXTS:
        of_room, of_seat = INCIDENT_TEXTS[incident.kind]
        return Message(of_seat, {"seat": seat, "from_seat": _label(incident.from_seat)}) if incident.attempt_id else Message(of_room)
    event = INCIDENT_KINDS.get(incident.kind, INCIDENT_KINDS["other"])
    return Message(AT_SEAT, {"seat": seat, "event": event}) if incident.attempt_id else event


def _moves(session: Session, sitting_room: int) -> Sequence[IncidentRow]:
    query = select(IncidentRow).where(IncidentRow.sitting_room_id == sitting_room, IncidentRow.from_seat.is_not(None))
    return session.scalars(query.order_by(IncidentRow.id)).all()


def _seat_label(seats: Mapping[str, int], moves: Sequence[IncidentRow], attempt: str | None, wall: datetime) -> str:
    """Write the seat that an attempt had at an instant: the one that its next move led away from, or the present one."""
    if attempt is None:
        return ""
    return _label(next((move.from_seat for move in moves if move.attempt_id == attempt and move.wall > wall), seats.get(attempt)))


def _label(number: int | None) -> str:
    return "" if number is None else f"{number:02}"
