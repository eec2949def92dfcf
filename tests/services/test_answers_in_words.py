"""Answers and keys of every kind in words, as marking and explaining show them."""

from typing import Any

import pytest

from examsrv.services.answers_in_words import NO_ANSWER, RIGHT, UNREADABLE, WRONG, answer_in_words, key_in_words
from question_bank.kinds import KINDS
from question_bank.record import plain_response
from tests.question_bank.every_kind import item_of_kind

SEEN = ["d", "c", "b", "a"]
"""The ids of the options in the order in which a candidate saw them."""
FILE = {"name": "账龄表.xlsx", "digest": "a" * 64, "size": 10}


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("single_choice", "d", "A"),
        ("multiple_choice", ["a", "d"], "AD"),
        ("ordering", ["a", "d", "c", "b"], "DABC"),
        ("matching", {"2": "a", "1": "d"}, "1–A; 2–D"),
        ("blank", {"1": "账期", "2": "DSO"}, "1: 账期; 2: DSO"),
        ("table", {"B1": "64.00", "D1": "提醒"}, "B1: 64.00; D1: 提醒"),
        ("numeric", "136 万元", "136 万元"),
        ("essay", "致某厂", "致某厂"),
        ("upload", [FILE], "账龄表.xlsx"),
    ],
)
def test_an_answer_is_told_as_the_candidate_saw_it(kind: str, value: Any, words: str) -> None:
    assert str(answer_in_words(kind, value, SEEN)) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("single_choice", "C"),
        ("multiple_choice", "BD"),
        ("blank", "1: 信用期 / 账期; 2: DSO"),
        ("numeric", "136 ± 0.05 万元"),
        ("matching", "1–D; 2–C; 3–B"),
        ("ordering", "BDAC"),
        ("table", "B1: 64 ± 0.5 万元; C1: 64 %; C2: 可疑; D1: 提醒; D2: 催收"),
        ("short_text", "先核对再发函"),
    ],
)
def test_a_key_is_told_in_the_same_letters(kind: str, words: str) -> None:
    item = item_of_kind(kind)
    key = plain_response(KINDS[kind].marking_key(item, {option.letter: option.letter.lower() for option in item.options}))
    assert str(key_in_words(kind, key, SEEN)) == words


def test_a_share_of_the_value_is_told_as_such() -> None:
    assert str(key_in_words("numeric", {"value": "200", "tolerance": "0.01", "relative": True, "unit": ""}, [])) == "200 ± 0.01 × 200"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_nothing_is_no_answer(kind: str, nothing: Any) -> None:
    assert answer_in_words(kind, nothing, SEEN) == NO_ANSWER


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [1, 1.5, ["zz"], {"1": ["a"]}, [["a"]], [None]])
def test_whatever_a_machine_stored_can_be_shown(kind: str, value: Any) -> None:
    assert str(answer_in_words(kind, value, SEEN))


def test_truth_and_what_cannot_be_read() -> None:
    assert (answer_in_words("true_false", True, []), answer_in_words("true_false", False, [])) == (RIGHT, WRONG)
    assert answer_in_words("single_choice", "zz", SEEN) == UNREADABLE
