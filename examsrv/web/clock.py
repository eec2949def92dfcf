"""The one place that asks the machine for the time."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """What the program asks of a clock; tests pass one of their own."""

    def wall(self) -> datetime:
        """Return the wall time, aware, UTC. Only shown and logged; it decides nothing."""
        ...

    def boot(self) -> timedelta:
        """Return the time since the machine started; it never jumps and counts through sleep."""
        ...

    def boot_id(self) -> str:
        """Name this start of the machine; another name means that `boot` began again."""
        ...


@dataclass(frozen=True, slots=True)
class MachineClock:
    """The clock of this machine."""

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def boot(self) -> timedelta:
        return timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))

    def boot_id(self) -> str:
        return BOOT_ID.read_text(encoding="ascii").strip()


def stopwatch() -> float:
    """Return seconds that never jump, from no particular instant on: for measuring how long something took."""
    return time.perf_counter()
