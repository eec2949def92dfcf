"""RULE-DURATION: the minimum itself is enough, a second less is not."""

from datetime import timedelta

import pytest

from examsrv.rules.timing import DurationError, require_duration
from question_bank.standard import ComponentKey
from tests.question_bank.builders import STANDARD, made_up_standard

OTHER = made_up_standard("9-99-99-01")
WITHOUT_LEVELS = made_up_standard("without-levels")
MINIMUMS = [
    (STANDARD, "theory", 90),
    (STANDARD, "skills", 60),
    (STANDARD, "review", 30),
    (OTHER, "theory", 120),
    (OTHER, "skills", 45),
    (WITHOUT_LEVELS, "theory", 60),
]


@pytest.mark.parametrize(("standard", "component", "minutes"), MINIMUMS)
def test_the_minimum_and_more_are_legal(standard, component: str, minutes: int) -> None:
    require_duration(standard.component(ComponentKey(component)), timedelta(minutes=minutes))
    require_duration(standard.component(ComponentKey(component)), timedelta(minutes=minutes * 10))


@pytest.mark.parametrize(("standard", "component", "minutes"), MINIMUMS)
def test_a_second_under_the_minimum_is_refused(standard, component: str, minutes: int) -> None:
    with pytest.raises(DurationError):
        require_duration(standard.component(ComponentKey(component)), timedelta(minutes=minutes, seconds=-1))


@pytest.mark.parametrize(
    ("planned", "words"),
    [
        (timedelta(minutes=89), "理论知识考试 must last at least 90 min (RULE-DURATION), 89 min is planned"),
        (timedelta(minutes=89, seconds=59), "理论知识考试 must last at least 90 min (RULE-DURATION), 89 min 59 s is planned"),
        (timedelta(), "理论知识考试 must last at least 90 min (RULE-DURATION), 0 min is planned"),
    ],
)
def test_the_refusal_names_rule_minimum_and_what_was_planned(planned: timedelta, words: str) -> None:
    with pytest.raises(DurationError) as refusal:
        require_duration(STANDARD.component(ComponentKey.THEORY), planned)

    assert str(refusal.value) == words
