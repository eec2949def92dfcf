"""A small mixed-integer program, written column by column and row by row, solved by HiGHS through SciPy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf, lcm

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array


@dataclass(slots=True)
class Program:
    """Minimise the cost of the columns under rows `least` ≤ Σ coefficient × column ≤ `most`. Columns are numbered from 0 as added."""

    costs: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[Mapping[int, float], float, float]] = field(default_factory=list)

    def column(self, upper: float = inf, cost: float = 0, *, whole: bool = False) -> int:
        """Add a variable between 0 and `upper`; return its number."""
        self.costs.append(cost)
        self.uppers.append(upper)
        self.whole.append(int(whole))
        return len(self.costs) - 1

    def row(self, coefficients: Mapping[int, float], least: float = -inf, most: float = inf) -> None:
        """Add a constraint."""
        self.rows.append((coefficients, least, most))

    def exact_row(self, coefficients: Mapping[int, Fraction], least: Fraction, most: Fraction) -> None:
        """Add a constraint between exact figures, scaled to whole numbers so that nothing is lost to rounding."""
        scale = lcm(least.denominator, most.denominator, *(each.denominator for each in coefficients.values()))
        self.row({number: float(each * scale) for number, each in coefficients.items()}, float(least * scale), float(most * scale))

    def solve(self, nodes: int | None = None) -> Sequence[float] | None:
        """Return the best values of the columns, None if none fit. `nodes` ends the search early, with the best values found by then."""
        entries = [(row, column, value) for row, (coefficients, _, _) in enumerate(self.rows) for column, value in coefficients.items()]
        places = [[entry[0] for entry in entries], [entry[1] for entry in entries]]
        matrix = csr_array(([entry[2] for entry in entries], places), shape=(len(self.rows), len(self.costs)))
        limits = LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])
        options = {} if nodes is None else {"node_limit": nodes}
        bounds = Bounds(np.zeros(len(self.costs)), np.array(self.uppers))
        answer = milp(self.costs, integrality=self.whole, bounds=bounds, constraints=limits, options=options)
        return None if answer.x is None else [float(value) for value in answer.x]
