"""What an examiner has to score, and one script: its number, answers, rubric, the own sheet. No name, no ticket, no colleague's mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.services.bars import GROUND_NAMES, Ground, recusals
from examsrv.services.scoring import Draft, Stage, own_desk, own_sheet, scored, stages_of
from examsrv.services.script_answers import AnsweredPart, HandedFile, handed_file, proposed_marks, script_answers
from examsrv.services.scripts import Script
from examsrv.services.task_sets import case_file
from examsrv.storage.tables import (
    AssessmentGroupRow,
    AssignmentRow,
    AttemptRow,
    ReserveCallRow,
    ScriptRow,
    SheetDraftRow,
    SittingRow,
)
from question_bank.message import Message
from question_bank.standard import ComponentKey
from question_bank.task import CaseFile, Task, TaskSet
from question_bank.text import FOR_STAFF, rendered

READABLE = frozenset({Stage.OPEN, Stage.IN})
"""When the answers may be read: not while the candidate is at work, nor before the group has started."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A script in somebody's list. `is_begun`: something of the own sheet is filled in."""

    number: int
    station: int | None
    stage: Stage
    is_begun: bool


@dataclass(frozen=True, slots=True)
class RecusalLine:
    """Somebody of the group may not score a script: the leader sees it, to find a stand-in."""

    number: int
    name: str
    ground: Message
    note: str
    wall: datetime


