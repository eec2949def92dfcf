"""Krippendorff's alpha for marks, which lets judges be missing.

Source: Krippendorff, Computing Krippendorff's alpha-reliability, University of Pennsylvania (2011), interval metric.
"""

import numpy as np
from numpy.typing import NDArray

from examsrv.measurement.estimate import Estimate, NoFigure
from question_bank.message import N_, Message

PAIR = 2

NO_PAIR = Message(N_("No script has marks of two examiners"))
NO_DIFFERENCE = Message(N_("All marks that can be compared are the same"))


def alpha(values: NDArray[np.float64], units: NDArray[np.int64]) -> Estimate | NoFigure:
    """Return alpha (1 full agreement, 0 no better than chance) of `values`, each given to the unit of the same place in `units`.

    Units are numbered from 0; one with a single value has no pair and does not count. For the interval metric the coincidence matrix comes down to
    sums of squares: observed disagreement within units, each weighted m / (m - 1); expected disagreement over all values that have a partner.
    There are no limits: they would need a bootstrap. ValueError: values that are not finite.
    """
    if not np.isfinite(values).all():
        raise ValueError("finite values are needed")
    paired = np.bincount(units)[units] >= PAIR if units.size else np.zeros(0, dtype=bool)
    values, units = values[paired], units[paired]
    if not values.size:
        return NoFigure(NO_PAIR)
    if np.ptp(values) == 0:
        return NoFigure(NO_DIFFERENCE)
    counts = np.bincount(units)
    means = np.bincount(units, values) / np.maximum(counts, 1)
    squares = np.bincount(units, (values - means[units]) ** 2)
    used = counts > 0
    observed = (squares[used] * counts[used] / (counts[used] - 1)).sum() / values.size
    expected = ((values - values.mean()) ** 2).sum() / (values.size - 1)
    return Estimate(float(1 - observed / expected))
