"""The bank is large and mixed enough: for papers of theory at level 3, section by section, and with items of every other kind and cases."""

from collections import Counter

import pytest

from question_bank.checks.coverage import KIND_SHARES, THEORY_KINDS
from question_bank.item import Item
from question_bank.kinds import KINDS
from question_bank.kinds.kind import PartialCredit
from question_bank.kinds.table import TABLE
from question_bank.kinds.upload import UPLOAD
from question_bank.pack import load_pack
from question_bank.standard import ComponentKey
from tests.question_bank.builders import CODE

PACK = load_pack(CODE)
LEVEL = "L3"
ITEMS = [item for item in PACK.items if item.level == LEVEL and item.kind in THEORY_KINDS]
"""The items that papers of theory are drawn from."""
MARKS = {section.key: percent for section, percent in PACK.standard.sections(ComponentKey.THEORY, LEVEL)}
"""An item of a theory paper is worth one mark, so these are also the items of a paper."""
PAPERS, LEAST_ITEMS, LEAST_OF_A_POINT = 3, 330, 2

OTHERS = [item for item in PACK.items if item.kind not in THEORY_KINDS]
LEAST_OTHERS, LEAST_OF_A_KIND, LEAST_UPLOADS = 64, 4, 2
CASES = {item.case: [other for other in OTHERS if other.case == item.case] for item in OTHERS if item.case is not None}
LEAST_CASES, ITEMS_OF_A_CASE, LEAST_CASES_WITH_A_TABLE = 6, range(2, 5), 3


def items_of(section: str) -> list[Item]:
    """Return the items of one section."""
    return [item for item in ITEMS if item.section == section]


def test_the_bank_has_the_items_of_the_issue() -> None:
    assert len(ITEMS) >= LEAST_ITEMS


@pytest.mark.parametrize("section", MARKS)
def test_a_section_has_items_for_three_papers(section: str) -> None:
    assert len(items_of(section)) >= PAPERS * MARKS[section]


def test_every_knowledge_point_of_the_level_and_of_the_basic_requirements_has_two_items() -> None:
    asked = Counter(item.point for item in ITEMS)
    assert [point.id for point in PACK.standard.points_of(ComponentKey.THEORY, LEVEL) if asked[point.id] < LEAST_OF_A_POINT] == []


@pytest.mark.parametrize("section", MARKS)
def test_the_kinds_of_a_section_stand_as_in_a_paper(section: str) -> None:
    counts = Counter(item.kind for item in items_of(section))
    wanted = {kind.name: len(items_of(section)) * share for kind, share in KIND_SHARES.items()}
    assert [kind for kind, items in wanted.items() if abs(counts[kind] - items) >= 1] == []


@pytest.mark.parametrize("section", MARKS)
def test_a_section_has_items_of_every_difficulty(section: str) -> None:
    assert {item.difficulty for item in items_of(section)} == {1, 2, 3, 4, 5}


def test_the_bank_has_items_of_the_other_kinds_for_three_levels() -> None:
    assert len(OTHERS) >= LEAST_OTHERS
    assert {item.level for item in OTHERS} == {"L3", "L2", "L1"}


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - THEORY_KINDS))
def test_every_other_kind_stands_several_times(kind: str) -> None:
    assert sum(item.kind == kind for item in OTHERS) >= (LEAST_UPLOADS if kind == UPLOAD.name else LEAST_OF_A_KIND)


def test_there_are_cases_of_several_items_and_some_of_them_have_a_table_to_fill_in() -> None:
    assert len(CASES) >= LEAST_CASES
    assert [case.id for case, items in CASES.items() if len(items) not in ITEMS_OF_A_CASE] == []
    assert sum(any(item.kind == TABLE.name for item in items) for items in CASES.values()) >= LEAST_CASES_WITH_A_TABLE


def test_the_text_of_every_case_has_a_table() -> None:
    assert [case.id for case in CASES if "| --- |" not in case.text] == []


@pytest.mark.parametrize("item", [item for item in OTHERS if KINDS[item.kind].sample_policy is PartialCredit.EACH_RIGHT], ids=lambda item: item.id)
def test_an_item_with_partial_credit_shows_a_partial_response(item: Item) -> None:
    assert [sample for sample in item.samples if 0 < sample.fraction < 1]
