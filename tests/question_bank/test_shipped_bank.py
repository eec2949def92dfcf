"""The bank of level 3 is large and mixed enough to hold examinations with: what issue 3 asks of it, section by section."""

from collections import Counter

import pytest

from question_bank.checks.coverage import KIND_SHARES
from question_bank.item import Item
from question_bank.pack import load_pack
from question_bank.standard import ComponentKey
from tests.question_bank.builders import CODE

PACK = load_pack(CODE)
LEVEL = "L3"
ITEMS = [item for item in PACK.items if item.level == LEVEL]
MARKS = {section.key: percent for section, percent in PACK.standard.sections(ComponentKey.THEORY, LEVEL)}
"""An item of a theory paper is worth one mark, so these are also the items of a paper."""
PAPERS, LEAST_ITEMS, LEAST_OF_A_POINT = 3, 330, 2


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
