"""Marking an attempt: exact fractions and sums, whatever was stored."""

from decimal import Decimal
from fractions import Fraction

import pytest

from examsrv.domain.attempt import Phase
from examsrv.domain.marking import MarkedAttempt, fraction_of, mark_attempt
from examsrv.domain.paper import KeyLine
from examsrv.domain.results import Decision, result_of, shown_total
from examsrv.domain.run import NEXT_STATES, RunState, require_next
from question_bank.message import ExamError
from question_bank.pack import load_standard
from question_bank.standard import ComponentKey

THEORY = load_standard("4-05-06-02").component(ComponentKey.THEORY)


def line(kind: str, key: object, section: str = "ethics", marks: str = "1", policy: str = "all_or_nothing") -> KeyLine:
    return KeyLine("L3-001", "digest", kind, section, marks, policy, key)


SINGLE, STATEMENT = line("single_choice", "aa"), line("true_false", True)
MULTIPLE = line("multiple_choice", ["aa", "cc", "dd"])
SHARES = line("multiple_choice", ["aa", "cc", "dd"], policy="each_right")


@pytest.mark.parametrize(
    ("key", "value", "fraction"),
    [
        (SINGLE, "aa", 1),
        (SINGLE, "bb", 0),
        (SINGLE, None, 0),
        (STATEMENT, True, 1),
        (STATEMENT, False, 0),
        (STATEMENT, None, 0),
        (line("true_false", False), False, 1),
        (MULTIPLE, ["dd", "aa", "cc"], 1),
        (MULTIPLE, ["aa", "cc"], 0),
        (MULTIPLE, ["aa", "bb", "cc", "dd"], 0),
        (MULTIPLE, [], 0),
        (SHARES, ["aa", "cc"], Fraction(2, 3)),
        (SHARES, ["aa", "bb"], 0),
        (SHARES, [], 0),
    ],
)
def test_a_response_earns_its_fraction(key: KeyLine, value: object, fraction: Fraction) -> None:
    assert fraction_of(key, value) == fraction


@pytest.mark.parametrize("key", [SINGLE, MULTIPLE, SHARES, STATEMENT])
@pytest.mark.parametrize("value", ["no such option", "", "true", 1, 0.5, {}, {"aa": 1}, ["aa", "aa"], [["aa"]], [None], ["zz"], -1, [True]])
def test_what_is_no_response_is_simply_wrong(key: KeyLine, value: object) -> None:
    assert fraction_of(key, value) == 0


def test_a_key_that_comes_back_from_json_marks_like_the_original() -> None:
    assert fraction_of(line("multiple_choice", ("aa", "cc")), ["cc", "aa"]) == fraction_of(line("multiple_choice", ["aa", "cc"]), ["cc", "aa"]) == 1


def test_a_mark_is_the_exact_fraction_of_the_marks_available() -> None:
    marked = mark_attempt({1: line("multiple_choice", ["a", "b", "c"], marks="0.5", policy="each_right")}, {1: ["a"]})
    assert marked.total == Fraction(1, 6)


def test_sections_and_total_are_sums_of_marks_and_an_unanswered_section_has_zero() -> None:
    key = {1: line("single_choice", "aa", "ethics", "1.5"), 2: line("true_false", True, "ethics"), 3: line("single_choice", "bb", "collection")}
    marked = mark_attempt(key, {1: "aa", 2: True})
    assert (marked.sections, marked.total) == ({"ethics": Fraction(5, 2), "collection": 0}, Fraction(5, 2))


def test_every_item_of_the_key_gets_a_mark_and_no_other() -> None:
    marked = mark_attempt({2: SINGLE, 1: STATEMENT}, {1: True, 77: "aa"})
    assert [item.item for item in marked.items] == [1, 2]


def test_a_hundred_tenths_are_ten() -> None:
    key = {number: line("true_false", True, marks="0.1") for number in range(1, 101)}
    assert mark_attempt(key, dict.fromkeys(key, True)).total == 10


@pytest.mark.parametrize(
    ("total", "decision", "shown"),
    [
        (Fraction(60), Decision.PASS, "60.0"),
        (Fraction("59.96"), Decision.FAIL, "59.9"),
        (Fraction(179, 3), Decision.FAIL, "59.7"),
        (Fraction(60) - Fraction(1, 10**9), Decision.FAIL, "59.9"),
        (Fraction("60.04"), Decision.PASS, "60.0"),
        (Fraction(0), Decision.FAIL, "0.0"),
        (Fraction(100), Decision.PASS, "100.0"),
    ],
)
def test_the_exact_total_decides_and_is_never_shown_on_the_other_side(total: Fraction, decision: Decision, shown: str) -> None:
    result = result_of(THEORY, Phase.SUBMITTED, MarkedAttempt((), {"ethics": total}, total))
    assert (result.decision, shown_total(THEORY, result.total)) == (decision, shown)


@pytest.mark.parametrize(("phase", "decision"), [(Phase.CREATED, Decision.ABSENT), (Phase.VOIDED, Decision.VOIDED)])
def test_who_never_opened_is_absent_and_a_voided_attempt_has_no_mark(phase: Phase, decision: Decision) -> None:
    result = result_of(THEORY, phase, None)
    assert (result.decision, result.total, shown_total(THEORY, result.total)) == (decision, None, "")


def test_a_running_attempt_has_no_result() -> None:
    with pytest.raises(ExamError):
        result_of(THEORY, Phase.RUNNING, MarkedAttempt((), {}, Fraction(0)))


def test_the_pass_mark_is_the_standards() -> None:
    assert THEORY.pass_mark == Decimal(60)


@pytest.mark.parametrize("now", RunState)
@pytest.mark.parametrize("wanted", RunState)
def test_a_run_goes_only_where_the_table_says(now: RunState, wanted: RunState) -> None:
    if wanted in NEXT_STATES[now]:
        require_next(now, wanted)
    else:
        with pytest.raises(ExamError):
            require_next(now, wanted)
