"""One planted fault of each kind in a task set is found, with its place; what is no fault is let pass."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from question_bank.checks import check_bank
from question_bank.checks.tasks import check_task_set, check_task_sets
from question_bank.record import Record
from question_bank.standard import Standard
from question_bank.task import TaskSet
from question_bank.task_record import task_set_from
from tests.question_bank.builders import STANDARD, make_item, make_pack
from tests.question_bank.task_builders import ESSAY_PART, FILE, NUMERIC_PART, review_record, skills_record

PICTURE = "0" * 64
SHORT = {"kind": "short_text", "stem": "说明理由。", "key": {"model": "先核对", "elements": [{"any": ["核对"], "share": "1"}]}}


def read(record: Record) -> TaskSet:
    """Return the set that a record holds."""
    task_set, findings = task_set_from(record, {})
    assert task_set is not None, findings
    return task_set


def faults(record: Record, standard: Standard = STANDARD, **more: Any) -> list[str]:
    """Return what the checks say of a record's set, as people read it."""
    return [str(fault) for fault in check_task_set(read(record), standard, **more)]


def after(change: Callable[[Record], object]) -> list[str]:
    """Return what the checks say of the faultless skills set after a change."""
    record = skills_record()
    change(record)
    return faults(record)


def criterion(record: Record, task: int = 0, index: int = 0) -> Record:
    return record["tasks"][task]["criteria"][index]


@pytest.mark.parametrize("record", [skills_record(), review_record()], ids=["skills", "review"])
def test_a_faultless_set_has_no_fault(record: Record) -> None:
    assert faults(record) == []


# ---------------------------------------------------------------- level, sums, tags


def test_an_unknown_level_is_found() -> None:
    assert after(lambda record: record.update(level="L9")) == ["L3-A: level: The standard has no level L9"]


def test_a_component_that_the_level_does_not_have_is_found() -> None:
    assert faults(review_record() | {"level": "L3"}) == ["L2-REVIEW: component: The level L3 has no 综合评审 that is judged by tasks"]


@pytest.mark.parametrize(("marks", "step"), [(19, 1), (21, 1), ("20.5", "0.5")])
def test_a_section_that_has_not_exactly_its_weight_is_found(marks: int | str, step: int | str) -> None:
    def spoil(record: Record) -> None:
        criterion(record).update(marks=marks, step=step, grades=[{"marks": marks, "text": "完整"}])

    given = {"20.5": "50.5"}.get(str(marks), str(30 + int(float(marks))))
    assert after(spoil) == [f"L3-A: criteria: 客户资信管理 must have 50 marks, its criteria add up to {given}"]


def test_marks_that_went_to_another_section_are_found_in_both() -> None:
    def spoil(record: Record) -> None:
        criterion(record, index=2).update(section="collection", point="L3.S3.1.1")

    assert after(spoil) == [
        "L3-A: criteria: 全程信控 must have 20 marks, its criteria add up to 0",
        "L3-A: criteria: 商账追收 must have 30 marks, its criteria add up to 50",
    ]


def test_a_review_adds_up_to_its_full_mark() -> None:
    record = review_record()
    criterion(record).update(marks=40, grades=[{"marks": 40, "text": "充分"}])

    assert faults(record) == ["L2-REVIEW: criteria: The criteria must add up to 100 marks, they add up to 99.5"]


@pytest.mark.parametrize("section", ["credit_approval", "ethics", None])
def test_a_section_without_marks_is_found(section: str | None) -> None:
    assert any(
        line.startswith(f"L3-A: T2.1.section: “{section or ''}” is no section with marks here; these are: collection, customer")
        for line in after(lambda record: criterion(record, 1).update(section=section))
    )


@pytest.mark.parametrize("point", ["L3.K3.1.1", "L2.S3.1.1", "L3.S9.9.9", None])
def test_a_point_that_is_no_skill_of_the_level_is_found(point: str | None) -> None:
    assert after(lambda record: criterion(record, 1).update(point=point)) == [
        f"L3-A: T2.1.point: “{point or ''}” is no point that the level L3 assesses here",
    ]


