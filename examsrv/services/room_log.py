"""What happened in a room: its time entries and incidents, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.time_ledger import EntryKind
from examsrv.services.auditing import keep_note
from examsrv.services.reasons import (
    DETAILS_SETTLED,
    INCIDENT_KINDS,
    MACHINE_CONFIRMED,
    MESSAGE,
    MOVED,
    UNLOCKED,
    WITHOUT_PROCTORS,
    reason_label,
)
from examsrv.storage.tables import IncidentRow, NoteRow, PersonRow, TimeEntryRow
from question_bank.message import N_, Message

NEWEST_EVENTS = 30


@dataclass(frozen=True, slots=True)
class EventView:
    """Something in the room's log: `kind` and `reason` of its entry, and the attempt that it is about, if any. No `person`: the server."""

    wall: datetime
    text: Message
    note: str
    person: str
    kind: str = ""
    reason: str = ""
    attempt: str | None = None


ENTRY_TEXTS: Mapping[EntryKind, tuple[str, str]] = {
    EntryKind.START: (N_("Room started"), N_("Room started")),
    EntryKind.PAUSE: (N_("Room paused: %(reason)s"), N_("Seat %(seat)s paused: %(reason)s")),
    EntryKind.RESUME: (N_("Room resumed"), N_("Seat %(seat)s resumed")),
    EntryKind.GRANT: (N_("Room given %(minutes)s minutes: %(reason)s"), N_("Seat %(seat)s given %(minutes)s minutes: %(reason)s")),
}
STARTED_WITHOUT_PROCTORS = N_("Room started; the batch asks for no proctors")
AT_SEAT = N_("Seat %(seat)s: %(event)s")
FOR_A_REASON = N_("%(event)s (%(reason)s)")
INCIDENT_TEXTS: Mapping[str, tuple[str, str]] = {
    MESSAGE: (N_("Message to the room"), N_("Message to seat %(seat)s")),
    MOVED: ("", N_("Moved from seat %(from_seat)s to seat %(seat)s")),
    UNLOCKED: ("", N_("Seat %(seat)s: sign-in unlocked")),
    MACHINE_CONFIRMED: ("", N_("Seat %(seat)s: another machine confirmed")),
    DETAILS_SETTLED: ("", N_("Seat %(seat)s: details looked at, they stand")),
}
"""What is said of a room, and of a seat, in a sentence of its own."""


def add_incident(
    session: Session,
    sitting_room: int,
    attempt: str | None,
    kind: str,
    note: str,
    by: Actor,
    at: Moment,
    *,
    from_seat: int | None = None,
    reason: str | None = None,
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
        reason=reason,
    )
    session.add(incident)
    session.flush()
    return incident.note


def newest_events(session: Session, sitting_room: int, seats: Mapping[str, int]) -> list[EventView]:
    """Return the newest events of a room, newest first, each with the seat of that time. `seats` tells where each attempt sits now."""
    return _events(session, sitting_room, seats, NEWEST_EVENTS)


def all_events(session: Session, sitting_room: int, seats: Mapping[str, int]) -> list[EventView]:
    """Return all events of a room in the order of time, each with the seat of that time. `seats` tells where each attempt sits now."""
    return _events(session, sitting_room, seats, None)[::-1]


def _events(session: Session, sitting_room: int, seats: Mapping[str, int], newest: int | None) -> list[EventView]:
    """Return so many events (None: all), newest first."""
    moves = _moves(session, sitting_room)
    entries = session.execute(
        select(TimeEntryRow, PersonRow.name, NoteRow.text)
        .outerjoin(PersonRow, PersonRow.id == TimeEntryRow.person_id)
        .outerjoin(NoteRow, NoteRow.digest == TimeEntryRow.note)
        .where(TimeEntryRow.sitting_room_id == sitting_room)
        .order_by(TimeEntryRow.id.desc())
        .limit(newest)
    )
    found = []
    for entry, person, note in entries:
        text = _entry_text(entry, _seat_label(seats, moves, entry.attempt_id, entry.wall))
        found.append(EventView(entry.wall, text, note or "", person or "", entry.kind, entry.reason, entry.attempt_id))
    incidents = session.execute(
        select(IncidentRow, PersonRow.name, NoteRow.text)
        .outerjoin(PersonRow, PersonRow.id == IncidentRow.person_id)
        .outerjoin(NoteRow, NoteRow.digest == IncidentRow.note)
        .where(IncidentRow.sitting_room_id == sitting_room)
        .order_by(IncidentRow.id.desc())
        .limit(newest)
    )
    for incident, person, note in incidents:
        text = _incident_text(incident, _seat_label(seats, moves, incident.attempt_id, incident.wall))
        found.append(EventView(incident.wall, text, note or "", person or "", incident.kind, incident.reason or "", incident.attempt_id))
    return sorted(found, key=lambda event: event.wall, reverse=True)[:newest]


def _entry_text(entry: TimeEntryRow, seat: str) -> Message:
    of_room, of_seat = ENTRY_TEXTS[EntryKind(entry.kind)]
    values = {"reason": reason_label(entry.reason), "minutes": f"{entry.amount / timedelta(minutes=1):g}", "seat": seat}
    return Message(of_seat if entry.attempt_id else STARTED_WITHOUT_PROCTORS if entry.reason == WITHOUT_PROCTORS else of_room, values)


def _incident_text(incident: IncidentRow, seat: str) -> Message:
    if incident.kind in INCIDENT_TEXTS:
        of_room, of_seat = INCIDENT_TEXTS[incident.kind]
        return Message(of_seat, {"seat": seat, "from_seat": _label(incident.from_seat)}) if incident.attempt_id else Message(of_room)
    event = INCIDENT_KINDS.get(incident.kind, INCIDENT_KINDS["other"])
    if incident.reason is not None:
        event = Message(FOR_A_REASON, {"event": event, "reason": reason_label(incident.reason)})
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
