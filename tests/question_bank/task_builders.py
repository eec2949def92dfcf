"""Task sets with good defaults; a test says only what it is about."""

from decimal import Decimal

from question_bank.item import Case
from question_bank.kinds.kind import PartialCredit
from question_bank.standard import ComponentKey
from question_bank.task import CaseFile, Criterion, Grade, Part, Task, TaskSet, Veto, VetoScope
from tests.question_bank.builders import make_item

SHA = "5e" * 32


def make_grades(*marks: int | str) -> tuple[Grade, ...]:
    """Return grades that earn these marks."""
    return tuple(Grade(Decimal(mark), f"做到得 {mark} 分的程度") for mark in marks)


def make_criterion(criterion_id: str = "T1.1", marks: int | str = 100, step: int | str = 1, **changes) -> Criterion:
    """Return a criterion of level 3 about collection."""
    values = {"section": "collection", "point": "L3.S3.2.1", "text": "催收合乎程序", "grades": make_grades(marks, 0)}
    return Criterion(id=criterion_id, marks=Decimal(marks), step=Decimal(step), **{**values, **changes})


def make_part(item_id: str = "L3-A.T1.1", case: Case | None = None, **changes) -> Part:
    """Return a part: a single-choice item, unless a kind with its key is given."""
    return Part(make_item(item_id, case=case, **changes), PartialCredit.ALL_OR_NOTHING)


def make_task(task_id: str = "T1", **changes) -> Task:
    """Return a task with one file, one part, one criterion and one veto."""
    case = Case(f"L3-A.{task_id}", "催收", "客户逾期 30 天。")
    values = {
        "title": case.title,
        "minutes": 25,
        "is_observed": False,
        "case": case,
        "files": (CaseFile("客户资料.xlsx", "三家客户的资料", SHA, 1200),),
        "parts": (make_part(f"L3-A.{task_id}.1", case),),
        "model": "先电话，后发函。",
        "criteria": (make_criterion(f"{task_id}.1", parts=(1,)),),
        "vetoes": (Veto(f"{task_id}.V", "威胁、恐吓债务人", VetoScope.TASK),),
    }
    return Task(id=task_id, **{**values, **changes})


def make_task_set(*tasks: Task, **changes) -> TaskSet:
    """Return a set of level 3 with these tasks, or with one."""
    values = {"id": "L3-A", "title": "题组 A", "level": "L3", "component": ComponentKey.SKILLS}
    return TaskSet(tasks=tasks or (make_task(),), **{**values, **changes})