def test_a_point_of_another_section_is_found() -> None:
    assert after(lambda record: criterion(record, 1).update(point="L3.S1.1.1")) == [
        "L3-A: T2.1.point: The point L3.S1.1.1 belongs to the section customer_credit_management",
    ]


@pytest.mark.parametrize("tags", [{"section": "collection"}, {"point": "L2.S3.1.1"}])
def test_tags_in_a_review_are_found(tags: Record) -> None:
    record = review_record()
    criterion(record).update(tags)

    assert faults(record) == ["L2-REVIEW: R1.1: This component has no weights: a criterion names neither section nor point"]


# ---------------------------------------------------------------- ids


def test_ids_that_stand_twice_are_found() -> None:
    def spoil(record: Record) -> None:
        record["tasks"][1]["id"] = "T1"
        criterion(record, 1)["id"] = "T1.1"
        record["tasks"][1]["vetoes"][0]["id"] = "T1.V"
        record["tasks"][0]["vetoes"] = [{"id": "T1.V", "scope": "whole", "text": "舞弊"}]

    assert [line for line in after(spoil) if "stands" in line] == [
        "L3-A: T1: The id stands 2 times in the set",
        "L3-A: T1.1: The id stands 2 times in the set",
        "L3-A: T1.V: The id stands 2 times in the set",
    ]


def test_one_id_for_a_criterion_and_a_veto_is_found() -> None:
    assert after(lambda record: record["tasks"][1]["vetoes"][0].update(id="T2.1")) == ["L3-A: T2.1: The id stands 2 times in the set"]


@pytest.mark.parametrize("wrong", ["T1.9", "T2", "T22.1"])
def test_an_id_that_is_not_called_after_its_task_is_found(wrong: str) -> None:
    line = f"L3-A: {wrong}: The id must begin with that of its task: T2."

    assert after(lambda record: criterion(record, 1).update(id=wrong)) == [line]
    assert after(lambda record: record["tasks"][1]["vetoes"][0].update(id=wrong)) == [line]


# ---------------------------------------------------------------- steps and grades


@pytest.mark.parametrize(("step", "found"), [(1, 0), (2, 0), ("0.5", 0), (20, 0), (3, 2), ("0.3", 2), (40, 2)])
def test_marks_that_are_no_multiple_of_the_step_are_found(step: int | str, found: int) -> None:
    def spoil(record: Record) -> None:
        criterion(record).update(step=step, grades=[{"marks": 20, "text": "完整"}])

    lines = after(spoil)

    assert lines == [f"L3-A: T1.1.{place}: 20 marks are no multiple of the step {step}" for place in ("marks", "grades[0]")[:found]]


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([20], ""),
        ([20, 1], ""),
        ([20, 0], ""),
        ([19, 0], "The first grade must earn all 20 marks"),
        ([21, 0], "The first grade must earn all 20 marks"),
        ([20, 10, 10], "The grades must go down, each to fewer marks"),
        ([20, 0, 10], "The grades must go down, each to fewer marks"),
    ],
)
def test_grades_go_down_from_all_marks(marks: list[int], words: str) -> None:
    lines = after(lambda record: criterion(record).update(grades=[{"marks": mark, "text": "程度"} for mark in marks]))

    assert lines == ([f"L3-A: T1.1.grades: {words}"] if words else [])


def test_a_grade_out_of_steps_is_found() -> None:
    def spoil(record: Record) -> None:
        criterion(record).update(step=2, grades=[{"marks": mark, "text": "程度"} for mark in (20, 11, 0)])

    assert after(spoil) == ["L3-A: T1.1.grades[1]: 11 marks are no multiple of the step 2"]


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("title", lambda record: record.update(title=" ")),
        ("T1.title", lambda record: record["tasks"][0].update(title="\n")),
        ("T1.text", lambda record: record["tasks"][0].update(text="　")),
        ("T1.model", lambda record: record["tasks"][0].update(model=" ")),
        ("T1.files[0].title", lambda record: record["tasks"][0].update(files=[FILE | {"title": " "}])),
        ("T1.1.text", lambda record: criterion(record).update(text=" ")),
        ("T2.V.text", lambda record: record["tasks"][1]["vetoes"][0].update(text=" ")),
        ("T1.1.grades[1].text", lambda record: criterion(record)["grades"][1].update(text=" ")),
    ],
)
def test_blank_texts_are_found(place: str, change: Callable[[Record], object]) -> None:
    assert after(change) == [f"L3-A: {place}: The text may not be empty"]


