"""Groups of examiners (考评组) and panels of reviews (评审组): which there are, who serves in them, whom they score. A panel is a group here.

Examiners are planned by `assigning_examiners`; what happens on the day is in `group_day`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.roles import Role
from examsrv.rules.staffing import persons_required
from examsrv.services.auditing import record
from examsrv.services.planning import IS_PUBLISHED
from examsrv.services.standards import standard_of
from examsrv.storage.tables import (
    AssessmentGroupRow,
    AssignmentRow,
    AttemptRow,
    NoteRow,
    PersonRow,
    RoleGrantRow,
    ScriptRow,
    SittingRow,
)
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey, Level, StaffingRule

NAME_LONGEST = 40
GROUPS_MOST = 60
EXAMINED = frozenset({ComponentKey.SKILLS, ComponentKey.REVIEW})
"""The components that groups score."""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place of a group and who holds it; `person` None: it is vacant."""

    place: int
    person: int | None
    name: str
    is_lead: bool
    is_senior: bool
    arrived: datetime | None


@dataclass(frozen=True, slots=True)
class ReserveView:
    """A reserve of a group; those of a lower rank are called first."""

    person: int
    name: str
    rank: int
    is_senior: bool
    arrived: datetime | None


@dataclass(frozen=True, slots=True)
class LeaverView:
    """Somebody who served in a group and does no longer; `place` None: as a reserve."""

    person: int
    name: str
    place: int | None
    ended: datetime
    ground: str
    note: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group as it is now. `candidates` are those assigned, `required` the examiners that the standard asks for them."""

    id: int
    sitting: int
    sitting_name: str
    site: int
    is_published: bool
    name: str
    component: ComponentKey
    level: str
    deadline: datetime | None
    started: datetime | None
    candidates: int
    required: int
    rule: StaffingRule
    places: tuple[PlaceView, ...]
    reserves: tuple[ReserveView, ...]
    leavers: tuple[LeaverView, ...]

    @property
    def is_panel(self) -> bool:
        """Tell whether it is the panel of a review."""
        return self.component is ComponentKey.REVIEW

    @property
    def members(self) -> tuple[int, ...]:
        """Return who holds the places, without the vacant ones."""
        return tuple(place.person for place in self.places if place.person is not None)

    @property
    def vacant(self) -> tuple[int, ...]:
        """Return the places that nobody holds."""
        return tuple(place.place for place in self.places if place.person is None)

    @property
    def lead(self) -> int | None:
        """Return who leads the group; None: nobody."""
        return next((place.person for place in self.places if place.is_lead), None)

    @property
    def people(self) -> tuple[int, ...]:
        """Return everybody who serves in the group now, members first."""
        return (*self.members, *(reserve.person for reserve in self.reserves))


def groups_of_sitting(session: Session, sitting: int) -> list[GroupView]:
    """Return the groups of a sitting in the order in which they were made."""
    rows = session.scalars(select(AssessmentGroupRow).where(AssessmentGroupRow.sitting_id == sitting).order_by(AssessmentGroupRow.id))
    return [_view(session, row) for row in rows.all()]


def groups_of_person(session: Session, person: int) -> list[GroupView]:
    """Return the groups of published sittings in which somebody serves now, as a member or a reserve, the next sitting last."""
    query = (
        select(AssessmentGroupRow)
        .join(SittingRow, SittingRow.id == AssessmentGroupRow.sitting_id)
        .join(AssignmentRow, AssignmentRow.group_id == AssessmentGroupRow.id)
        .where(SittingRow.is_published, AssignmentRow.person_id == person, AssignmentRow.ended.is_(None))
        .order_by(SittingRow.planned, AssessmentGroupRow.id)
    )
    return [_view(session, row) for row in session.scalars(query).all()]


def group(session: Session, number: int) -> GroupView:
    """Return one group; refuses a number that none has."""
    return _view(session, group_row(session, number))


def site_of_group(session: Session, number: int) -> int | None:
    """Return the site at which a group's sitting is held; None when there is no such group."""
    row = session.get(AssessmentGroupRow, number)
    return None if row is None else session.get_one(SittingRow, row.sitting_id).site_id


