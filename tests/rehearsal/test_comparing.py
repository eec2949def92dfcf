"""Planted faults are found, each as what it is, and nothing is found where everything is right."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from examsrv.rehearsal.comparing import Findings, compare
from examsrv.rehearsal.people import CandidateLog, Step
from examsrv.rehearsal.scoring import earned
from examsrv.rehearsal.stored import Stored, StoredAttempt, StoredStep
from examsrv.services.rehearsing import RehearsedItem

ITEMS = {
    1: RehearsedItem("single_choice", "all_or_nothing", Fraction(1), "aa", 3),
    2: RehearsedItem("multiple_choice", "all_or_nothing", Fraction(2), frozenset({"ba", "bb"}), 3),
    3: RehearsedItem("true_false", "all_or_nothing", Fraction(1), False, 3),
}
SENT = [
    Step(1, 1, "answered", 1, "ab", 10),
    Step(1, 2, "answered", 1, "aa", 20),
    Step(1, 3, "marked", 2, True, 30),
    Step(1, 4, "answered", 3, True, 40),
]
FOUND = ("lost", "doubled", "different", "never_sent", "last_different", "not_handed_in", "receipts_different", "marks_wrong", "totals_wrong")


def log() -> CandidateLog:
    return CandidateLog("x", "paper", {(step.epoch, step.seq): step for step in SENT}, {1: 4}, {1: "aa", 3: True}, "U8P3")


def stored() -> Stored:
    rows = tuple(StoredStep("x", step.epoch, step.seq, step.kind, step.item, step.value, step.client_ms) for step in SENT)
    marks = {"x": {1: Fraction(1), 2: Fraction(0), 3: Fraction(0)}}
    return Stored(rows, {"x": StoredAttempt("submitted", "U8P3")}, marks, {"x": Fraction(1)}, 0, ())


def found_in(own: CandidateLog, rows: Stored) -> dict[str, int]:
    findings = compare([own], rows, {"paper": ITEMS})
    return {name: len(getattr(findings, name)) for name in FOUND if getattr(findings, name)}


def test_nothing_is_found_where_everything_is_right() -> None:
    assert found_in(log(), stored()) == {}
    counted = compare([log()], stored(), {"paper": ITEMS})
    assert (counted.sent, counted.acknowledged, counted.stored, counted.marks_compared) == (4, 4, 4, 3)
    assert isinstance(counted, Findings)


def with_steps(change: Callable[[list[StoredStep]], object]) -> Stored:
    rows = list(stored().steps)
    change(rows)
    return replace(stored(), steps=tuple(rows))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda rows: rows.pop(2), {"lost": 1}),
        (lambda rows: rows.pop(1), {"lost": 1, "last_different": 1}),
        (lambda rows: rows.append(rows[0]), {"doubled": 1}),
        (lambda rows: rows.append(replace(rows[0], seq=5)), {"never_sent": 1, "last_different": 1}),
        (lambda rows: rows.append(replace(rows[0], epoch=2, value="aa")), {"never_sent": 1}),
        (lambda rows: rows.append(replace(rows[0], attempt="y")), {"never_sent": 1}),
        (lambda rows: rows.__setitem__(0, replace(rows[0], value="ac")), {"different": 1}),
        (lambda rows: rows.__setitem__(0, replace(rows[0], client_ms=11)), {"different": 1}),
        (lambda rows: rows.__setitem__(3, replace(rows[3], value=1)), {"different": 1}),
        (lambda rows: rows.__setitem__(1, replace(rows[1], item=2)), {"different": 1, "last_different": 2}),
    ],
)
def test_a_planted_fault_in_the_steps_is_found(change: Callable[[list[StoredStep]], object], found: dict[str, int]) -> None:
    assert found_in(log(), with_steps(change)) == found


def test_a_step_that_was_sent_but_never_acknowledged_may_be_stored_or_not() -> None:
    unknown = log()
    unknown.acknowledged, unknown.receipt = {1: 2}, None
    assert found_in(unknown, stored()) == {"not_handed_in": 1}
    assert found_in(unknown, with_steps(lambda rows: rows.__delitem__(slice(2, None)))) == {"not_handed_in": 1}


@pytest.mark.parametrize(
    ("attempt", "found"),
    [
        (StoredAttempt("running", None), {"not_handed_in": 1}),
        (StoredAttempt("submitted", "other"), {"receipts_different": 1}),
    ],
)
def test_a_receipt_that_is_not_the_stored_one_is_found(attempt: StoredAttempt, found: dict[str, int]) -> None:
    assert found_in(log(), replace(stored(), attempts={"x": attempt})) == found


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ({1: Fraction(1), 2: Fraction(0), 3: Fraction(1)}, {"marks_wrong": 1}),
        ({1: Fraction(1), 2: Fraction(0)}, {"marks_wrong": 1}),
        ({1: Fraction(1), 2: Fraction(0), 3: Fraction(0), 4: Fraction(0)}, {"marks_wrong": 1}),
        ({}, {"marks_wrong": 3}),
    ],
)
def test_a_planted_wrong_mark_is_found(marks: dict[int, Fraction], found: dict[str, int]) -> None:
    assert found_in(log(), replace(stored(), marks={"x": marks})) == found


@pytest.mark.parametrize("planted", [Fraction(2), Fraction(0), None])
def test_a_planted_wrong_total_is_found(planted: Fraction | None) -> None:
    assert found_in(log(), replace(stored(), totals={"x": planted})) == {"totals_wrong": 1}


@pytest.mark.parametrize(
    ("item", "policy", "answer", "marks"),
    [
        (1, "all_or_nothing", "aa", 1),
        (1, "all_or_nothing", "ab", 0),
        (1, "all_or_nothing", None, 0),
        (2, "all_or_nothing", ["bb", "ba"], 2),
        (2, "all_or_nothing", ["ba"], 0),
        (2, "each_right", ["ba"], 1),
        (2, "each_right", ["ba", "bc"], 0),
        (2, "each_right", ["ba", "bb", "bc"], 0),
        (2, "each_right", [], 0),
        (3, "all_or_nothing", False, 1),
        (3, "all_or_nothing", True, 0),
        (3, "all_or_nothing", 0, 0),
        (3, "all_or_nothing", None, 0),
    ],
)
def test_what_an_answer_earns_is_worked_out_apart_from_the_program(item: int, policy: str, answer: object, marks: int) -> None:
    assert earned(replace(ITEMS[item], policy=policy), answer) == marks
