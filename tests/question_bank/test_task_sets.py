"""The task sets: keys follow from the case files as candidates open them, wrong methods earn nothing, models say the same figures."""

import re
from collections.abc import Mapping
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from question_bank.checks.tasks import check_task_set
from question_bank.kinds import KINDS, PartialCredit
from question_bank.kinds.essay import ESSAY
from question_bank.pack import PACKS
from question_bank.task import Task, TaskSet
from tests.question_bank.builders import CODE, STANDARD
from tests.question_bank.computed_set_l1_b import COMPUTED_L1_B, JUDGED_L1_B
from tests.question_bank.computed_set_l4_b import COMPUTED_4_B
from tests.question_bank.computed_set_level_2_b import COMPUTED_2_B
from tests.question_bank.computed_sets_level_3 import COMPUTED_3, JUDGED_3, RULES, TASKS_3, outdated
from tests.question_bank.computed_tasks import COMPUTED, JUDGED
from tests.question_bank.given import typed
from tests.question_bank.given_files import SETS, TASKS, Answer, Computed

SKILLS_1, SKILLS_2, SKILLS_3, SKILLS_4 = ("L1-A", "L1-B"), ("L2-A", "L2-B"), ("L3-A", "L3-B"), ("L4-A", "L4-B")
OTHER_SKILLS, REVIEWS = (*SKILLS_4, *SKILLS_2, *SKILLS_1), ("L2-REVIEW", "L1-REVIEW")
ITEMS = {part.item.id: part.item for task in TASKS.values() for part in task.parts}
WITH_MODELS = [*TASKS_3.values(), *SETS["L2-B"].tasks]
"""The tasks whose models say every number."""
ESSAYS = [part.item.id for task in WITH_MODELS for part in task.parts if part.item.kind == ESSAY.name]
ALL_COMPUTED = COMPUTED_3 | COMPUTED | COMPUTED_L1_B | COMPUTED_4_B | COMPUTED_2_B
WRONG = [(part, place) for part, computed in ALL_COMPUTED.items() for place in range(len(computed.wrong))]
MORE_DECIMALS = 3
LARGEST_FILE = 200 * 1024


def places_of(key: object) -> int:
    """Return how many decimals a number of a key has."""
    return len(key["value"].partition(".")[2]) if isinstance(key, Mapping) and "value" in key else 0


def earned(part: str, answer: Answer, more: int = 0) -> Fraction | None:
    """Return the share that an answer earns where each cell counts, written with as many decimals as the key or `more`."""
    item = ITEMS[part]
    kind = KINDS[item.kind]
    if isinstance(answer, Mapping):
        response = {cell: typed(worth, places_of(item.key["cells"][cell]) + more) for cell, worth in answer.items()}
    else:
        response = typed(answer, places_of(item.key) + more)
    return kind.fraction(kind.marking_key(item, {}), response, PartialCredit.EACH_RIGHT)


def test_all_sets_are_tried() -> None:
    assert {*SKILLS_3, *OTHER_SKILLS, *REVIEWS} == SETS.keys()


@pytest.mark.parametrize("task_set", SETS.values(), ids=SETS)
def test_a_set_is_without_fault(task_set: TaskSet) -> None:
    assert check_task_set(task_set, STANDARD) == []


@pytest.mark.parametrize("name", [*SKILLS_3, *OTHER_SKILLS])
def test_a_skills_set_takes_75_to_120_minutes_and_has_files_of_several_types(name: str) -> None:
    types = {file.name.rpartition(".")[2] for task in SETS[name].tasks for file in task.files}

    assert 75 <= SETS[name].minutes <= 120
    assert types == {"xlsx", "docx", "pdf"} if name in SKILLS_3 else len(types) >= 2


def test_the_files_are_small() -> None:
    assert [file.name for task in TASKS.values() for file in task.files if file.size > LARGEST_FILE] == []


@pytest.mark.parametrize("pair", [SKILLS_1, SKILLS_2, SKILLS_3, SKILLS_4], ids=["L1", "L2", "L3", "L4"])
def test_the_two_sets_of_a_level_share_no_file_and_no_title(pair: tuple[str, str]) -> None:
    one, other = ({task.title for task in SETS[name].tasks} | {file.digest for task in SETS[name].tasks for file in task.files} for name in pair)

    assert one.isdisjoint(other)


@pytest.mark.parametrize("name", REVIEWS)
def test_a_review_judges_what_was_handed_in_and_the_defence(name: str) -> None:
    assert [task.marks for task in SETS[name].tasks] == [40, 60]
    assert all(not task.parts for task in SETS[name].tasks)


