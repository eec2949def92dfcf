"""Builders for skills and reviews: a task set, a sitting with a group of examiners whose scripts are handed in, entries."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.canonical import digest
from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.roles import Role
from examsrv.domain.steps import Step, StepKind
from examsrv.services.attempt_logs import spelling
from examsrv.services.banking import import_pack
from examsrv.services.handed_files import seal_for, type_of
from examsrv.services.task_sets import compose_sets
from examsrv.storage.tables import (
    AssessmentGroupRow,
    AssignmentRow,
    AttemptRow,
    BatchRow,
    EntryRow,
    FormRow,
    FormSetRow,
    PaperRow,
    ScriptRow,
    SittingRow,
    StepRow,
    UploadRow,
)
from question_bank.pack import Pack
from question_bank.task import TaskSet
from question_bank.task_record import task_set_from
from tests.builders import BEGIN, MORNING, OFFICE, SECRET, Room, add_person, add_room, at, new_key
from tests.question_bank.builders import CODE, STANDARD

SECTIONS = {"customer_credit_management": 50, "whole_process_control": 20, "collection": 30}
POINTS = {"customer_credit_management": "L3.S1.1.1", "whole_process_control": "L3.S2.1.1", "collection": "L3.S3.1.1"}


def make_record(level: str = "L3", component: str = "skills", **changes: Any) -> dict[str, Any]:
    """Return the record of a small task set: one task of each section with two criteria, computed parts, an essay, an upload, a veto."""
    tasks = [_task(place, section, marks) for place, (section, marks) in enumerate(SECTIONS.items(), start=1)]
    if component == "review":
        tasks = [_review_task("T1", 40), _review_task("T2", 60)]
    return {"schema": "tasks/1", "id": "SET-A", "title": "题组甲", "level": level, "component": component, "tasks": tasks} | changes


def make_task_set(level: str = "L3", component: str = "skills", **changes: Any) -> TaskSet:
    """Return the task set of `make_record`."""
    found, findings = task_set_from(make_record(level, component, **changes), {})
    assert found is not None, findings
    return found


def _task(place: int, section: str, marks: int) -> dict[str, Any]:
    name = f"T{place}"
    half = marks // 2
    return {
        "id": name,
        "title": f"第{place}题",
        "minutes": 25,
        "observed": False,
        "text": "某公司应收账款余额 120 万元，其中逾期 30 万元。",
        "parts": [
            {"kind": "numeric", "stem": "逾期占比（%）？", "body": {"unit": "%"}, "key": {"value": "25"}, "policy": "all_or_nothing"},
            {"kind": "essay", "stem": "写出处理意见。", "body": {}, "key": {"model": "先核对，再催收。"}},
        ],
        "model": "逾期占比 30÷120=25%。",
        "criteria": [
            _criterion(f"{name}.1", section, half, "计算", [1], proposed=True),
            _criterion(f"{name}.2", section, marks - half, "意见", [2], proposed=False),
        ],
        "vetoes": [{"id": f"{name}.V", "scope": "whole" if name == "T3" else "task", "text": "威胁、恐吓债务人"}],
    }


def _review_task(name: str, marks: int) -> dict[str, Any]:
    grades = [{"marks": marks, "text": "全部做到"}, {"marks": 0, "text": "没有做到"}]
    criterion = {"id": f"{name}.1", "text": "内容", "marks": marks, "step": 1, "grades": grades}
    return {"id": name, "title": name, "minutes": 20, "observed": False, "text": "审阅。", "parts": [], "model": "要点。", "criteria": [criterion]}


def _criterion(name: str, section: str, marks: int, text: str, parts: list[int], *, proposed: bool) -> dict[str, Any]:
    grades = [{"marks": marks, "text": "全部做到"}, {"marks": 0, "text": "没有做到"}]
    own = {"id": name, "section": section, "point": POINTS[section], "text": text, "marks": marks, "step": 1, "grades": grades}
    return own | {"parts": parts, "proposed": proposed}


@dataclass(frozen=True)
class Assessment:
    """A group with its people and its scripts; `attempts` are handed in unless told otherwise."""

    room: Room
    group: int
    task_set: TaskSet
    examiners: list[int]
    reserves: list[int]

    @property
    def attempts(self) -> list[str]:
        return self.room.attempts


def add_assessment(
    session: Session,
    examiners: int = 3,
    reserves: int = 2,
    candidates: int = 2,
    *,
    level: str = "L3",
    component: str = "skills",
    rule: CombiningRule | None = None,
    task_set: TaskSet | None = None,
    name: str = "A",
    is_started: bool = True,
    is_submitted: bool = True,
) -> Assessment:
    """Add a published sitting with one group; all examiners are there, the first one leads."""
    task_set = task_set or make_task_set(level, component)
    room = add_room(session, candidates, paper=add_task_paper(session, task_set, component), name=name, started=is_submitted)
    sitting = session.get_one(SittingRow, room.sitting)
    batch = BatchRow(name=f"批次 {name}", combining=(rule or CombiningRule()).plain(), skills_need_proctors=False, wall=MORNING)
    session.add(batch)
    session.flush()
    sitting.level, sitting.component, sitting.batch_id = level, component, batch.id
    started = MORNING if is_started else None
    group = AssessmentGroupRow(sitting_id=room.sitting, name="1 组", deadline=None, started=started, started_by=None)
    session.add(group)
    session.flush()
    people = [add_person(session, f"examiner{name.lower()}{place}", (Role.EXAMINER, None)) for place in range(1, examiners + reserves + 1)]
    for place, person in enumerate(people, start=1):
        held = place if place <= examiners else None
        rank = 0 if held else place - examiners
        session.add(AssignmentRow(group_id=group.id, person_id=person, place=held, rank=rank, is_lead=place == 1, began=MORNING, arrived=started))
    for place, attempt in enumerate(room.attempts, start=1):
        session.add(ScriptRow(attempt_id=attempt, sitting_id=room.sitting, group_id=group.id, number=100 + place * 7, position=place, station=None))
        if is_submitted:
            submit(session, attempt)
    session.flush()
    return Assessment(room, group.id, task_set, people[:examiners], people[examiners:])


def add_task_paper(session: Session, task_set: TaskSet, component: str) -> tuple[str, int]:
    """Import a task set and seal a paper of it; return the paper's digest and the number of its set of forms."""
    import_pack(session, Pack(CODE, STANDARD, (), (), (), task_sets=(task_set,)), OFFICE, at())
    forms = compose_sets(session, CODE, task_set.level, component, [task_set.digest], 7, OFFICE, at())
    paper = session.scalars(select(PaperRow).join(FormRow, FormRow.id == PaperRow.form_id).where(FormRow.form_set_id == forms)).one()
    session.get_one(FormSetRow, forms).sealed = MORNING
    return paper.digest, forms