# ---------------------------------------------------------------- parts and proposals


def test_a_part_that_is_not_there_is_found() -> None:
    assert after(lambda record: criterion(record, index=1).update(parts=[1, 3, 4])) == [
        "L3-A: T1.2.parts: The task has no part 4, it has 3",
    ]


def test_a_part_that_a_criterion_names_twice_is_found() -> None:
    assert after(lambda record: criterion(record, index=1).update(parts=[1, 3, 3])) == ["L3-A: T1.2.parts: A part is named twice"]


def test_a_part_that_nobody_judges_is_found() -> None:
    assert after(lambda record: criterion(record, index=1).update(parts=[1])) == [
        "L3-A: T1.parts[2]: No criterion judges this part (number 3)",
    ]


def test_only_an_observed_task_may_lack_parts() -> None:
    assert after(lambda record: record["tasks"][1].update(observed=False)) == [
        "L3-A: T2: There is nothing to answer: a task that is not observed needs a part",
    ]


def test_an_observed_task_may_have_parts() -> None:
    def change(record: Record) -> None:
        record["tasks"][1]["parts"] = [ESSAY_PART]
        criterion(record, 1)["parts"] = [1]

    assert after(change) == []


def test_a_proposal_without_parts_is_found() -> None:
    assert after(lambda record: criterion(record, 1).update(proposed=True)) == [
        "L3-A: T2.1.proposed: A mark cannot be proposed without parts to compute it from",
    ]


def test_a_proposal_from_a_part_that_examiners_score_is_found() -> None:
    def spoil(record: Record) -> None:
        criterion(record).update(proposed=False)
        criterion(record, index=1).update(proposed=True)

    assert after(spoil) == ["L3-A: T1.2.proposed: A mark cannot be proposed: examiners score part 3"]


def test_a_proposal_from_a_short_answer_is_found() -> None:
    assert after(lambda record: record["tasks"][0]["parts"].__setitem__(0, SHORT)) == [
        "L3-A: T1.1.proposed: A mark cannot be proposed: examiners score part 1",
    ]


def test_a_part_that_proposes_to_two_criteria_is_found() -> None:
    assert after(lambda record: criterion(record, index=2).update(parts=[1, 2])) == [
        "L3-A: T1.parts[0]: Part 1 proposes to 2 criteria; it may propose to one",
    ]


def test_a_part_that_its_kind_objects_to_is_found_in_its_place() -> None:
    part = NUMERIC_PART | {"options": {"A": "甲"}}

    (line,) = after(lambda record: record["tasks"][0]["parts"].__setitem__(0, part))
    assert line.startswith("L3-A: T1.parts[0].options: ")


@pytest.mark.parametrize(
    ("part", "samples", "words"),
    [
        (0, [{"answer": "136", "fraction": 1}], "samples: One full and one worthless sample response are wanted"),
        (0, [], "samples: One full and one worthless sample response are wanted"),
        (0, [{"answer": "137", "fraction": 1}, {"answer": "1", "fraction": 0}], "samples[0]: The sample says 1 but earns 0"),
        (2, [{"answer": "致", "fraction": 0}], "samples: Only examiners can score an item of this kind; it has no sample responses"),
    ],
)
def test_samples_that_are_missing_or_wrong_are_found(part: int, samples: list[Record], words: str) -> None:
    assert after(lambda record: record["tasks"][0]["parts"][part].update(samples=samples)) == [f"L3-A: T1.parts[{part}].{words}"]


def test_samples_are_marked_by_the_policy_of_the_part() -> None:
    assert after(lambda record: record["tasks"][0]["parts"][1].update(policy="all_or_nothing")) == [
        "L3-A: T1.parts[1].samples[1]: The sample says 1/2 but earns 0",
    ]


