"""The picture of the bank: a cell for each point and kind, section beside section, as coordinates for an inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from examsrv.services.covering_points import Coverage, CoverageRow

WIDTH = 1286.0
LEFT = 104.0
BETWEEN_SECTIONS = 14.0
GAP = 1.5
TOP, ROW, HEIGHT = 26, 22, 20
BOUNDS = (1, 2, 4, 7, 11)
"""The fewest items of each step of the ground."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One point and kind. `step` from 1 to 5, 0 for a point that nothing asks; None for a kind that only this point lacks."""

    x: str
    y: int
    width: str
    step: int | None
    row: CoverageRow
    kind: int
    count: int


@dataclass(frozen=True, slots=True)
class SectionMark:
    """Where the name of a section stands."""

    x: str
    name: str
    weight: int
    items: int


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """The whole picture."""

    cells: tuple[Cell, ...]
    sections: tuple[SectionMark, ...]
    height: int


def coverage_map(coverage: Coverage) -> CoverageMap:
    """Lay the points of all sections out in one strip, a row for each kind."""
    shown = [section for section in coverage.sections if section.rows]
    gaps = BETWEEN_SECTIONS * max(len(shown) - 1, 0)
    width = (WIDTH - LEFT - gaps) / max(coverage.points, 1)
    cells: list[Cell] = []
    marks: list[SectionMark] = []
    x = LEFT
    for section in shown:
        marks.append(SectionMark(f"{x:.1f}", section.name, section.weight, section.items))
        for row in section.rows:
            cells += _column(row, x, width)
            x += width
        x += BETWEEN_SECTIONS
    return CoverageMap(tuple(cells), tuple(marks), TOP + ROW * len(coverage.kinds))


def heat_step(count: int) -> int:
    """Return the step of the ground for a number of items, 0 for none."""
    return sum(count >= bound for bound in BOUNDS)


def heat_words(bounds: Sequence[int] = BOUNDS) -> list[tuple[int, str]]:
    """Return the steps with the numbers they stand for, such as (2, 2–3)."""
    ends = [*(bound - 1 for bound in bounds[1:]), None]
    spans = zip(bounds, ends, strict=True)
    return [(step, f"{low}+" if high is None else str(low) if low == high else f"{low}–{high}") for step, (low, high) in enumerate(spans, start=1)]


def _column(row: CoverageRow, x: float, width: float) -> list[Cell]:
    is_hole = not any(row.counts)
    return [
        Cell(f"{x:.1f}", TOP + ROW * place, f"{width - GAP:.1f}", heat_step(count) or (0 if is_hole else None), row, place, count)
        for place, count in enumerate(row.counts)
    ]
