"""A task set is read from its file with the files beside it; every fault is told with file, place and line, and no text makes a traceback."""

import hashlib

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.formats.yaml_tasks import FAULTS_MOST, read_task_set
from question_bank.task import CaseFile
from question_bank.task_record import record_of_set
from tests.question_bank.hostile_files import TEXTS, Hostile, Lures, yaml_laughs
from tests.question_bank.task_builders import skills_record

NAME = "tasks/L3-A/set.yaml"
WORKBOOK = b"PK\x03\x04 a workbook"
FILES = {"客户资料.xlsx": WORKBOOK}
WHOLE = """schema: tasks/1
id: L3-A
title: 题组 A
level: L3
component: skills
tasks:
  - id: T1
    title: 商账追收
    minutes: 25
    text: |
      客户逾期。

      | 客户 | 余额 |
      |---|---|
      | 甲 | 64.0 |
    files:
      - {name: 客户资料.xlsx, title: 三家客户的资料}
    parts:
      - kind: numeric
        stem: 计算信用额度。
        body: {unit: 万元}
        key: {value: 136.0, tolerance: 0.5}
        policy: all_or_nothing
        samples: [{answer: "136", fraction: 1}, {answer: "64", fraction: 0}]
      - kind: essay
        stem: 起草催款函。
        key: {model: 致某厂}
    model: 额度 136 万元。
    criteria:
      - id: T1.1
        section: collection
        point: L3.S3.1.1
        text: 计算额度
        marks: 1.5
        step: 0.5
        grades:
          - {marks: 1.5, text: 正确}
          - {marks: 0, text: 错误}
        parts: [1]
        proposed: true
"""


def said(text: str, files: dict[str, bytes] = FILES) -> list[str]:
    """Return the faults of a text as people read them."""
    return [str(fault) for fault in read_task_set(text.encode(), NAME, files)[1]]


def test_a_set_is_read_with_its_files() -> None:
    task_set, faults = read_task_set(WHOLE.encode(), NAME, FILES)

    assert faults == []
    task = task_set.tasks[0]
    assert task.files == (CaseFile("客户资料.xlsx", "三家客户的资料", hashlib.sha256(WORKBOOK).hexdigest(), len(WORKBOOK)),)
    assert "| 甲 | 64.0 |" in task.case.text
    assert [str(mark) for mark in task.criteria[0].allowed] == ["0.0", "0.5", "1.0", "1.5"]
    assert task.parts[0].item.key == {"value": "136.0", "tolerance": "0.5", "relative": False, "unit": ""}


def test_a_record_written_as_yaml_is_read_as_the_same_set() -> None:
    record = skills_record()
    del record["tasks"][0]["files"][0]["digest"], record["tasks"][0]["files"][0]["size"]
    task_set, faults = read_task_set(yaml.safe_dump(record, allow_unicode=True).encode(), NAME, FILES)

    assert faults == []
    again, faults = read_task_set(yaml.safe_dump(record_of_set(task_set), allow_unicode=True).encode(), NAME, FILES)
    assert (again, faults) == (task_set, [])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("id: L3-A", "id: L3 A", ": id (line 2): L3 A is not written as it should be (^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$)"),
        ("minutes: 25", "minutes: lang", ": tasks[0].minutes (line 9): A whole number is wanted, not lang"),
        ("    model: 额度 136 万元。\n", "", ": tasks[0].model (line 7): This key is missing"),
        ("policy: all_or_nothing", "policy: neighbours", ": tasks[0].parts[0].policy (line 23): neighbours is not one of all_or_nothing"),
        ("key: {model: 致某厂}", "key: 致某厂", ": tasks[0].parts[1].key (line 27): Keys with values are wanted, not 致某厂"),
        ("step: 0.5", "step: 0", ": tasks[0].criteria[0].step (line 35): 0 is too small, the least is 0.1"),
        ("{marks: 0, text: 错误}", "{marks: 0}", ": tasks[0].criteria[0].grades[1].text (line 38): This key is missing"),
        ("step: 0.5", "step: 0.5\n        step: 1", ": tasks[0].criteria[0] (line 36): The key step stands twice"),
    ],
)
def test_a_fault_is_told_with_file_place_and_line(old: str, new: str, fault: str) -> None:
    assert said(WHOLE.replace(old, new)) == [NAME + fault]


