"""How forms compare: against sums written out by hand, one item at a time."""

from math import exp, isnan

import pytest

from examsrv.measurement.parallel_forms import FormItem, ability_at, compare_forms, information_at

EASY = FormItem("easy", "one", 1, 1.0)
MIDDLE = FormItem("middle", "one", 3, 2.0)
SHARP = FormItem("sharp", "two", 3, 0.5, a=1.5, b=0.4)
AT_0 = 24
"""The place of ability 0 among those from -3 to 3 in steps of an eighth."""


def right(a: float, b: float, theta: float) -> float:
    return 1 / (1 + exp(-a * (theta - b)))


def told(a: float, b: float, theta: float) -> float:
    return a * a * right(a, b, theta) * (1 - right(a, b, theta))


def test_curves_are_sums_over_the_items() -> None:
    found = compare_forms([[EASY, MIDDLE], [MIDDLE, SHARP]], ["one", "two"])

    assert (found.abilities[0], found.abilities[AT_0], found.abilities[-1]) == (-3, 0, 3)
    for place, theta in enumerate(found.abilities):
        assert found.information[0][place] == pytest.approx(told(1, -2, theta) + told(1, 0, theta))
        assert found.information[1][place] == pytest.approx(told(1, 0, theta) + told(1.5, 0.4, theta))
        assert found.expected[0][place] == pytest.approx(right(1, -2, theta) + 2 * right(1, 0, theta))
        assert found.expected[1][place] == pytest.approx(2 * right(1, 0, theta) + 0.5 * right(1.5, 0.4, theta))


def test_shared_items_and_uses_are_counted() -> None:
    found = compare_forms([[EASY, MIDDLE], [MIDDLE, SHARP], [SHARP]], ["one", "two"])

    assert found.shared == ((2, 1, 0), (1, 2, 1), (0, 1, 1))
    assert (found.pairs, found.largest_overlap) == ([(0, 1), (1, 2)], 1)
    assert found.uses == {"easy": 1, "middle": 2, "sharp": 2}


def test_a_single_form_shares_nothing() -> None:
    assert compare_forms([[EASY, MIDDLE]], ["one"]).largest_overlap == 0


def test_difficulty_is_the_mean_of_a_sections_items_in_a_form() -> None:
    found = compare_forms([[EASY, MIDDLE], [MIDDLE, SHARP]], ["one", "two"])

    assert found.difficulty["one"] == (2.0, 3.0)
    assert isnan(found.difficulty["two"][0])
    assert found.difficulty["two"][1] == 3.0


def test_the_ability_at_a_mark_is_where_the_mark_is_expected() -> None:
    items = [EASY, MIDDLE, SHARP]
    found = ability_at(items, 2.0)

    assert found is not None
    assert sum(item.marks * right(a, b, found) for item, a, b in zip(items, (1, 1, 1.5), (-2, 0, 0.4), strict=True)) == pytest.approx(2.0)
    assert information_at(items, found) == pytest.approx(told(1, -2, found) + told(1, 0, found) + told(1.5, 0.4, found))


@pytest.mark.parametrize("marks", [0.0, 3.5])
def test_a_mark_that_nobody_is_expected_to_earn_has_no_ability(marks: float) -> None:
    assert ability_at([EASY, MIDDLE, SHARP], marks) is None
