"""RULE-ELIGIBILITY: the conditions of all levels, both sides of every edge (DOMAIN 1.2), deadline 2024-06-30."""

from datetime import date

import pytest

from examsrv.rules.eligibility import Evidence, HeldCertificate, HeldDegree, UnknownDegreeError, degree_name, judge_eligibility
from examsrv.rules.experience import WorkPeriod
from tests.question_bank.builders import STANDARD, made_up_standard

DEADLINE = date(2024, 6, 30)


def work(start: str, relation: str = "own") -> WorkPeriod:
    """Return work that goes on."""
    return WorkPeriod(date.fromisoformat(start), None, relation)


def certificate(level: int, issued: str, relation: str = "own") -> HeldCertificate:
    """Return a certificate."""
    return HeldCertificate(level, relation, date.fromisoformat(issued))


def degree(word: str, awarded: str | None = "2015-07-01", relation: str = "own", *, expected: bool = False) -> HeldDegree:
    """Return a degree."""
    return HeldDegree(word, relation, date.fromisoformat(awarded) if awarded else None, expected)


def fulfilled(level: str, *parts, deadline: date = DEADLINE) -> list[str]:
    """Return the ids of the conditions that hold."""
    kinds = (WorkPeriod, HeldCertificate, HeldDegree)
    evidence = Evidence(*([part for part in parts if isinstance(part, kind)] for kind in kinds))
    return [condition.condition for condition in judge_eligibility(STANDARD, level, evidence, deadline).conditions if condition.holds]


@pytest.mark.parametrize(
    ("level", "parts", "conditions"),
    [
        ("L3", [work("2019-07-01")], []),
        ("L3", [work("2019-06-30")], ["L3.E1"]),
        ("L3", [work("2019-06-30", "related")], ["L3.E1"]),
        ("L3", [work("2009-06-30", "other")], []),
        ("L3", [work("2021-01-01"), certificate(4, "2022-07-01")], []),
        ("L3", [work("2021-01-01"), certificate(4, "2022-06-30")], ["L3.E2"]),
        ("L3", [work("2012-01-01"), certificate(4, "2022-07-01")], ["L3.E1"]),
        ("L3", [work("2022-07-01"), certificate(4, "2020-01-01")], []),
        ("L3", [work("2021-01-01"), certificate(2, "2022-06-30")], ["L3.E2"]),
        ("L3", [work("2021-01-01"), certificate(5, "2020-06-30")], []),
        ("L3", [work("2021-01-01"), certificate(4, "2022-06-30", "related")], ["L3.E2"]),
        ("L3", [work("2021-01-01"), certificate(4, "2022-06-30", "other")], []),
        ("L3", [work("2021-01-01"), certificate(4, "2023-06-30"), certificate(3, "2022-06-30")], ["L3.E2"]),
        ("L3", [degree("master")], ["L3.E3"]),
        ("L3", [degree("doctor", relation="related")], ["L3.E3"]),
        ("L3", [degree("master", relation="other")], []),
        ("L3", [degree("bachelor")], []),
        ("L3", [degree("master", "2024-06-30")], ["L3.E3"]),
        ("L3", [degree("master", "2024-07-01")], []),
        ("L3", [degree("master", None, expected=True)], ["L3.E3"]),
        ("L3", [degree("master", None)], []),
        ("L4", [degree("associate"), work("2021-06-30")], ["L4.E1"]),
        ("L4", [degree("associate"), work("2021-07-01")], []),
        ("L4", [degree("bachelor"), work("2021-06-30")], ["L4.E1"]),
        ("L4", [degree("secondary_vocational"), work("2001-06-30")], []),
        ("L4", [degree("associate", None, expected=True), work("2021-06-30")], []),
        ("L4", [certificate(5, "2022-06-30", "related"), work("2022-06-30")], ["L4.E2"]),
        ("L4", [certificate(5, "2022-06-30", "own"), work("2022-06-30")], []),
        ("L4", [certificate(5, "2022-07-01", "related"), work("2020-06-30")], []),
        ("L2", [certificate(3, "2022-06-30"), work("2020-06-30")], ["L2.E1"]),
        ("L2", [certificate(3, "2022-07-01"), work("2020-06-30")], []),
        ("L2", [certificate(4, "2012-06-30"), work("2010-06-30")], []),
        ("L2", [degree("master", "2024-06-01"), work("2022-06-30")], ["L2.E2"]),
        ("L2", [degree("master"), work("2022-07-01")], []),
        ("L1", [certificate(2, "2021-06-30"), work("2015-06-30")], ["L1.E1"]),
        ("L1", [certificate(2, "2021-07-01"), work("2015-06-30")], []),
        ("L1", [certificate(2, "2022-06-30"), degree("master"), work("2015-06-30")], ["L1.E2"]),
        ("L1", [certificate(2, "2022-07-01"), degree("master"), work("2015-06-30")], []),
        ("L1", [certificate(3, "2012-06-30"), degree("master"), work("2010-06-30")], []),
    ],
)
def test_which_conditions_hold_on_the_deadline(level: str, parts: list, conditions: list[str]) -> None:
    assert fulfilled(level, *parts) == conditions


def test_a_certificate_of_after_the_deadline_does_not_count() -> None:
    assert fulfilled("L3", work("2015-01-01"), certificate(4, "2024-07-01"), deadline=DEADLINE) == ["L3.E1"]


def test_two_jobs_at_once_count_once() -> None:
    assert fulfilled("L3", work("2021-06-30"), work("2021-06-30", "related")) == []


def test_a_refusal_says_which_part_fails_and_by_how_much() -> None:
    judged = judge_eligibility(STANDARD, "L3", Evidence([work("2019-07-01")]), DEADLINE)

    assert not judged.is_eligible
    assert [(part.part, part.holds) for part in judged.conditions[1].parts] == [("certificate", False), ("experience", False)]
    assert str(judged.conditions[0].parts[0].reason) == "5 years of work are wanted; 4 years, 11 months and 29 days count"


def test_a_missing_degree_is_named_in_words() -> None:
    judged = judge_eligibility(STANDARD, "L3", Evidence(), DEADLINE)

    assert str(judged.conditions[2].parts[0].reason) == "No master's degree or above in a major that counts"


def test_a_degree_word_of_another_standard_is_shown_as_it_stands() -> None:
    assert (str(degree_name("associate")), str(degree_name("captain"))) == ("associate degree", "captain")


def test_one_condition_is_enough() -> None:
    assert judge_eligibility(STANDARD, "L3", Evidence(degrees=[degree("master")]), DEADLINE).is_eligible


def test_a_degree_that_the_standard_does_not_know_is_refused() -> None:
    with pytest.raises(UnknownDegreeError):
        fulfilled("L3", degree("wizard"))


def test_a_scheme_without_conditions_is_open_to_everybody() -> None:
    assert judge_eligibility(made_up_standard("without-levels"), "ALL", Evidence(), DEADLINE).is_eligible
