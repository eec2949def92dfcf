"""Task sets with good defaults; a test says only what it is about."""

from copy import deepcopy
from decimal import Decimal

from question_bank.item import Case
from question_bank.kinds.kind import PartialCredit
from question_bank.record import Record
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


# ---------------------------------------------------------------- as a record, without fault by the standard of the shipped pack

NUMERIC_PART: Record = {
    "kind": "numeric",
    "stem": "计算建议信用额度。",
    "body": {"unit": "万元"},
    "key": {"value": "136", "tolerance": "0.5"},
    "samples": [{"answer": "136", "fraction": 1}, {"answer": "64", "fraction": 0}],
    "policy": "all_or_nothing",
}
TABLE_PART: Record = {
    "kind": "table",
    "stem": "编制账龄表。",
    "body": {"columns": ["账龄", "余额"], "rows": [["未到期", {"fill": "number"}], ["逾期", {"fill": "number"}]]},
    "key": {"cells": {"B1": {"value": "64"}, "B2": {"value": "36"}}},
    "samples": [
        {"answer": {"B1": "64", "B2": "36"}, "fraction": 1},
        {"answer": {"B1": "64"}, "fraction": "1/2"},
        {"answer": {"B1": "36"}, "fraction": 0},
    ],
    "policy": "each_right",
}
ESSAY_PART: Record = {"kind": "essay", "stem": "起草催款函。", "key": {"model": "致某厂：……"}, "samples": []}
FILE: Record = {"name": "客户资料.xlsx", "title": "三家客户的资料", "digest": SHA, "size": 1200}


def criterion_record(criterion_id: str, section: str, point: str, marks: int, **changes) -> Record:
    """Return a criterion in steps of one mark, with three grades."""
    grades = [{"marks": marks, "text": "完整"}, {"marks": marks // 2, "text": "有遗漏"}, {"marks": 0, "text": "未做"}]
    return {"id": criterion_id, "section": section, "point": point, "text": "按要求完成", "marks": marks, "step": 1, "grades": grades} | changes


def task_record(task_id: str, **changes) -> Record:
    """Return a task without parts; criteria must be given."""
    return {
        "id": task_id,
        "title": f"任务 {task_id}",
        "minutes": 30,
        "text": "客户逾期 **30** 天，月息 $1\\%$。",
        "model": "先电话，后发函。",
    } | changes


SKILLS: Record = {
    "schema": "tasks/1",
    "id": "L3-A",
    "title": "操作技能考核题组 A",
    "level": "L3",
    "component": "skills",
    "tasks": [
        task_record(
            "T1",
            files=[FILE],
            parts=[NUMERIC_PART, TABLE_PART, ESSAY_PART],
            criteria=[
                criterion_record("T1.1", "customer_credit_management", "L3.S1.1.1", 20, parts=[1], proposed=True),
                criterion_record("T1.2", "customer_credit_management", "L3.S1.1.1", 30, parts=[1, 3]),
                criterion_record("T1.3", "whole_process_control", "L3.S2.1.1", 20, parts=[2], proposed=True),
            ],
        ),
        task_record(
            "T2",
            observed=True,
            criteria=[criterion_record("T2.1", "collection", "L3.S3.1.1", 30)],
            vetoes=[{"id": "T2.V", "scope": "task", "text": "威胁、恐吓债务人"}],
        ),
    ],
}
SHEET: Record = {"id": "R1.1", "text": "申报材料", "marks": "40.5", "step": "0.5", "grades": [{"marks": "40.5", "text": "充分"}]}
REVIEW: Record = {
    "schema": "tasks/1",
    "id": "L2-REVIEW",
    "title": "综合评审",
    "level": "L2",
    "component": "review",
    "tasks": [task_record("R1", criteria=[SHEET, SHEET | {"id": "R1.2", "marks": "59.5", "grades": [{"marks": "59.5", "text": "充分"}]}])],
}


def skills_record() -> Record:
    """Return a faultless set of level 3, to be changed as a test likes: an answered task and an observed one."""
    return deepcopy(SKILLS)


def review_record() -> Record:
    """Return a faultless set for the review of level 2, to be changed as a test likes."""
    return deepcopy(REVIEW)