def submit(session: Session, attempt: str) -> None:
    """Let an attempt be handed in, with nothing answered."""
    row = session.get_one(AttemptRow, attempt)
    row.phase, row.opened, row.finished, row.receipt = Phase.SUBMITTED, MORNING, MORNING, "RECEIPT"


def marks_of(task_set: TaskSet, total: int | str) -> dict[str, Decimal]:
    """Return marks for every criterion that come to `total`: full ones from the first criterion on, then a part, then nothing."""
    left = Decimal(total)
    marks: dict[str, Decimal] = {}
    for criterion in task_set.criteria:
        marks[criterion.id] = min(left, criterion.marks)
        left -= marks[criterion.id]
    return marks


def add_entry_of(
    session: Session,
    attempt: str,
    place: int,
    person: int,
    marks: Mapping[str, Decimal],
    vetoes: Sequence[str] = (),
    edition: int = 1,
) -> None:
    """Add an entry as if it had been handed in."""
    plain = {criterion: str(mark) for criterion, mark in marks.items()}
    row = EntryRow(attempt_id=attempt, place=place, edition=edition, person_id=person, marks=plain, vetoes=sorted(vetoes))
    row.comments, row.seconds, row.digest, row.wall = {}, {}, digest(plain), MORNING
    session.add(row)
    session.flush()


def add_answers(session: Session, attempt: str, answers: Mapping[int, object]) -> None:
    """Add answers to an attempt's log as if they had been sent, item by item."""
    last = session.scalar(select(func.max(StepRow.seq)).where(StepRow.attempt_id == attempt)) or 0
    for seq, (item, value) in enumerate(answers.items(), start=last + 1):
        step = Step(1, seq, StepKind.ANSWERED, item, value, 0)
        row = StepRow(attempt_id=attempt, epoch=1, seq=seq, kind=step.kind, item=item, value=spelling(value), client_ms=0)
        row.exam, row.wall, row.digest, row.head = BEGIN, MORNING, step.digest, step.digest
        session.add(row)
    session.flush()


def add_upload(session: Session, attempt: str, content: bytes, name: str, since: timedelta = timedelta()) -> dict[str, Any]:
    """Add a file of a candidate, sealed; return what an answer says of it."""
    sealed = seal_for(session, SECRET, attempt, content, new_key)
    named = hashlib.sha256(content).hexdigest()
    session.add(UploadRow(attempt_id=attempt, digest=named, type=type_of(content), size=len(content), sealed=sealed, wall=MORNING + since))
    session.flush()
    return {"name": name, "digest": named, "size": len(content)}
