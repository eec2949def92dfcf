"""Texts of 100,000 characters, of one thing over and over: whatever looks at a text goes over it once, not once from each of its places."""

import random
import time
import unicodedata
from contextlib import suppress

import pytest

from question_bank.checks import similarity, wording
from question_bank.formats import word, word_lines
from question_bank.kinds import KINDS, NotAResponseError
from question_bank.kinds.accepted import EVERY_FOLD, folded
from question_bank.message import ExamError
from question_bank.normal_form import normalized
from question_bank.record import item_from, record_of
from question_bank.text import faults_of_text, rendered
from tests.question_bank.builders import make_item, make_pack
from tests.question_bank.every_kind import every_item

LENGTH = 100_000
ANSWER_SECONDS = 0.1
STEM_SECONDS = 2
SLACK = 2
"""Other programs on the machine lengthen even the time of the processor."""
STEM_UNITS = (
    *("[[1]]", "[", "![", "![](", "![a](", "(media:", "**a", "*a_ ", "`a", "<a ", "<!--", "&#1;", "\\", "$", "$a", "$a\\", "> ", "\n- "),
    *("a|b\n-|-\n", "\u0301"),
)
ANSWER_UNITS = ("a", "1", "-", ",", " ", "\u3000", "１", "ﷺ", "\u0301\u0323", "\u0f73", "信用期", "ß", "\U0001f600", "\ud800")
LINE_UNITS = ("[[1]]", "A.", "A. \n", "1. ", "1. a\nA. ", "  ", " \t", "_", "【", "答案：", "案例 ", "一、", "（1", "（ ", "\\", "-", "→")


def long(unit: str) -> str:
    return (unit * (LENGTH // len(unit) + 1))[:LENGTH]


def seconds(since: float) -> float:
    return (time.process_time() - since) / SLACK


@pytest.mark.parametrize("unit", STEM_UNITS)
def test_a_stem_is_shown_and_looked_over_in_two_seconds(unit: str) -> None:
    start, stem = time.process_time(), long(unit)
    rendered(stem)
    faults_of_text(stem)
    word.PICTURE.split(stem)
    assert seconds(start) < STEM_SECONDS


@pytest.mark.parametrize("unit", ["不得", "不得的", "只要", "只要，", "一定", "以上a", "A 和 ", "（ ", "**a", "信用期"])
def test_the_words_of_an_item_are_looked_over_in_two_seconds(unit: str) -> None:
    pack = make_pack(make_item(stem=long(unit), options=[long(unit), "b", "c", "d"]), make_item("S-2", stem=long(unit), kind="true_false", key=True))
    start = time.process_time()
    for check in (wording.check_stem_forms, wording.check_catch_all_options, wording.check_negative_stems, wording.check_absolute_words):
        check(pack)
    similarity.check_similar_stems(pack)
    assert seconds(start) < STEM_SECONDS


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_taken_and_marked_in_a_tenth_of_a_second(kind: str) -> None:
    item = next(each for each in every_item() if each.kind == kind)
    key = KINDS[kind].marking_key(item, {letter: letter for letter in "ABCD"})
    for unit in ANSWER_UNITS:
        for raw in (long(unit), [long(unit)], {part: long(unit) for part in KINDS[kind].parts(item)[:1]}):
            start = time.process_time()
            with suppress(NotAResponseError):
                KINDS[kind].fraction(key, KINDS[kind].response_from(raw), KINDS[kind].sample_policy)
            assert seconds(start) < ANSWER_SECONDS, (kind, unit)


@pytest.mark.parametrize("unit", LINE_UNITS)
def test_typed_lines_are_cut_and_read_in_two_seconds(unit: str) -> None:
    start, written = time.process_time(), long(unit)
    word_lines.split_typed(["1. a", "A. a", f"B. {written}z", f"答案：{written}z"])
    word_lines.split_typed(written.split("\n"))
    for kind in KINDS:
        typed = word_lines.Typed(kind, "1", [f"{written}z"], fields={"答案": [f"{written}z"], "字数": ["9" * LENGTH + "-1"], "样例": [f"{written}z"]})
        with suppress(ExamError):
            word_lines.record_from(typed)
    assert seconds(start) < STEM_SECONDS


def test_marks_in_any_order_come_into_the_normal_form_at_once() -> None:
    start = time.process_time()
    folded("a" + "\u0301" * 50_000 + "\u0323" * 50_000, EVERY_FOLD)
    assert seconds(start) < ANSWER_SECONDS


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
def test_the_normal_form_is_the_one_of_unicode(form) -> None:
    chance = random.Random(5)
    characters = "aA1ﷺﬁ㈱①가각\u1100\u1161\u11a8\u0301\u0323\u0327\u0315\u0344\u0f71\u0f72\u0f73\u0f75\u0f81\u212bé½\ufeff\ud800中　"
    for _ in range(2_000):
        text = "".join(chance.choices(characters, k=12))
        assert normalized(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("fraction", ["1e999999999", "1E9", "9" * 12, "1/" + "9" * 12, "1_0", "½", ""])
def test_a_share_that_would_fill_the_memory_is_none(fraction: str) -> None:
    record = record_of(make_item())
    record["samples"][0]["fraction"] = fraction
    item, findings = item_from(record, {})
    assert item is None
    assert [place for place, _message in findings] == [("samples", 0, "fraction")]