def group_row(session: Session, number: int) -> AssessmentGroupRow:
    """Return the row of a group; refuses a number that none has."""
    row = session.get(AssessmentGroupRow, number)
    if row is None:
        raise ExamError(Message(N_("There is no such group.")))
    return row


def level_of(session: Session, sitting: int) -> Level:
    """Return the level that a sitting examines, as its standard has it."""
    row = session.get_one(SittingRow, sitting)
    return standard_of(session, row.occupation).level(row.level)


def create_groups(session: Session, sitting: int, count: int, by: Actor, at: Moment) -> list[int]:
    """Add `count` groups to a sitting of skills or a review, named 第1组 and so on; return their numbers."""
    row = _require_open(session, sitting)
    if ComponentKey(row.component) not in EXAMINED:
        raise ExamError(Message(N_("Theory is marked by the machine; it needs no groups of examiners.")))
    taken = set(session.scalars(select(AssessmentGroupRow.name).where(AssessmentGroupRow.sitting_id == sitting)))
    if count < 1 or len(taken) + count > GROUPS_MOST:
        raise ExamError(Message(N_("A sitting has 1 to %(most)d groups."), {"most": GROUPS_MOST}))
    free = [name for name in (f"第{number}组" for number in range(1, len(taken) + count + 1)) if name not in taken]
    added = [AssessmentGroupRow(sitting_id=sitting, name=name) for name in free[:count]]
    session.add_all(added)
    session.flush()
    record(session, "group.created", f"sitting/{sitting}", by, at, groups=" ".join(str(each.id) for each in added))
    return [each.id for each in added]


def change_group(session: Session, number: int, name: str, deadline: datetime | None, by: Actor, at: Moment) -> None:
    """Give a group another name and the moment by which its sheets are due; the name also when the sitting is published."""
    row = group_row(session, number)
    name = name.strip()
    if not name or len(name) > NAME_LONGEST:
        raise ExamError(Message(N_("A name has 1 to %(longest)d characters."), {"longest": NAME_LONGEST}))
    same = select(AssessmentGroupRow.id).where(AssessmentGroupRow.sitting_id == row.sitting_id, AssessmentGroupRow.name == name)
    if session.scalars(same.where(AssessmentGroupRow.id != number)).first() is not None:
        raise ExamError(Message(N_("Another group of this sitting is called %(name)s."), {"name": name}))
    if deadline is not None and deadline != row.deadline and deadline <= at.wall:
        raise ExamError(Message(N_("This moment is over. Enter by when the sheets have to be handed in.")))
    row.name, row.deadline = name, deadline
    session.flush()
    record(session, "group.changed", f"group/{number}", by, at, deadline=deadline.isoformat() if deadline else None)


