"""What examiners' sheets earn the attempts of a skills or review sitting: exact, by criterion, once every script is settled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.marking import MarkedAttempt, MarkedItem
from examsrv.domain.panel_marking import Combination, State
from examsrv.services import scripts
from examsrv.services.standards import standard_of
from examsrv.services.task_sets import task_set_of_attempt, task_set_of_paper
from examsrv.storage.tables import (
    AdjudicationRow,
    AssessmentGroupRow,
    AssignmentRow,
    AttemptRow,
    BatchRow,
    EntryRow,
    ReopeningRow,
    ReserveCallRow,
    ScriptRow,
    SittingRow,
)
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey
from question_bank.task import TaskSet

ABOUT_SCRIPTS = (
    (EntryRow.attempt_id, EntryRow.place, EntryRow.edition, EntryRow.person_id, EntryRow.digest),
    (ReserveCallRow.attempt_id, ReserveCallRow.place, ReserveCallRow.person_id, ReserveCallRow.id),
    (AdjudicationRow.attempt_id, AdjudicationRow.way, AdjudicationRow.sheets, AdjudicationRow.note, AdjudicationRow.id),
    (ReopeningRow.attempt_id, ReopeningRow.place, ReopeningRow.edition, ReopeningRow.note),
    (ScriptRow.attempt_id, ScriptRow.group_id, ScriptRow.number),
)
"""What decides about a script's marks beside its task set."""


@dataclass(frozen=True, slots=True)
class SectionOfResult:
    """A part of the marks that is shown by itself: a weight of the standard, or in a review a task. `full` is what it comes to at most."""

    key: str
    name: str
    full: Decimal


def settled_marks(session: Session, attempts: Sequence[str]) -> dict[str, MarkedAttempt]:
    """Return what each attempt earned. Refused, with counts, while one waits for sheets, is in dispute, or is in no group."""
    placed = set(session.scalars(select(ScriptRow.attempt_id).where(ScriptRow.attempt_id.in_(attempts)))) if attempts else set()
    found = {attempt: scripts.combination(session, attempt) for attempt in attempts if attempt in placed}
    states = [each.state for each in found.values()]
    waiting, disputed, lost = states.count(State.WAITING), states.count(State.DISPUTED), len(attempts) - len(placed)
    if lost:
        raise ExamError(Message(N_("%(count)d candidates who handed in are in no group: nobody scores them."), {"count": lost}))
    if waiting or disputed:
        text = N_("Not everything is settled: %(waiting)d scripts wait for sheets, %(disputed)d are in dispute. Marking begins when all are settled.")
        raise ExamError(Message(text, {"waiting": waiting, "disputed": disputed}))
    return {attempt: _marked(task_set_of_attempt(session, attempt), each) for attempt, each in found.items()}


def digest_of_sheets(session: Session, sitting: int) -> str:
    """Return the digest of all that decides about the scripts of a sitting: the batch's rule, who holds which place, sheets, and what was settled."""
    rule = session.scalars(
        select(BatchRow.combining).join(SittingRow, SittingRow.batch_id == BatchRow.id).where(SittingRow.id == sitting)
    ).one_or_none()
    serving = (AssignmentRow.group_id, AssignmentRow.place, AssignmentRow.person_id, AssignmentRow.ground)
    assigned = (
        select(*serving).join(AssessmentGroupRow, AssessmentGroupRow.id == AssignmentRow.group_id).where(AssessmentGroupRow.sitting_id == sitting)
    )
    of_sitting = select(AttemptRow.id).where(AttemptRow.sitting_id == sitting)
    parts: list[object] = [rule, _lines(session.execute(assigned.order_by(AssignmentRow.id)))]
    for first, *others in ABOUT_SCRIPTS:
        parts.append(sorted(_lines(session.execute(select(first, *others).where(first.in_(of_sitting)))), key=str))
    return digest(parts)


def sections_of_result(session: Session, sitting: int) -> tuple[SectionOfResult, ...]:
    """Return the sections of a sitting's results in their order: those of the standard, or the tasks where it has none for the component."""
    row = session.get_one(SittingRow, sitting)
    weights = standard_of(session, row.occupation).sections(ComponentKey(row.component), row.level)
    if weights:
        return tuple(SectionOfResult(section.key, section.name, Decimal(percent)) for section, percent in weights)
    papers = session.scalars(select(AttemptRow.paper).where(AttemptRow.sitting_id == sitting).distinct().order_by(AttemptRow.paper)).all()
    sets = [task_set_of_paper(session, paper) for paper in papers if paper is not None]
    titles: dict[str, dict[str, Decimal]] = {}
    for task in (task for task_set in sets for task in task_set.tasks):
        titles.setdefault(task.id, {})[task.title] = task.marks
    return tuple(SectionOfResult(key, " / ".join(named), max(named.values())) for key, named in titles.items())


def _marked(task_set: TaskSet, combined: Combination) -> MarkedAttempt:
    """Return a settled script as marking has it: the criteria, numbered from 1 in their order, stand in for items."""
    items = []
    for number, criterion in enumerate(task_set.criteria, start=1):
        mark = combined.criteria[criterion.id]
        section = criterion.section or next(task.id for task in task_set.tasks if criterion in task.criteria)
        items.append(MarkedItem(number, section, mark / Fraction(criterion.marks), mark))
    return MarkedAttempt(tuple(items), combined.sections, combined.total or Fraction(0))


def _lines(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    return [[dict(sorted(value.items())) if isinstance(value, Mapping) else value for value in row] for row in rows]
