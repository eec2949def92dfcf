"""What goes on at the moment: the rooms that are running or about to, with what wants attention. Light enough to be asked often."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Moment
from examsrv.domain.time_ledger import TimeState, time_state
from examsrv.services.ledger import room_ledger
from examsrv.services.proctoring import present_proctors
from examsrv.services.sitting_plans import RoomPlan, SittingView
from examsrv.storage.tables import AttemptRow, SittingRow


@dataclass(frozen=True, slots=True)
class RoomNow:
    """A room of a published sitting at this moment. `troubled`: seats that want the proctor."""

    sitting_id: int
    sitting: str
    plan: RoomPlan
    time: TimeState
    present: int
    checked_in: int
    answering: int
    handed_in: int
    troubled: int

    @property
    def missing(self) -> int:
        """Return how many proctors are lacking: among those present once the room is started, else among those planned."""
        return max(0, self.plan.required - self.present) if self.plan.is_started else self.plan.missing

    @property
    def is_done(self) -> bool:
        """Tell whether the room was started and nobody is answering any more."""
        return self.plan.is_started and not self.answering and self.time.is_over


def running_sittings(session: Session, site_ids: Collection[int] | None = None) -> list[int]:
    """Return the published sittings in which somebody is answering."""
    query = select(SittingRow.id).join(AttemptRow, AttemptRow.sitting_id == SittingRow.id)
    query = query.where(SittingRow.is_published, AttemptRow.phase == Phase.RUNNING).distinct().order_by(SittingRow.id)
    if site_ids is not None:
        query = query.where(SittingRow.site_id.in_(site_ids))
    return list(session.scalars(query))


def rooms_now(session: Session, view: SittingView, at: Moment, is_silent: Callable[[str], bool]) -> list[RoomNow]:
    """Return the rooms of a sitting as they are now. `is_silent` tells of a running attempt whether its machine was not heard for too long."""
    return [_room_now(session, view, plan, at, is_silent) for plan in view.rooms]


def _room_now(session: Session, view: SittingView, plan: RoomPlan, at: Moment, is_silent: Callable[[str], bool]) -> RoomNow:
    attempts = session.scalars(select(AttemptRow).where(AttemptRow.sitting_room_id == plan.id)).all()
    answering = [attempt for attempt in attempts if attempt.phase == Phase.RUNNING]
    troubled = {attempt.id for attempt in answering if is_silent(attempt.id)} | set(session.scalars(_calling(plan.id)))
    return RoomNow(
        sitting_id=view.id,
        sitting=view.name,
        plan=plan,
        time=time_state(room_ledger(session, plan.id), view.limit, at.exam),
        present=len(present_proctors(session, plan.id)),
        checked_in=sum(attempt.checked_in is not None for attempt in attempts),
        answering=len(answering),
        handed_in=sum(attempt.phase == Phase.SUBMITTED for attempt in attempts),
        troubled=len(troubled),
    )


def _calling(sitting_room: int) -> Select[str]:
    """Ask for the attempts whose candidate wants another machine or says that the details are wrong."""
    return (
        select(AttemptRow.id)
        .where(AttemptRow.sitting_room_id == sitting_room, AttemptRow.phase.in_((Phase.CREATED, Phase.RUNNING)))
        .where(or_(AttemptRow.wanted_device.is_not(None), AttemptRow.disputed.is_not(None)))
    )
