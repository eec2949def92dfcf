"""Where the results of the components meet (RULE-PASS): every combination of how they can end, and both sides of the pass mark."""

from fractions import Fraction
from itertools import product

import pytest

from examsrv.domain.level_outcome import CONCLUSIONS, LEVEL_DECISION_NAMES, LevelDecision, outcome_of
from examsrv.domain.results import Decision, Result
from question_bank.message import ExamError
from question_bank.standard import ComponentKey
from tests.question_bank.builders import STANDARD, made_up_standard

THEORY, SKILLS, REVIEW = ComponentKey
PASS, FAIL, INCOMPLETE = LevelDecision
ABSENT, VOIDED = Result(Decision.ABSENT, {}, None), Result(Decision.VOIDED, {}, None)


def result(mark: str | int) -> Result:
    """Return the result that a mark out of 100 makes with the pass mark 60."""
    total = Fraction(mark)
    return Result(Decision.PASS if total >= 60 else Decision.FAIL, {"customers": total}, total)


def results(*in_order: Result | None) -> dict[ComponentKey, Result]:
    """Return results by component; None is still to come."""
    return {key: each for key, each in zip(ComponentKey, in_order, strict=False) if each is not None}


@pytest.mark.parametrize(
    ("level", "given", "decision", "missing", "not_passed"),
    [
        ("L3", (result(60), result(60)), PASS, (), ()),
        ("L3", (result("59.999"), result(100)), FAIL, (), (THEORY,)),
        ("L3", (result(100), result("59.999")), FAIL, (), (SKILLS,)),
        ("L3", (result(100), None), INCOMPLETE, (SKILLS,), ()),
        ("L3", (None, None), INCOMPLETE, (THEORY, SKILLS), ()),
        ("L3", (None, result("59.999")), FAIL, (THEORY,), (SKILLS,)),
        ("L3", (None, result(60)), INCOMPLETE, (THEORY,), ()),
        ("L3", (ABSENT, result(100)), FAIL, (), (THEORY,)),
        ("L3", (result(100), VOIDED), FAIL, (), (SKILLS,)),
        ("L3", (ABSENT, ABSENT), FAIL, (), (THEORY, SKILLS)),
        ("L3", (result(100), result(100), result(0)), PASS, (), ()),
        ("L2", (result(60), result(60), result(60)), PASS, (), ()),
        ("L2", (result(100), result(100)), INCOMPLETE, (REVIEW,), ()),
        ("L2", (result(100), result(100), result(59)), FAIL, (), (REVIEW,)),
        ("L2", (result(100), ABSENT, None), FAIL, (REVIEW,), (SKILLS,)),
        ("L1", (VOIDED, result(59), ABSENT), FAIL, (), (THEORY, SKILLS, REVIEW)),
    ],
)
def test_every_component_of_the_level_must_be_there_and_passed(level: str, given, decision: LevelDecision, missing, not_passed) -> None:
    outcome = outcome_of(STANDARD, level, results(*given))
    assert (outcome.decision, outcome.missing, outcome.not_passed) == (decision, missing, not_passed)


@pytest.mark.parametrize("given", list(product([None, ABSENT, VOIDED, result(59), result(60)], repeat=3)))
def test_a_level_is_passed_only_by_three_passes_and_open_only_while_everything_there_is_passed(given) -> None:
    decision = outcome_of(STANDARD, "L2", results(*given)).decision
    assert (decision is PASS) is all(each == result(60) for each in given)
    assert (decision is INCOMPLETE) is (None in given and all(each in (None, result(60)) for each in given))


def test_marks_that_were_voided_do_not_count() -> None:
    voided = Result(Decision.VOIDED, {"customers": Fraction(90)}, Fraction(90))
    assert outcome_of(STANDARD, "L3", results(result(90), voided)).not_passed == (SKILLS,)


def test_another_standard_has_its_own_pass_marks() -> None:
    lamps = made_up_standard("9-99-99-01")
    at_the_edge = Result(Decision.FAIL, {}, Fraction(70))
    assert outcome_of(lamps, "L4", results(Result(Decision.PASS, {}, Fraction(90)), at_the_edge)).not_passed == (SKILLS,)


@pytest.mark.parametrize(
    ("given", "steps"),
    [
        (
            (result("59.96"), result(Fraction(218, 3)), None),
            [
                "理论知识考试: 59.9, not passed, the pass mark is 60",
                "技能考核: 72.7, passed, the pass mark is 60",
                "综合评审: still to come",
                "Not every component is passed: the level is not passed",
            ],
        ),
        (
            (ABSENT, VOIDED, result(100)),
            [
                "理论知识考试: Absent",
                "技能考核: Voided",
                "综合评审: 100.0, passed, the pass mark is 60",
                "Not every component is passed: the level is not passed",
            ],
        ),
    ],
)
def test_the_outcome_is_explained_in_words_component_by_component(given, steps: list[str]) -> None:
    assert [str(step) for step in outcome_of(STANDARD, "L2", results(*given)).steps] == steps


@pytest.mark.parametrize(
    "unsound",
    [
        Result(Decision.PASS, {}, None),
        Result(Decision.FAIL, {}, None),
        Result(Decision.PASS, {}, Fraction("59.99")),
        Result(Decision.FAIL, {}, Fraction(60)),
    ],
)
def test_a_decision_that_its_mark_does_not_make_is_refused(unsound: Result) -> None:
    with pytest.raises(ExamError, match="技能考核: the mark does not make the decision"):
        outcome_of(STANDARD, "L3", results(result(60), unsound))


def test_every_decision_has_a_name_and_a_conclusion() -> None:
    assert set(LEVEL_DECISION_NAMES) == set(CONCLUSIONS) == set(LevelDecision)
