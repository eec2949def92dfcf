"""The picture of how alike forms are: a cell for every two, as coordinates for an inline SVG. Draws; decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 640.0, 576.0
WIDEST, HIGHEST = 72.0, 24.0
GAP = 1.5
HALF = 0.5
NARROWEST_WITH_FIGURE, LOWEST_WITH_FIGURE = 17.0, 16.0
"""In a smaller cell a figure of two digits would touch the next; its title and the table still say it."""
MOST_CELLS = 50
"""Forms that have a row of their own; more are taken together in blocks."""
STEPS = 5
FIRST_DARK_STEP = 4
LINE = 14.0
"""Height of a line of names."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two forms, or two blocks of forms, and how many items they share. `step` of the ground: 0 for none, the allowed largest is the darkest."""

    one: str
    other: str
    count: int
    step: int
    x: str
    y: str
    middle: str
    is_dark: bool


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a form: at the end of its row and over its column."""

    text: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class LikenessMap:
    """The whole picture: a triangle with the names on its long side. `scale` says for each step which counts it stands for.

    `block`: how many forms a row stands for; a cell of several shows the most that any two forms of its blocks share.
    """

    pairs: tuple[Pair, ...]
    names: tuple[Name, ...]
    scale: tuple[tuple[int, str], ...]
    cell_width: str
    cell_height: str
    has_figures: bool
    height: str
    block: int


def likeness_map(names: Sequence[str], overlap: Sequence[Sequence[int]], allowed: int) -> LikenessMap:
    """Return the picture of `overlap[i][j]`, the items that forms i and j share; its ground is measured by the `allowed` largest."""
    block = ceil(len(names) / MOST_CELLS)
    blocks = [range(first, min(first + block, len(names))) for first in range(0, len(names), block)]
    labels = [names[each[0]] if len(each) == 1 else f"{names[each[0]]}–{names[each[-1]]}" for each in blocks]
    diagonal = int(block > 1)  # two forms of one block share items too
    width, height = min(WIDEST, WIDTH / (len(blocks) + diagonal)), min(HIGHEST, HEIGHT / len(blocks))
    pairs = []
    for row, mine in enumerate(blocks):
        for column in range(row + diagonal):
            count = _most_shared(overlap, mine, blocks[column])
            step, x = likeness_step(count, allowed), column * width
            middle = _figure(x + HALF * (width - GAP))
            pairs.append(Pair(labels[column], labels[row], count, step, _figure(x), _figure(row * height), middle, step >= FIRST_DARK_STEP))
    every = max(1, ceil(LINE / height))
    return LikenessMap(
        pairs=tuple(pairs),
        names=tuple(
            Name(label, _figure(width * (place + diagonal) + GAP), _figure(height * (place + HALF)))
            for place, label in enumerate(labels)
            if place % every == 0
        ),
        scale=tuple(_scale(allowed)),
        cell_width=_figure(width - GAP),
        cell_height=_figure(height - min(GAP, height * HALF * HALF)),
        has_figures=width >= NARROWEST_WITH_FIGURE and height >= LOWEST_WITH_FIGURE,
        height=_figure(height * len(blocks)),
        block=block,
    )


def likeness_step(count: int, allowed: int) -> int:
    """Return the step of the ground for two forms that share `count` items: 0 for none, up from 1 in equal spans to `allowed`."""
    return min(STEPS, -(-count * STEPS // max(allowed, 1)))


def _most_shared(overlap: Sequence[Sequence[int]], rows: range, columns: range) -> int:
    return max((overlap[row][column] for row in rows for column in columns if row != column), default=0)


def _scale(allowed: int) -> list[tuple[int, str]]:
    spans: dict[int, list[int]] = {}
    for count in range(1, allowed + 1):
        spans.setdefault(likeness_step(count, allowed), []).append(count)
    return [(step, str(counts[0]) if len(counts) == 1 else f"{counts[0]}–{counts[-1]}") for step, counts in spans.items()]


def _figure(value: float) -> str:
    return f"{value:.1f}"
