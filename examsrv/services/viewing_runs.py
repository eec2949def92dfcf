"""Marking runs as an administrator sees them: the sittings with their state, a run with every candidate, and what changes against the run before."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.results import DECISION_NAMES, Decision, shown_total
from examsrv.domain.run import RunState
from examsrv.domain.time_ledger import time_state
from examsrv.exports.results import ResultLine, ResultsHead
from examsrv.services import approving
from examsrv.services.approving import ApprovalView
from examsrv.services.auditing import record
from examsrv.services.candidates import candidate_of
from examsrv.services.judging import component_of, is_theory
from examsrv.services.ledger import room_ledger
from examsrv.services.marking_runs import APPLY, SET_ASIDE, subject_of
from examsrv.services.papers import paper_title
from examsrv.services.settled_marks import sections_of_result
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, CandidateRow, PersonRow, ResultRow, RoomRow, RunRow, SiteRow, SittingRoomRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component, ComponentKey

DECIDED = frozenset({Decision.PASS, Decision.FAIL})


@dataclass(frozen=True, slots=True)
class RunLabel:
    """A run in a list."""

    id: int
    number: int
    state: RunState
    reason: str
    made: datetime


@dataclass(frozen=True, slots=True)
class SittingMarking:
    """A sitting with how far its marking is. `phases` counts its attempts; `runs` stand newest first."""

    id: int
    name: str
    title: str
    site: str
    planned: datetime
    phases: Mapping[Phase, int]
    runs: tuple[RunLabel, ...]
    is_by_examiners: bool

    @property
    def candidates(self) -> int:
        """Return how many are assigned."""
        return sum(self.phases.values())

    @property
    def state(self) -> str:
        """Return how far it is: a word for the page, from planned to applied."""
        states = {run.state for run in self.runs}
        if RunState.PREVIEW in states:
            return "preview"
        if self.phases.get(Phase.RUNNING):
            return "running"
        if RunState.APPLIED in states:
            return "applied"
        return "waiting" if self.phases.get(Phase.SUBMITTED) or self.phases.get(Phase.VOIDED) else "planned"


@dataclass(frozen=True, slots=True)
class RunLine:
    """A candidate in a run: exact marks of the sections in order (None: nothing to mark), total, decision, and both in the run before."""

    attempt: str
    ticket: str
    name: str
    masked: str
    room: str
    seat: int
    sections: tuple[Fraction | None, ...]
    total: Fraction | None
    decision: Decision
    total_before: Fraction | None
    decision_before: Decision | None

    @property
    def change(self) -> Fraction | None:
        """Return the difference to the run before, where both have a mark."""
        return None if self.total is None or self.total_before is None else self.total - self.total_before

    @property
    def is_changed(self) -> bool:
        """Tell whether the run before said something else."""
        return self.decision_before is not None and (self.decision, self.total) != (self.decision_before, self.total_before)

    @property
    def is_crossing(self) -> bool:
        """Tell whether the decision changes between passed and failed."""
        return self.decision_before in DECIDED and self.decision in DECIDED and self.decision is not self.decision_before


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with everything that its page shows. `before` is the number of the run it is compared with.

    `setting_aside`: somebody proposes to set a run of examiners' marks aside.
    """

    id: int
    sitting: int
    sitting_name: str
    title: str
    planned: datetime
    number: int
    state: RunState
    reason: str
    digest: str
    made: datetime
    maker: str
    applied: datetime | None
    applier: str
    component: Component
    sections: tuple[tuple[str, str], ...]
    lines: tuple[RunLine, ...]
    before: int | None
    proposal: ApprovalView | None
    is_by_examiners: bool
    setting_aside: ApprovalView | None

    def count(self, decision: Decision) -> int:
        """Return how many have this decision."""
        return sum(line.decision is decision for line in self.lines)

    @property
    def totals(self) -> tuple[Fraction, ...]:
        """Return all totals."""
        return tuple(line.total for line in self.lines if line.total is not None)

    @property
    def mean(self) -> str:
        """Return the mean of all totals as it is shown; empty when there is none."""
        totals = self.totals
        return shown_total(self.component, sum(totals, Fraction(0)) / len(totals)) if totals else ""

    def shown(self, mark: Fraction | None) -> str:
        """Return a mark as it is shown."""
        return shown_total(self.component, mark)


