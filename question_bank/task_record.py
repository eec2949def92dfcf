"""A task set as a record: the plain mapping (JSON types) in which files and the database hold it.

`task_set_from` and `record_of_set` are each other's inverse. In a record a file carries digest and size, so that the record alone is enough.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, PlainValidator, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from question_bank.formats.shape import MESSAGES, Shape, shape_faults
from question_bank.formats.yaml_document import Place, shorten
from question_bank.item import Case
from question_bank.kinds import KINDS, PartialCredit, Scoring
from question_bank.message import N_, Message
from question_bank.raw_document import mappings
from question_bank.record import Finding, ItemId, Record, Text, item_from, record_of
from question_bank.standard import ComponentKey
from question_bank.task import CaseFile, Criterion, Grade, Part, Task, TaskSet, Veto, VetoScope

SCHEMA: Literal["tasks/1"] = "tasks/1"

MOST_TASKS = 20
MOST_PARTS = 40
MOST_FILES = 20
MOST_CRITERIA = 60
MOST_GRADES = 20
MOST_VETOES = 20
MOST_MINUTES = 600
LEAST_STEP = Decimal("0.1")
"""Nobody judges finer."""
MARKS = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?", re.ASCII)
FILE_NAME = r'^[^./\\:*?"<>|\s\x00-\x1f\x7f][^/\\:*?"<>|\x00-\x1f\x7f]{0,119}$'
"""A name that every system can store under."""

PART_KEYS = ("kind", "stem", "options", "body", "key", "samples")
STAND_INS: Mapping[str, object] = {
    "id": "part",
    "level": "-",
    "section": "-",
    "point": "-",
    "difficulty": 1,
    "importance": "X",
    "rationale": "",
    "samples": [],
    "enemies": [],
}
"""What an item has and a part does not say: id, level, section and point follow from where it stands."""


def _marks(raw: object) -> Decimal:
    """Marks are a number of a file or a text that says one; in one spelling, so that 6.0 is 6."""
    if isinstance(raw, int | Decimal | str) and not isinstance(raw, bool) and MARKS.fullmatch(str(raw)):
        return Decimal(format(Decimal(str(raw)).normalize(), "f"))
    raise PydanticCustomError("marks", "no marks")


def _some_marks(raw: object) -> Decimal:
    marks = _marks(raw)
    if marks < LEAST_STEP:
        raise PydanticCustomError("greater_than_equal", "too few", {"ge": str(LEAST_STEP)})
    return marks


Marks: TypeAlias = Annotated[Decimal, PlainValidator(_marks)]
SomeMarks: TypeAlias = Annotated[Decimal, PlainValidator(_some_marks)]
Digest: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
SetId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
TaskId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,9}$")]
"""Without a dot: a part is called by set, task and number, and its id must be that of one part only."""


class GradeShape(Shape):
    """A grade as written."""

    marks: Marks
    text: Text


class CriterionShape(Shape):
    """A criterion as written."""

    id: ItemId
    section: Text | None = None
    point: Text | None = None
    text: Text
    marks: SomeMarks
    step: SomeMarks
    grades: Annotated[list[GradeShape], Field(min_length=1, max_length=MOST_GRADES)]
    parts: Annotated[list[Annotated[int, Field(ge=1, le=MOST_PARTS)]], Field(max_length=MOST_PARTS)] = Field(default_factory=list)
    proposed: bool = False


class VetoShape(Shape):
    """A veto as written."""

    id: ItemId
    scope: Literal["task", "whole"]
    text: Text


class FileShape(Shape):
    """A file as written; authors leave out digest and size."""

    name: Annotated[str, StringConstraints(pattern=FILE_NAME)]
    title: Text
    digest: Digest | None = None
    size: Annotated[int, Field(ge=0)] | None = None


class PartShape(Shape):
    """The keys of a part; what stands in them is judged as an item's."""

    kind: Any = None
    stem: Any = None
    options: Any = None
    body: Any = None
    key: Any = None
    policy: Any = None
    samples: Any = None


