"""The pictures of parallel forms: curves over each other, bars of use, a row of difficulty for each section. Coordinates only; decides nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isnan
from statistics import mean, median

from blueprints.admin.histogram import scale_top

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 46, 624, 14, 270
MOST_CURVES = 100
"""Beyond, single curves are not to be told apart: the band between the lowest and the highest is drawn, and their middle."""
MOST_BARS = 24
BAR_GAP = 2.0
ROW, UNDER = 40, 44
NAMES_LEFT = 190
GRADES = range(1, 6)
HALF = 0.5
FROM, TO = -3.0, 3.0
"""Abilities at the ends of the scale."""
STEPS, SMALLEST, TEN = (1.0, 2.0, 2.5, 5.0), 0.1, 10
MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves over each other. `lines` are SVG points of every form, or `band` and `middle` stand for many; `target` are points with their places."""

    lines: tuple[tuple[str, str], ...]
    band: str
    middle: str
    scale: tuple[tuple[str, str], ...]
    abilities: tuple[tuple[str, str], ...]
    target: tuple[tuple[str, str], ...]
    pass_x: str | None
    pass_y: str | None
    pass_is_right: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """Items that stand in `low` to `high` forms."""

    low: int
    high: int
    count: int
    x: str
    y: str
    width: str
    height: str
    middle: str

    @property
    def words(self) -> str:
        """Return the span as it is written under the bar."""
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"


@dataclass(frozen=True, slots=True)
class Bars:
    """How often items stand in forms; `limit_x`: the end of what is allowed, None where everything is."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[int, str], ...]
    limit_x: str | None


@dataclass(frozen=True, slots=True)
class DifficultyRow:
    """A section's row: `dots` of the forms, or the `span` of many; the middle form is marked."""

    name: str
    y: int
    dots: tuple[tuple[str, str], ...]
    span: tuple[str, str]
    middle: str
    least: float
    largest: float
    mean: float


@dataclass(frozen=True, slots=True)
class DifficultyPlot:
    """The whole picture; `scale` holds the grades with their places."""

    rows: tuple[DifficultyRow, ...]
    scale: tuple[tuple[int, str], ...]
    bottom: int
    height: int


def curves(
    names: Sequence[str],
    abilities: Sequence[float],
    heights: Sequence[Sequence[float]],
    top: float | None = None,
    target: Iterable[tuple[float, float]] = (),
    pass_at: tuple[float, float] | None = None,
) -> Curves:
    """Return the curves of `heights[form][ability]`. `top`: the end of the scale if it is given; `pass_at`: where the pass mark is met."""
    aims = list(target)
    step = _step(max([*(max(line) for line in heights), *(height for _ability, height in aims)]) if top is None else top)
    end = step * MOST_LINES
    is_many = len(heights) > MOST_CURVES
    lows, highs = [min(column) for column in zip(*heights, strict=True)], [max(column) for column in zip(*heights, strict=True)]
    around = [*zip(abilities, highs, strict=True), *reversed(list(zip(abilities, lows, strict=True)))]
    return Curves(
        lines=() if is_many else tuple((name, _points(zip(abilities, line, strict=True), end)) for name, line in zip(names, heights, strict=True)),
        band=_points(around, end) if is_many else "",
        middle=_points(zip(abilities, map(median, zip(*heights, strict=True)), strict=True), end) if is_many else "",
        scale=tuple((f"{step * count:g}", _y(step * count, end)) for count in range(MOST_LINES + 1)),
        abilities=tuple((f"{theta:+d}" if theta else "0", _x(theta)) for theta in range(ceil(abilities[0]), int(abilities[-1]) + 1)),
        target=tuple((_x(ability), _y(height, end)) for ability, height in aims),
        pass_x=None if pass_at is None else _x(pass_at[0]),
        pass_y=None if pass_at is None else _y(pass_at[1], end),
        pass_is_right=pass_at is not None and pass_at[0] > 0,
    )


def use_bars(uses: Iterable[int], never: int, forms: int, allowed: int) -> Bars:
    """Return the bars of how many items stand in 0, 1, 2 … of `forms` forms; many counts share a bar."""
    counts = Counter(uses) + Counter({0: never})
    most = max(counts, default=0)
    width = max(1, ceil((most + 1) / MOST_BARS))
    spans = [(low, min(low + width - 1, forms)) for low in range(0, most + 1, width)]
    held = [sum(counts[times] for times in range(low, high + 1)) for low, high in spans]
    places = max(len(spans), MOST_LINES + 1)
    room, top = (RIGHT - LEFT) / places, scale_top(max(held, default=0))
    bars = []
    for place, ((low, high), count) in enumerate(zip(spans, held, strict=True)):
        x, y = LEFT + place * room, TOP + (BOTTOM - TOP) * (1 - count / top)
        bars.append(Bar(low, high, count, _f(x + BAR_GAP * HALF), _f(y), _f(room - BAR_GAP), _f(BOTTOM - y), _f(x + room * HALF)))
    lines = tuple((count, _f(TOP + (BOTTOM - TOP) * (1 - count / top))) for count in range(0, top + 1, max(1, top // MOST_LINES)))
    limit = LEFT + (allowed + 1) / width * room
    return Bars(tuple(bars), lines, _f(limit) if allowed < forms and limit <= RIGHT else None)


def difficulty_plot(names: Sequence[str], by_section: Mapping[str, Sequence[float]]) -> DifficultyPlot:
    """Return a row for each section with the mean difficulty of each form's items there; sections without items are left out."""
    known = {section: [(name, each) for name, each in zip(names, means, strict=True) if not isnan(each)] for section, means in by_section.items()}
    rows = tuple(_difficulty_row(place, *each) for place, each in enumerate((name, means) for name, means in known.items() if means))
    bottom = TOP + ROW * len(rows)
    return DifficultyPlot(rows, tuple((grade, _f(_at(grade))) for grade in GRADES), bottom, bottom + UNDER)


def _difficulty_row(place: int, section: str, means: Sequence[tuple[str, float]]) -> DifficultyRow:
    values = [each for _name, each in means]
    least, largest = min(values), max(values)
    dots = () if len(means) > MOST_CURVES else tuple((name, _f(_at(each))) for name, each in means)
    return DifficultyRow(
        section, int(TOP + ROW * (place + HALF)), dots, (_f(_at(least)), _f(_at(largest))), _f(_at(median(values))), least, largest, mean(values)
    )


def _at(grade: float) -> float:
    return NAMES_LEFT + (grade - GRADES[0]) / (GRADES[-1] - GRADES[0]) * (RIGHT - NAMES_LEFT)


def _step(highest: float) -> float:
    """Return the distance of the lines: the least of 1, 2, 2.5, 5, 10 … with which they reach `highest`."""
    power = SMALLEST
    while True:
        for each in STEPS:
            if each * power * MOST_LINES >= highest:
                return each * power
        power *= TEN


def _points(places: Iterable[tuple[float, float]], end: float) -> str:
    return " ".join(f"{_x(ability)},{_y(height, end)}" for ability, height in places)


def _x(ability: float) -> str:
    return _f(LEFT + (ability - FROM) / (TO - FROM) * (RIGHT - LEFT))


def _y(height: float, end: float) -> str:
    return _f(BOTTOM - height / end * (BOTTOM - TOP))


def _f(value: float) -> str:
    return f"{value:.1f}"
