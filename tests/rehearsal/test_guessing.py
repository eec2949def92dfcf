"""Virtual candidates answer as their ability has it, the same for the same seed, and only what the page could send."""

from fractions import Fraction
from random import Random
from statistics import mean, pstdev

import pytest

from examsrv.rehearsal.guessing import ability, answer_to, probability
from examsrv.rehearsal.nemesis import FIRST, LAST, moments
from examsrv.services.rehearsing import RehearsedItem

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


def test_the_moments_of_killing_follow_the_seed_and_lie_within_the_answering() -> None:
    drawn = moments(50, 100, 7)
    assert drawn == sorted(drawn) == moments(50, 100, 7) != moments(50, 100, 8)
    assert min(drawn) >= 100 * FIRST
    assert max(drawn) <= 100 * LAST