def markings(session: Session, sites: Collection[int] | None) -> list[SittingMarking]:
    """Return the published sittings of `sites` (None: all), the latest first."""
    query = select(SittingRow, SiteRow.name).join(SiteRow, SiteRow.id == SittingRow.site_id).where(SittingRow.is_published)
    if sites is not None:
        query = query.where(SittingRow.site_id.in_(sites))
    rows = session.execute(query.order_by(SittingRow.planned.desc(), SittingRow.id.desc())).all()
    return [_marking(session, sitting, site) for sitting, site in rows]


def marking(session: Session, sitting: int) -> SittingMarking:
    """Return one sitting with how far its marking is."""
    row = session.get_one(SittingRow, sitting)
    return _marking(session, row, session.get_one(SiteRow, row.site_id).name)


def absences_too_early(session: Session, sitting: int, at: Moment) -> list[Message]:
    """Say which rooms' candidates a marking run counts as absent although they may still sit: a room was never started, or its time runs on."""
    row_of_sitting = session.get_one(SittingRow, sitting)
    limit = row_of_sitting.limit
    if row_of_sitting.component == ComponentKey.REVIEW:
        return _not_heard(session, sitting)
    outstanding = (
        select(SittingRoomRow.id, RoomRow.name, func.count(AttemptRow.id).label("count"))
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .join(AttemptRow, AttemptRow.sitting_room_id == SittingRoomRow.id)
        .where(SittingRoomRow.sitting_id == sitting, AttemptRow.phase == Phase.CREATED)
        .group_by(SittingRoomRow.id, RoomRow.name)
        .order_by(RoomRow.name)
    )
    found = []
    for row in session.execute(outstanding):
        time = time_state(room_ledger(session, row.id), limit, at.exam)
        values = {"room": row.name, "count": row.count}
        if time.started is None:
            found.append(Message(N_("%(room)s has not been started: its %(count)d candidates count as absent."), values))
        elif not time.is_over:
            found.append(Message(N_("The time of %(room)s still runs: %(count)d candidates who may still be admitted count as absent."), values))
    return found


def run_view(session: Session, secret: Secret, run: int) -> RunView:
    """Return a run with all candidates, by room and seat, beside the run that was applied before it."""
    row = session.get(RunRow, run)
    if row is None or row.state == RunState.MARKING:
        raise ExamError(Message(N_("There is no such marking run.")))
    sitting = session.get_one(SittingRow, row.sitting_id)
    sections = sections_of_result(session, sitting.id)
    before = _run_before(session, row)
    return RunView(
        id=row.id,
        sitting=sitting.id,
        sitting_name=sitting.name,
        title=paper_title(session, sitting.occupation, sitting.level, sitting.component),
        planned=sitting.planned,
        number=row.number,
        state=RunState(row.state),
        reason=row.reason,
        digest=row.digest,
        made=row.made,
        maker=_person(session, row.made_by),
        applied=row.applied,
        applier=_person(session, row.applied_by),
        component=component_of(session, sitting),
        sections=tuple((section.name, f"{section.full:f}") for section in sections),
        lines=tuple(_lines(session, secret, row, before, [section.key for section in sections])),
        before=before.number if before else None,
        proposal=approving.open_proposal(session, APPLY, subject_of(run)),
        is_by_examiners=not is_theory(sitting),
        setting_aside=approving.open_proposal(session, SET_ASIDE, subject_of(run)),
    )


@dataclass(frozen=True, slots=True)
class Exported:
    """What goes into a file of results."""

    lines: tuple[ResultLine, ...]
    section_names: tuple[str, ...]
    head: ResultsHead


