"""Virtual candidates answer as their ability has it, the same for the same seed, and only what the page could send."""

from fractions import Fraction
from random import Random
from statistics import mean, pstdev

import pytest

from examsrv.domain.marking import fraction_of
from examsrv.domain.paper import compose
from examsrv.rehearsal.guessing import ability, answer_to, probability
from examsrv.rehearsal.nemesis import FIRST, LAST, moments
from examsrv.rehearsal.scoring import earned
from examsrv.services.rehearsing import RehearsedItem, _right
from tests.question_bank.every_kind import MACHINE_MARKED, PARTLY, WITH_OPTIONS, item_of_kind

OPTIONS = ["aa", "bb", "cc", "dd"]


def item(right: bool | str | frozenset[str], difficulty: int = 3) -> RehearsedItem:
    return RehearsedItem("any", "all_or_nothing", Fraction(1), right, difficulty)


def test_abilities_follow_the_normal_distribution_and_the_seed() -> None:
    drawn = [ability(1, f"YL{number}") for number in range(2000)]
    assert mean(drawn) == pytest.approx(0, abs=0.1)
    assert pstdev(drawn) == pytest.approx(1, abs=0.1)
    assert ability(1, "YL1") == drawn[1] != ability(2, "YL1")


@pytest.mark.parametrize(("of_ability", "difficulty", "expected"), [(0, 3, 0.5), (2, 5, 0.5), (0, 1, 0.8808), (0, 5, 0.1192), (-2, 1, 0.5)])
def test_the_probability_is_the_rasch_model_s(of_ability: float, difficulty: int, expected: float) -> None:
    assert probability(of_ability, difficulty) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("right", [True, False, "bb", frozenset({"aa", "cc"})])
def test_a_good_one_is_right_a_poor_one_wrong_and_both_send_what_the_page_could(right: bool | str | frozenset[str]) -> None:
    chance = Random(5)
    good = [answer_to(item(right), OPTIONS, 50, chance) for _ in range(50)]
    poor = [answer_to(item(right), OPTIONS, -50, chance) for _ in range(50)]
    said = sorted(right) if isinstance(right, frozenset) else right
    assert all(answer == said for answer in good)
    assert all(answer != said and type(answer) is type(said) for answer in poor)
    chosen = {option for answer in poor for option in (answer if isinstance(answer, list) else [answer])}
    assert chosen <= {True, False, *OPTIONS}


@pytest.mark.parametrize("kind", MACHINE_MARKED)
def test_of_every_kind_a_good_one_is_right_and_a_poor_one_wrong_by_both_ways_of_marking(kind: str) -> None:
    (line,) = compose("", [item_of_kind(kind)], {kind: "2"}, {kind: "all_or_nothing"}, 1).key.values()
    known, chance = RehearsedItem(kind, line.policy, Fraction(2), _right(line), 3), Random(5)
    options = list("abcd") if kind in WITH_OPTIONS else []
    for able, share in ((50, 1), (-50, 0)):
        answers = [answer_to(known, options, able, chance) for _ in range(20)]
        assert {earned(known, answer) for answer in answers} == {Fraction(2 * share)}
        assert {fraction_of(line, answer) for answer in answers} == {share}


@pytest.mark.parametrize("kind", PARTLY)
def test_both_ways_of_marking_give_parts_the_same_share(kind: str) -> None:
    (line,) = compose("", [item_of_kind(kind)], {kind: "2"}, {kind: "each_right"}, 1).key.values()
    known, chance = RehearsedItem(kind, line.policy, Fraction(1), _right(line), 3), Random(5)
    answers = [answer_to(known, list("abcd") if kind in WITH_OPTIONS else [], -50, chance) for _ in range(40)]
    assert [earned(known, answer) for answer in answers] == [fraction_of(line, answer) for answer in answers]
    assert len({earned(known, answer) for answer in answers}) > 1


def test_the_moments_of_killing_follow_the_seed_and_lie_within_the_answering() -> None:
    drawn = moments(50, 100, 7)
    assert drawn == sorted(drawn) == moments(50, 100, 7) != moments(50, 100, 8)
    assert min(drawn) >= 100 * FIRST
    assert max(drawn) <= 100 * LAST
