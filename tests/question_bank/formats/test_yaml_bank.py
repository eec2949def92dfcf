"""Items written and read again are the same items; every fault of a file is found with its place."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats.yaml_bank import read_items, write_items
from question_bank.item import Item, Option, Response, Sample

WHOLE = """
- id: L3-COL-S-001
  kind: single_choice
  level: L3
  section: collection
  point: L3.K3.2.3
  difficulty: 2
  importance: X
  stem: 首先（　　）。
  options: {A: 甲, B: 乙, C: 丙, D: 丁}
  key: B
  rationale: 因为
  samples:
    - {answer: B, fraction: 1}
    - {answer: A, fraction: 0.5}
    - {answer: C, fraction: 1/3}
  enemies: []
"""
TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30)
RESPONSES: st.SearchStrategy[Response] = st.lists(TEXT, max_size=4, unique=True).map(tuple)
ITEMS = st.builds(
    Item,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True),
    kind=st.sampled_from(["ordering"]),  # its key and responses are texts in any order, so that any list of them is one
    level=TEXT,
    section=TEXT,
    point=TEXT,
    difficulty=st.integers(-9, 9),
    importance=TEXT,
    stem=TEXT,
    options=st.lists(st.builds(Option, TEXT, TEXT), max_size=5, unique_by=lambda option: option.letter).map(tuple),
    key=RESPONSES,
    rationale=TEXT,
    samples=st.lists(st.builds(Sample, RESPONSES, st.fractions(0, 1, max_denominator=50)), max_size=3).map(tuple),
    enemies=st.lists(TEXT, max_size=3).map(tuple),
)


@given(st.lists(ITEMS, max_size=3))
def test_items_written_and_read_again_are_the_same(items: list[Item]) -> None:
    assert read_items(write_items(items), "bank.yaml") == (items, [])


def test_fractions_are_exact_however_they_are_written() -> None:
    items, faults = read_items(WHOLE, "bank.yaml")

    assert faults == []
    assert [sample.fraction for sample in items[0].samples] == [Fraction(1), Fraction(1, 2), Fraction(1, 3)]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("key: B", "key: 7", "bank.yaml: L3-COL-S-001.key (line 11): 7 is not accepted here"),
        ("  level: L3\n", "", "bank.yaml: L3-COL-S-001.level (line 2): This key is missing"),
        ("enemies: []", "enemies: []\n  colour: red", "bank.yaml: L3-COL-S-001.colour (line 18): This key is unknown"),
        ("difficulty: 2", "difficulty: easy", "bank.yaml: L3-COL-S-001.difficulty (line 7): A whole number is wanted, not easy"),
        ("fraction: 1/3", "fraction: 1/0", "bank.yaml: L3-COL-S-001.samples[2].fraction (line 16): 1/0 is not accepted here"),
        ("C: 丙", "C: 3", "bank.yaml: L3-COL-S-001.options.C (line 10): A text is wanted, not 3"),
        ("id: L3-COL-S-001", "id: [1]", "bank.yaml: [0].id (line 2): A text is wanted, not […]"),
        ("C: 丙", "A: 丙", "bank.yaml: [0].options (line 10): The key A stands twice"),
    ],
)
def test_a_fault_is_told_with_file_item_field_and_line(old: str, new: str, fault: str) -> None:
    _, faults = read_items(WHOLE.replace(old, new), "bank.yaml")

    assert [str(each) for each in faults] == [fault]


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    _, faults = read_items(WHOLE.replace("single_choice", "riddle"), "bank.yaml")

    assert "riddle is not one of single_choice, multiple_choice, true_false" in str(faults[0])


@pytest.mark.parametrize("text", ["", "null", "7", "a: 1", "- 7\n- null", "- []", b"\xff"])
def test_what_holds_no_items_is_refused(text: str | bytes) -> None:
    items, faults = read_items(text, "bank.yaml")

    assert items == []
    assert faults
