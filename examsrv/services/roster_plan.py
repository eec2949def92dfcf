"""What a roster is held against: the rooms and seats planned for a sitting, who sits there already, and the persons known."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.time_ledger import EntryKind
from examsrv.storage.tables import AttemptRow, CandidateRow, RoomRow, SeatRow, SittingRoomRow, SittingRow, TimeEntryRow
from question_bank.message import N_, ExamError, Message


@dataclass(frozen=True, slots=True)
class PlannedRoom:
    """A room of the sitting; `seats` tells of each seat's number whether it is a spare."""

    sitting_room: int
    name: str
    seats: Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class SittingPlan:
    """The sitting as it stands now: `attempts` and `people` by the keyed digest of the ID number, rooms by their folded name, `started` by number."""

    sitting: int
    on: date
    rooms: Mapping[str, PlannedRoom]
    attempts: Mapping[str, AttemptRow]
    people: Mapping[str, CandidateRow]
    foreign_tickets: frozenset[str]
    started: frozenset[int]

    def room(self, name: str) -> PlannedRoom | None:
        """Return the room planned under this name."""
        return self.rooms.get(folded(name))


def folded(name: str) -> str:
    """Return a room's name as it is compared: half-width, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def sitting_day(session: Session, sitting_id: int) -> date:
    """Return the day of the sitting (UTC); an unknown sitting raises ExamError."""
    sitting = session.get(SittingRow, sitting_id)
    if sitting is None:
        raise ExamError(Message(N_("There is no such sitting.")))
    return sitting.planned.date()


def sitting_plan(session: Session, sitting_id: int, identities: Iterable[str], tickets: Iterable[str]) -> SittingPlan:
    """Read what concerns the sitting, the persons of `identities` and the `tickets`; an unknown sitting raises ExamError."""
    seated = select(CandidateRow, AttemptRow).join(AttemptRow, AttemptRow.candidate_id == CandidateRow.id)
    known = list(session.execute(seated.where(AttemptRow.sitting_id == sitting_id)))
    wanted = select(CandidateRow).where(CandidateRow.identity.in_(list(identities)))
    foreign = select(AttemptRow.ticket).where(AttemptRow.ticket.in_(list(tickets)), AttemptRow.sitting_id != sitting_id)
    return SittingPlan(
        sitting=sitting_id,
        on=sitting_day(session, sitting_id),
        rooms=_rooms(session, sitting_id),
        attempts={candidate.identity: attempt for candidate, attempt in known},
        people={row.identity: row for row in session.scalars(wanted)},
        foreign_tickets=frozenset(session.scalars(foreign)),
        started=_started(session, sitting_id),
    )


def _started(session: Session, sitting_id: int) -> frozenset[int]:
    begun = select(TimeEntryRow.sitting_room_id).join(SittingRoomRow, SittingRoomRow.id == TimeEntryRow.sitting_room_id)
    return frozenset(session.scalars(begun.where(SittingRoomRow.sitting_id == sitting_id, TimeEntryRow.kind == EntryKind.START)))


def _rooms(session: Session, sitting_id: int) -> dict[str, PlannedRoom]:
    planned = select(SittingRoomRow.id, RoomRow.id, RoomRow.name).join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
    rooms = {}
    for sitting_room, room, name in session.execute(planned.where(SittingRoomRow.sitting_id == sitting_id)):
        seats = session.execute(select(SeatRow.number, SeatRow.is_spare).where(SeatRow.room_id == room))
        rooms[folded(name)] = PlannedRoom(sitting_room, name, {seat.number: seat.is_spare for seat in seats})
    return rooms
