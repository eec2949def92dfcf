"""The task sets of level 3: keys follow from the case files as candidates open them, wrong methods earn nothing, models say the same figures."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

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
from tests.question_bank.computed_sets_level_3 import COMPUTED, JUDGED, RULES, SETS, TASKS, Answer, Computed, Worth, outdated

ITEMS = {part.item.id: part.item for task in TASKS.values() for part in task.parts}
WRONG = [(part, place) for part, computed in COMPUTED.items() for place in range(len(computed.wrong))]
MORE_DECIMALS = 3
LARGEST_FILE = 200 * 1024


def places_of(key: Mapping) -> int:
    """Return how many decimals a number of a key has."""
    return len(key["value"].partition(".")[2]) if isinstance(key, Mapping) and "value" in key else 0


def typed(worth: Worth, places: int) -> str:
    """Return a value as a candidate writes it down, rounded half up."""
    if isinstance(worth, str):
        return worth
    exact = Decimal(Fraction(worth).numerator) / Decimal(Fraction(worth).denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def earned(part: str, answer: Answer, more: int = 0) -> Fraction | None:
    """Return the share that an answer earns where each cell counts, written with as many decimals as the key or `more`."""
    item = ITEMS[part]
    kind = KINDS[item.kind]
    if isinstance(answer, Mapping):
        response = {cell: typed(worth, places_of(item.key["cells"][cell]) + more) for cell, worth in answer.items()}
    else:
        response = typed(answer, places_of(item.key) + more)
    return kind.fraction(kind.marking_key(item, {}), response, PartialCredit.EACH_RIGHT)


@pytest.mark.parametrize("task_set", SETS.values(), ids=SETS)
def test_a_set_is_without_fault(task_set: TaskSet) -> None:
    assert check_task_set(task_set, STANDARD) == []


@pytest.mark.parametrize("task_set", SETS.values(), ids=SETS)
def test_a_set_takes_75_to_90_minutes_and_has_small_files_of_three_types(task_set: TaskSet) -> None:
    files = [file for task in task_set.tasks for file in task.files]

    assert 75 <= task_set.minutes <= 90
    assert {file.name.rpartition(".")[2] for file in files} == {"xlsx", "docx", "pdf"}
    assert [file.name for file in files if file.size > LARGEST_FILE] == []


def content_of(path: Path) -> object:
    """Return what a file says: the cells of a workbook, the words of a document, the letters of a PDF."""
    if path.suffix == ".xlsx":
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path)}
    if path.suffix == ".docx":
        document = Document(path)
        return [each.text for each in document.paragraphs], [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return "".join("".join(page.extract_text() for page in PdfReader(path).pages).split())


@pytest.mark.parametrize("name", SETS)
def test_the_files_say_what_the_script_beside_them_says(name: str, tmp_path: Path) -> None:
    folder = PACKS / CODE / "tasks" / name
    spec = spec_from_file_location(name, folder / "make_files.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    script.FILES = tmp_path
    for write in script.WRITERS:
        write()
    made = {path.name: content_of(path) for path in tmp_path.iterdir()}
    there = {path.name: content_of(path) for path in (folder / "files").iterdir()}
    (pdf,) = there.keys() - made.keys()
    body = script.page().partition("<body>")[2]

    assert there == made | {pdf: "".join(re.sub("<[^>]*>", "", body).split())}


def test_the_two_sets_share_no_file_and_no_title() -> None:
    one, other = ({task.title for task in each.tasks} | {file.digest for task in each.tasks for file in task.files} for each in SETS.values())

    assert one.isdisjoint(other)


def test_every_number_and_every_table_is_computed() -> None:
    assert {part for part, item in ITEMS.items() if item.kind in ("numeric", "table")} - set(COMPUTED) == JUDGED


@pytest.mark.parametrize("more", [0, MORE_DECIMALS])
@pytest.mark.parametrize(("part", "computed"), COMPUTED.items(), ids=COMPUTED)
def test_the_key_is_what_the_files_make(part: str, computed: Computed, more: int) -> None:
    assert earned(part, computed.right(), more) == 1


def test_the_archives_to_bring_up_to_date_are_those_of_the_key() -> None:
    item = ITEMS["L3-A.T3.4"]

    assert {option.text.split()[0] for option in item.options if option.letter in item.key} == outdated()


@pytest.mark.parametrize(("part", "place"), WRONG)
def test_a_wrong_method_earns_nothing(part: str, place: int) -> None:
    assert earned(part, COMPUTED[part].wrong[place]()) == 0


@pytest.mark.parametrize(("task", "rules"), RULES.items(), ids=RULES)
def test_the_text_says_the_rules_of_the_formulas(task: str, rules: tuple[str, ...]) -> None:
    assert [rule for rule in rules if rule not in TASKS[task].case.text] == []


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_the_model_says_every_number_of_the_keys(task: Task) -> None:
    keys = [cell for part in task.parts for cell in (part.item.key["cells"].values() if part.item.kind == "table" else [part.item.key])]
    numbers = {key["value"].removeprefix("-") for key in keys if isinstance(key, Mapping) and "value" in key}

    assert {number for number in numbers - {"0"} if number.removesuffix(".0") not in task.model} == set()


@pytest.mark.parametrize("part", [part for part, item in ITEMS.items() if item.kind == ESSAY.name])
def test_a_model_answer_is_as_long_as_answers_may_be(part: str) -> None:
    assert ITEMS[part].body["least"] <= len(ITEMS[part].key["model"].strip()) <= ITEMS[part].body["most"]