def remove_group(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Remove a group of a sitting that is not published; its candidates are in no group then."""
    row = group_row(session, number)
    _require_open(session, row.sitting_id)
    session.execute(delete(ScriptRow).where(ScriptRow.group_id == number))
    session.execute(delete(AssignmentRow).where(AssignmentRow.group_id == number))
    session.execute(delete(AssessmentGroupRow).where(AssessmentGroupRow.id == number))
    record(session, "group.removed", f"sitting/{row.sitting_id}", by, at, group=number)


def candidates_of_group(session: Session, number: int) -> list[int]:
    """Return the persons whom a group scores."""
    query = select(AttemptRow.candidate_id).join(ScriptRow, ScriptRow.attempt_id == AttemptRow.id).where(ScriptRow.group_id == number)
    return list(session.scalars(query.where(AttemptRow.phase != Phase.VOIDED).order_by(ScriptRow.position)))


def examiners_at(session: Session, site: int) -> list[PersonRow]:
    """Return the active people who hold the role of examiner at a site, by name."""
    query = (
        select(PersonRow)
        .join(RoleGrantRow, RoleGrantRow.person_id == PersonRow.id)
        .where(RoleGrantRow.role == Role.EXAMINER, RoleGrantRow.site_id.is_(None) | (RoleGrantRow.site_id == site), PersonRow.is_active)
        .order_by(PersonRow.name, PersonRow.id)
    )
    return list(session.scalars(query.distinct()))


def serving(session: Session, groups: Collection[int]) -> Sequence[AssignmentRow]:
    """Return who serves in groups now: members by place, then reserves by rank."""
    query = select(AssignmentRow).where(AssignmentRow.group_id.in_(groups), AssignmentRow.ended.is_(None))
    return session.scalars(query.order_by(AssignmentRow.place.is_(None), AssignmentRow.place, AssignmentRow.rank, AssignmentRow.id)).all()


def _require_open(session: Session, sitting: int) -> SittingRow:
    row = session.get_one(SittingRow, sitting)
    if row.is_published:
        raise ExamError(IS_PUBLISHED)
    return row


def _view(session: Session, row: AssessmentGroupRow) -> GroupView:
    sitting = session.get_one(SittingRow, row.sitting_id)
    component = ComponentKey(sitting.component)
    rule = standard_of(session, sitting.occupation).staffing.by_component(component)
    rows = session.scalars(select(AssignmentRow).where(AssignmentRow.group_id == row.id).order_by(AssignmentRow.id)).all()
    people = {each.id: each for each in session.scalars(select(PersonRow).where(PersonRow.id.in_({each.person_id for each in rows})))}
    candidates = len(candidates_of_group(session, row.id))
    return GroupView(
        id=row.id,
        sitting=sitting.id,
        sitting_name=sitting.name,
        site=sitting.site_id,
        is_published=sitting.is_published,
        name=row.name,
        component=component,
        level=sitting.level,
        deadline=row.deadline,
        started=row.started,
        candidates=candidates,
        required=persons_required(rule, candidates),
        rule=rule,
        places=_places(rows, people),
        reserves=_reserves(rows, people),
        leavers=_leavers(session, rows, people),
    )


def _places(rows: Sequence[AssignmentRow], people: dict[int, PersonRow]) -> tuple[PlaceView, ...]:
    count = max((row.place for row in rows if row.place is not None), default=0)
    held = {row.place: row for row in rows if row.place is not None and row.ended is None}
    return tuple(_place(place, held.get(place), people) for place in range(1, count + 1))


def _place(place: int, row: AssignmentRow | None, people: dict[int, PersonRow]) -> PlaceView:
    if row is None:
        return PlaceView(place, None, "", is_lead=False, is_senior=False, arrived=None)
    person = people[row.person_id]
    return PlaceView(place, person.id, person.name, row.is_lead, person.is_senior_examiner, row.arrived)


def _reserves(rows: Sequence[AssignmentRow], people: dict[int, PersonRow]) -> tuple[ReserveView, ...]:
    named = sorted((row for row in rows if row.place is None and row.ended is None), key=lambda row: (row.rank, row.id))
    found = ((row, people[row.person_id]) for row in named)
    return tuple(ReserveView(person.id, person.name, row.rank, person.is_senior_examiner, row.arrived) for row, person in found)


def _leavers(session: Session, rows: Sequence[AssignmentRow], people: dict[int, PersonRow]) -> tuple[LeaverView, ...]:
    left = [row for row in rows if row.ended is not None]
    notes = {row.digest: row.text for row in session.scalars(select(NoteRow).where(NoteRow.digest.in_([row.note for row in left if row.note])))}
    return tuple(
        LeaverView(row.person_id, people[row.person_id].name, row.place, row.ended, row.ground or "", notes.get(row.note or "", ""))
        for row in left
        if row.ended is not None
    )
