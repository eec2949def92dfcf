"""What was answered in a script, part by part: judged value by value, proposed in the rubric's steps, files by number and version."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy.orm import Session

from examsrv.services.script_answers import AnsweredPart, proposed_marks, script_answers
from examsrv.storage.database import Database
from question_bank.task import TaskSet
from tests.panels import Assessment, add_answers, add_assessment, add_upload, make_record, make_task_set

PDF = b"%PDF-1.7\n"
TABLE = {
    "kind": "table",
    "stem": "填表。",
    "body": {"columns": ["账龄", "余额"], "rows": [["30 天内", {"fill": "number"}], ["30 天以上", {"fill": "number"}], ["合计", {"fill": "number"}]]},
    "key": {"cells": {"B1": {"value": "70"}, "B2": {"value": "50"}, "B3": {"value": "120"}}},
    "policy": "each_right",
}
CHOICE = {"kind": "single_choice", "stem": "选择。", "options": {"A": "甲", "B": "乙", "C": "丙"}, "key": "B", "policy": "all_or_nothing"}
UPLOAD = {"kind": "upload", "stem": "提交。", "body": {"types": ["pdf", "csv"], "megabytes": 1, "files": 2}, "key": {"model": "方案。"}}


@pytest.fixture
def session(database: Database):
    with database.writing() as made:
        yield made


def task_set(*parts: Mapping[str, Any], proposed_from: list[int] | None = None, step: str = "1") -> TaskSet:
    record = make_record()
    record["tasks"][0]["parts"] = list(parts)
    one, other = record["tasks"][0]["criteria"]
    one |= {"parts": proposed_from or [1], "proposed": proposed_from is not None, "step": step}
    other |= {"parts": []}
    return make_task_set(tasks=record["tasks"])


def assess(session: Session, *parts: Mapping[str, Any], **changes: Any) -> Assessment:
    return add_assessment(session, task_set=task_set(*parts, **changes))


def answered(session: Session, group: Assessment, answers: dict[int, object]) -> tuple[AnsweredPart, ...]:
    add_answers(session, group.attempts[0], answers)
    return script_answers(session, group.attempts[0], group.task_set)["T1"]


def proposal(session: Session, group: Assessment) -> Decimal | None:
    return proposed_marks(group.task_set, script_answers(session, group.attempts[0], group.task_set)).get("T1.1")


def test_each_cell_is_judged_by_itself(session: Session) -> None:
    group = assess(session, TABLE)
    (part,) = answered(session, group, {1: {"B1": "70", "B2": "49"}})
    assert {name: (value.text, value.is_right) for name, value in part.values.items()} == {"B1": ("70", True), "B2": ("49", False)}
    assert part.fraction == Fraction(1, 3)


def test_a_part_that_was_not_answered_earns_nothing(session: Session) -> None:
    (part,) = answered(session, assess(session, TABLE), {})
    assert (part.is_answered, part.fraction, part.values) == (False, 0, {})


def test_the_last_answer_counts(session: Session) -> None:
    group = assess(session, TABLE)
    answered(session, group, {1: {"B1": "1"}})
    (part,) = answered(session, group, {1: {"B1": "70"}})
    assert part.values["B1"].text == "70"


@pytest.mark.parametrize(("step", "mark"), [("1", 16), ("0.5", Decimal("16.5")), ("5", 15)])
def test_a_proposal_is_the_mean_of_its_parts_down_to_the_next_step(session: Session, step: str, mark: Decimal) -> None:
    numeric = make_record()["tasks"][0]["parts"][0]
    group = assess(session, TABLE, numeric, proposed_from=[1, 2], step=step)
    answered(session, group, {1: {"B1": "70"}, 2: "25"})  # (1/3 + 1) / 2 of 25 = 16.67
    assert proposal(session, group) == mark


def test_a_proposal_is_full_when_all_is_right_and_nothing_when_nothing_was_answered(session: Session) -> None:
    group = assess(session, TABLE, proposed_from=[1])
    assert proposal(session, group) == 0
    answered(session, group, {1: {"B1": "70", "B2": "50", "B3": "120"}})
    assert proposal(session, group) == 25


def test_criteria_that_examiners_judge_have_no_proposal(session: Session) -> None:
    group = assess(session, TABLE)
    answered(session, group, {1: {"B1": "70", "B2": "50", "B3": "120"}})
    assert proposal(session, group) is None


@pytest.mark.parametrize("value", [{"B9": "70"}, {"B1": 70}, "70", 7, ["a"], [{"digest": 1}], {"B1": "7" * 5000}])
def test_whatever_a_machine_stored_can_be_shown_and_earns_nothing(session: Session, value: object) -> None:
    group = assess(session, TABLE, CHOICE, UPLOAD, proposed_from=[1])
    parts = answered(session, group, {1: value, 2: value, 3: value})
    assert [part.fraction for part in parts] == [0, 0, None]


def test_a_choice_stands_with_the_letters_that_the_candidate_saw(session: Session) -> None:
    group = assess(session, CHOICE)
    key = {part.options for part in answered(session, group, {})}.pop()
    texts = [text for _letter, text, _chosen in key]
    assert ([letter for letter, _text, _chosen in key], sorted(texts)) == (["A", "B", "C"], ["丙", "乙", "甲"])
    found = [answered(session, group, {1: option})[0] for option in "abc"]
    right = [part for part in found if part.fraction == 1]
    assert [[text for _letter, text, chosen in part.options if chosen] for part in right] == [["乙"]]


def test_files_have_numbers_the_last_ones_count_and_earlier_ones_are_kept_apart(session: Session) -> None:
    group = assess(session, UPLOAD)
    first = add_upload(session, group.attempts[0], PDF, "张三.pdf")
    second = add_upload(session, group.attempts[0], b"a,b\n1,2\n", "张三.CSV", timedelta(minutes=1))
    answered(session, group, {1: [first]})
    (part,) = answered(session, group, {1: [second]})
    assert [(file.number, file.type) for file in part.files] == [(2, "csv")]
    assert [(file.number, file.type) for file in part.earlier] == [(1, "pdf")]
    assert "张三" not in repr([part.files, part.earlier])


def test_a_file_that_never_arrived_is_not_there(session: Session) -> None:
    (part,) = answered(session, assess(session, UPLOAD), {1: [{"name": "a.pdf", "digest": "0" * 64, "size": 1}]})
    assert (part.files, part.earlier) == ((), ())