def test_a_file_that_no_task_names_is_told_and_the_set_is_read() -> None:
    task_set, faults = read_task_set(WHOLE.encode(), NAME, {**FILES, ".~lock": b"", "旧/资料.xlsx": WORKBOOK})

    assert task_set is not None
    assert [str(fault) for fault in faults] == [f"{NAME}: .~lock: No task names this file", f"{NAME}: 旧/资料.xlsx: No task names this file"]


def test_a_file_with_another_name_is_told_from_both_sides() -> None:
    assert said(WHOLE.replace("name: 客户资料.xlsx", "name: 资料.xlsx")) == [
        f"{NAME}: tasks[0].files[0].name (line 17): The file 资料.xlsx is not there",
        f"{NAME}: 客户资料.xlsx: No task names this file",
    ]


def test_a_file_that_only_the_record_knows_is_not_there() -> None:
    stated = f"{{name: b.pdf, title: 报告, digest: {'ff' * 32}, size: 7}}"

    assert said(WHOLE.replace("    parts:\n", f"      - {stated}\n    parts:\n", 1)) == [f"{NAME}: b.pdf: The file b.pdf is not there"]


@pytest.mark.parametrize(
    ("name", "content", "is_right"),
    [
        ("a.xlsx", WORKBOOK, True),
        ("a.xlsx", b"<html>", False),
        ("a.docx", WORKBOOK, True),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", False),
        ("a.pdf", b"%PDF-1.7", True),
        ("a.pdf", WORKBOOK, False),
        ("a.png", b"\x89PNG\r\n\x1a\n", True),
        ("a.jpg", b"\x89PNG\r\n\x1a\n", False),
        ("a.csv", b"a,b", True),
        ("a.txt", "甲".encode("gb18030"), True),
    ],
)
def test_the_content_of_a_file_is_what_its_name_says(name: str, content: bytes, is_right: bool) -> None:
    lines = said(WHOLE.replace("客户资料.xlsx", name), {name: content})

    assert lines == ([] if is_right else [f"{NAME}: {name}: The content is not that of a file of the type {name.partition('.')[2]}"])


# ---------------------------------------------------------------- hostile texts


LARGE = {"20 MB.yaml", "20000 items.yaml", "number.yaml"}
"""Their size is what they try; the reader of documents is tried with it elsewhere."""


@pytest.mark.parametrize("hostile", [each for each in TEXTS if each.name not in LARGE], ids=lambda hostile: hostile.name)
def test_a_text_made_to_harm_is_refused_in_words(hostile: Hostile) -> None:
    task_set, faults = read_task_set(hostile.make(Lures("", "", "")), NAME, {})

    assert task_set is None
    assert faults
    assert all(fault.place.startswith(NAME) for fault in faults)


@pytest.mark.parametrize("text", ["", "7", "- id: T1", "null", "id: [1]", "tasks: {}", "tasks: [7, [], null]", "tasks: [{parts: 7, files: {a: {}}}]"])
def test_what_holds_no_task_set_is_refused(text: str) -> None:
    task_set, faults = read_task_set(text.encode(), NAME, {})

    assert task_set is None
    assert faults


def test_a_file_of_nothing_but_faults_is_cut_off() -> None:
    parts = "\n".join(["      - {}"] * (FAULTS_MOST + 1))
    lines = said(WHOLE[: WHOLE.index("      - kind: numeric")] + parts)

    assert len(lines) == FAULTS_MOST + 1
    assert lines[-1].endswith("The file has more faults than are told; it is not read further")


def test_references_are_refused_inside_a_set() -> None:
    assert "Anchors (&name) are not used here" in said(WHOLE.replace("title: 题组 A", "title: &a 题组 A"))[0]
    assert "Anchors (&name) are not used here" in said(yaml_laughs())[0]


LINES = WHOLE.splitlines()
PIECES = st.sampled_from(["", "- ", "null", "7", "{}", "[]", "{a: [}", "!x", "*a", "'", "\x00", "9" * 40, "  "])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(LINES) - 1), st.integers(0, 60), PIECES)
def test_no_spoilt_line_makes_a_traceback(number: int, column: int, piece: str) -> None:
    spoilt = [*LINES[:number], LINES[number][:column] + piece, *LINES[number + 1 :]]
    task_set, faults = read_task_set("\n".join(spoilt).encode(), NAME, FILES)

    assert task_set is not None or faults
