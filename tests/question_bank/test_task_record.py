"""A task set and its record say the same; what is wrong with a record is told with its place, all at once."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.item import Case
from question_bank.kinds import PartialCredit
from question_bank.record import Record
from question_bank.task import CaseFile, TaskSet, VetoScope
from question_bank.task_record import record_of_set, task_set_from
from tests.question_bank.every_kind import BODIES, KEYS, STEMS, WITH_OPTIONS
from tests.question_bank.task_builders import ESSAY_PART, FILE, NUMERIC_PART, SHA, review_record, skills_record


def whole(record: Record, files: dict[str, CaseFile] | None = None) -> TaskSet:
    """Return the set of a record that has no faults."""
    task_set, findings = task_set_from(record, files or {})
    assert findings == []
    assert task_set is not None
    return task_set


def findings_after(change: Callable[[Record], object], files: dict[str, CaseFile] | None = None) -> list[str]:
    """Return what is said of the faultless record after a change, with places."""
    record = skills_record()
    change(record)
    task_set, findings = task_set_from(record, files or {})
    assert task_set is None
    return [f"{'.'.join(map(str, place))}: {message}" for place, message in findings]


def put(record: Record, place: str, value: Any) -> None:
    """Put `value` at a place such as `tasks.0.id`."""
    *way, last = (int(step) if step.isdecimal() else step for step in place.split("."))
    holder: Any = record
    for step in way:
        holder = holder[step]
    holder[last] = value


# ---------------------------------------------------------------- the same there and back


@pytest.mark.parametrize("record", [skills_record(), review_record()], ids=["skills", "review"])
def test_a_set_written_as_a_record_and_read_again_is_the_same(record: Record) -> None:
    task_set = whole(record)
    stored = json.loads(json.dumps(record_of_set(task_set)))

    assert whole(stored) == task_set
    assert whole(stored).digest == task_set.digest
    assert record_of_set(whole(stored)) == stored


WORDS = st.sampled_from(["甲", "1", "true", "- a: b", "第一行\n\n| 表 |", "“𠮷” = 6.0"])
MARKS = st.decimals(Decimal("0.1"), Decimal(100), places=1).map(lambda marks: format(marks, "f"))
GRADES = st.lists(st.fixed_dictionaries({"marks": MARKS, "text": WORDS}), min_size=1, max_size=2)
CRITERIA = st.fixed_dictionaries(
    {"id": st.sampled_from(["T1.1", "T1.2"]), "text": WORDS, "marks": MARKS, "step": MARKS, "grades": GRADES},
    optional={"section": WORDS, "point": WORDS, "parts": st.lists(st.integers(1, 40), max_size=3), "proposed": st.booleans()},
)
FILES = st.fixed_dictionaries({"name": st.just("a.pdf"), "title": WORDS, "digest": st.just(SHA), "size": st.integers(0, 10**9)})
VETOES = st.fixed_dictionaries({"id": st.just("T1.V"), "scope": st.sampled_from(["task", "whole"]), "text": WORDS})
PARTS = st.sampled_from(
    [
        {"kind": kind, "stem": STEMS.get(kind, "请作答。"), "key": KEYS[kind]}
        | ({"body": BODIES[kind]} if kind in BODIES else {})
        | ({"options": dict(zip("ABCD", ["甲", "乙", "丙", "丁"], strict=True))} if kind in WITH_OPTIONS else {})
        for kind in KEYS
    ]
)
TASKS = st.fixed_dictionaries(
    {
        "id": st.just("T1"),
        "title": WORDS,
        "minutes": st.integers(1, 600),
        "text": WORDS,
        "model": WORDS,
        "criteria": st.lists(CRITERIA, min_size=1, max_size=2),
    },
    optional={
        "observed": st.booleans(),
        "files": st.lists(FILES, max_size=1),
        "parts": st.lists(PARTS, max_size=3),
        "vetoes": st.lists(VETOES, max_size=1),
    },
)
SETS = st.fixed_dictionaries(
    {
        "schema": st.just("tasks/1"),
        "id": st.sampled_from(["L3-A", "0", "x" * 40, "A.T1"]),
        "title": WORDS,
        "level": WORDS,
        "component": st.sampled_from(["skills", "review"]),
        "tasks": st.lists(TASKS, min_size=1, max_size=2),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SETS)
def test_any_whole_record_comes_back_as_the_same_set(record: Record) -> None:
    task_set = whole(record)

    assert whole(json.loads(json.dumps(record_of_set(task_set)))) == task_set


# ---------------------------------------------------------------- what a record means


def test_a_part_is_an_item_of_its_place_tagged_as_the_first_criterion_that_judges_it() -> None:
    task = whole(skills_record()).tasks[0]
    first, second, third = (part.item for part in task.parts)

    assert [item.id for item in (first, second, third)] == ["L3-A.T1.1", "L3-A.T1.2", "L3-A.T1.3"]
    assert (first.level, first.section, first.point) == ("L3", "customer_credit_management", "L3.S1.1.1")
    assert (second.section, second.point) == ("whole_process_control", "L3.S2.1.1")
    assert (first.difficulty, first.importance, first.rationale, first.enemies) == (1, "X", "", ())
    assert first.case == task.case == Case("L3-A.T1", task.title, task.case.text)


def test_a_part_of_a_review_has_no_tags() -> None:
    record = review_record()
    record["tasks"][0]["parts"] = [ESSAY_PART]
    record["tasks"][0]["criteria"][0]["parts"] = [1]
    item = whole(record).tasks[0].parts[0].item

    assert (item.section, item.point) == ("", "")


def test_what_may_be_left_out_has_the_meaning_of_the_format() -> None:
    task = whole(review_record()).tasks[0]
    criterion = task.criteria[0]

    assert (task.is_observed, task.files, task.parts, task.vetoes) == (False, (), (), ())
    assert (criterion.section, criterion.point, criterion.parts, criterion.is_proposed) == (None, None, (), False)


@pytest.mark.parametrize(("kind", "policy"), [("numeric", "all_or_nothing"), ("table", "all_or_nothing"), ("short_text", "each_right")])
def test_a_policy_that_is_left_out_is_the_first_of_the_kind(kind: str, policy: str) -> None:
    record = skills_record()
    record["tasks"][0]["parts"][0] = {"kind": kind, "stem": "请作答。", "body": BODIES[kind], "key": KEYS[kind]}

    assert whole(record).tasks[0].parts[0].policy is PartialCredit(policy)


def test_marks_are_exact_and_have_one_spelling() -> None:
    record = review_record()
    record["tasks"][0]["criteria"][0] |= {"marks": Decimal("40.50"), "step": "0.50"}
    criterion = whole(record).criteria[0]

    assert (str(criterion.marks), str(criterion.step)) == ("40.5", "0.5")


def test_scopes_of_vetoes_are_read() -> None:
    record = skills_record()
    record["tasks"][1]["vetoes"].append({"id": "T2.W", "scope": "whole", "text": "舞弊"})

    assert [veto.scope for veto in whole(record).vetoes] == [VetoScope.TASK, VetoScope.WHOLE]


# ---------------------------------------------------------------- files


THERE = {"客户资料.xlsx": CaseFile("客户资料.xlsx", "", SHA, 1200)}


def test_a_file_without_digest_is_taken_from_those_that_are_there() -> None:
    record = skills_record()
    record["tasks"][0]["files"] = [{"name": "客户资料.xlsx", "title": "资料"}]

    assert whole(record, THERE).tasks[0].files == (CaseFile("客户资料.xlsx", "资料", SHA, 1200),)


def test_a_file_that_is_not_there_is_told() -> None:
    change = {"name": "别的.xlsx", "title": "资料"}

    assert findings_after(lambda record: put(record, "tasks.0.files.0", change), THERE) == [
        "tasks.0.files.0.name: The file 别的.xlsx is not there",
    ]


@pytest.mark.parametrize("other", [{"digest": "ff" * 32}, {"size": 1201}])
def test_a_file_that_is_another_than_the_record_says_is_told(other: Record) -> None:
    assert findings_after(lambda record: put(record, "tasks.0.files.0", FILE | other), THERE) == [
        "tasks.0.files.0: The file 客户资料.xlsx is another one than the record says",
    ]


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("schema", "tasks/2", "schema: tasks/2 is not one of 'tasks/1'"),
        ("id", "L3/A", "id: L3/A is not written as it should be"),
        ("id", "x" * 41, "id: xxx"),
        ("component", "theory", "component: theory is not one of 'skills' or 'review'"),
        ("colour", "red", "colour: This key is unknown"),
        ("tasks", [], "tasks: The list may not be empty"),
        ("tasks.0.id", "T.1", "tasks.0.id: T.1 is not written as it should be"),
        ("tasks.0.minutes", 0, "tasks.0.minutes: 0 is too small, the least is 1"),
        ("tasks.0.minutes", 601, "tasks.0.minutes: 601 is too large, the most is 600"),
        ("tasks.0.text", "", "tasks.0.text: The text may not be empty"),
        ("tasks.0.model", None, "tasks.0.model: A text is wanted, not null"),
        ("tasks.0.observed", "yes", "tasks.0.observed: true or false is wanted, not yes"),
        ("tasks.0.criteria", [], "tasks.0.criteria: The list may not be empty"),
        ("tasks.0.criteria.0.marks", True, "tasks.0.criteria.0.marks: true is not accepted here"),
        ("tasks.0.criteria.0.marks", 6.5, "tasks.0.criteria.0.marks: 6.5 is not accepted here"),
        ("tasks.0.criteria.0.marks", "1e9", "tasks.0.criteria.0.marks: 1e9 is not accepted here"),
        ("tasks.0.criteria.0.marks", 0, "tasks.0.criteria.0.marks: 0 is too small, the least is 0.1"),
        ("tasks.0.criteria.0.step", 0, "tasks.0.criteria.0.step: 0 is too small, the least is 0.1"),
        ("tasks.0.criteria.0.step", "0.09", "tasks.0.criteria.0.step: 0.09 is too small, the least is 0.1"),
        ("tasks.0.criteria.0.step", -1, "tasks.0.criteria.0.step: -1 is not accepted here"),
        ("tasks.0.criteria.0.grades", [], "tasks.0.criteria.0.grades: The list may not be empty"),
        ("tasks.0.criteria.0.grades.0.marks", "full", "tasks.0.criteria.0.grades.0.marks: full is not accepted here"),
        ("tasks.0.criteria.0.parts", [0], "tasks.0.criteria.0.parts.0: 0 is too small, the least is 1"),
        ("tasks.1.vetoes.0.scope", "all", "tasks.1.vetoes.0.scope: all is not one of 'task' or 'whole'"),
        ("tasks.0.files.0.name", "a/b.xlsx", "tasks.0.files.0.name: a/b.xlsx is not written as it should be"),
        ("tasks.0.files.0.name", ".xlsx", "tasks.0.files.0.name: .xlsx is not written as it should be"),
        ("tasks.0.files.0.digest", "ff", "tasks.0.files.0.digest: ff is not written as it should be"),
        ("tasks.0.parts.0.kind", "riddle", "tasks.0.parts.0.kind: riddle is not one of single_choice"),
        ("tasks.0.parts.0.stem", "", "tasks.0.parts.0.stem: The text may not be empty"),
        ("tasks.0.parts.0.key", "64", "tasks.0.parts.0.key: Keys with values are wanted, not 64"),
        ("tasks.0.parts.0.body", {"colour": 1}, "tasks.0.parts.0.body.colour: This key is unknown"),
        ("tasks.0.parts.0.section", "collection", "tasks.0.parts.0.section: This key is unknown"),
        ("tasks.0.parts.0.samples", [{"answer": 7, "fraction": 1}], "tasks.0.parts.0.samples.0.answer: This is not an answer"),
        ("tasks.0.parts.0.policy", "each_right", "tasks.0.parts.0.policy: each_right is not one of all_or_nothing"),
        ("tasks.0.parts.0.policy", [7], "tasks.0.parts.0.policy: [7] is not one of all_or_nothing"),
        ("tasks.0.parts.2.policy", "all_or_nothing", "tasks.0.parts.2.policy: Only examiners can score a part of this kind"),
    ],
)
def test_what_a_record_may_not_hold_is_told_with_its_place(place: str, value: object, words: str) -> None:
    (finding,) = findings_after(lambda record: put(record, place, value))

    assert finding.startswith(words)


def test_everything_is_told_at_once() -> None:
    def spoil(record: Record) -> None:
        put(record, "title", "")
        put(record, "tasks.0.parts.0.key", "64")
        put(record, "tasks.0.parts.1.policy", "neighbours")
        put(record, "tasks.0.files.0", {"name": "别的.xlsx", "title": "资料"})
        put(record, "tasks.1.criteria.0.marks", "viel")

    assert [finding.partition(":")[0] for finding in findings_after(spoil)] == [
        "title",
        "tasks.1.criteria.0.marks",
        "tasks.0.parts.0.key",
        "tasks.0.parts.1.policy",
        "tasks.0.files.0.name",
    ]


@pytest.mark.parametrize("name", ["schema", "id", "title", "level", "component", "tasks"])
def test_a_key_that_is_missing_is_told(name: str) -> None:
    assert findings_after(lambda record: record.pop(name)) == [f"{name}: This key is missing"]


@pytest.mark.parametrize("name", ["kind", "stem", "key"])
def test_a_key_that_a_part_lacks_is_told(name: str) -> None:
    part = {key: value for key, value in NUMERIC_PART.items() if key != name}

    assert findings_after(lambda record: put(record, "tasks.0.parts.0", part)) == [f"tasks.0.parts.0.{name}: This key is missing"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**12) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "key", "stem", "name", "id", "marks"]), inner, max_size=3),
    max_leaves=8,
)
PLACES = [
    "tasks",
    "tasks.0",
    "tasks.0.parts",
    "tasks.0.parts.0",
    "tasks.0.parts.0.kind",
    "tasks.0.parts.1.body",
    "tasks.0.files",
    "tasks.0.files.0.name",
]
PLACES += ["tasks.0.criteria.0.grades", "tasks.0.criteria.1.parts", "tasks.0.parts.0.policy", "tasks.0.parts.0.samples", "id", "tasks.1.vetoes"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PLACES), JSON)
def test_no_value_in_any_place_makes_a_traceback(place: str, value: object) -> None:
    record = skills_record()
    put(record, place, value)
    task_set, findings = task_set_from(record, {})

    assert (task_set is None) == bool(findings)
