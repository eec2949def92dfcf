"""What a stretch of load cost: processor time of the server's processes and of the generator, and what everybody else used meanwhile."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from examsrv.rehearsal.running import tree_cpu_seconds
from examsrv.web.clock import stopwatch

IDLE, WAITING, GUESTS = 3, 4, slice(8, None)  # places in the first line of /proc/stat, after its name; guests are counted in user already
TICKS = os.sysconf("SC_CLK_TCK")
QUIET_CORES = 0.35
LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds within `seconds` of wall time. `trees`: of process trees by name; `foreign`: of all others, stolen time too."""

    seconds: float
    trees: Mapping[str, float]
    generator: float
    foreign: float

    def __add__(self, other: "Cost") -> "Cost":
        """Return what both stretches cost together; they have the same trees."""
        trees = {name: used + other.trees[name] for name, used in self.trees.items()}
        return Cost(self.seconds + other.seconds, trees, self.generator + other.generator, self.foreign + other.foreign)

    @property
    def foreign_cores(self) -> float:
        """Return how many cores others used on average."""
        return self.foreign / self.seconds

    @property
    def is_quiet(self) -> bool:
        """Tell whether others used so little that the figures can be relied on."""
        return self.foreign_cores <= QUIET_CORES


class Meter:
    """Reads what is used from now on by the process trees `roots` (name to process number) and by this process."""

    def __init__(self, roots: Mapping[str, int]) -> None:
        self._roots = roots
        self._began, self._before = stopwatch(), self._used()

    def cost(self) -> Cost:
        """Return what was used since."""
        seconds = stopwatch() - self._began
        used = {name: after - self._before[name] for name, after in self._used().items()}
        machine, generator = used.pop("machine"), used.pop("generator")
        return Cost(seconds, used, generator, max(0.0, machine - generator - sum(used.values())))

    def _used(self) -> dict[str, float]:
        trees = {name: tree_cpu_seconds(root) for name, root in self._roots.items()}
        return {**trees, "generator": time.process_time(), "machine": busy_seconds()}


def busy_seconds() -> float:
    """Return the processor time that the whole machine has used since its start, with what was stolen from it."""
    values = [int(value) for value in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]]
    return (sum(values) - values[IDLE] - values[WAITING] - sum(values[GUESTS])) / TICKS


def prefer(process: int, nice: int) -> None:
    """Let a process and its session go before others (`nice` below zero) on a machine that is shared. Needs root; nothing is done for zero."""
    if nice:
        os.setpriority(os.PRIO_PROCESS, process, nice)
        (Path("/proc") / str(process) / "autogroup").write_text(str(nice), encoding="ascii")  # sessions are weighed before what runs in them


def wait_for_quiet(patience: float) -> None:
    """Wait until the machine is quiet, at most `patience` seconds: a run that begins in noise is marked by its own cost."""
    until = stopwatch() + patience
    while stopwatch() < until:
        before = busy_seconds()
        time.sleep(LOOK_SECONDS)
        if busy_seconds() - before <= QUIET_CORES * LOOK_SECONDS:
            return
