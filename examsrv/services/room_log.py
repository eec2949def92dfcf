"""What happened in a room: its time entries and incidents, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.time_ledger import EntryKind
from examsrv.services.reasons import INCIDENT_KINDS, WITHOUT_PROCTORS, reason_label
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


def newest_events(session: Session, sitting_room: int, seats: Mapping[str, int]) -> list[EventView]:
    """Return the newest events of a room, newest first. `seats` tells where each attempt sits."""
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
        event = INCIDENT_KINDS.get(incident.kind, INCIDENT_KINDS["other"])
        text_of = Message(AT_SEAT, {"seat": _seat_label(seats, incident.attempt_id), "event": event}) if incident.attempt_id else event
        found.append(EventView(incident.wall, text_of, note or "", person or ""))
    return sorted(found, key=lambda event: event.wall, reverse=True)[:NEWEST_EVENTS]


def _seat_label(seats: Mapping[str, int], attempt: str | None) -> str:
    number = seats.get(attempt) if attempt else None
    return "" if number is None else f"{number:02}"