# ---------------------------------------------------------------- the case files


def content_of(path: Path) -> object:
    """Return what a file says: the cells of a workbook, the words of a document, the letters of a PDF."""
    if path.suffix == ".xlsx":
        return [(sheet.title, list(sheet.iter_rows(values_only=True))) for sheet in load_workbook(path)]
    if path.suffix == ".docx":
        document = Document(path)
        return [each.text for each in document.paragraphs], [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return "".join("".join(page.extract_text() for page in PdfReader(path).pages).split())


def contents(folder: Path) -> dict[str, object]:
    """Return what the files of a folder say, without its pictures."""
    return {path.name: content_of(path) for path in folder.iterdir() if path.suffix != ".png"}


def script_run(name: str, into: Path) -> ModuleType:
    """Return the script of a set after it has written its workbooks and documents."""
    spec = spec_from_file_location(name, PACKS / CODE / "tasks" / name / "make_files.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    script.FILES = into
    for write in script.WRITERS:
        write()
    return script


@pytest.mark.parametrize("name", [*SKILLS_3, *OTHER_SKILLS])
def test_the_files_say_what_the_script_beside_them_says(name: str, tmp_path: Path) -> None:
    script = script_run(name, tmp_path)
    made, there = contents(tmp_path), contents(PACKS / CODE / "tasks" / name / "files")
    if name in SKILLS_3:
        (pdf,) = there.keys() - made.keys()
        made[pdf] = "".join(re.sub("<[^>]*>", "", script.page().partition("<body>")[2]).split())

    assert there == made


# ---------------------------------------------------------------- the keys and the models


def test_every_number_and_every_table_is_computed() -> None:
    assert {part for part, item in ITEMS.items() if item.kind in ("numeric", "table")} - ALL_COMPUTED.keys() == JUDGED_3 | JUDGED | JUDGED_L1_B


@pytest.mark.parametrize("more", [0, MORE_DECIMALS])
@pytest.mark.parametrize(("part", "computed"), ALL_COMPUTED.items(), ids=ALL_COMPUTED)
def test_the_key_is_what_files_and_texts_make(part: str, computed: Computed, more: int) -> None:
    assert earned(part, computed.right(), more) == 1


@pytest.mark.parametrize(("part", "computed"), ALL_COMPUTED.items(), ids=ALL_COMPUTED)
def test_the_right_answer_is_written_as_the_key_is(part: str, computed: Computed) -> None:
    answer, key = computed.right(), ITEMS[part].key
    cells = {cell: (worth, key["cells"][cell]) for cell, worth in answer.items()} if isinstance(answer, Mapping) else {"": (answer, key)}

    assert {cell: typed(worth, places_of(right)) for cell, (worth, right) in cells.items() if places_of(right)} == {
        cell: right["value"] for cell, (_worth, right) in cells.items() if places_of(right)
    }


@pytest.mark.parametrize(("part", "place"), WRONG)
def test_a_wrong_method_earns_nothing(part: str, place: int) -> None:
    assert earned(part, ALL_COMPUTED[part].wrong[place]()) == 0


def test_the_archives_to_bring_up_to_date_are_those_of_the_key() -> None:
    item = ITEMS["L3-A.T3.4"]

    assert {option.text.split()[0] for option in item.options if option.letter in item.key} == outdated()


@pytest.mark.parametrize(("task", "rules"), RULES.items(), ids=RULES)
def test_the_text_says_the_rules_of_the_formulas(task: str, rules: tuple[str, ...]) -> None:
    assert [rule for rule in rules if rule not in TASKS[task].case.text] == []


@pytest.mark.parametrize("task", WITH_MODELS, ids=lambda task: task.case.id)
def test_the_model_says_every_number_of_the_keys(task: Task) -> None:
    keys = [cell for part in task.parts for cell in (part.item.key["cells"].values() if part.item.kind == "table" else [part.item.key])]
    numbers = {key["value"].removeprefix("-") for key in keys if isinstance(key, Mapping) and "value" in key}

    assert {number for number in numbers - {"0"} if number.removesuffix(".0") not in task.model} == set()


@pytest.mark.parametrize("part", ESSAYS)
def test_a_model_answer_is_as_long_as_answers_may_be(part: str) -> None:
    assert ITEMS[part].body["least"] <= len(ITEMS[part].key["model"].strip()) <= ITEMS[part].body["most"]
