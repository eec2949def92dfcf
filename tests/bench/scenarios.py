"""What is measured, and the goal of each: see `SCENARIOS`. A scenario returns the lines of the table that it fills."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from examsrv.rehearsal.measuring import quantile
from tests.bench.costs import wait_for_quiet
from tests.bench.installation import Installation, Target
from tests.bench.load import Load, apart, closed_loops, hand_in_rush, start_rush, steady
from tests.bench.slow_disk import slow_disk
from tests.bench.storage import bytes_per_candidate
from tests.bench.stored import compared
from tests.bench.table import Goal, Line

CLIENTS, BOARDS = 200, 20
FEW = 100
SAVED, UNSAVED = 90, 10
MILLI, KILO = 1000, 1024
P50, P99 = 0.5, 0.99


@dataclass(frozen=True, slots=True)
class Bench:
    """What a scenario needs: an installation, how often and how long to measure, how long to wait for quiet; saves at a steady `rate`."""

    installation: Installation
    runs: int
    seconds: float
    patience: float
    rate: int
    most: int
    folder: Path
    told: Callable[[str], None]

    @property
    def candidates(self) -> int:
        """Return how many candidates there are."""
        return len(self.installation.stage.seats)

    def once(self, load: Callable[..., Load], *about: object) -> Load:
        """Serve a fresh copy, load it, and compare what was acknowledged with what is stored; that does not hold: raises Lost."""
        with self.installation.served() as target:
            wait_for_quiet(self.patience)
            found = apart(load, target, *about)
            require_stored(target, found)
        self.told(summary(load.__name__, "as_is", found))
        return found

    def in_turn(self, *ways: str, environment: Mapping[str, str] | None = None) -> list[Load]:
        """Serve fresh copies in several `ways` at the same time and let everybody save on one after the other, turn by turn; compared as above."""
        with ExitStack() as served:
            targets = [served.enter_context(self.installation.served(way, environment)) for way in ways]
            wait_for_quiet(self.patience)
            found = apart(closed_loops, targets, CLIENTS, self.seconds)
            for way, target, load in zip(ways, targets, found, strict=True):
                if way not in STORING_NOTHING:
                    require_stored(target, load)
                self.told(summary("closed loop", way, load))
        return found


STORING_NOTHING = {"no_store", "no_journal", "bare_flask"}


class Lost(Exception):
    """What was acknowledged is not what is stored: no figure of such a run counts."""


def require_stored(target: Target, load: Load) -> None:
    """Refuse a load after which the database does not hold what was acknowledged."""
    found = compared(target.database, load.logs)
    if not found.is_right or (not found.acknowledged and "page" not in load.latencies):
        raise Lost(str(found))


# ------------------------------------------------------------------ a, b: saturation


def against_no_store(bench: Bench) -> list[Line]:
    """Compare durable saves with the same route that stores nothing."""
    runs = [bench.in_turn("as_is", "no_store", "no_journal", "bare_flask") for _run in range(bench.runs)]
    durable, bare, direct, floor = zip(*runs, strict=True)
    return [
        rate_line("a", f"durable saves/s, {CLIENTS} clients, closed loop", durable),
        rate_line("a", "the same, the writer acknowledges without writing", bare),
        rate_line("a", "the same, the request acknowledges itself", direct),
        rate_line("a", "a bare route of Flask answers: the floor of server and machine", floor),
        per_cpu_line("a", "the same ratio per second of the server's processor", durable, bare),
        ratio_line("a", "durable / without a store", durable, bare, Goal(least=0.8)),
        ratio_line("a", "durable / neither store nor writer", durable, direct, None),
        per_cpu_line("a", "durable / bare route of Flask, per second of the server's processor", durable, floor),
    ]


def against_one_by_one(bench: Bench) -> list[Line]:
    """Compare commits of many requests with commits of one."""
    with_many, alone = zip(*(bench.in_turn("as_is", "one_by_one") for _run in range(bench.runs)), strict=True)
    lines = [
        rate_line("b", "one transaction per request, this disk", alone),
        ratio_line("b", "together / alone, this disk", with_many, alone, Goal(least=1.5)),
    ]
    return lines + _on_a_slow_disk(bench) if bench.installation.store.process is None else lines


def _on_a_slow_disk(bench: Bench) -> list[Line]:
    """The shim is loaded into the server: it slows the disk down where the server itself writes, that is with SQLite."""
    slow = slow_disk(bench.folder)
    with_many, alone = zip(*(bench.in_turn("as_is", "one_by_one", environment=slow) for _run in range(bench.runs)), strict=True)
    return [
        rate_line("b", "durable saves/s, fsync of 5 ms", with_many),
        rate_line("b", "one transaction per request, fsync of 5 ms", alone),
        ratio_line("b", "together / alone, fsync of 5 ms", with_many, alone, Goal(least=8)),
    ]


# ------------------------------------------------------------------ c, f: a steady rate, and boards


def steady_saves(bench: Bench) -> list[Line]:
    """Measure the latency of saves at a constant rate."""
    return _steady(bench, 0)


def steady_saves_with_boards(bench: Bench) -> list[Line]:
    """Measure the same, and then the same while boards are looked at."""
    return _steady(bench, BOARDS)


def _steady(bench: Bench, boards: int) -> list[Line]:
    alone, beside = [], []
    for _ in range(bench.runs):
        with bench.installation.served() as target:
            wait_for_quiet(bench.patience)
            without, with_boards = apart(steady, target, bench.rate, bench.seconds, boards)
            require_stored(target, with_boards)
        alone.append(without)
        bench.told(summary("steady", "as_is", without))
        if boards:
            beside.append(with_boards)
            bench.told(summary("steady", "with boards", with_boards))
    what = f"{bench.candidates} candidates, {bench.rate} saves/s"
    lines = [
        latency_line("c", f"{what}: p99", alone, "save", P99, Goal(most=50)),
        latency_line("c", f"{what}: p50", alone, "save", P50, None),
        error_line("c", f"{what}: errors", alone),
    ]
    if boards:
        shares = [(b.cost.trees["server"] - a.cost.trees["server"]) / b.cost.seconds * 100 for a, b in zip(alone, beside, strict=True)]
        growth = [(p99(b, "save") / p99(a, "save") - 1) * 100 for a, b in zip(alone, beside, strict=True)]
        lines += [
            Line.of("f", f"{boards} proctors' boards every 2 s beside it: share of a core", shares, "%", Goal(most=15), beside),
            Line.of("f", "p99 of a save against without boards", growth, "%", Goal(most=20), beside),
            latency_line("f", "p99 of a board", beside, "board", P99, None),
            error_line("f", "errors beside boards", beside),
        ]
    return lines


# ------------------------------------------------------------------ d, e: rushes


def rush_to_start(bench: Bench) -> list[Line]:
    """Measure the start of everybody within one second."""
    loads = [bench.once(start_rush) for _ in range(bench.runs)]
    what = f"start of {bench.candidates} in one second"
    paper = f"the largest opened paper on the wire, packed with {loads[0].packed_with}: brotli over TLS, as browsers ask for it, else gzip"
    return [
        Line.of("d", f"{what}: last answer", [load.last_answer for load in loads], "s", Goal(most=1.5), loads),
        latency_line("d", f"{what}: p99 of the page", loads, "page", P99, Goal(most=250)),
        latency_line("d", f"{what}: p99 of opening the paper", loads, "open", P99, Goal(most=250)),
        Line.of("d", paper, [load.bytes_of_paper / KILO for load in loads], "KiB", Goal(most=15), loads),
        error_line("d", f"{what}: errors", loads),
    ]


def rush_to_hand_in(bench: Bench) -> list[Line]:
    """Measure the hand-in of everybody within one second."""
    loads = [bench.once(hand_in_rush, SAVED, UNSAVED) for _ in range(bench.runs)]
    what = f"hand-in of {bench.candidates} in one second, {UNSAVED} unsaved answers each"
    return [
        latency_line("e", f"{what}: p99", loads, "hand-in", P99, Goal(most=1000)),
        Line.of("e", f"{what}: last answer", [load.last_answer for load in loads], "s", None, loads),
        error_line("e", f"{what}: errors", loads),
    ]


# ------------------------------------------------------------------ g, h: storage, another server


def storage(bench: Bench) -> list[Line]:
    """Measure what a candidate's whole attempt takes, from few candidates to many."""
    found = bytes_per_candidate(bench.folder / "storage", bench.installation.store, (FEW, bench.candidates, bench.most))
    spread = (max(found.values()) / min(found.values()) - 1) * 100
    kilobytes = [Line("g", f"a whole attempt with 100 answers, {count:,} candidates", (size / KILO,), "KiB") for count, size in found.items()]
    return [*kilobytes, Line("g", f"largest against smallest, {FEW} to {bench.most:,} candidates", (spread,), "%", Goal(most=20))]


