"""The pictures of a rehearsal, as coordinates for inline SVG: latencies on a logarithmic scale, saves over time, marks against ability."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from blueprints.admin.histogram import scale_top
from examsrv.services.rehearsal_reports import Latencies
from question_bank.message import Message

WIDTH = 640
LATENCY_LEFT, LATENCY_RIGHT, LATENCY_TOP, ROW, HALF_ROW = 24, 616, 34, 46, 23
LEAST_MS, MOST_MS = 1.0, 10_000.0
DECADES = (1, 10, 100, 1000, 10_000)
LEFT, RIGHT, TOP, BOTTOM = 44, 620, 20, 260
LINES = 5
LABELS = 6
ABILITY_LEAST, ABILITY_MOST, FULL = -4.0, 4.0, 100.0
ABILITIES = range(-4, 5)
MARKS = range(0, 101, 20)
NICE = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600)


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """One act: where its line runs and where its quantiles lie, with the row's place."""

    name: Message
    y: float
    p50: float
    p95: float
    p99: float
    longest: float
    act: Latencies


@dataclass(frozen=True, slots=True)
class LatencyPlot:
    """All acts, the marks of the scale (milliseconds, x), and the height of the picture."""

    rows: tuple[LatencyRow, ...]
    scale: tuple[tuple[int, float], ...]
    foot: float
    height: float


@dataclass(frozen=True, slots=True)
class SavesPlot:
    """Saves in each second as one line, the lines of the scale (count, y) and the labels below (second, x)."""

    line: str
    lines: tuple[tuple[int, float], ...]
    labels: tuple[tuple[int, float], ...]
    table: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class AbilityPlot:
    """A dot for each candidate, the curve that the model expects, and the scales (value, place)."""

    dots: tuple[tuple[float, float], ...]
    curve: str
    across: tuple[tuple[int, float], ...]
    upwards: tuple[tuple[int, float], ...]
    table: tuple[tuple[float, int, float, float], ...]


def latency_plot(acts: Sequence[Latencies]) -> LatencyPlot:
    """Return the picture of latencies; what is under a millisecond or over ten seconds lies on the edge."""
    rows = []
    for place, act in enumerate(acts):
        places = (_log_x(act.p50), _log_x(act.p95), _log_x(act.p99), _log_x(act.longest))
        rows.append(LatencyRow(act.name, LATENCY_TOP + place * ROW, *places, act))
    foot = LATENCY_TOP + len(acts) * ROW - HALF_ROW
    return LatencyPlot(tuple(rows), tuple((mark, _log_x(mark)) for mark in DECADES), foot, foot + ROW)


def saves_plot(saves: Sequence[int]) -> SavesPlot:
    """Return the picture of the saves of each second, and a table of at most twenty stretches: from, to, saves."""
    top = scale_top(max(saves, default=0))
    seconds = max(len(saves), 1)
    across = (RIGHT - LEFT) / seconds
    points = [(LEFT + place * across, _up(count, top)) for place, count in enumerate(saves)]
    line = " ".join(f"L{x:.1f} {y:.1f}H{x + across:.1f}" for x, y in points)
    step = next((nice for nice in NICE if seconds / nice <= LABELS), NICE[-1])
    return SavesPlot(
        line=f"M{LEFT} {BOTTOM}{line}V{BOTTOM}" if points else "",
        lines=tuple((count, round(_up(count, top), 1)) for count in range(0, top + 1, max(1, top // LINES))),
        labels=tuple((second, round(LEFT + second * across, 1)) for second in range(0, seconds + 1, step)),
        table=tuple((begin, min(begin + step, len(saves)), sum(saves[begin : begin + step])) for begin in range(0, len(saves), step)),
    )


def ability_plot(pairs: Sequence[tuple[float, float]], expected: Sequence[tuple[float, float]]) -> AbilityPlot:
    """Return the picture of marks against ability; the table has, for each whole step of ability, how many, their mean mark and the expected one."""
    inside = [(max(ABILITY_LEAST, min(ABILITY_MOST, ability)), mark) for ability, mark in pairs]
    return AbilityPlot(
        dots=tuple((round(_ability_x(ability), 1), round(_up(mark, FULL), 1)) for ability, mark in inside),
        curve=" ".join(f"{'L' if place else 'M'}{_ability_x(ability):.1f} {_up(mark, FULL):.1f}" for place, (ability, mark) in enumerate(expected)),
        across=tuple((ability, round(_ability_x(ability), 1)) for ability in ABILITIES),
        upwards=tuple((mark, round(_up(mark, FULL), 1)) for mark in MARKS),
        table=tuple(_steps(pairs, expected)),
    )


def _steps(pairs: Sequence[tuple[float, float]], expected: Sequence[tuple[float, float]]) -> list[tuple[float, int, float, float]]:
    found = []
    for ability, mark in expected:
        near = [own for of_ability, own in pairs if round(of_ability) == ability]
        if near:
            found.append((ability, len(near), sum(near) / len(near), mark))
    return found


def _log_x(milliseconds: float) -> float:
    inside = max(LEAST_MS, min(MOST_MS, milliseconds))
    return round(LATENCY_LEFT + (LATENCY_RIGHT - LATENCY_LEFT) * math.log(inside / LEAST_MS) / math.log(MOST_MS / LEAST_MS), 1)


def _ability_x(ability: float) -> float:
    return LEFT + (RIGHT - LEFT) * (ability - ABILITY_LEAST) / (ABILITY_MOST - ABILITY_LEAST)


def _up(value: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / top