@dataclass(frozen=True, slots=True)
class GroupTask:
    """What somebody has to score in one group."""

    group: int
    group_name: str
    sitting: int
    sitting_name: str
    component: ComponentKey
    deadline: datetime | None
    started: datetime | None
    is_lead: bool
    lines: tuple[ScriptLine, ...]
    recusals: tuple[RecusalLine, ...]

    @property
    def scored(self) -> int:
        """Return how many own sheets are in."""
        return sum(line.stage is Stage.IN for line in self.lines)

    @property
    def left(self) -> int:
        """Return how many are still to be given."""
        return len(self.lines) - self.scored

    @property
    def next(self) -> int | None:
        """Return the number of the script to go on with: one that is begun, else the first that is open; None: there is none now."""
        ready = [line for line in self.lines if line.stage in (Stage.OPEN, Stage.RUNNING)]
        return next((line.number for line in sorted(ready, key=lambda line: not line.is_begun)), None)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task of a script: what was asked and answered, the model answer, and what is proposed by criterion."""

    place: int
    task: Task
    text: str
    model: str
    files: tuple[CaseFile, ...]
    parts: tuple[AnsweredPart, ...]
    proposals: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class ScriptView:
    """A script as its examiner sees it, in the tasks that can be scored now, with the own sheet."""

    script: Script
    person: int
    stage: Stage
    component: ComponentKey
    task_set: TaskSet
    tasks: tuple[TaskView, ...]
    sheet: Draft
    around: GroupTask


def tasks_of(session: Session, person: int) -> list[GroupTask]:
    """Return what somebody has to score, the groups with most to do first."""
    found = [_group_task(session, group, person) for group in _own_groups(session, person)]
    return sorted(found, key=lambda each: (each.left == 0, each.group))


def script_view(session: Session, script: Script, person: int) -> ScriptView:
    """Return a script with everything that its examiner needs. Answers of a candidate who is still at work are not in it."""
    found = scored(session, script, person)
    around = _group_task(session, script.group, person)
    is_answered = found.stage in READABLE
    answers = script_answers(session, script.attempt, found.task_set) if is_answered else {}
    proposals = proposed_marks(found.task_set, answers) if is_answered else {}
    shown = found.tasks if found.stage not in (Stage.NOT_STARTED, Stage.WAITING) else ()
    tasks = tuple(_task_view(found.task_set.tasks.index(task) + 1, task, answers.get(task.id, ()), proposals) for task in shown)
    return ScriptView(script, person, found.stage, found.task_set.component, found.task_set, tasks, own_sheet(session, found), around)


def file_of_script(session: Session, script: Script, person: int, digest: str) -> HandedFile | None:
    """Return what is known of a file of a script; None where it has none such, or nothing of it may be seen yet."""
    found = scored(session, script, person)
    return handed_file(script_answers(session, script.attempt, found.task_set), digest) if found.stage in READABLE else None


def file_of_case(session: Session, script: Script, person: int, digest: str) -> tuple[CaseFile, bytes] | None:
    """Return a file that goes with a task which somebody can score now, and its content; None where there is none such."""
    found = scored(session, script, person)
    if found.stage in (Stage.NOT_STARTED, Stage.WAITING):
        return None
    file = next((file for task in found.tasks for file in task.files if file.digest == digest), None)
    content = None if file is None else case_file(session, digest)
    return None if file is None or content is None else (file, content)


def _task_view(place: int, task: Task, parts: Sequence[AnsweredPart], proposals: Mapping[str, Decimal]) -> TaskView:
    own = {criterion.id: proposals[criterion.id] for criterion in task.criteria if criterion.id in proposals}
    return TaskView(place, task, rendered(task.case.text, FOR_STAFF), rendered(task.model, FOR_STAFF), task.files, tuple(parts), own)


def _own_groups(session: Session, person: int) -> Sequence[int]:
    """Return the groups of published sittings where somebody holds a place, or was called to a script."""
    held = select(AssignmentRow.group_id).where(AssignmentRow.person_id == person, AssignmentRow.ended.is_(None), AssignmentRow.place.is_not(None))
    called = select(ScriptRow.group_id).join(ReserveCallRow, ReserveCallRow.attempt_id == ScriptRow.attempt_id)
    groups = {*session.scalars(held), *session.scalars(called.where(ReserveCallRow.person_id == person))}
    published = select(AssessmentGroupRow.id).join(SittingRow, SittingRow.id == AssessmentGroupRow.sitting_id).where(SittingRow.is_published)
    return session.scalars(published.where(AssessmentGroupRow.id.in_(groups)).order_by(AssessmentGroupRow.id)).all()


def _group_task(session: Session, group: int, person: int) -> GroupTask:
    row = session.get_one(AssessmentGroupRow, group)
    sitting = session.get_one(SittingRow, row.sitting_id)
    leads = select(AssignmentRow.id).where(AssignmentRow.group_id == group, AssignmentRow.person_id == person, AssignmentRow.ended.is_(None))
    is_lead = session.scalars(leads.where(AssignmentRow.is_lead)).first() is not None
    return GroupTask(
        group=group,
        group_name=row.name,
        sitting=sitting.id,
        sitting_name=sitting.name,
        component=ComponentKey(sitting.component),
        deadline=row.deadline,
        started=row.started,
        is_lead=is_lead,
        lines=_lines(session, group, person),
        recusals=_recusals(session, group) if is_lead else (),
    )


def _lines(session: Session, group: int, person: int) -> tuple[ScriptLine, ...]:
    desk = own_desk(session, group, person)
    stages = stages_of(session, group, desk)
    begun = set(session.scalars(select(SheetDraftRow.attempt_id).where(SheetDraftRow.person_id == person, SheetDraftRow.attempt_id.in_(stages))))
    return tuple(ScriptLine(script.number, script.station, stages[script.attempt], script.attempt in begun) for script, _entry in desk)


def _recusals(session: Session, group: int) -> tuple[RecusalLine, ...]:
    """Return what stands declared between the holders of a group's places and its scripts."""
    query = select(AttemptRow.candidate_id, ScriptRow.number).join(ScriptRow, ScriptRow.attempt_id == AttemptRow.id)
    numbers = {row.candidate_id: row.number for row in session.execute(query.where(ScriptRow.group_id == group))}
    serving = select(AssignmentRow.person_id).where(AssignmentRow.group_id == group, AssignmentRow.ended.is_(None))
    people = set(session.scalars(serving.where(AssignmentRow.place.is_not(None))))
    stand = [each for each in recusals(session, list(numbers)) if each.person in people]
    return tuple(RecusalLine(numbers[each.candidate], each.name, GROUND_NAMES[Ground(each.ground)], each.note, each.wall) for each in stand)
