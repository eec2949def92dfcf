"""Intraclass correlations of judges' marks.

Sources: Shrout & Fleiss, Intraclass correlations: uses in assessing rater reliability, Psychological Bulletin 86 (1979) 420-428 (coefficients);
McGraw & Wong, Forming inferences about some intraclass correlation coefficients, Psychological Methods 1 (1996) 30-46 (limits, table 7).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

from examsrv.measurement.estimate import Estimate, NoFigure
from question_bank.message import N_, Message

LEAST = 2
"""Targets, and judges, that are needed."""
ROUNDING = 1e-12
"""A sum of squares below this share of the whole is what floating point left of zero."""

ONE_TARGET = Message(N_("Only one script: at least two are needed"))
ONE_JUDGE = Message(N_("Only one examiner: at least two are needed"))
ALL_THE_SAME = Message(N_("All marks are the same, so nothing tells the scripts apart"))
TARGETS_THE_SAME = Message(N_("All scripts have the same mean mark, so nothing tells them apart"))
ONLY_ERROR = Message(N_("The examiners contradict one another more than the scripts differ"))


class Form(StrEnum):
    """The six coefficients: the model, then whether they are about one judge's marks or the mean of k.

    Model 1: each target has judges of its own; 2: the judges are a sample; 3: they are all there are. Model 3 leaves out how severe a judge is.
    """

    ONE_1 = "ICC(1,1)"
    TWO_1 = "ICC(2,1)"
    THREE_1 = "ICC(3,1)"
    ONE_K = "ICC(1,k)"
    TWO_K = "ICC(2,k)"
    THREE_K = "ICC(3,k)"


FORM_NAMES = {
    Form.ONE_1: N_("one examiner, another for each script"),
    Form.TWO_1: N_("one examiner, severity counts"),
    Form.THREE_1: N_("one examiner, severity left out"),
    Form.ONE_K: N_("mean of the examiners, others for each script"),
    Form.TWO_K: N_("mean of the examiners, severity counts"),
    Form.THREE_K: N_("mean of the examiners, severity left out"),
}
"""What each coefficient is about, in words."""


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares of a table of `n` targets by `k` judges: between targets, within targets, between judges, and what is left of both."""

    n: int
    k: int
    between: float
    within: float
    judges: float
    error: float

    def with_disagreement(self, factor: float) -> "MeanSquares":
        """Return the same with all but the mean square between targets multiplied by `factor`."""
        return replace(self, within=self.within * factor, judges=self.judges * factor, error=self.error * factor)


def intraclass(marks: NDArray[np.float64], confidence: float) -> dict[Form, Estimate | NoFigure]:
    """Return the six coefficients of a complete table, targets (rows) x judges (columns).

    The limits hold with probability `confidence` (between 0 and 1). A table that nothing can be said of gives reasons instead of figures.
    ValueError: no table, or one with values that are not finite.
    """
    if marks.ndim != 2 or not np.isfinite(marks).all():
        raise ValueError("a complete table of finite marks is needed")
    if (reason := _emptiness(marks)) is not None:
        return dict.fromkeys(Form, NoFigure(reason))
    squares = mean_squares(marks)
    if squares.between == 0:
        return dict.fromkeys(Form, NoFigure(TARGETS_THE_SAME))
    tail = (1 - confidence) / 2
    relative = (squares.n - 1) * (squares.k - 1)
    return {
        Form.ONE_1: _estimate(_one_single, squares, squares.n * (squares.k - 1), tail),
        Form.TWO_1: _estimate(_two_single, squares, _satterthwaite(squares), tail),
        Form.THREE_1: _estimate(_three_single, squares, relative, tail),
        Form.ONE_K: _estimate(_one_mean, squares, squares.n * (squares.k - 1), tail),
        Form.TWO_K: _estimate(_two_mean, squares, _satterthwaite(squares), tail),
        Form.THREE_K: _estimate(_three_mean, squares, relative, tail),
    }


def _emptiness(marks: NDArray[np.float64]) -> Message | None:
    targets, judges = marks.shape
    if targets < LEAST:
        return ONE_TARGET
    if judges < LEAST:
        return ONE_JUDGE
    return ALL_THE_SAME if np.ptp(marks) == 0 else None


def mean_squares(marks: NDArray[np.float64]) -> MeanSquares:
    """Return the mean squares of the two-way analysis of variance of a table with at least two rows and columns that are not all the same."""
    n, k = marks.shape
    centred = marks - marks.mean()
    of_targets, of_judges = centred.mean(axis=1), centred.mean(axis=0)
    rest = centred - of_targets[:, np.newaxis] - of_judges
    sums = np.array([k * (of_targets**2).sum(), n * (of_judges**2).sum(), (rest**2).sum()])
    sums[sums <= ROUNDING * sums.sum()] = 0
    between, judges, error = (float(each) for each in sums)
    return MeanSquares(
        n=n,
        k=k,
        between=between / (n - 1),
        within=(judges + error) / (n * (k - 1)),
        judges=judges / (k - 1),
        error=error / ((n - 1) * (k - 1)),
    )


def _estimate(coefficient: Callable[[MeanSquares], float | None], squares: MeanSquares, freedom: float, tail: float) -> Estimate | NoFigure:
    """Return a coefficient with its limits: each is the coefficient itself with the disagreement times a quantile of F (table 7)."""
    value = coefficient(squares)
    if value is None:
        return NoFigure(ONLY_ERROR)
    more = float(fdtri(squares.n - 1, freedom, 1 - tail))
    less = 1 / float(fdtri(freedom, squares.n - 1, 1 - tail))
    return Estimate(value, coefficient(squares.with_disagreement(more)), coefficient(squares.with_disagreement(less)))


def _satterthwaite(squares: MeanSquares) -> float:
    """Return the degrees of freedom of the absolute disagreement (v in table 7, multiplied out, so that nothing is divided by an error of zero).

    Two parts of the same sign have at least k - 1; a negative coefficient would let them cancel each other, so that is the least here.
    """
    n, k = squares.n, squares.k
    single = _two_single(squares)
    of_judges = k * single * squares.judges
    of_error = (n * (1 + (k - 1) * single) - k * single) * squares.error
    spread = of_judges**2 / (k - 1) + of_error**2 / ((n - 1) * (k - 1))
    return max((of_judges + of_error) ** 2 / spread, k - 1) if spread else k - 1


def _one_single(squares: MeanSquares) -> float:
    return (squares.between - squares.within) / (squares.between + (squares.k - 1) * squares.within)


def _one_mean(squares: MeanSquares) -> float:
    return (squares.between - squares.within) / squares.between


def _two_single(squares: MeanSquares) -> float:
    of_judges = squares.k * (squares.judges - squares.error) / squares.n
    return (squares.between - squares.error) / (squares.between + (squares.k - 1) * squares.error + of_judges)


def _two_mean(squares: MeanSquares) -> float | None:
    """Return None where the estimate of the whole variance is not positive: the coefficient has no meaning there."""
    whole = squares.between + (squares.judges - squares.error) / squares.n
    return (squares.between - squares.error) / whole if whole > ROUNDING * squares.between else None


def _three_single(squares: MeanSquares) -> float:
    return (squares.between - squares.error) / (squares.between + (squares.k - 1) * squares.error)


def _three_mean(squares: MeanSquares) -> float:
    return (squares.between - squares.error) / squares.between
