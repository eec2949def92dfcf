"""Task sets for those who choose and approve them: what candidates get and the rubric; model answers and keys only after a look on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.answers_in_words import key_in_words
from examsrv.services.auditing import record
from examsrv.services.previewing_items import shown_item
from examsrv.services.standards import standard_of
from examsrv.services.task_sets import TaskSetView, task_set_with_keys, task_sets
from examsrv.storage.tables import FormRow, FormSetRow
from question_bank.kinds import KINDS
from question_bank.message import Message
from question_bank.record import plain_response
from question_bank.standard import ComponentKey
from question_bank.task import CaseFile, Criterion, Part, Task, TaskSet, Veto
from question_bank.text import FOR_STAFF, rendered


@dataclass(frozen=True, slots=True)
class PartView:
    """A part as candidates see it (`shown`, for their own scripts). `right` is its key in words, None where keys are not shown."""

    number: int
    label: Message
    stem: str
    shown: Mapping[str, object]
    right: Message | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with its rubric. `text` and `model` are sanitised HTML; `model` is None where keys are not shown."""

    title: str
    minutes: int
    marks: Decimal
    is_observed: bool
    text: str
    files: tuple[CaseFile, ...]
    parts: tuple[PartView, ...]
    criteria: tuple[Criterion, ...]
    vetoes: tuple[Veto, ...]
    model: str | None


@dataclass(frozen=True, slots=True)
class WholeTaskSet:
    """A task set with its tasks. `sections` names each section of the rubric."""

    digest: str
    id: str
    title: str
    minutes: int
    marks: Decimal
    tasks: tuple[TaskView, ...]
    sections: Mapping[str, str]
    has_keys: bool


@dataclass(frozen=True, slots=True)
class TaskFormsReport:
    """Papers made of task sets, all tuples in the order of the forms: which set each is, its tasks, and its marks by section beside the weights."""

    sets: tuple[TaskSetView | None, ...]
    titles: tuple[str, ...]
    minutes: tuple[int, ...]
    tasks: tuple[int, ...]
    digests: tuple[str, ...]
    sections: tuple[tuple[str, int, tuple[Decimal, ...]], ...]


def is_task_set(session: Session, digest: str) -> bool:
    """Tell whether a task set that may be made into papers has this digest."""
    return any(each.digest == digest for each in task_sets(session))


def gives_file(session: Session, digest: str, file: str) -> str | None:
    """Return the name under which a task set gives a file; None where it gives no such file."""
    files = (each for task in task_set_with_keys(session, digest).tasks for each in task.files)
    return next((each.name for each in files if each.digest == file), None)


def view_task_set(session: Session, digest: str) -> WholeTaskSet:
    """Return a task set without model answers and keys."""
    return _view(session, digest, has_keys=False)


def record_task_set_look(session: Session, digest: str, by: Actor, at: Moment) -> None:
    """Enter into the audit that somebody looks at a task set with model answers and keys."""
    record(session, "task_set.key_shown", f"task_set/{digest}", by, at)


def view_task_set_with_keys(session: Session, digest: str) -> WholeTaskSet:
    """Return a task set with model answers and keys: after `record_task_set_look` only."""
    return _view(session, digest, has_keys=True)


def are_tasks(session: Session, number: int) -> bool:
    """Tell whether a set of forms was made of task sets."""
    return "task_sets" in session.get_one(FormSetRow, number).specification


def report_on_tasks(session: Session, number: int) -> TaskFormsReport:
    """Return the report on a set of forms that was made of task sets."""
    row = session.get_one(FormSetRow, number)
    forms = session.scalars(select(FormRow.items).where(FormRow.form_set_id == number).order_by(FormRow.id)).all()
    digests = tuple(str(items[0]) for items in forms)
    found = [task_set_with_keys(session, digest) for digest in digests]
    current = {each.digest: each for each in task_sets(session, row.pack)}
    weights = standard_of(session, row.pack).sections(ComponentKey(row.component), row.level)
    return TaskFormsReport(
        sets=tuple(current.get(digest) for digest in digests),
        titles=tuple(each.title for each in found),
        minutes=tuple(each.minutes for each in found),
        tasks=tuple(len(each.tasks) for each in found),
        digests=digests,
        sections=tuple((section.name, weight, tuple(_marks(each, section.key) for each in found)) for section, weight in weights),
    )


def _marks(task_set: TaskSet, section: str) -> Decimal:
    return sum((each.marks for each in task_set.criteria if each.section == section), Decimal(0))


def _view(session: Session, digest: str, *, has_keys: bool) -> WholeTaskSet:
    found = task_set_with_keys(session, digest)
    pack = next(each.pack for each in task_sets(session) if each.digest == digest)
    sections = {section.key: section.name for section, _weight in standard_of(session, pack).sections(found.component, found.level)}
    tasks = tuple(_task(task, has_keys=has_keys) for task in found.tasks)
    return WholeTaskSet(digest, found.id, found.title, found.minutes, found.marks, tasks, sections, has_keys)


def _task(task: Task, *, has_keys: bool) -> TaskView:
    return TaskView(
        title=task.title,
        minutes=task.minutes,
        marks=task.marks,
        is_observed=task.is_observed,
        text=rendered(task.case.text, FOR_STAFF),
        files=task.files,
        parts=tuple(_part(number, part, has_keys=has_keys) for number, part in enumerate(task.parts, start=1)),
        criteria=task.criteria,
        vetoes=task.vetoes,
        model=rendered(task.model, FOR_STAFF) if has_keys else None,
    )


def _part(number: int, part: Part, *, has_keys: bool) -> PartView:
    item, kind = part.item, KINDS[part.item.kind]
    letters = {option.letter: option.letter for option in item.options}
    key = plain_response(kind.marking_key(item, letters))
    right = key_in_words(item.kind, key, list(letters)) if has_keys else None
    return PartView(number, kind.label, rendered(item.stem, FOR_STAFF), shown_item(item), right)
