"""Planning sittings: what is examined, when and for how long, in which rooms, with which proctors and papers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.time_ledger import EntryKind
from examsrv.rules.timing import require_duration
from examsrv.services.auditing import record
from examsrv.services.papers import FormSetLine, form_set, form_sets, paper_title
from examsrv.services.signing_in import NEAR
from examsrv.services.specifying import specifications
from examsrv.services.standards import occupations, standard_of
from examsrv.services.task_sets import task_sets
from examsrv.storage.tables import (
    AssessmentGroupRow,
    AssignmentRow,
    AttemptRow,
    BatchRow,
    FormSetRow,
    IncidentRow,
    PresenceRow,
    ProctorDutyRow,
    RoomRow,
    SiteRow,
    SittingRoomRow,
    SittingRow,
    TimeEntryRow,
)
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey

NAME_LONGEST = 80
AHEAD_MOST = timedelta(days=1000)
ZERO = timedelta()
IS_PUBLISHED = Message(N_("The sitting is published: its examination, length, rooms, papers and groups stay. Take the publication back first."))


class DayError(ExamError):
    """A sitting cannot be held on this day."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a sitting can be about: a level's component with a specification or a task set. `minimum` is the least length that the standard allows."""

    occupation: str
    level: str
    component: str
    title: str
    minimum: timedelta

    @property
    def key(self) -> str:
        """Return what names it in a form."""
        return f"{self.occupation}/{self.level}/{self.component}"


@dataclass(frozen=True, slots=True)
class SittingDraft:
    """What an administrator enters for a sitting. `planned` is aware. Theory needs no batch; skills and reviews cannot be published without."""

    name: str
    site_id: int
    occupation: str
    level: str
    component: str
    planned: datetime
    limit: timedelta
    late_limit: timedelta
    leave_after: timedelta
    shows_mark: bool
    batch_id: int | None = None


def examinations(session: Session) -> list[Examination]:
    """Return everything that can be examined here."""
    found = []
    for occupation, _name in occupations(session):
        standard = standard_of(session, occupation)
        of_specifications = [(each.level, each.component) for each in specifications(session, occupation)]
        of_sets = [(each.level, each.component) for each in task_sets(session, occupation)]
        for level, component in dict.fromkeys([*of_specifications, *of_sets]):
            title = paper_title(session, occupation, level, component)
            found.append(Examination(occupation, level, component, title, standard.component(ComponentKey(component)).minimum))
    return found


def drawn_examinations(session: Session) -> list[Examination]:
    """Return those that forms are drawn for from the bank: with a specification."""
    of_specifications = {(pack, each.level, each.component) for pack, _name in occupations(session) for each in specifications(session, pack)}
    return [each for each in examinations(session) if (each.occupation, each.level, each.component) in of_specifications]


