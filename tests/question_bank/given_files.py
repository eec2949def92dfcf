"""The files of the task sets as candidates open them: their tables and words, and what methods make of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TypeAlias

from docx import Document

from question_bank.pack import load_pack
from tests.question_bank.builders import CODE
from tests.question_bank.given import Worth

PACK = load_pack(CODE)
SETS = {task_set.id: task_set for task_set in PACK.task_sets}
TASKS = {task.case.id: task for task_set in SETS.values() for task in task_set.tasks}
Answer: TypeAlias = Fraction | Mapping[str, Worth]


@dataclass(frozen=True)
class Computed:
    """What a part's right method makes, and what wrong ones do; a wrong one names only what it gets wrong."""

    right: Callable[[], Answer]
    wrong: tuple[Callable[[], Answer], ...] = ()


@cache
def tables_of(document: Path) -> list[list[list[str]]]:
    """Return the tables of a document without their heads."""
    return [[[cell.text for cell in row.cells] for row in table.rows[1:]] for table in Document(document).tables]


@cache
def words_of(document: Path) -> str:
    """Return the paragraphs of a document, a line each."""
    return "\n".join(paragraph.text for paragraph in Document(document).paragraphs)
