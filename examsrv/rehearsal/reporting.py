"""What a rehearsal came to: figures, findings and a verdict, as one object that can be printed, kept as JSON and shown on a page."""

import platform
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from examsrv.rehearsal.comparing import Findings
from examsrv.rehearsal.guessing import probability
from examsrv.rehearsal.measuring import Act, Measured, quantile
from examsrv.rehearsal.nemesis import Kill
from examsrv.rehearsal.performing import Course, Performance
from examsrv.rehearsal.setting_up import Plan
from examsrv.rehearsal.stored import Pause, Stored
from examsrv.services.rehearsal_reports import VERSION
from examsrv.services.rehearsing import RehearsedItem

EXAMPLES = 20
MILLI = 1000
MILLISECOND = timedelta(milliseconds=1)
DIGITS = 3
EXPECTED_AT = [step / 2 for step in range(-6, 7)]
QUANTILES = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99, "max_ms": 1.0}
SHORT_BY_MOST = timedelta(seconds=1)
"""So much less than the outage may be given back: the server begins a moment before it answers."""
OVER_BY_MOST = timedelta(seconds=1)
"""So much more: time stands still from the last clock mark, which is up to half a second older than the kill."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A kill with the time that each room got back: the least and the most of the rooms. None: a room got nothing."""

    kill: Kill
    least: timedelta | None
    most: timedelta | None

    @property
    def is_exact(self) -> bool:
        """Tell whether every room got back what the outage took, exact to a second; after a long one also what the proctors took to go on."""
        if self.least is None or self.most is None:
            return False
        return self.least >= self.kill.outage - SHORT_BY_MOST and self.most <= self.kill.seen_to - self.kill.killed + OVER_BY_MOST


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which a rehearsal took place. `client_cpu` in seconds."""

    began: datetime
    seed: int
    server: str
    database: str
    client_cpu: float
    is_chain_whole: bool


def report_of(
    plan: Plan, course: Course, measured: Measured, performance: Performance, stored: Stored, findings: Findings, about: Circumstances
) -> dict[str, Any]:
    """Return the whole report as plain values; `version` counts its shape. README documents it."""
    outages = [outage_of(kill, stored.pauses, [room.id for room in plan.rooms]) for kill in performance.kills]
    counts = fault_counts(course, measured, stored, findings, outages, about)
    return {
        "version": VERSION,
        "began": about.began.isoformat(timespec="seconds"),
        "seed": about.seed,
        "candidates": len(plan.candidates),
        "rooms": len(plan.rooms),
        "minutes": round(course.seconds / timedelta(minutes=1).total_seconds(), DIGITS),
        "server": about.server,
        "database": about.database,
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "acts": {act: _latencies(values) for act, values in sorted(measured.seconds.items())},
        "requests": performance.requests,
        "unanswered": measured.unanswered,
        "errors": dict(sorted(measured.refused.items())),
        "server_cpu_s": None if performance.server_cpu is None else round(performance.server_cpu, DIGITS),
        "client_cpu_s": round(about.client_cpu, DIGITS),
        "requests_per_cpu_s": round(performance.requests / performance.server_cpu, DIGITS) if performance.server_cpu else None,
        "saves_each_second": _each_second(measured.at.get(Act.SAVE, [])),
        "steps": {"sent": findings.sent, "acknowledged": findings.acknowledged, "stored": findings.stored},
        "marks_compared": findings.marks_compared,
        "abilities": _abilities(performance, stored),
        "expected": _expected(plan.items.values()),
        "kills": [_plain_outage(outage) for outage in outages],
        "faults": {name: count for name, count in counts.items() if count},
        "examples": {name: found[:EXAMPLES] for name, found in asdict(findings).items() if isinstance(found, list) and found},
        "is_right": not any(counts.values()),
    }


def fault_counts(
    course: Course, measured: Measured, stored: Stored, findings: Findings, outages: Sequence[Outage], about: Circumstances
) -> dict[str, int]:
    """Return how often each kind of fault was found; nothing but noughts is a rehearsal in which everything was right."""
    found = {name: len(places) for name, places in asdict(findings).items() if isinstance(places, list)}
    return {
        **found,
        "aside": stored.aside,
        "errors": measured.errors,
        "chain": int(not about.is_chain_whole),
        "kills": course.kills - len(outages),
        "given_back": sum(not outage.is_exact for outage in outages),
    }


def outage_of(kill: Kill, pauses: Sequence[Pause], rooms: Sequence[int]) -> Outage:
    """Return a kill with what the rooms got back for it: their pauses that hold the moment of the kill."""
    given = {pause.room: pause.until - pause.since for pause in pauses if pause.until is not None and _holds(pause, kill)}
    if any(room not in given for room in rooms):
        return Outage(kill, None, None)
    return Outage(kill, min(given.values()) * MILLISECOND, max(given.values()) * MILLISECOND)


def _holds(pause: Pause, kill: Kill) -> bool:
    return pause.since * MILLISECOND <= kill.killed and pause.until is not None and pause.until * MILLISECOND >= kill.killed


def _plain_outage(outage: Outage) -> dict[str, Any]:
    return {
        "outage_s": round(outage.kill.outage.total_seconds(), DIGITS),
        "given_back_least_s": None if outage.least is None else round(outage.least.total_seconds(), DIGITS),
        "given_back_most_s": None if outage.most is None else round(outage.most.total_seconds(), DIGITS),
        "is_exact": outage.is_exact,
    }


def _latencies(seconds: Sequence[float]) -> dict[str, float]:
    return {"count": len(seconds), **{name: round(quantile(seconds, share) * MILLI, 1) for name, share in QUANTILES.items()}}


def _each_second(at: Sequence[float]) -> list[int]:
    """Return how many saves were acknowledged in each second from the first to the last."""
    if not at:
        return []
    first = int(min(at))
    counts = [0] * (int(max(at)) - first + 1)
    for moment in at:
        counts[int(moment) - first] += 1
    return counts


def _abilities(performance: Performance, stored: Stored) -> list[list[float]]:
    """Return ability and stored total of every candidate who has both."""
    found = []
    for attempt, of_ability in performance.abilities.items():
        mark = stored.totals.get(attempt)
        if mark is not None:
            found.append([round(of_ability, DIGITS), float(mark)])
    return found


def _expected(papers: Collection[Mapping[int, RehearsedItem]]) -> list[list[float]]:
    """Return the mark that the model expects at some abilities, the mean of the papers."""
    found = []
    for of_ability in EXPECTED_AT:
        marks = [sum(float(item.marks) * probability(of_ability, item.difficulty) for item in items.values()) for items in papers]
        found.append([of_ability, round(sum(marks) / len(marks), DIGITS)])
    return found
