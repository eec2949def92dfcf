"""How far each judge's marks lie from the others' on the same scripts.

Sources: the mean of paired differences with Student's t; limits of agreement after Bland & Altman, Statistical methods for assessing agreement
between two methods of clinical measurement, Lancet 327 (1986) 307-310; a judge is called out by a p-value after Bonferroni.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

ROUNDING = 1e-12
"""A spread or a mean difference below this share of the largest mark is what floating point left of zero."""
NORMAL_95 = 1.96
"""Standard deviations to both sides of the mean that hold 95 % of the differences: Bland and Altman's limits."""


@dataclass(frozen=True, slots=True)
class PairedDifferences:
    """Differences of one judge from the mean of the others, in the unit of the values, where there are others."""

    places: NDArray[np.int64]
    """Where the judge's values stand among all."""
    others: NDArray[np.float64]
    """Mean of the other judges' values, by place."""
    differences: NDArray[np.float64]
    """Own value less that mean, by place."""


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """The mean of some differences, in their unit. A single one has no error and no limits."""

    count: int
    mean: float
    deviation: float | None = None
    standard_error: float | None = None
    limits: tuple[float, float] | None = None
    """Confidence limits of the mean."""
    limits_of_agreement: tuple[float, float] | None = None
    """Between them 95 % of the differences are expected."""
    p: float = 1.0
    """The chance of a mean so far from 0 when the judge does not differ."""


def paired_differences(values: NDArray[np.float64], units: NDArray[np.int64], judges: NDArray[np.int64]) -> list[PairedDifferences]:
    """Return the differences of each judge, numbered from 0. The arrays say which unit has which value from which judge, one at most of each."""
    if not values.size:
        return []
    counts, sums = np.bincount(units)[units], np.bincount(units, values)[units]
    compared = counts > 1
    others = np.divide(sums - values, counts - 1, out=np.zeros_like(values), where=compared)
    differences = values - others
    order = np.argsort(judges, kind="stable")
    own = np.split(order, np.cumsum(np.bincount(judges))[:-1])
    kept = [places[compared[places]] for places in own]
    return [PairedDifferences(places, others[places], differences[places]) for places in kept]


def mean_difference(differences: NDArray[np.float64], confidence: float, largest: float) -> MeanDifference:
    """Return the mean of at least one difference, with limits that hold with probability `confidence`; no mark is larger than `largest`.

    Where all differences are the same, Student's t knows no error: the chance is then that of as many equal signs.
    """
    count, mean = differences.size, float(differences.mean())
    mean = mean if abs(mean) > ROUNDING * largest else 0.0
    if count == 1:
        return MeanDifference(count, mean)
    deviation = float(differences.std(ddof=1))
    deviation = deviation if deviation > ROUNDING * largest else 0.0
    error = deviation / count**0.5
    reach = float(stdtrit(count - 1, (1 + confidence) / 2)) * error
    agreed = NORMAL_95 * deviation
    return MeanDifference(
        count=count,
        mean=mean,
        deviation=deviation,
        standard_error=error,
        limits=(mean - reach, mean + reach),
        limits_of_agreement=(mean - agreed, mean + agreed),
        p=_chance(count, mean, error),
    )


def _chance(count: int, mean: float, error: float) -> float:
    if mean == 0:
        return 1.0
    return 2 * float(stdtr(count - 1, -abs(mean) / error)) if error else min(1.0, 2 * 0.5**count)
