"""Proctors planned for the rooms of a sitting."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.roles import Role
from examsrv.services.auditing import record
from examsrv.storage.tables import (
    AssessmentGroupRow,
    AssignmentRow,
    PersonRow,
    PresenceRow,
    ProctorDutyRow,
    RoleGrantRow,
    RoomRow,
    SittingRoomRow,
    SittingRow,
)
from question_bank.message import N_, ExamError, Message


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody planned for a room. Without a PIN nobody can sign in on the board."""

    person: int
    name: str
    is_lead: bool
    has_pin: bool


def duties(session: Session, sitting_room: int) -> tuple[Duty, ...]:
    """Return who is planned for a room, the lead first."""
    query = (
        select(ProctorDutyRow.person_id, PersonRow.name, ProctorDutyRow.is_lead, PersonRow.pin_hash)
        .join(PersonRow, PersonRow.id == ProctorDutyRow.person_id)
        .where(ProctorDutyRow.sitting_room_id == sitting_room)
        .order_by(ProctorDutyRow.is_lead.desc(), ProctorDutyRow.id)
    )
    return tuple(Duty(row.person_id, row.name, row.is_lead, row.pin_hash is not None) for row in session.execute(query))


def available_proctors(session: Session, site: int) -> list[Duty]:
    """Return the active people who hold the role of proctor at a site, by name."""
    query = (
        select(PersonRow)
        .join(RoleGrantRow, RoleGrantRow.person_id == PersonRow.id)
        .where(RoleGrantRow.role == Role.PROCTOR, or_(RoleGrantRow.site_id == site, RoleGrantRow.site_id.is_(None)), PersonRow.is_active)
        .order_by(PersonRow.name, PersonRow.id)
    )
    return [Duty(row.id, row.name, is_lead=False, has_pin=row.pin_hash is not None) for row in session.scalars(query.distinct())]


def set_duties(session: Session, sitting_room: int, persons: Collection[int], lead: int | None, by: Actor, at: Moment) -> None:
    """Plan exactly these proctors for a room, one of them perhaps as lead. Also after publishing: somebody may fall ill.

    Refused: who is no proctor at the site, who is planned for another room of the same sitting or as its examiner, and to take away who is entered
    as present.
    """
    planned = session.get_one(SittingRoomRow, sitting_room)
    names = {duty.person: duty.name for duty in available_proctors(session, session.get_one(SittingRow, planned.sitting_id).site_id)}
    if any(person not in names for person in persons):
        raise ExamError(Message(N_("Only proctors of the site can be planned.")))
    if lead is not None and lead not in persons:
        raise ExamError(Message(N_("The lead proctor is one of the proctors of the room.")))
    _require_free(session, planned, persons)
    _require_no_examiner(session, planned.sitting_id, persons)
    _require_absent(session, sitting_room, persons)
    session.execute(delete(ProctorDutyRow).where(ProctorDutyRow.sitting_room_id == sitting_room))
    session.add_all(ProctorDutyRow(sitting_room_id=sitting_room, person_id=person, is_lead=person == lead) for person in sorted(persons))
    session.flush()
    spelled = " ".join(str(person) for person in sorted(persons))
    record(session, "sitting.proctors", f"sitting_room/{sitting_room}", by, at, persons=spelled, lead=lead)


def _require_free(session: Session, planned: SittingRoomRow, persons: Collection[int]) -> None:
    """Refuse people who are planned for another room at the same time."""
    query = (
        select(PersonRow.name, RoomRow.name.label("room"))
        .join(ProctorDutyRow, ProctorDutyRow.person_id == PersonRow.id)
        .join(SittingRoomRow, SittingRoomRow.id == ProctorDutyRow.sitting_room_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .where(SittingRoomRow.sitting_id == planned.sitting_id, SittingRoomRow.id != planned.id, PersonRow.id.in_(persons))
    )
    elsewhere = session.execute(query).first()
    if elsewhere is not None:
        text = N_("%(name)s is planned for the room %(room)s of this sitting already.")
        raise ExamError(Message(text, {"name": elsewhere.name, "room": elsewhere.room}))


def _require_no_examiner(session: Session, sitting: int, persons: Collection[int]) -> None:
    """Refuse people who score the candidates of the sitting."""
    query = (
        select(PersonRow.name, AssessmentGroupRow.name.label("group"))
        .join(AssignmentRow, AssignmentRow.person_id == PersonRow.id)
        .join(AssessmentGroupRow, AssessmentGroupRow.id == AssignmentRow.group_id)
        .where(AssessmentGroupRow.sitting_id == sitting, AssignmentRow.ended.is_(None), PersonRow.id.in_(persons))
    )
    found = session.execute(query).first()
    if found is not None:
        raise ExamError(Message(N_("%(name)s serves in %(group)s of this sitting already."), {"name": found.name, "group": found.group}))


def _require_absent(session: Session, sitting_room: int, persons: Collection[int]) -> None:
    """Refuse to take away who is entered as present."""
    present = (
        select(PersonRow.name)
        .join(PresenceRow, PresenceRow.person_id == PersonRow.id)
        .where(PresenceRow.sitting_room_id == sitting_room, PresenceRow.until.is_(None), PersonRow.id.not_in(persons))
    )
    name = session.scalars(present).first()
    if name is not None:
        raise ExamError(Message(N_("%(name)s is entered as present and has to sign out on the board first."), {"name": name}))
