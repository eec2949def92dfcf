"""What is wrong with the rows of a roster: each row alone, rows among each other, and rows against the sitting as it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from examsrv.domain.attempt import Phase
from examsrv.domain.identity import IdentityError, read_identity
from examsrv.services.candidates import candidate_of, identity_digest, photo_of
from examsrv.services.roster_entries import NO_SEAT, SEAT, TICKET, Entry
from examsrv.services.roster_plan import PlannedRoom, SittingPlan
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow
from question_bank.message import N_, Message


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a row names: the number as it is stored and what the person is found by; both empty when the number is none."""

    id_number: str
    identity: str
    fault: Message | None


@dataclass(slots=True)
class SeenRows:
    """Where each ticket, person and seat stood first in the file."""

    tickets: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    seats: dict[tuple[int, int], int] = field(default_factory=dict)


def person_of(secret: Secret, entry: Entry, on: date) -> Person:
    """Return whom the row names, on the day of the sitting."""
    if not entry.id_number:
        return Person("", "", None)  # that it is missing was said already
    try:
        number = read_identity(entry.id_number, on).text
    except IdentityError as error:
        return Person("", "", error.message)
    return Person(number, identity_digest(secret, number), None)


def has_ticket(entry: Entry) -> bool:
    """Tell whether the row's ticket number is one."""
    return TICKET.fullmatch(entry.ticket) is not None


def room_faults(plan: SittingPlan, entry: Entry) -> Iterator[Message]:
    """Yield what is wrong with room and seat."""
    room = plan.room(entry.room)
    if not entry.room:
        return
    if room is None:
        yield Message(N_("Room %(room)s is not planned for this sitting."), {"room": entry.room})
    elif entry.seat not in room.seats and SEAT.fullmatch(entry.seat_text):
        yield Message(N_("Room %(room)s has no seat %(seat)s."), {"room": room.name, "seat": entry.seat_text})
    elif room.seats.get(entry.seat):
        yield Message(N_("Seat %(seat)d in room %(room)s is a spare."), {"room": room.name, "seat": entry.seat})


def double_faults(seen: SeenRows, entry: Entry, person: Person, room: PlannedRoom | None) -> Iterator[Message]:
    """Yield what stood in an earlier row already, and remember the row."""
    if has_ticket(entry) and seen.tickets.setdefault(entry.ticket, entry.number) != entry.number:
        yield Message(N_("The ticket number stands in row %(row)d already."), {"row": seen.tickets[entry.ticket]})
    if person.identity and seen.people.setdefault(person.identity, entry.number) != entry.number:
        yield Message(N_("The same person stands in row %(row)d already."), {"row": seen.people[person.identity]})
    if room is not None and entry.seat != NO_SEAT:
        first = seen.seats.setdefault((room.sitting_room, entry.seat), entry.number)
        if first != entry.number:
            yield Message(N_("The seat is given to row %(row)d already."), {"row": first})


def taken_faults(plan: SittingPlan, entry: Entry, room: PlannedRoom | None, others: Sequence[AttemptRow]) -> Iterator[Message]:
    """Yield what belongs to somebody else: to another sitting, or to `others`, who sit in this one and are not in the file."""
    if entry.ticket in plan.foreign_tickets:
        yield Message(N_("The ticket number is used in another sitting."))
    if any(other.ticket == entry.ticket for other in others):
        yield Message(N_("The ticket number belongs to another candidate of this sitting, who is not in the file."))
    if room is not None and any((other.sitting_room_id, other.seat) == (room.sitting_room, entry.seat) for other in others):
        yield Message(N_("The seat belongs to another candidate of this sitting, who is not in the file."))


def is_seated_so(attempt: AttemptRow, entry: Entry, room: PlannedRoom | None) -> bool:
    """Tell whether ticket, room and seat of the row are those of the attempt."""
    return room is not None and (attempt.ticket, attempt.sitting_room_id, attempt.seat) == (entry.ticket, room.sitting_room, entry.seat)


def is_known_so(secret: Secret, plan: SittingPlan, entry: Entry, person: Person) -> bool:
    """Tell whether what the row says of the person is what is kept; a row without a photo, an employer or a class leaves that as it is."""
    row = plan.people.get(person.identity)
    if row is None:
        return False
    known = candidate_of(secret, row)
    is_told_so = entry.employer in (None, known.employer) and entry.training_class in (None, known.training_class)
    return known.name == entry.name and is_told_so and (entry.photo is None or photo_of(secret, row) == entry.photo)


def running_faults(plan: SittingPlan, attempt: AttemptRow | None, room: PlannedRoom | None, *, is_changed: bool) -> Iterator[Message]:
    """Yield why a row may not change an attempt that has begun, nor bring anybody into or out of a room that was started."""
    rooms = {each for each in (attempt.sitting_room_id if attempt else None, room.sitting_room if room else None) if each is not None}
    if is_changed and rooms & plan.started:
        yield Message(N_("The room was started; nobody can be brought in or out any more."))
    if attempt is not None and is_changed and attempt.phase != Phase.CREATED:
        yield Message(N_("The candidate's examination has begun; the row cannot change it any more."))
