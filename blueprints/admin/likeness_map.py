"""The picture of how alike forms are: a cell for every two, as coordinates for an inline SVG. Draws; decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 800.0
WIDEST = 72.0
GAP = 1.5
HALF = 0.5
ROW = 24
NARROWEST_WITH_FIGURE = 22.0
"""In a narrower cell a figure of two digits would touch the next; its title and the table still say it."""
STEPS = 5
FIRST_DARK_STEP = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """Two forms and how many items they share. `step` of the ground: 0 for none, the allowed largest is the darkest."""

    one: str
    other: str
    count: int
    step: int
    x: str
    y: int
    middle: str
    is_dark: bool


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a form: at the end of its row and over its column."""

    text: str
    x: str
    y: int


@dataclass(frozen=True, slots=True)
class LikenessMap:
    """The whole picture: a triangle with the names on its long side. `scale` says for each step which counts it stands for."""

    pairs: tuple[Pair, ...]
    names: tuple[Name, ...]
    scale: tuple[tuple[int, str], ...]
    cell_width: str
    has_figures: bool
    height: int


def likeness_map(names: Sequence[str], overlap: Sequence[Sequence[int]], allowed: int) -> LikenessMap:
    """Return the picture of `overlap[i][j]`, the items that forms i and j share; its ground is measured by the `allowed` largest."""
    width = min(WIDEST, WIDTH / len(names))
    return LikenessMap(
        pairs=tuple(_pair(names, overlap, allowed, row, column, width) for row in range(len(names)) for column in range(row)),
        names=tuple(Name(name, _figure(width * (place + HALF)), ROW * place) for place, name in enumerate(names)),
        scale=tuple(_scale(allowed)),
        cell_width=_figure(width - GAP),
        has_figures=width >= NARROWEST_WITH_FIGURE,
        height=ROW * len(names),
    )


def likeness_step(count: int, allowed: int) -> int:
    """Return the step of the ground for two forms that share `count` items: 0 for none, up from 1 in equal spans to `allowed`."""
    return min(STEPS, -(-count * STEPS // max(allowed, 1)))


def _pair(names: Sequence[str], overlap: Sequence[Sequence[int]], allowed: int, row: int, column: int, width: float) -> Pair:
    count = overlap[row][column]
    step = likeness_step(count, allowed)
    x = column * width
    return Pair(names[column], names[row], count, step, _figure(x), ROW * row, _figure(x + HALF * (width - GAP)), step >= FIRST_DARK_STEP)


def _scale(allowed: int) -> list[tuple[int, str]]:
    spans: dict[int, list[int]] = {}
    for count in range(1, allowed + 1):
        spans.setdefault(likeness_step(count, allowed), []).append(count)
    return [(step, str(counts[0]) if len(counts) == 1 else f"{counts[0]}–{counts[-1]}") for step, counts in spans.items()]


def _figure(value: float) -> str:
    return f"{value:.1f}"
