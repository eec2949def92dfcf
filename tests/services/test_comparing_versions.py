"""What differs between versions: field by field, word by word, the key only when it is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsrv.services.comparing_versions import Piece, differences, pieces
from tests.services.bank_workers import good_record

SAME, GONE, NEW = Piece.SAME, Piece.GONE, Piece.NEW


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("客户逾期30天", "客户逾期60天", [(SAME, "客户逾期"), (GONE, "30"), (NEW, "60"), (SAME, "天")]),
        ("the credit limit", "the new limit", [(SAME, "the "), (GONE, "credit"), (NEW, "new"), (SAME, " limit")]),
        ("", "新", [(NEW, "新")]),
        ("同", "同", [(SAME, "同")]),
    ],
)
def test_texts_differ_by_characters_in_chinese_and_by_words_elsewhere(old: str, new: str, found: list[tuple[Piece, str]]) -> None:
    assert list(pieces(old, new)) == found


@given(st.text("甲乙a1 \n", max_size=30), st.text("甲乙a1 \n", max_size=30))
def test_the_pieces_give_both_texts_back(old: str, new: str) -> None:
    found = list(pieces(old, new))
    assert "".join(text for piece, text in found if piece is not NEW) == old
    assert "".join(text for piece, text in found if piece is not GONE) == new


def test_a_very_long_text_differs_as_a_whole() -> None:
    assert list(pieces("甲" * 5000, "乙")) == [(GONE, "甲" * 5000), (NEW, "乙")]


def test_only_what_differs_is_told_with_its_place() -> None:
    old, new = good_record(), good_record(difficulty=5, options=["电话催收", "发函催告", "上门催收", "委外催收"])
    found = [(str(each.field), each.inside) for each in differences(old, new, with_key=False)]
    assert found == [("Difficulty", ""), ("Options", "B")]


def test_the_key_the_rationale_and_the_samples_are_told_only_when_asked_for() -> None:
    old = good_record()
    new = good_record(key="C", rationale="另有依据。")
    assert differences(old, new, with_key=False) == []
    assert [str(each.field) for each in differences(old, new, with_key=True)] == ["Key", "Rationale", "Sample responses"]


def test_a_half_written_record_can_be_compared() -> None:
    half = {"id": "S-1", "stem": None, "options": ["x"], "body": {"rows": [["1", {"fill": "number"}]]}, "difficulty": None, "enemies": [{}]}
    assert differences(half, good_record(), with_key=True)
    assert differences({}, half, with_key=True)
