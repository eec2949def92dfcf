"""Ratings from cells: what is read, and every fault with its row."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examsrv.measurement.ratings import FAULTS_MOST, FaultyRatingsError, Rating
from examsrv.measurement.ratings_table import COLUMNS, DIFFERENT_MOST, NAME_LENGTH_MOST, Row, read_ratings


def read(*rows: Sequence[str], headings: Sequence[str] = COLUMNS) -> list[Rating]:
    return read_ratings(headings, [Row(number, cells) for number, cells in enumerate(rows, start=2)])


def faults_in(*rows: Sequence[str], headings: Sequence[str] = COLUMNS) -> list[str]:
    with pytest.raises(FaultyRatingsError) as refused:
        read(*rows, headings=headings)
    return [str(fault) for fault in refused.value.faults]


def test_marks_are_read_exactly() -> None:
    assert read(("S1", "A", "E1", "7.10", "10")) == [Rating("S1", "A", "E1", Decimal("7.10"), Decimal(10), 2)]


def test_columns_are_known_by_name_in_any_order_beside_others() -> None:
    found = read((" 10", "x", "E1 ", "0", "A", "S1", ""), headings=("MAX", "note", "examiner", "Mark ", "criterion", "script", ""))
    assert found == [Rating("S1", "A", "E1", Decimal(0), Decimal(10), 2)]


@pytest.mark.parametrize("mark", ["0", "10", "10.0", ".5", "7.", "0.333333333333333"])
def test_marks_from_nothing_to_the_maximum_are_marks(mark: str) -> None:
    assert read(("S1", "A", "E1", mark, "10"))[0].mark == Decimal(mark)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("", "A", "E1", "5", "10"), "script is empty"),
        (("S1", " ", "E1", "5", "10"), "criterion is empty"),
        (("S1",), "criterion is empty"),
        (("S1", "A", "E1", "", "10"), "mark is empty"),
        (("S1", "A", "E1", "five", "10"), "mark is no number"),
        (("S1", "A", "E1", "nan", "10"), "mark is no number"),
        (("S1", "A", "E1", "Infinity", "10"), "mark is no number"),
        (("S1", "A", "E1", "1e1", "10"), "mark is no number"),
        (("S1", "A", "E1", "５", "10"), "mark is no number"),
        (("S1", "A", "E1", "1" * 25, "10"), "mark is no number"),
        (("S1", "A", "E1", "-0.5", "10"), "mark -0.5 is less than 0"),
        (("S1", "A", "E1", "10.01", "10"), "mark 10.01 is more than the maximum 10"),
        (("S1", "A", "E1", "0", "0"), "maximum 0 is not more than 0"),
        (("S1", "A", "E1", "5", "1000000.5"), "max is more than 1000000"),
        (("S1", "A", "E1", "7", "5", "10"), "more cells than headings"),
        (("S\x1b[2J", "A", "E1", "5", "10"), "script contains characters"),
        (("S" * (NAME_LENGTH_MOST + 1), "A", "E1", "5", "10"), "script is longer"),
    ],
)
def test_each_fault_is_told_with_its_row(row: tuple[str, ...], words: str) -> None:
    found = faults_in(("S0", "B", "E1", "5", "10"), row)
    assert all(fault.startswith("row 3: ") for fault in found)
    assert any(words in fault for fault in found)


def test_a_name_of_the_greatest_length_is_a_name() -> None:
    assert read(("S" * NAME_LENGTH_MOST, "A", "E1", "5", "10"))


def test_the_largest_maximum_is_one() -> None:
    assert read(("S1", "A", "E1", "5", "1000000"))


def test_all_faults_are_told_at_once_in_the_order_of_the_rows() -> None:
    found = faults_in(
        ("S1", "A", "E1", "11", "10"),
        ("S1", "A", "E2", "x", "y"),
        ("S1", "A", "E3", "5", "12"),
        ("S1", "A", "E1", "6", "10"),
        ("", "A", "E3", "5", "10"),
    )
    assert [fault.split(":")[0] for fault in found] == ["row 2", "row 3", "row 3", "row 4", "row 5", "row 6"]
    assert found[3] == "row 4: the maximum of criterion A is 12 here and 10 in row 2"
    assert found[4] == "row 5: script S1 has a mark of examiner E1 in criterion A already, in row 2"


@pytest.mark.parametrize(("rows", "told", "is_cut"), [(FAULTS_MOST, FAULTS_MOST, False), (FAULTS_MOST + 1, FAULTS_MOST, True)])
def test_the_list_of_faults_is_bounded(rows: int, told: int, is_cut: bool) -> None:
    with pytest.raises(FaultyRatingsError) as refused:
        read(*[(f"S{number}", "A", "E1", "11", "10") for number in range(rows)])
    assert (len(refused.value.faults), refused.value.is_cut) == (told, is_cut)


def test_every_missing_column_is_named() -> None:
    assert faults_in(("1",), headings=("script", "marks", "examiner", "examiner")) == [
        "The column criterion is missing",
        "The column mark is missing",
        "The column max is missing",
        "There is more than one column examiner",
    ]


def test_headings_alone_are_refused() -> None:
    assert faults_in() == ["The file has headings but no marks"]


@pytest.mark.parametrize(("count", "is_refused"), [(DIFFERENT_MOST, False), (DIFFERENT_MOST + 1, True)])
def test_columns_that_are_mixed_up_are_noticed(count: int, is_refused: bool) -> None:
    rows = [("S1", "A", f"E{number}", "5", "10") for number in range(count)]
    if is_refused:
        assert "mixed up" in faults_in(*rows)[0]
    else:
        assert len(read(*rows)) == count


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(st.sampled_from(["", "S1", "A", "5", "-5", "1.5", "1..5", "NaN", "\0", "9" * 30]) | st.text(max_size=3), max_size=7), max_size=5
    )
)
def test_any_cells_give_ratings_or_sentences(rows: list[list[str]]) -> None:
    with suppress(FaultyRatingsError):
        assert len(read(*rows)) == len(rows)
