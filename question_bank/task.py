"""A set of tasks: what a skills paper or a review sheet holds, as values with the digest of all their content. Who marks how stands elsewhere."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from question_bank.item import Case, Item
from question_bank.kinds.kind import PartialCredit
from question_bank.standard import ComponentKey


class VetoScope(StrEnum):
    """What a veto in force leaves without marks."""

    TASK = "task"
    WHOLE = "whole"
    """The whole assessment."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What earns so many marks."""

    marks: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Veto:
    """否定项: what nobody may do. `scope` says what it costs."""

    id: str
    text: str
    scope: VetoScope


@dataclass(frozen=True, slots=True)
class Criterion:
    """What examiners look at and what it earns at most. `section` (a weight key) and `point` (of the standard) are None in a review.

    `grades` descend from `marks`. `parts` are the answer parts it judges, counted from 1 within its task. Where `is_proposed` the machine marks these
    parts and proposes a mark; examiners decide.
    """

    id: str
    section: str | None
    point: str | None
    text: str
    marks: Decimal
    step: Decimal
    grades: tuple[Grade, ...]
    parts: tuple[int, ...] = ()
    is_proposed: bool = False

    @property
    def allowed(self) -> tuple[Decimal, ...]:
        """Return the marks that may be given, from 0 up in steps to `marks`."""
        return tuple(self.step * count for count in range(int(self.marks / self.step) + 1))


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file that candidates are given: its name, what it is, the SHA-256 in hex and the bytes of its content."""

    name: str
    title: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a task that candidates answer: an item, and how a response neither wholly right nor wholly wrong is taken in a proposal."""

    item: Item
    policy: PartialCredit


@dataclass(frozen=True, slots=True)
class Task:
    """A task: its case with files, the parts to answer, and by what it is judged. `minutes` is the time it should take.

    A task that `is_observed` (现场操作) is scored while it is done. `model` is a model answer in Markdown, for examiners only.
    """

    id: str
    title: str
    minutes: int
    is_observed: bool
    case: Case
    files: tuple[CaseFile, ...]
    parts: tuple[Part, ...]
    model: str
    criteria: tuple[Criterion, ...]
    vetoes: tuple[Veto, ...] = ()

    @property
    def marks(self) -> Decimal:
        """Return what its criteria come to at most."""
        return sum((criterion.marks for criterion in self.criteria), Decimal(0))


@dataclass(frozen=True, slots=True)
class TaskSet:
    """题组: the tasks of one paper, for a level such as `L3` and a component."""

    id: str
    title: str
    level: str
    component: ComponentKey
    tasks: tuple[Task, ...]

    @property
    def marks(self) -> Decimal:
        """Return what all criteria come to at most."""
        return sum((task.marks for task in self.tasks), Decimal(0))

    @property
    def minutes(self) -> int:
        """Return the time that all tasks should take."""
        return sum(task.minutes for task in self.tasks)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Return all criteria, task by task."""
        return tuple(criterion for task in self.tasks for criterion in task.criteria)

    @property
    def vetoes(self) -> tuple[Veto, ...]:
        """Return all vetoes, task by task."""
        return tuple(veto for task in self.tasks for veto in task.vetoes)

    @property
    def digest(self) -> str:
        """SHA-256 in hex of `canonical_content`: equal exactly when all content is, that of the files included."""
        return hashlib.sha256(canonical_content(self).encode()).hexdigest()


def canonical_content(task_set: TaskSet) -> str:
    """Return all content as JSON with sorted keys and without blanks, characters as they are; parts and files are named by digest."""
    content = {
        "id": task_set.id,
        "title": task_set.title,
        "level": task_set.level,
        "component": task_set.component,
        "tasks": [_content_of_task(task) for task in task_set.tasks],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _content_of_task(task: Task) -> dict[str, object]:
    return {
        "id": task.id,
        "title": task.title,
        "minutes": task.minutes,
        "observed": task.is_observed,
        "text": task.case.text,
        "files": [[file.name, file.title, file.digest, file.size] for file in task.files],
        "parts": [[part.item.digest, part.policy] for part in task.parts],
        "model": task.model,
        "criteria": [_content_of_criterion(criterion) for criterion in task.criteria],
        "vetoes": [[veto.id, veto.text, veto.scope] for veto in task.vetoes],
    }


def _content_of_criterion(criterion: Criterion) -> list[object]:
    grades = [[_plain(grade.marks), grade.text] for grade in criterion.grades]
    tags = [criterion.id, criterion.section, criterion.point, criterion.text]
    return [*tags, _plain(criterion.marks), _plain(criterion.step), grades, criterion.parts, criterion.is_proposed]


def _plain(marks: Decimal) -> str:
    """Return one spelling for equal marks: 1, 1.0 and 1.00 are 1."""
    return format(marks.normalize(), "f")
