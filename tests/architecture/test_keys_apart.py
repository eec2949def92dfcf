"""Answer keys stay apart: the tables of keys have three doors, and nothing that delivers papers goes through any of them."""

import ast

import pytest

from tests.architecture.sources import Source, source, sources

TABLES = {"PaperKeyRow", "ItemKeyRow", "ItemDraftRow", "CaseDraftRow", "ItemImportRow", "TaskSetRow"}
MAY_OPEN = {
    "examsrv/services/banking.py",
    "examsrv/services/drawing.py",
    "examsrv/services/papers.py",
    "examsrv/services/paper_keys.py",
    # files of items, held against the bank
    "examsrv/services/importing_items.py",
    "examsrv/services/item_import_plan.py",
    # drafts, which hold keys: written, reviewed, checked, and listed without them
    "examsrv/services/item_drafts.py",
    "examsrv/services/item_faults.py",
    "examsrv/services/listing_items.py",
    "examsrv/services/reviewing_items.py",
    "examsrv/services/viewing_items.py",
    "examsrv/services/writing_items.py",
    # task sets, which hold keys, rubric and model answers
    "examsrv/services/importing_task_sets.py",
    "examsrv/services/task_sets.py",
}
OF_TASK_SETS = {"task_set_with_keys", "task_set_of_paper", "task_set_of_attempt"}
DOORS = OF_TASK_SETS | {"paper_keys", "key_digests", "items_with_keys", "draft_of", "read_draft", "record_of_draft", "record_of_version"}
MAY_PASS = {
    "examsrv/services/drawing.py",  # composes papers
    "examsrv/services/judging.py",  # marks
    "examsrv/services/explaining.py",  # explains marks, on record
    "examsrv/services/reviewing_papers.py",  # shows a form's key, on record
    "examsrv/services/viewing_items.py",  # shows an item's key, on record
    "examsrv/services/viewing_task_sets.py",  # shows a task set, model answers and keys on record
    "examsrv/services/item_drafts.py",
    "examsrv/services/item_faults.py",
    "examsrv/services/writing_items.py",  # begins the next version with the content that counts
    "examsrv/services/reviewing_items.py",  # approves
    "examsrv/services/comparing_versions.py",  # tells what differs, with the key only when asked
    "examsrv/services/using_items.py",  # finds the items of papers by their numbers
    "examsrv/services/item_import_plan.py",  # tells what a file would change, on record
    "examsrv/services/exporting_items.py",  # gives items out, on record
    "examsrv/services/scoring.py",  # whose script, by which rubric
    "examsrv/services/script_answers.py",  # proposes marks for computed parts
    "examsrv/services/scripts.py",  # combines examiners' marks by the rubric
    "examsrv/services/settling.py",  # takes the leader's sheet by the rubric
    "examsrv/services/settled_marks.py",  # marks by what examiners gave
    "examsrv/services/comparing_sheets.py",  # lays sheets side by side, criterion by criterion
    "examsrv/services/agreement.py",  # measures how far examiners agree in each criterion
    "examsrv/services/printing_scores.py",  # prints the rubric with the marks given, on record
    "examsrv/services/rehearsing.py",  # lets a rehearsal mark by itself, in a database marked for rehearsals only
}


def strangers(file: Source) -> list[str]:
    """Return what a file imports of the keys without being one of those that may."""
    found = []
    for node in ast.walk(file.tree):
        names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
        found += sorted(names & TABLES) if file.path not in MAY_OPEN else []
        found += sorted(names & DOORS) if file.path not in MAY_PASS else []
        if isinstance(node, ast.Attribute) and node.attr in TABLES | {"items_with_keys"}:
            found.append(node.attr)
    return found


def test_only_the_bank_composing_and_marking_reach_the_keys() -> None:
    watched = [file for file in sources() if file.path.startswith(("examsrv/", "blueprints/")) and not file.path.startswith("examsrv/storage/")]
    assert {file.path: found for file in watched if (found := strangers(file))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "from examsrv.storage.tables import PaperKeyRow",
        "from examsrv.storage.tables.keys import ItemKeyRow",
        "from examsrv.services.paper_keys import paper_keys",
        "from examsrv.services import paper_keys",
        "from examsrv.services.banking import items_with_keys",
        "key = tables.PaperKeyRow",
        "items = banking.items_with_keys(session, [])",
    ],
)
def test_a_planted_reach_for_the_keys_is_reported(line: str) -> None:
    assert len(strangers(source("examsrv/services/answering.py", line))) == 1