def create_sitting(session: Session, draft: SittingDraft, by: Actor, at: Moment) -> int:
    """Plan a sitting and return its number. A length under the standard's minimum is refused with RULE-DURATION's sentence."""
    _require_sound(session, draft)
    require_day(draft.planned, at)
    row = SittingRow(
        site_id=draft.site_id,
        name=draft.name.strip(),
        occupation=draft.occupation,
        level=draft.level,
        component=draft.component,
        planned=draft.planned,
        limit=draft.limit,
        late_limit=draft.late_limit,
        leave_after=draft.leave_after,
        shows_mark=draft.shows_mark,
        batch_id=draft.batch_id,
    )
    session.add(row)
    session.flush()
    record(session, "sitting.created", f"sitting/{row.id}", by, at, minutes=draft.limit // timedelta(minutes=1))
    return row.id


def change_sitting(session: Session, number: int, draft: SittingDraft, by: Actor, at: Moment) -> None:
    """Change a sitting. Published: examination, batch, site and length stay. As soon as a room was started nothing changes any more."""
    row = session.get_one(SittingRow, number)
    if was_started(session, number):
        raise ExamError(Message(N_("A room of this sitting was started; it cannot be changed any more.")))
    _require_sound(session, draft)
    if draft.planned != row.planned:
        require_day(draft.planned, at)
    examination = (draft.occupation, draft.level, draft.component)
    is_other = examination != (row.occupation, row.level, row.component)
    if row.is_published and (is_other or (draft.site_id, draft.limit, draft.batch_id) != (row.site_id, row.limit, row.batch_id)):
        raise ExamError(IS_PUBLISHED)
    if is_other and session.scalars(select(AssessmentGroupRow.id).where(AssessmentGroupRow.sitting_id == number).limit(1)).first() is not None:
        raise ExamError(Message(N_("Groups of examiners are planned for the present examination; remove them before changing it.")))
    if draft.site_id != row.site_id and _rooms(session, number):
        raise ExamError(Message(N_("Rooms of the present site are planned; remove them before changing the site.")))
    if is_other:
        row.form_set_id = None
    row.name, row.site_id, row.planned = draft.name.strip(), draft.site_id, draft.planned
    row.occupation, row.level, row.component = examination
    row.limit, row.late_limit, row.leave_after, row.shows_mark = draft.limit, draft.late_limit, draft.leave_after, draft.shows_mark
    row.batch_id = draft.batch_id
    record(session, "sitting.changed", f"sitting/{number}", by, at, minutes=draft.limit // timedelta(minutes=1))


def discard_sitting(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Remove a sitting that is not published and has no candidates."""
    require_draft(session, number)
    if session.scalar(select(func.count()).where(AttemptRow.sitting_id == number)):
        raise ExamError(Message(N_("The sitting has candidates; remove them first.")))
    rooms = _rooms(session, number)
    _require_untouched(session, rooms)
    groups = select(AssessmentGroupRow.id).where(AssessmentGroupRow.sitting_id == number)
    session.execute(delete(AssignmentRow).where(AssignmentRow.group_id.in_(groups)))
    session.execute(delete(AssessmentGroupRow).where(AssessmentGroupRow.sitting_id == number))
    session.execute(delete(ProctorDutyRow).where(ProctorDutyRow.sitting_room_id.in_(rooms)))
    session.execute(delete(SittingRoomRow).where(SittingRoomRow.sitting_id == number))
    session.execute(delete(SittingRow).where(SittingRow.id == number))
    record(session, "sitting.discarded", f"sitting/{number}", by, at)


def suitable_form_sets(session: Session, number: int) -> list[FormSetLine]:
    """Return the sealed sets of forms made for this sitting's examination, newest first."""
    row = session.get_one(SittingRow, number)
    wanted = (row.occupation, row.level, row.component)
    return [each for each in form_sets(session) if each.is_sealed and (each.pack, each.level, each.component) == wanted]


def choose_forms(session: Session, number: int, chosen: int, by: Actor, at: Moment) -> None:
    """Choose the set of forms that is dealt out; only a sealed one of the same examination."""
    row = require_draft(session, number)
    if session.get(FormSetRow, chosen) is None or chosen not in {each.id for each in suitable_form_sets(session, number)}:
        raise ExamError(Message(N_("Only sealed papers of the same examination can be chosen.")))
    row.form_set_id = chosen
    record(session, "sitting.forms", f"sitting/{number}", by, at, form_set=chosen, digest=form_set(session, chosen).digest)


def add_room(session: Session, number: int, room: int, by: Actor, at: Moment) -> int:
    """Hold the sitting in a further room of its site; return the number of the sitting in the room."""
    row = require_draft(session, number)
    place = session.get(RoomRow, room)
    if place is None or place.site_id != row.site_id:
        raise ExamError(Message(N_("There is no such room.")))
    if session.scalars(select(SittingRoomRow.id).where(SittingRoomRow.sitting_id == number, SittingRoomRow.room_id == room)).first() is not None:
        raise ExamError(Message(N_("The room %(room)s is planned already."), {"room": place.name}))
    added = SittingRoomRow(sitting_id=number, room_id=room)
    session.add(added)
    session.flush()
    record(session, "sitting.room_added", f"sitting/{number}", by, at, room=room)
    return added.id


def remove_room(session: Session, sitting_room: int, by: Actor, at: Moment) -> None:
    """Hold the sitting no longer in a room; refused while candidates have seats there."""
    planned = session.get_one(SittingRoomRow, sitting_room)
    require_draft(session, planned.sitting_id)
    if session.scalar(select(func.count()).where(AttemptRow.sitting_room_id == sitting_room)):
        raise ExamError(Message(N_("Candidates have seats in this room; move or remove them first.")))
    _require_untouched(session, [sitting_room])
    session.execute(delete(ProctorDutyRow).where(ProctorDutyRow.sitting_room_id == sitting_room))
    session.delete(planned)
    session.flush()
    record(session, "sitting.room_removed", f"sitting/{planned.sitting_id}", by, at, room=planned.room_id)


def require_draft(session: Session, number: int) -> SittingRow:
    """Return a sitting that may still be changed; refuses a published one."""
    row = session.get_one(SittingRow, number)
    if row.is_published:
        raise ExamError(IS_PUBLISHED)
    return row


def was_started(session: Session, number: int) -> bool:
    """Tell whether any room of the sitting was started."""
    return bool(started_rooms(session, _rooms(session, number)))


def started_rooms(session: Session, sitting_rooms: Collection[int]) -> set[int]:
    """Return those of the rooms that were started."""
    query = select(TimeEntryRow.sitting_room_id).where(TimeEntryRow.sitting_room_id.in_(sitting_rooms), TimeEntryRow.kind == EntryKind.START)
    return set(session.scalars(query))


def site_of_sitting(session: Session, number: int) -> int | None:
    """Return the site of a sitting; None when there is no such sitting."""
    row = session.get(SittingRow, number)
    return row.site_id if row else None


def sitting_of_room(session: Session, sitting_room: int) -> int | None:
    """Return the sitting that is held in a room; None when there is none of this number."""
    row = session.get(SittingRoomRow, sitting_room)
    return row.sitting_id if row else None


def _rooms(session: Session, number: int) -> list[int]:
    return list(session.scalars(select(SittingRoomRow.id).where(SittingRoomRow.sitting_id == number)))


def _require_untouched(session: Session, sitting_rooms: Collection[int]) -> None:
    """Refuse to take rooms away in which something was written down already."""
    for table in (PresenceRow, IncidentRow, TimeEntryRow):
        if session.scalars(select(table.id).where(table.sitting_room_id.in_(sitting_rooms)).limit(1)).first() is not None:
            raise ExamError(Message(N_("Something was written down in this room already; it stays with the sitting.")))


def _require_sound(session: Session, draft: SittingDraft) -> None:
    """Refuse what no sitting may be."""
    if not draft.name.strip() or len(draft.name.strip()) > NAME_LONGEST:
        raise ExamError(Message(N_("A name has 1 to %(longest)d characters."), {"longest": NAME_LONGEST}))
    if session.get(SiteRow, draft.site_id) is None:
        raise ExamError(Message(N_("There is no such site.")))
    if draft.batch_id is not None and session.get(BatchRow, draft.batch_id) is None:
        raise ExamError(Message(N_("There is no such batch.")))
    offered = {(each.occupation, each.level, each.component) for each in examinations(session)}
    if (draft.occupation, draft.level, draft.component) not in offered:
        raise ExamError(Message(N_("There is no specification for %(level)s, %(component)s."), {"level": draft.level, "component": draft.component}))
    require_duration(standard_of(session, draft.occupation).component(ComponentKey(draft.component)), draft.limit)
    require_limits(draft.late_limit, draft.leave_after, draft.limit)


def require_day(planned: datetime, at: Moment) -> None:
    """Refuse a day that is over, when no candidate could sign in any more, and one so far ahead that it can only be a slip of the pen."""
    if planned < at.wall - NEAR:
        raise DayError(Message(N_("This day is over. Enter the day on which the sitting will be held.")))
    if planned > at.wall + AHEAD_MOST:
        raise DayError(Message(N_("This day is more than %(days)d days ahead."), {"days": AHEAD_MOST.days}))


def require_limits(late_limit: timedelta, leave_after: timedelta, limit: timedelta) -> None:
    """Refuse a late limit after the earliest leaving: nobody who left may meet somebody who has not yet entered (DOMAIN 2.4)."""
    if late_limit < ZERO or late_limit > leave_after:
        raise ExamError(Message(N_("Late comers must not be admitted after the first may leave: the late limit is at most the earliest leaving.")))
    if leave_after > limit:
        raise ExamError(Message(N_("The earliest leaving is after the end of the time.")))