class TaskShape(Shape):
    """A task as written."""

    id: TaskId
    title: Text
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    observed: bool = False
    text: Text
    files: Annotated[list[FileShape], Field(max_length=MOST_FILES)] = Field(default_factory=list)
    parts: Annotated[list[PartShape], Field(max_length=MOST_PARTS)] = Field(default_factory=list)
    model: Text
    criteria: Annotated[list[CriterionShape], Field(min_length=1, max_length=MOST_CRITERIA)]
    vetoes: Annotated[list[VetoShape], Field(max_length=MOST_VETOES)] = Field(default_factory=list)


class TaskSetShape(Shape):
    """A task set as written; the order of the fields is the order in which they are written."""

    schema_name: Annotated[Literal["tasks/1"], Field(alias="schema")]
    id: SetId
    title: Text
    level: Text
    component: Literal["skills", "review"]
    tasks: Annotated[list[TaskShape], Field(min_length=1, max_length=MOST_TASKS)]


def task_set_from(raw: object, files: Mapping[str, CaseFile]) -> tuple[TaskSet | None, list[Finding]]:
    """Return the task set that a record holds, or everything that is wrong with its shape and where.

    `files` are those that are there, by name; a file of which the record itself states digest and size need not be among them.
    What stands in the set may still be wrong: that is for `checks.tasks`.
    """
    shape, findings = _shape_of(raw)
    parts: dict[Place, Part] = {}
    for place, each in _inside_tasks(raw, "parts"):
        part, found = _part_from(each)
        findings += [((*place, *inside), message) for inside, message in found]
        if part is not None:
            parts[place] = part
    findings += [finding for place, each in _inside_tasks(raw, "files") for finding in _faults_of_file(place, each, files)]
    if shape is None or findings:
        return None, findings
    tasks = tuple(
        _task_of(shape, task, [parts["tasks", index, "parts", number] for number in range(len(task.parts))], files)
        for index, task in enumerate(shape.tasks)
    )
    return TaskSet(shape.id, shape.title, shape.level, ComponentKey(shape.component), tasks), []


def record_of_set(task_set: TaskSet) -> Record:
    """Return `task_set` as a record that `task_set_from` reads back exactly, without any files."""
    return {
        "schema": SCHEMA,
        "id": task_set.id,
        "title": task_set.title,
        "level": task_set.level,
        "component": str(task_set.component),
        "tasks": [_record_of_task(task) for task in task_set.tasks],
    }


# ---------------------------------------------------------------- from a record


def _shape_of(raw: object) -> tuple[TaskSetShape | None, list[Finding]]:
    try:
        return TaskSetShape.model_validate(raw), []
    except ValidationError as error:
        return None, shape_faults(error)


def _inside_tasks(raw: object, name: str) -> list[tuple[Place, dict[str, object]]]:
    """Return the parts or files of all tasks, each with its place, also of tasks that are not whole: so everything is told at once."""
    return [each for place, _task in mappings(raw, "tasks") for each in mappings(raw, *place, name)]


def _part_from(raw: Mapping[str, object]) -> tuple[Part | None, list[Finding]]:
    """Return the part that a record holds, with stand-ins for what follows from where it stands."""
    written = {name: value for name, value in raw.items() if name in PART_KEYS}
    item, findings = item_from({**STAND_INS, **written}, {})
    kind = KINDS.get(str(raw.get("kind")))
    policy = raw.get("policy")
    if kind is None or policy is None:
        return (None, findings) if item is None or kind is None else (Part(item, kind.policies[0]), findings)
    if kind.scoring is Scoring.EXAMINER:
        return None, [*findings, (("policy",), Message(N_("Only examiners can score a part of this kind; it has no policy")))]
    if policy not in list(kind.policies):
        values = {"given": shorten(policy), "expected": ", ".join(kind.policies)}
        return None, [*findings, (("policy",), Message(MESSAGES["literal_error"], values))]
    return (None, findings) if item is None else (Part(item, PartialCredit(str(policy))), findings)