def under_granian(bench: Bench) -> list[Line]:
    """Compare durable saves under granian, where it is installed."""
    if find_spec("granian") is None:
        bench.told("granian is not installed: left out")
        return []
    default, other = zip(*(bench.in_turn("as_is", "granian") for _run in range(bench.runs)), strict=True)
    return [
        rate_line("h", f"durable saves/s under granian, {CLIENTS} clients", other),
        ratio_line("h", "granian / gunicorn", other, default, None),
        per_cpu_line("h", "the same ratio per second of the server's processor", other, default),
    ]


SCENARIOS = {
    "a": against_no_store,
    "b": against_one_by_one,
    "c": steady_saves,
    "d": rush_to_start,
    "e": rush_to_hand_in,
    "f": steady_saves_with_boards,
    "g": storage,
    "h": under_granian,
}


# ------------------------------------------------------------------ lines


def rate(load: Load) -> float:
    """Return the saves acknowledged per second."""
    return len(load.latencies["save"]) / load.cost.seconds


def per_cpu(load: Load) -> float:
    """Return the saves acknowledged per second of the server's processor."""
    return len(load.latencies["save"]) / load.cost.trees["server"]


def p99(load: Load, what: str) -> float:
    """Return the 99th percentile, in milliseconds."""
    return quantile(load.latencies[what], P99) * MILLI


