"""The table: lines with their goal, what was measured and the verdict, as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

HEAD = ("scenario", "what", "goal", "median", "runs", "verdict", "cpu-s server / generator", "foreign cores", "note")


@dataclass(frozen=True, slots=True)
class Goal:
    """At most or at least so much."""

    most: float | None = None
    least: float | None = None

    def is_met(self, value: float, slack: float = 0.0) -> bool:
        """Tell whether `value` reaches the goal, or misses it by no more than `slack` (0.25: a quarter of the goal)."""
        if self.most is not None and value > self.most * (1 + slack):
            return False
        return self.least is None or value >= self.least * (1 - slack)

    def words(self, unit: str) -> str:
        """Return the goal as the table says it."""
        return f"≤ {self.most:g} {unit}" if self.most is not None else f"≥ {self.least:g} {unit}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line: the median of the runs counts."""

    scenario: str
    what: str
    values: tuple[float, ...]
    unit: str
    goal: Goal | None = None
    cost: str = ""
    foreign: float = 0.0
    note: str = ""

    @classmethod
    def of(cls, scenario: str, what: str, values: Sequence[float], unit: str, goal: Goal | None, loads: Sequence[Any], note: str = "") -> "Line":
        """Make a line of what was measured, with the costs of its loads."""
        server = median(sum(load.cost.trees.values()) for load in loads)
        generator = median(load.cost.generator for load in loads)
        foreign = max(load.cost.foreign_cores for load in loads)
        if any(not load.cost.is_quiet for load in loads):
            note = f"noisy: {sum(not load.cost.is_quiet for load in loads)} of {len(loads)} runs; {note}".rstrip("; ")
        return cls(scenario, what, tuple(values), unit, goal, f"{server:.1f} / {generator:.1f}", foreign, note)

    @property
    def value(self) -> float:
        """Return what counts."""
        return median(self.values)

    def is_met(self, slack: float = 0.0) -> bool:
        """Tell whether the goal is met; a line without one is."""
        return self.goal is None or self.goal.is_met(self.value, slack)

    def cells(self) -> list[str]:
        """Return the cells of the table."""
        goal = self.goal.words(self.unit) if self.goal else ""
        verdict = "" if self.goal is None else "met" if self.is_met() else "**missed**"
        runs = " / ".join(number(value) for value in sorted(self.values)) if len(self.values) > 1 else ""
        return [
            self.scenario,
            self.what,
            goal,
            f"{number(self.value)} {self.unit}".strip(),
            runs,
            verdict,
            self.cost,
            f"{self.foreign:.2f}",
            self.note,
        ]


def number(value: float) -> str:
    """Return a figure with three digits that say something."""
    if abs(value) >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def markdown(lines: Sequence[Line]) -> str:
    """Return the table."""
    rows = [list(HEAD), ["---"] * len(HEAD), *(line.cells() for line in lines)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
