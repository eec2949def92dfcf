"""The task sets of levels 4, 2 and 1 and both review sheets: keys follow from what candidates are given, wrong methods earn nothing."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from question_bank.checks.tasks import check_task_set
from question_bank.kinds import KINDS, PartialCredit
from question_bank.pack import PACKS
from question_bank.task import TaskSet
from tests.question_bank.builders import CODE, STANDARD
from tests.question_bank.computed_tasks import COMPUTED, PACK, Answer, Computed
from tests.question_bank.given import Worth

SETS = {task_set.id: task_set for task_set in PACK.task_sets if task_set.id in ("L4-A", "L2-A", "L1-A", "L2-REVIEW", "L1-REVIEW")}
ITEMS = {part.item.id: part.item for task_set in SETS.values() for task in task_set.tasks for part in task.parts}
WRONG = [(part, place) for part, computed in COMPUTED.items() for place in range(len(computed.wrong))]
JUDGED = {"L2-A.T5.1"}
"""A table that asks what the law says of five clauses; no figure decides it."""
LARGEST_FILE = 200 * 1024


def typed(worth: Worth, places: int) -> str:
    """Return a value as a candidate writes it down, rounded half up."""
    if isinstance(worth, str):
        return worth
    exact = Decimal(worth.numerator) / Decimal(worth.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def places_of(key: object) -> int:
    """Return how many decimals a number of a key has."""
    return len(key["value"].partition(".")[2]) if isinstance(key, Mapping) and "value" in key else 0


def earned(part: str, answer: Answer, more: int = 0) -> Fraction | None:
    """Return the share that an answer earns where each cell counts, written with as many decimals as the key or `more`."""
    item = ITEMS[part]
    kind = KINDS[item.kind]
    if isinstance(answer, Fraction):
        response = typed(answer, places_of(item.key) + more)
    else:
        response = {cell: typed(worth, places_of(item.key["cells"][cell]) + more) for cell, worth in answer.items()}
    return kind.fraction(kind.marking_key(item, {}), response, PartialCredit.EACH_RIGHT)


def content_of(path: Path) -> list:
    """Return what a workbook or a document says."""
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(path)
        return [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    document = Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


@pytest.mark.parametrize("task_set", SETS.values(), ids=SETS)
def test_a_set_follows_the_standard(task_set: TaskSet) -> None:
    assert check_task_set(task_set, STANDARD) == []


@pytest.mark.parametrize("name", ["L4-A", "L2-A", "L1-A"])
def test_a_skills_set_can_be_done_in_its_time_with_files_of_two_types(name: str) -> None:
    files = {file.name.rpartition(".")[2] for task in SETS[name].tasks for file in task.files}

    assert 75 <= SETS[name].minutes <= 90
    assert len(files) >= 2


def test_the_files_are_small() -> None:
    assert [file.name for task_set in SETS.values() for task in task_set.tasks for file in task.files if file.size > LARGEST_FILE] == []


def test_every_number_and_every_table_is_computed() -> None:
    assert {part for part, item in ITEMS.items() if item.kind in ("numeric", "table")} - set(COMPUTED) == JUDGED


@pytest.mark.parametrize("more", [0, 3])
@pytest.mark.parametrize(("part", "computed"), COMPUTED.items(), ids=COMPUTED)
def test_the_key_is_what_files_and_texts_make(part: str, computed: Computed, more: int) -> None:
    assert earned(part, computed.right(), more) == 1


@pytest.mark.parametrize(("part", "computed"), COMPUTED.items(), ids=COMPUTED)
def test_the_right_answer_is_written_as_the_key_is(part: str, computed: Computed) -> None:
    answer, key = computed.right(), ITEMS[part].key
    cells = {cell: (worth, key["cells"][cell]) for cell, worth in answer.items()} if isinstance(answer, Mapping) else {"": (answer, key)}

    assert {cell: typed(worth, places_of(right)) for cell, (worth, right) in cells.items() if places_of(right)} == {
        cell: right["value"] for cell, (_worth, right) in cells.items() if places_of(right)
    }


@pytest.mark.parametrize(("part", "place"), WRONG)
def test_a_wrong_method_earns_nothing(part: str, place: int) -> None:
    assert earned(part, COMPUTED[part].wrong[place]()) == 0


@pytest.mark.parametrize("name", ["L4-A", "L2-A", "L1-A"])
def test_the_files_hold_the_figures_of_the_script_beside_them(name: str, tmp_path: Path) -> None:
    folder = PACKS / CODE / "tasks" / name
    spec = spec_from_file_location(name, folder / "make_files.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    script.FILES = tmp_path
    for write in script.WRITERS:
        write()

    assert {path.name: content_of(path) for path in tmp_path.iterdir()} == {
        path.name: content_of(path) for path in (folder / "files").iterdir() if path.suffix != ".png"
    }


@pytest.mark.parametrize("name", ["L2-REVIEW", "L1-REVIEW"])
def test_a_review_judges_what_was_handed_in_and_the_defence(name: str) -> None:
    assert [task.marks for task in SETS[name].tasks] == [40, 60]
    assert all(not task.parts for task in SETS[name].tasks)
