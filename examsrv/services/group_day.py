"""What happens in a group on the day: examiners arrive, somebody drops out, a reserve steps in, the group starts. Done by the office or the lead.

It is all that changes the examiners of a published sitting, but for a further reserve who is named because none is left.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.rules.staffing import require_staff
from examsrv.services.assessment_groups import GroupView, group, group_row
from examsrv.services.assigning_examiners import people_faults, person_faults, require_none
from examsrv.services.auditing import keep_note, record
from examsrv.services.scripts import BARRED
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AssignmentRow, ReserveCallRow, ScriptRow
from question_bank.message import N_, ExamError, Message

STEPPED_IN = "stepped_in"
"""A reserve leaves the reserves for a place."""
OTHER = "other"
"""A ground that says nothing without a note."""
LEAVING_GROUNDS = {
    "illness": Message(N_("Fell ill")),
    "absent": Message(N_("Did not come")),
    BARRED: Message(N_("May not score a candidate of the group")),
    OTHER: Message(N_("Other reason")),
}
ALL_GROUNDS = LEAVING_GROUNDS | {STEPPED_IN: Message(N_("Stepped in as a member"))}
NOTE_LONGEST = 500


def arrive(session: Session, number: int, person: int, by: Actor, at: Moment) -> None:
    """Enter that a member or a reserve is there."""
    view = _published(session, number)
    row = _serving(session, view, person)
    if row.arrived is not None:
        raise ExamError(Message(N_("%(name)s is already entered as present."), {"name": _name(view, person)}))
    row.arrived = at.wall
    session.flush()
    record(session, "group.arrived", f"group/{number}", by, at, person=person)


def withdraw(session: Session, number: int, person: int, ground: str, note: str, by: Actor, at: Moment) -> None:
    """Enter that a member or a reserve drops out. A member's place is vacant until a reserve steps in.

    Sheets that were handed in count on, but not of somebody who is barred.
    """
    view = _published(session, number)
    row = _serving(session, view, person)
    if ground not in LEAVING_GROUNDS:
        raise ExamError(Message(N_("Please choose a reason.")))
    if len(note.strip()) > NOTE_LONGEST:
        raise ExamError(Message(N_("A note has at most %(longest)d characters."), {"longest": NOTE_LONGEST}))
    if ground == OTHER and not note.strip():
        raise ExamError(Message(N_("Please write down what the other reason is.")))
    row.ended, row.ground, row.note, row.is_lead = at.wall, ground, keep_note(session, note), False
    session.flush()
    record(session, "group.withdrawn", f"group/{number}", by, at, person=person, place=row.place, ground=ground, note=row.note)


def step_in(session: Session, secret: Secret, number: int, reserve: int, place: int, by: Actor, at: Moment) -> None:
    """Let a reserve take a vacant place. Refused: who may not score a candidate of the group, or was called to one of its scripts as a reserve."""
    view = _published(session, number)
    row = _serving(session, view, reserve)
    name = _name(view, reserve)
    if row.place is not None:
        raise ExamError(Message(N_("%(name)s is a member of the group, not a reserve."), {"name": name}))
    if place not in view.vacant:
        raise ExamError(Message(N_("Place %(place)d is not vacant."), {"place": place}))
    if view.started is not None and row.arrived is None:
        raise ExamError(Message(N_("%(name)s has not been entered as present yet."), {"name": name}))
    called = _called(session, number, reserve)
    if called:
        text = N_("%(name)s was called to %(count)d scripts of this group as a reserve and cannot take a place in it.")
        raise ExamError(Message(text, {"name": name, "count": called}))
    require_none(iter(person_faults(session, secret, view, reserve)))
    row.ended, row.ground = at.wall, STEPPED_IN
    session.add(AssignmentRow(group_id=number, person_id=reserve, place=place, rank=0, is_lead=False, began=at.wall, arrived=row.arrived))
    session.flush()
    record(session, "group.stepped_in", f"group/{number}", by, at, person=reserve, place=place)


def name_lead(session: Session, number: int, person: int, by: Actor, at: Moment) -> None:
    """Let another member lead after the lead has dropped out."""
    view = _published(session, number)
    if view.lead is not None:
        raise ExamError(Message(N_("%(name)s leads the group."), {"name": _name(view, view.lead)}))
    row = _serving(session, view, person)
    if row.place is None:
        raise ExamError(Message(N_("Who leads %(group)s is one of its members."), {"group": view.name}))
    row.is_lead = True
    session.flush()
    record(session, "group.lead", f"group/{number}", by, at, person=person)


def name_reserve(session: Session, secret: Secret, number: int, person: int, by: Actor, at: Moment) -> None:
    """Name a further reserve, behind the others: when nobody is left, a group could never start. Bound as all who are planned."""
    view = _published(session, number)
    if person in view.people:
        raise ExamError(Message(N_("%(name)s serves in this group already."), {"name": _name(view, person)}))
    require_none(iter(person_faults(session, secret, view, person)))
    last = session.scalar(select(func.max(AssignmentRow.rank)).where(AssignmentRow.group_id == number)) or 0
    session.add(AssignmentRow(group_id=number, person_id=person, place=None, rank=last + 1, is_lead=False, began=at.wall))
    session.flush()
    record(session, "group.reserve_named", f"group/{number}", by, at, person=person)


def start_group(session: Session, secret: Secret, number: int, by: Actor, at: Moment) -> None:
    """Let a group begin to score. Refused with the figure unless every place is held by somebody who is there, the number legal and nobody barred."""
    view = _published(session, number)
    if view.started is not None:
        raise ExamError(Message(N_("%(group)s has started already."), {"group": view.name}))
    require_none(iter(start_faults(session, secret, view)))
    row = group_row(session, number)
    row.started, row.started_by = at.wall, by.person
    session.flush()
    record(session, "group.started", f"group/{number}", by, at, members=len(view.members), candidates=view.candidates)


def start_faults(session: Session, secret: Secret, view: GroupView) -> list[Message]:
    """Return everything that keeps a group from starting, in words."""
    if not view.candidates:
        return [Message(N_("%(group)s: there are no candidates."), {"group": view.name})]
    present = sum(place.arrived is not None for place in view.places)
    faults: list[Message] = []
    try:
        require_staff(view.rule, view.candidates, present)
    except ExamError as error:
        faults.append(error.message)
    for place in view.places:
        if place.person is None:
            faults.append(Message(N_("Place %(place)d is vacant: a reserve has to step in."), {"place": place.place}))
        elif place.arrived is None:
            faults.append(Message(N_("%(name)s has not been entered as present yet."), {"name": place.name}))
    if view.lead is None:
        faults.append(Message(N_("%(group)s: nobody leads."), {"group": view.name}))
    return [*faults, *people_faults(session, secret, view, view.members)]


def _published(session: Session, number: int) -> GroupView:
    view = group(session, number)
    if not view.is_published:
        raise ExamError(Message(N_("The sitting is not published yet; change the plan of the group instead.")))
    return view


def _serving(session: Session, view: GroupView, person: int) -> AssignmentRow:
    query = select(AssignmentRow).where(AssignmentRow.group_id == view.id, AssignmentRow.person_id == person, AssignmentRow.ended.is_(None))
    row = session.scalars(query).one_or_none()
    if row is None:
        raise ExamError(Message(N_("This person does not serve in %(group)s."), {"group": view.name}))
    return row


def _name(view: GroupView, person: int) -> str:
    members = {place.person: place.name for place in view.places}
    return members.get(person) or next((each.name for each in view.reserves if each.person == person), "")


def _called(session: Session, number: int, person: int) -> int:
    """Return to how many scripts of a group somebody was called as a reserve."""
    query = select(func.count(ReserveCallRow.attempt_id.distinct())).join(ScriptRow, ScriptRow.attempt_id == ReserveCallRow.attempt_id)
    return session.scalar(query.where(ScriptRow.group_id == number, ReserveCallRow.person_id == person)) or 0
