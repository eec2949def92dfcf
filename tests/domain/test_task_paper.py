"""A task set as it is delivered: its tasks with marks, minutes and files, and nothing of rubric, model answers or keys."""

from examsrv.domain.paper import numbered, read_paper
from examsrv.domain.task_paper import compose_tasks, has_observed_tasks
from question_bank.task import TaskSet
from question_bank.task_record import task_set_from
from tests.panels import make_record, make_task_set

FILE = {"name": "客户资料.xlsx", "title": "客户资料", "digest": "ab" * 32, "size": 2048}


def with_a_file_and_a_task_on_the_spot() -> TaskSet:
    record = make_record()
    record["tasks"][0]["files"] = [FILE]
    record["tasks"][2] |= {"observed": True, "parts": []}
    for criterion in record["tasks"][2]["criteria"]:
        criterion |= {"parts": [], "proposed": False}
    found, findings = task_set_from(record, {})
    assert found is not None, findings
    return found


def test_each_task_is_a_group_with_marks_minutes_and_files() -> None:
    paper = read_paper(compose_tasks("技能考核", with_a_file_and_a_task_on_the_spot(), 1).content)
    assert [(group["marks"], group["minutes"], group.get("observed", False)) for group in paper["groups"]] == [
        ("50", 25, False),
        ("20", 25, False),
        ("30", 25, True),
    ]
    assert paper["groups"][0]["case"]["files"] == [{**FILE, "type": "xlsx"}]


def test_parts_are_numbered_through_all_tasks() -> None:
    composed = compose_tasks("技能考核", with_a_file_and_a_task_on_the_spot(), 1)
    assert [number for number, _group, _item in numbered(read_paper(composed.content))] == [1, 2, 3, 4] == list(composed.key)


def test_nothing_of_rubric_model_answers_or_keys_is_in_the_paper() -> None:
    text = compose_tasks("技能考核", make_task_set(), 1).content.decode()
    assert [words for words in ("全部做到", "威胁", "30÷120", "先核对", "L3.S1", "customer_credit_management") if words in text] == []


def test_a_paper_tells_whether_a_task_is_watched() -> None:
    papers = [read_paper(compose_tasks("", each, 1).content) for each in (make_task_set(), with_a_file_and_a_task_on_the_spot())]
    assert [has_observed_tasks(paper) for paper in papers] == [False, True]
