"""Who may stand at the board of a room: its proctors, and in skills for which the batch asks for none, also examiners of the sitting's groups."""

from collections.abc import Iterable

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from examsrv.domain.roles import Role
from examsrv.rules.staffing import persons_required, require_staff
from examsrv.services.batches import needs_proctors
from examsrv.services.standards import standard_of
from examsrv.storage.tables import (
    AssessmentGroupRow,
    AssignmentRow,
    BatchRow,
    PersonRow,
    ProctorDutyRow,
    RoleGrantRow,
    SittingRoomRow,
    SittingRow,
)
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey

AT_THE_BOARD = 1
"""So many people are at the board of a room for which no proctors are asked."""

PROCTORS = (
    select(ProctorDutyRow.id, SittingRoomRow.id.label("room"), ProctorDutyRow.person_id)
    .join(SittingRoomRow, SittingRoomRow.id == ProctorDutyRow.sitting_room_id)
    .join(SittingRow, SittingRow.id == SittingRoomRow.sitting_id)
    .join(RoleGrantRow, RoleGrantRow.person_id == ProctorDutyRow.person_id)
    .where(SittingRow.is_published, SittingRow.component != ComponentKey.REVIEW)  # a review has the panel's clock, and no board
    .where(RoleGrantRow.role == Role.PROCTOR, RoleGrantRow.site_id.is_(None) | (RoleGrantRow.site_id == SittingRow.site_id))
)
EXAMINERS = (
    select(AssignmentRow.id, SittingRoomRow.id.label("room"), AssignmentRow.person_id)
    .join(AssessmentGroupRow, AssessmentGroupRow.id == AssignmentRow.group_id)
    .join(SittingRow, SittingRow.id == AssessmentGroupRow.sitting_id)
    .join(SittingRoomRow, SittingRoomRow.sitting_id == SittingRow.id)
    .join(RoleGrantRow, RoleGrantRow.person_id == AssignmentRow.person_id)
    .outerjoin(BatchRow, BatchRow.id == SittingRow.batch_id)
    .where(SittingRow.is_published, SittingRow.component == ComponentKey.SKILLS, AssignmentRow.ended.is_(None))
    .where(or_(BatchRow.id.is_(None), BatchRow.skills_need_proctors.is_(False)))
    .where(RoleGrantRow.role == Role.EXAMINER, RoleGrantRow.site_id.is_(None) | (RoleGrantRow.site_id == SittingRow.site_id))
)
IS_PROCTOR = PROCTORS.where(ProctorDutyRow.person_id == bindparam("person"), SittingRoomRow.id == bindparam("room"))
IS_EXAMINER = EXAMINERS.where(AssignmentRow.person_id == bindparam("person"), SittingRoomRow.id == bindparam("room"))


def may_watch(session: Session, person: int, sitting_room: int) -> bool:
    """Tell whether somebody may stand at the board of a room of a published sitting, and still has the role for it at its site."""
    values = {"person": person, "room": sitting_room}
    return any(session.execute(query, values).first() is not None for query in (IS_PROCTOR, IS_EXAMINER))


def rooms_watched(session: Session, person: int) -> set[int]:
    """Return the rooms of published sittings at whose boards somebody may stand."""
    found = session.execute(PROCTORS.where(ProctorDutyRow.person_id == person)).all()
    return {row.room for row in [*found, *session.execute(EXAMINERS.where(AssignmentRow.person_id == person))]}


def watchers(session: Session, sitting_room: int) -> tuple[tuple[int, str], ...]:
    """Return number and name of those who may enter at a board: the proctors planned, then the examiners, if they may."""
    planned = session.scalars(select(ProctorDutyRow.person_id).where(ProctorDutyRow.sitting_room_id == sitting_room).order_by(ProctorDutyRow.id))
    persons = list(dict.fromkeys([*planned, *_examiners(session, sitting_room)]))
    names = {row.id: row.name for row in session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(persons)))}
    return tuple((person, names[person]) for person in persons)


def required_at_board(session: Session, sitting: SittingRow, candidates: int) -> int:
    """Return how many have to be present at the board of a room with so many candidates (RULE-PROCTORS), or the one who is always needed."""
    return (
        persons_required(standard_of(session, sitting.occupation).staffing.proctors, candidates) if needs_proctors(session, sitting) else AT_THE_BOARD
    )


def require_at_board(session: Session, sitting: SittingRow, candidates: int, present: int) -> None:
    """Refuse a start with fewer people at the board than are needed."""
    if needs_proctors(session, sitting):
        require_staff(standard_of(session, sitting.occupation).staffing.proctors, candidates, present)
    elif present < AT_THE_BOARD:
        raise ExamError(Message(N_("Nobody is entered as present: a proctor or an examiner of the sitting has to be at the board.")))


def _examiners(session: Session, sitting_room: int) -> Iterable[int]:
    query = EXAMINERS.where(SittingRoomRow.id == sitting_room).order_by(AssessmentGroupRow.id, AssignmentRow.place, AssignmentRow.rank)
    return [row.person_id for row in session.execute(query)]
