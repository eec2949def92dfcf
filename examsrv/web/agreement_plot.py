"""The picture of how examiners differ: a row for each, a dot for each script, the mean with its limits. Coordinates only; decides nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

WIDTH = 1300
LEFT, RIGHT, TOP = 220, 1270, 14
ROW = 44
HALF = 0.5
HALF_ROW = int(ROW * HALF)
UNDER = 46
STEPS = (0.5, 1, 2, 5, 10, 20, 25, 50)
MOST_LINES = 4
"""Lines of the scale on either side of 0."""


class Figure(Protocol):
    """A mean with its limits."""

    @property
    def value(self) -> float:
        """The mean."""
        ...

    @property
    def lower(self) -> float | None:
        """The lower limit, if the data set one."""
        ...

    @property
    def upper(self) -> float | None:
        """The upper limit, if the data set one."""
        ...


@dataclass(frozen=True, slots=True)
class ExaminerRow:
    """An examiner's row: heights and places are those of the SVG; `limits` None: too few scripts."""

    name: str
    y: int
    dots: tuple[tuple[str, str], ...]
    mean: str
    limits: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class AgreementPlot:
    """The whole picture; `scale` holds differences as they are written and their places."""

    width: int
    height: int
    left: int
    bottom: int
    zero: str
    scale: tuple[tuple[str, str], ...]
    rows: tuple[ExaminerRow, ...]


def agreement_plot(examiners: Iterable[tuple[str, Figure, Sequence[tuple[str, float]]]]) -> AgreementPlot:
    """Return the picture of examiners: name, mean difference, and by script the difference to the mean of the others."""
    given = list(examiners)
    reach = max((abs(each) for _name, mean, dots in given for each in _all(mean, dots)), default=0.0)
    step = next((each for each in STEPS if each * MOST_LINES >= reach), STEPS[-1])
    end = step * MOST_LINES
    rows = tuple(_row(place, name, mean, dots, end) for place, (name, mean, dots) in enumerate(given))
    bottom = TOP + ROW * len(given)
    marks = [step * count for count in range(-MOST_LINES, MOST_LINES + 1)]
    scale = tuple((f"{mark:+g}" if mark else "0", _x(mark, end)) for mark in marks)
    return AgreementPlot(WIDTH, bottom + UNDER, LEFT, bottom, _x(0, end), scale, rows)


def _all(mean: Figure, dots: Sequence[tuple[str, float]]) -> Iterable[float]:
    yield from (difference for _script, difference in dots)
    yield from (limit for limit in (mean.value, mean.lower, mean.upper) if limit is not None)


def _row(place: int, name: str, mean: Figure, dots: Sequence[tuple[str, float]], end: float) -> ExaminerRow:
    limits = None if mean.lower is None or mean.upper is None else (_x(mean.lower, end), _x(mean.upper, end))
    y = TOP + ROW * place + HALF_ROW
    return ExaminerRow(name, y, tuple((script, _x(difference, end)) for script, difference in dots), _x(mean.value, end), limits)


def _x(difference: float, end: float) -> str:
    """Return where a difference lies; one beyond the end of the scale is drawn at it."""
    share = max(-1.0, min(1.0, difference / end))
    return f"{LEFT + (RIGHT - LEFT) * (share + 1) * HALF:.1f}"
