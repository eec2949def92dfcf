"""A figure of a statistic, or why there is none: what is shown is never nan or infinite."""

from dataclasses import dataclass

from question_bank.message import Message


@dataclass(frozen=True, slots=True)
class Estimate:
    """A finite figure and its confidence limits; a limit is None where the data set none."""

    value: float
    lower: float | None = None
    upper: float | None = None

    def times(self, factor: float) -> "Estimate":
        """Return the figure in another unit; `factor` is positive."""
        return Estimate(self.value * factor, None if self.lower is None else self.lower * factor, None if self.upper is None else self.upper * factor)


@dataclass(frozen=True, slots=True)
class NoFigure:
    """Why there is no figure."""

    reason: Message