def rate_line(scenario: str, what: str, loads: Sequence[Load]) -> Line:
    """Return a line of saves per second, with what a second of the server's processor does."""
    note = f"{median(per_cpu(load) for load in loads):,.0f} per server cpu-s"
    return Line.of(scenario, what, [rate(load) for load in loads], "/s", None, loads, note)


def ratio_line(scenario: str, what: str, of: Sequence[Load], by: Sequence[Load], goal: Goal | None) -> Line:
    """Return a line of the ratios of two rates, run by run."""
    return Line.of(scenario, what, [rate(a) / rate(b) for a, b in zip(of, by, strict=True)], "x", goal, [*of, *by])


def per_cpu_line(scenario: str, what: str, of: Sequence[Load], by: Sequence[Load]) -> Line:
    """Return a line of the ratios of what a second of the server's processor does: it holds on a busy machine too."""
    values = [per_cpu(a) / per_cpu(b) for a, b in zip(of, by, strict=True)]
    return Line.of(scenario, what, values, "x", None, [*of, *by])


def latency_line(scenario: str, what: str, loads: Sequence[Load], act: str, share: float, goal: Goal | None) -> Line:
    """Return a line of a latency's percentile."""
    return Line.of(scenario, what, [quantile(load.latencies[act], share) * MILLI for load in loads], "ms", goal, loads)


def error_line(scenario: str, what: str, loads: Sequence[Load]) -> Line:
    """Return a line of what went wrong; the worst run counts."""
    words = "; ".join(sorted({f"{word} ({count})" for load in loads for word, count in load.errors.items()}))
    return Line.of(scenario, what, [max(sum(load.errors.values()) for load in loads)], "", Goal(most=0), loads, words)


def summary(load: str, way: str, found: Load) -> str:
    """Return a run in one line."""
    cost = found.cost
    parts = [
        f"{what} n={len(each)} p50={quantile(each, P50) * MILLI:.1f} p99={quantile(each, P99) * MILLI:.1f} ms"
        for what, each in found.latencies.items()
    ]
    used = " ".join(f"{name} {seconds:.2f}" for name, seconds in cost.trees.items())
    mark = "" if cost.is_quiet else " NOISY"
    costs = f"cpu-s: {used} generator {cost.generator:.2f}; foreign {cost.foreign_cores:.2f} cores{mark}"
    return f"{load} {way}: {'; '.join(parts)}; {cost.seconds:.1f} s; {costs}; errors {found.errors}"