@pytest.mark.parametrize(
    ("samples", "lines"),
    [
        ([], []),
        ([{"answer": "核对", "fraction": 1}, {"answer": "发函", "fraction": 0}], []),
        ([{"answer": "核对", "fraction": 0}, {"answer": "核对了", "fraction": 1}], ["L3-A: T1.parts[2].samples[0]: The sample says 0 but earns 1"]),
    ],
)
def test_a_short_answer_needs_no_samples_but_those_it_has_must_hold(samples: list[Record], lines: list[str]) -> None:
    assert after(lambda record: record["tasks"][0]["parts"].__setitem__(2, SHORT | {"samples": samples})) == lines


# ---------------------------------------------------------------- files and texts


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"size": 5 * 1024 * 1024}, ""),
        ({"size": 5 * 1024 * 1024 + 1}, "is empty or larger than 5 MB"),
        ({"size": 1}, ""),
        ({"size": 0}, "is empty or larger than 5 MB"),
        ({"name": "表.docx"}, ""),
        ({"name": "表.xlsm"}, "is none of these types: xlsx, docx, pdf, png, jpg, csv, txt"),
        ({"name": "表.XLSX"}, "is none of these types: xlsx, docx, pdf, png, jpg, csv, txt"),
        ({"name": "表"}, "is none of these types: xlsx, docx, pdf, png, jpg, csv, txt"),
    ],
)
def test_files_of_other_types_empty_or_too_large_are_found(change: Record, words: str) -> None:
    file = FILE | change

    assert after(lambda record: record["tasks"][0].update(files=[file])) == ([f"L3-A: T1.files[0]: {file['name']} {words}"] if words else [])


def test_a_file_that_a_task_names_twice_is_found() -> None:
    assert after(lambda record: record["tasks"][0].update(files=[FILE, FILE])) == ["L3-A: T1.files: 客户资料.xlsx is named 2 times"]


def test_two_tasks_may_name_one_file() -> None:
    assert after(lambda record: record["tasks"][1].update(files=[FILE])) == []


PLACES = {
    "T1.text": lambda record, text: record["tasks"][0].update(text=text),
    "T1.model": lambda record, text: record["tasks"][0].update(model=text),
    "T1.parts[0].stem": lambda record, text: record["tasks"][0]["parts"][0].update(stem=text),
}


@pytest.mark.parametrize("place", PLACES)
def test_formulas_that_cannot_be_read_and_pictures_that_are_not_there_are_found(place: str) -> None:
    record = skills_record()
    PLACES[place](record, rf"$\frac{{1$ ![图](media:{PICTURE})")
    lines = faults(record)

    assert [line.partition(": ")[2].partition(": ")[0] for line in lines] == [place, place]
    assert lines[1].endswith(f"The picture {PICTURE} is not there")
    assert len(faults(record, media={PICTURE})) == 1


# ---------------------------------------------------------------- in a pack


def test_the_bank_check_tells_faults_of_task_sets() -> None:
    record = skills_record()
    criterion(record, 1).update(point="L3.S1.1.1")
    pack = replace(make_pack(make_item()), task_sets=(read(record),))

    assert "L3-A: T2.1.point: The point L3.S1.1.1 belongs to the section customer_credit_management" in map(str, check_bank(pack))


def test_an_id_of_two_sets_is_found() -> None:
    task_set = read(skills_record())
    pack = replace(make_pack(), task_sets=(task_set, replace(task_set, title="别的")))

    assert [str(fault) for fault in check_task_sets(pack)] == ["L3-A: 2 task sets have this id"]


def test_an_item_with_the_id_of_a_part_is_found() -> None:
    pack = replace(make_pack(make_item("L3-A.T1.3"), make_item("L3-A.T1.4")), task_sets=(read(skills_record()),))

    assert [str(fault) for fault in check_task_sets(pack)] == ["L3-A.T1.3: A part of a task has this id too"]


def test_pictures_of_the_pack_are_there() -> None:
    record = skills_record()
    record["tasks"][0]["text"] = f"![图](media:{PICTURE})"
    pack = replace(make_pack(), task_sets=(read(record),))

    assert len(check_task_sets(pack)) == 1
    assert check_task_sets(replace(pack, media={PICTURE: None})) == []
