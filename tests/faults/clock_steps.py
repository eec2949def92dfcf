"""The wall clock of the running server is stepped: an hour on and back, a day on, to 1970. Its boot clock is left alone, as on a real machine.

libfaketime stands between the server and the clock; a file says how far the wall clock is off.
"""

import asyncio
import importlib.util
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from examsrv.rehearsal.people import Person
from examsrv.rehearsal.running import OwnServer
from tests.faults.crowd import Crowd, Fault, boot_seconds, hand_in, patience, together, until
from tests.faults.judging import exam_ahead, pauses, require_all_kept, require_exact_time, require_nothing_aside, told_by_now
from tests.faults.kills import BACK_WITHIN_SECONDS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SWEEPS_SECONDS = 2.5
SEEN_WITHIN_SECONDS = 5.0
OWN_WORDS = "libfaketime: In parse_ft_string()"
NEAR = timedelta(minutes=5)
CLOCKS = "import time; print(time.time(), time.clock_gettime(time.CLOCK_BOOTTIME), time.monotonic())"


class WallClock:
    """The wall clock that a server with this `environment` sees."""

    def __init__(self, folder: Path) -> None:
        spec = importlib.util.find_spec("libfaketime")
        if spec is None or spec.origin is None:
            raise FileNotFoundError("libfaketime")
        library = Path(spec.origin).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
        self._file = folder / "offset"
        self.step(timedelta())
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def step(self, off: timedelta) -> None:
        """Set the wall clock so far off."""
        fresh = self._file.with_suffix(".fresh")
        fresh.write_text(f"{off.total_seconds():+.0f}\n", encoding="ascii")
        fresh.rename(self._file)

    def has_failed(self, log: Path) -> bool:
        """Tell whether the tool itself ended the server: it reads its file without a lock, and then the trial has tried nothing."""
        return OWN_WORDS in log.read_text(encoding="utf-8", errors="replace")

    def seen(self) -> tuple[float, float, float]:
        """Return what a process that sees this clock is told: wall, boot and monotonic seconds."""
        told = subprocess.run([sys.executable, "-c", CLOCKS], env={**os.environ, **self.environment}, capture_output=True, text=True, check=True)
        wall, boot, monotonic = told.stdout.split()
        return float(wall), float(boot), float(monotonic)


def steps() -> dict[str, timedelta]:
    """Return how far the wall clock is off after each step."""
    return {
        "+1 h": timedelta(hours=1),
        "-1 h": timedelta(hours=-1),
        "+1 day": timedelta(days=1),
        "1970": EPOCH - datetime.now(UTC) + timedelta(minutes=1),
    }


async def step_often(folder: Path, clock: WallClock, server: OwnServer, crowd: Crowd) -> None:
    """Step the clock under load; refuse time that moves, anybody signed out, a save that stops. In 1970 the server is also killed and started."""
    await crowd.begin()
    ahead = exam_ahead(folder)
    async with crowd.answering():
        for name, off in steps().items():
            await crowd.hear_the_time()
            before = told_by_now(crowd.candidates, ahead)
            clock.step(off)
            await _has_stepped(crowd, name, off)
            await asyncio.sleep(SWEEPS_SECONDS)
            await _nothing_moved(crowd, name)
            require_exact_time(crowd.candidates, before, told_by_now(crowd.candidates, ahead), pauses(folder))
            require_all_kept(folder, crowd.plan, crowd.logs)
        before, known = told_by_now(crowd.candidates, ahead), len(pauses(folder))
        server.kill()
        await asyncio.to_thread(server.start)
        await together(proctor.until_answered(proctor.resume_if_paused) for proctor in crowd.proctors)
        await _nothing_moved(crowd, "a restart in 1970")
        require_exact_time(crowd.candidates, before, told_by_now(crowd.candidates, ahead), pauses(folder)[known:])
    await together(map(hand_in, crowd.candidates))
    require_all_kept(folder, crowd.plan, crowd.logs, have_ended=True)
    require_nothing_aside(folder)


async def _has_stepped(crowd: Crowd, name: str, off: timedelta) -> None:
    """Wait until somebody who saves hears the other time."""
    candidate = crowd.candidates[0]
    seen = lambda: datetime.fromisoformat(candidate.time["server_time"]) - datetime.now(UTC)  # noqa: E731
    await until(lambda: abs(seen() - off) < NEAR, patience(SEEN_WITHIN_SECONDS), f"the server did not see the step to {name}")


async def _nothing_moved(crowd: Crowd, name: str) -> None:
    """Refuse anybody who is signed out or closed."""
    await crowd.all_acknowledged(patience(BACK_WITHIN_SECONDS))
    await crowd.hear_the_time()
    for candidate in crowd.candidates:
        if candidate.has_ended or candidate.time["paused"] or candidate.remaining() <= 0:
            raise Fault(f"after {name} {candidate.seat.ticket} is told: {candidate.time['state']}, ended: {candidate.has_ended}")
    for person, path in [*((proctor, proctor.board) for proctor in crowd.proctors), (crowd.administrator, "/admin/")]:
        await _is_signed_in(person, path, name)


async def _is_signed_in(person: Person, path: str, name: str) -> None:
    answer = await person.page(path)
    if not answer.is_ok or answer.location:
        raise Fault(f"after {name} {path} was answered with {answer.status} {answer.location}")


def require_only_wall_is_stepped(clock: WallClock) -> None:
    """Void the trial where the boot clock would be stepped too."""
    clock.step(timedelta(hours=1))
    wall, boot, _monotonic = clock.seen()
    if abs(wall - datetime.now(UTC).timestamp() - timedelta(hours=1).total_seconds()) > NEAR.total_seconds():
        raise Fault("the wall clock is not stepped")
    if abs(boot - boot_seconds()) > NEAR.total_seconds():
        raise Fault("the boot clock is stepped too")
    clock.step(timedelta())