def export_run(session: Session, secret: Secret, run: int, held: str, at: Moment) -> Exported:
    """Return a run's results for a file; `held` is the sitting's time as it is shown there. Refused unless the run is applied."""
    view = run_view(session, secret, run)
    if view.state is not RunState.APPLIED:
        raise ExamError(Message(N_("Only an applied run is exported.")))
    lines = tuple(
        ResultLine(line.ticket, line.name, line.masked, line.sections, line.total, view.shown(line.total), DECISION_NAMES[line.decision])
        for line in view.lines
    )
    head = ResultsHead(view.title, view.sitting_name, held, view.number, view.digest, at.wall)
    return Exported(lines, tuple(name for name, _full in view.sections), head)


def record_export(session: Session, run: int, candidates: int, by: Actor, at: Moment) -> None:
    """Enter into the audit that a run's results leave the house."""
    record(session, "run.exported", subject_of(run), by, at, candidates=candidates)


def _not_heard(session: Session, sitting: int) -> list[Message]:
    query = select(func.count()).where(AttemptRow.sitting_id == sitting, AttemptRow.phase == Phase.CREATED)
    count = session.scalar(query) or 0
    return [Message(N_("%(count)d candidates have not been heard: they count as absent."), {"count": count})] if count else []


def _marking(session: Session, sitting: SittingRow, site: str) -> SittingMarking:
    counted = select(AttemptRow.phase, func.count()).where(AttemptRow.sitting_id == sitting.id).group_by(AttemptRow.phase)
    phases = {Phase(phase): count for phase, count in session.execute(counted)}
    query = select(RunRow).where(RunRow.sitting_id == sitting.id, RunRow.state != RunState.MARKING).order_by(RunRow.number.desc())
    runs = tuple(RunLabel(run.id, run.number, RunState(run.state), run.reason, run.made) for run in session.scalars(query))
    title = paper_title(session, sitting.occupation, sitting.level, sitting.component)
    return SittingMarking(sitting.id, sitting.name, title, site, sitting.planned, phases, runs, not is_theory(sitting))


def _run_before(session: Session, run: RunRow) -> RunRow | None:
    """Return the newest run before this one that was ever applied."""
    applied = (RunState.APPLIED, RunState.SUPERSEDED)
    query = select(RunRow).where(RunRow.sitting_id == run.sitting_id, RunRow.number < run.number, RunRow.state.in_(applied))
    return session.scalars(query.order_by(RunRow.number.desc()).limit(1)).one_or_none()


def _lines(session: Session, secret: Secret, run: RunRow, before: RunRow | None, sections: list[str]) -> Iterator[RunLine]:
    query = select(ResultRow).where(ResultRow.run_id == (before.id if before else None))
    earlier = {row.attempt_id: row for row in session.scalars(query)} if before else {}
    rows = session.execute(
        select(ResultRow, AttemptRow.ticket, AttemptRow.seat, RoomRow.name, CandidateRow)
        .join(AttemptRow, AttemptRow.id == ResultRow.attempt_id)
        .join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
        .join(SittingRoomRow, SittingRoomRow.id == AttemptRow.sitting_room_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .where(ResultRow.run_id == run.id)
        .order_by(RoomRow.name, AttemptRow.seat)
    )
    for result, ticket, seat, room, candidate in rows:
        details = candidate_of(secret, candidate)
        was = earlier.get(result.attempt_id)
        yield RunLine(
            attempt=result.attempt_id,
            ticket=ticket,
            name=details.name,
            masked=details.masked,
            room=room,
            seat=seat,
            sections=tuple(_exact(result.sections.get(section, "0")) if result.total is not None else None for section in sections),
            total=_exact(result.total),
            decision=Decision(result.decision),
            total_before=_exact(was.total) if was else None,
            decision_before=Decision(was.decision) if was else None,
        )


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _person(session: Session, number: int | None) -> str:
    row = session.get(PersonRow, number) if number is not None else None
    return row.name if row else ""
