"""A sitting as it is planned: its rooms with candidates, seats and proctors, and how far it has come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.rules.staffing import persons_required
from examsrv.services.batches import needs_proctors
from examsrv.services.papers import paper_title
from examsrv.services.planning import started_rooms
from examsrv.services.staffing_rooms import Duty, duties
from examsrv.services.standards import standard_of
from examsrv.storage.tables import AttemptRow, RoomRow, SeatRow, SiteRow, SittingRoomRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import StaffingRule


class SittingState(StrEnum):
    """How far a sitting has come; derived, never stored."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A room of a sitting: `id` is the number of the sitting in the room. `required` proctors for the `candidates` assigned, if any."""

    id: int
    room_id: int
    name: str
    place: str
    columns: int
    seats: int
    candidates: int
    required: int
    per_person: int | None
    proctors: tuple[Duty, ...]
    is_started: bool

    @property
    def missing(self) -> int:
        """Return how many proctors are planned too few."""
        return max(0, self.required - len(self.proctors))


@dataclass(frozen=True, slots=True)
class SittingView:
    """A sitting with its rooms by name. `title` names the examination in the standard's words."""

    id: int
    name: str
    site_id: int
    site: str
    occupation: str
    level: str
    component: str
    title: str
    planned: datetime
    limit: timedelta
    late_limit: timedelta
    leave_after: timedelta
    form_set_id: int | None
    shows_mark: bool
    batch_id: int | None
    is_published: bool
    needs_proctors: bool
    state: SittingState
    rooms: tuple[RoomPlan, ...]

    @property
    def candidates(self) -> int:
        """Return how many candidates are assigned in all rooms."""
        return sum(room.candidates for room in self.rooms)

    @property
    def is_started(self) -> bool:
        """Tell whether any room was started."""
        return any(room.is_started for room in self.rooms)


def sittings(session: Session, site_ids: Collection[int] | None = None) -> list[SittingView]:
    """Return the sittings of some sites (None: of all), newest date first."""
    query = select(SittingRow.id).order_by(SittingRow.planned.desc(), SittingRow.id.desc())
    if site_ids is not None:
        query = query.where(SittingRow.site_id.in_(site_ids))
    return [sitting(session, number) for number in session.scalars(query).all()]


def sittings_between(session: Session, begin: datetime, end: datetime | None, site_ids: Collection[int] | None = None) -> list[SittingView]:
    """Return the sittings planned from `begin` to before `end` (None: without end), earliest first."""
    query = select(SittingRow.id).where(SittingRow.planned >= begin).order_by(SittingRow.planned, SittingRow.id)
    if end is not None:
        query = query.where(SittingRow.planned < end)
    if site_ids is not None:
        query = query.where(SittingRow.site_id.in_(site_ids))
    return [sitting(session, number) for number in session.scalars(query).all()]


def sitting(session: Session, number: int) -> SittingView:
    """Return one sitting; refuses a number that none has."""
    row = session.get(SittingRow, number)
    if row is None:
        raise ExamError(Message(N_("There is no such sitting.")))
    rooms = _room_plans(session, row)
    return SittingView(
        id=row.id,
        name=row.name,
        site_id=row.site_id,
        site=session.get_one(SiteRow, row.site_id).name,
        occupation=row.occupation,
        level=row.level,
        component=row.component,
        title=paper_title(session, row.occupation, row.level, row.component),
        planned=row.planned,
        limit=row.limit,
        late_limit=row.late_limit,
        leave_after=row.leave_after,
        form_set_id=row.form_set_id,
        shows_mark=row.shows_mark,
        batch_id=row.batch_id,
        is_published=row.is_published,
        needs_proctors=needs_proctors(session, row),
        state=_state(session, row, rooms),
        rooms=rooms,
    )


def _room_plans(session: Session, row: SittingRow) -> tuple[RoomPlan, ...]:
    rule = standard_of(session, row.occupation).staffing.proctors if needs_proctors(session, row) else None
    query = select(SittingRoomRow.id, RoomRow).join(RoomRow, RoomRow.id == SittingRoomRow.room_id).where(SittingRoomRow.sitting_id == row.id)
    planned = [(number, room) for number, room in session.execute(query.order_by(RoomRow.name))]
    started = started_rooms(session, [number for number, _room in planned])
    return tuple(_room_plan(session, rule, number, room, is_started=number in started) for number, room in planned)


def _room_plan(session: Session, rule: StaffingRule | None, number: int, room: RoomRow, *, is_started: bool) -> RoomPlan:
    assigned = select(func.count()).where(AttemptRow.sitting_room_id == number, AttemptRow.phase != Phase.VOIDED)
    candidates = session.scalar(assigned) or 0
    return RoomPlan(
        id=number,
        room_id=room.id,
        name=room.name,
        place=room.place,
        columns=room.columns,
        seats=session.scalar(select(func.count()).where(SeatRow.room_id == room.id, SeatRow.is_spare.is_(False))) or 0,
        candidates=candidates,
        required=persons_required(rule, candidates) if rule else 0,
        per_person=rule.candidates_per_person if rule else None,
        proctors=duties(session, number),
        is_started=is_started,
    )


def _state(session: Session, row: SittingRow, rooms: Collection[RoomPlan]) -> SittingState:
    """Return how far the sitting is: done when every room was started and nobody is answering any more."""
    if not row.is_published:
        return SittingState.DRAFT
    if not any(room.is_started for room in rooms):
        return SittingState.PUBLISHED
    answering = select(func.count()).where(AttemptRow.sitting_id == row.id, AttemptRow.phase == Phase.RUNNING)
    handed_in = select(func.count()).where(AttemptRow.sitting_id == row.id, AttemptRow.phase == Phase.SUBMITTED)
    is_done = all(room.is_started for room in rooms) and not session.scalar(answering) and bool(session.scalar(handed_in))
    return SittingState.DONE if is_done else SittingState.RUNNING