def _faults_of_file(place: Place, raw: Mapping[str, object], files: Mapping[str, CaseFile]) -> list[Finding]:
    name, stated = raw.get("name"), (raw.get("digest"), raw.get("size"))
    if not isinstance(name, str):
        return []
    if name in files:
        there = files[name]
        is_other = stated != (None, None) and stated != (there.digest, there.size)
        return [(place, Message(N_("The file %(name)s is another one than the record says"), {"name": name}))] if is_other else []
    return [((*place, "name"), Message(N_("The file %(name)s is not there"), {"name": name}))] if None in stated else []


def _task_of(task_set: TaskSetShape, task: TaskShape, parts: list[Part], files: Mapping[str, CaseFile]) -> Task:
    case = Case(f"{task_set.id}.{task.id}", task.title, task.text)
    criteria = tuple(_criterion_of(each) for each in task.criteria)
    return Task(
        id=task.id,
        title=task.title,
        minutes=task.minutes,
        is_observed=task.observed,
        case=case,
        files=tuple(_file_of(each, files) for each in task.files),
        parts=tuple(_placed(part, number, task_set.level, case, criteria) for number, part in enumerate(parts, start=1)),
        model=task.model,
        criteria=criteria,
        vetoes=tuple(Veto(each.id, each.text, VetoScope(each.scope)) for each in task.vetoes),
    )


def _criterion_of(shape: CriterionShape) -> Criterion:
    grades = tuple(Grade(each.marks, each.text) for each in shape.grades)
    return Criterion(
        shape.id, shape.section, shape.point, shape.text, shape.marks, shape.step, grades, parts=tuple(shape.parts), is_proposed=shape.proposed
    )


def _file_of(shape: FileShape, files: Mapping[str, CaseFile]) -> CaseFile:
    if shape.digest is not None and shape.size is not None:
        return CaseFile(shape.name, shape.title, shape.digest, shape.size)
    return replace(files[shape.name], name=shape.name, title=shape.title)


def _placed(part: Part, number: int, level: str, case: Case, criteria: tuple[Criterion, ...]) -> Part:
    """Return `part` with the id of its place and the tags of the first criterion that judges it; in a review there are none."""
    first = next((criterion for criterion in criteria if number in criterion.parts), None)
    section, point = ("", "") if first is None else (first.section or "", first.point or "")
    return replace(part, item=replace(part.item, id=f"{case.id}.{number}", level=level, section=section, point=point, case=case))


# ---------------------------------------------------------------- as a record


def _record_of_task(task: Task) -> Record:
    return {
        "id": task.id,
        "title": task.title,
        "minutes": task.minutes,
        "observed": task.is_observed,
        "text": task.case.text,
        "files": [{"name": file.name, "title": file.title, "digest": file.digest, "size": file.size} for file in task.files],
        "parts": [_record_of_part(part) for part in task.parts],
        "model": task.model,
        "criteria": [_record_of_criterion(criterion) for criterion in task.criteria],
        "vetoes": [{"id": veto.id, "scope": str(veto.scope), "text": veto.text} for veto in task.vetoes],
    }


def _record_of_part(part: Part) -> Record:
    whole = record_of(part.item)
    record = {name: whole[name] for name in PART_KEYS if whole.get(name) is not None}
    return record if KINDS[part.item.kind].scoring is Scoring.EXAMINER else {**record, "policy": str(part.policy)}


def _record_of_criterion(criterion: Criterion) -> Record:
    tags = {"section": criterion.section, "point": criterion.point}
    return {
        "id": criterion.id,
        **{name: value for name, value in tags.items() if value is not None},
        "text": criterion.text,
        "marks": _number(criterion.marks),
        "step": _number(criterion.step),
        "grades": [{"marks": _number(grade.marks), "text": grade.text} for grade in criterion.grades],
        "parts": list(criterion.parts),
        "proposed": criterion.is_proposed,
    }


def _number(marks: Decimal) -> int | str:
    return int(marks) if marks == marks.to_integral_value() else format(marks.normalize(), "f")
