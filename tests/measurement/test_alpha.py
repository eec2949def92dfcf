"""Krippendorff's alpha: the published table with gaps, and what says nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examsrv.measurement.alpha import NO_DIFFERENCE, NO_PAIR, alpha
from examsrv.measurement.estimate import Estimate, NoFigure

PUBLISHED = ["1 2 3 3 2 1 4 1 2 * * *", "1 2 3 3 2 2 4 1 2 5 * 3", "* 3 3 3 2 3 4 2 2 5 1 *", "1 2 3 3 2 4 4 1 2 5 1 *"]
"""Krippendorff (2011), section C: four observers, twelve units, values that are missing; interval alpha .849."""

long_forms = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8).map(lambda mark: mark / 2)), max_size=25)


def alpha_of(pairs: list[tuple[int, float]]) -> Estimate | NoFigure:
    return alpha(np.array([value for _, value in pairs], dtype=np.float64), np.array([unit for unit, _ in pairs], dtype=np.int64))


def test_the_published_table_gives_its_alpha() -> None:
    pairs = [(unit, float(mark)) for line in PUBLISHED for unit, mark in enumerate(line.split()) if mark != "*"]
    figure = alpha_of(pairs)
    assert isinstance(figure, Estimate)
    assert round(figure.value, 3) == 0.849


def test_full_agreement_is_one() -> None:
    assert alpha_of([(0, 0.1), (0, 0.1), (1, 0.7), (1, 0.7), (1, 0.7)]) == Estimate(1)


def test_a_unit_with_a_single_value_does_not_count() -> None:
    pairs = [(0, 1.0), (0, 2.0), (1, 4.0), (1, 5.0)]
    assert alpha_of([*pairs, (2, 99.0)]) == alpha_of(pairs)


@given(long_forms, st.randoms(use_true_random=False))
def test_the_order_changes_nothing_and_no_figure_passes_one(pairs: list[tuple[int, float]], chance: object) -> None:
    figure = alpha_of(pairs)
    chance.shuffle(pairs)
    again = alpha_of(pairs)
    if isinstance(figure, NoFigure):
        assert again == figure
    else:
        assert again.value == pytest.approx(figure.value)
        assert figure.value <= 1


@pytest.mark.parametrize(
    ("pairs", "reason"), [([], NO_PAIR), ([(0, 1.0), (1, 2.0)], NO_PAIR), ([(0, 0.1), (0, 0.1), (1, 0.1), (1, 0.1)], NO_DIFFERENCE)]
)
def test_what_says_nothing_gives_its_reason(pairs: list[tuple[int, float]], reason: object) -> None:
    assert alpha_of(pairs) == NoFigure(reason)


def test_values_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        alpha_of([(0, float("nan")), (0, 1.0)])
