"""The server is held still (SIGSTOP), whole or only the process that answers, and goes on: as when a machine is held up or a disk hangs."""

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from examsrv.rehearsal.running import OwnServer
from tests.faults.crowd import Crowd, Fault, boot_seconds, hand_in, patience, together, until
from tests.faults.disks import children_of
from tests.faults.full_disk import processes_of
from tests.faults.judging import Pause, Where, exam_ahead, pauses, require_all_kept, require_exact_time, require_nothing_aside, told_by_now
from tests.faults.kills import BACK_WITHIN_SECONDS, DYING_SECONDS, MARK_SECONDS
from tests.faults.plants import Plant, planted

LIVES_SECONDS = 1.0


@dataclass(frozen=True)
class Limits:
    """In seconds: from when on time is given back, how long an outage may last that ends by itself, after how long a process is replaced."""

    given_back: int
    resumes: int
    replaced: int

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the environment of a copy of the program, made in `folder`, with these limits."""
        return planted(
            Plant(
                "examsrv/web/server.py", {"STANDS_STILL_AFTER = timedelta(seconds=10)": f"STANDS_STILL_AFTER = timedelta(seconds={self.given_back})"}
            ),
            folder,
            Plant(
                "examsrv/config.py",
                {"short_outage: timedelta = timedelta(seconds=15)": f"short_outage: timedelta = timedelta(seconds={self.resumes})"},
            ),
            Plant(
                "examsrv/cli/serving.py",
                {'"graceful_timeout": GRACEFUL_SECONDS,': f'"graceful_timeout": GRACEFUL_SECONDS, "timeout": {self.replaced},'},
            ),
        )


@dataclass(frozen=True)
class Stall:
    """How many seconds the server is held still; `alone`: only the process that answers, until the one that watches over it has replaced it."""

    seconds: float
    alone: bool = False


AS_IS, STALLS = Limits(10, 15, 30), (Stall(3), Stall(12), Stall(27), Stall(45), Stall(30, alone=True))
LONGEST_TIMES = 2


def shorter() -> tuple[Limits, tuple[Stall, ...]]:
    """Return limits a fifth as long, and stalls on both sides of each; longer ones where the machine has too much to do to keep to them."""
    times = min(ceil(patience(1)), LONGEST_TIMES)
    return Limits(2 * times, 4 * times, 6 * times), (Stall(times), Stall(3 * times), Stall(5 * times), Stall(6 * times, alone=True))


async def stall_often(where: Where, server: OwnServer, crowd: Crowd, limits: Limits, stalls: Sequence[Stall]) -> None:
    """Hold the server still under load; refuse anything lost or doubled, time taken or given beyond the rule, and pages that do not say so."""
    await crowd.begin()
    async with crowd.answering():
        for stall in stalls:
            await crowd.all_acknowledged(patience(BACK_WITHIN_SECONDS))
            await asyncio.sleep(LIVES_SECONDS)
            await crowd.hear_the_time()
            await _stall_and_judge(where, server, crowd, limits, stall)
    await together(map(hand_in, crowd.candidates))
    require_all_kept(where, crowd.plan, crowd.logs, have_ended=True)
    require_nothing_aside(where)


async def _stall_and_judge(where: Where, server: OwnServer, crowd: Crowd, limits: Limits, stall: Stall) -> None:
    ahead, known, processes = exam_ahead(where), len(pauses(where)), processes_of(server)
    before, stopped = told_by_now(crowd.candidates, ahead), boot_seconds() + ahead
    went_on = await _hold(server, stall) + ahead
    if went_on - stopped >= limits.given_back:
        rooms = len(crowd.plan.rooms)
        await until(lambda: len(pauses(where)) >= known + rooms, patience(BACK_WITHIN_SECONDS), f"after {stall} no time was given back")
    await crowd.all_acknowledged(patience(BACK_WITHIN_SECONDS))
    await crowd.hear_the_time()
    stood = pauses(where)[known:]
    _require_pauses(crowd, limits, stood, (stopped, went_on))
    if any(pause.until is None for pause in stood):
        if any(not candidate.time["paused"] for candidate in crowd.candidates):
            raise Fault("a room waits for its proctor and its pages do not say so")
        await crowd.resume()
        await crowd.hear_the_time()
        stood = pauses(where)[known:]
    require_exact_time(crowd.candidates, before, told_by_now(crowd.candidates, ahead), stood)
    require_all_kept(where, crowd.plan, crowd.logs)
    if went_on - stopped < limits.replaced and processes_of(server) != processes:
        raise Fault(f"the server was started anew after {stall}")


async def _hold(server: OwnServer, stall: Stall) -> float:
    """Stop it and let it go on; where it is alone, wait until it was replaced. Return the moment from which on it may answer again."""
    assert server.process is not None
    [worker] = children_of(server.process.pid)
    if not stall.alone:
        os.killpg(server.process.pid, signal.SIGSTOP)
        await asyncio.sleep(stall.seconds)
        moment = boot_seconds()  # before the sign: it may go on before this process is told that it was given
        os.killpg(server.process.pid, signal.SIGCONT)
        return moment
    os.kill(worker, signal.SIGSTOP)
    replaced = lambda: worker not in (now := children_of(server.process.pid)) and now  # noqa: E731
    await until(replaced, 2 * stall.seconds + patience(BACK_WITHIN_SECONDS), "a process that hangs is not replaced")
    return boot_seconds()


def _require_pauses(crowd: Crowd, limits: Limits, stood: Sequence[Pause], moments: tuple[float, float]) -> None:
    """Refuse pauses where there must be none, and others than from the last mark before the stop until the server went on, or the proctor acts."""
    stopped, went_on = moments
    length = went_on - stopped
    if length < limits.given_back - MARK_SECONDS / 2:
        if stood:
            raise Fault(f"time stood still for {stood}, though the server only halted for {length:.1f} s")
        return
    for room in crowd.plan.rooms:
        [pause] = [each for each in stood if each.room == room.id]
        if not stopped - patience(MARK_SECONDS) <= pause.since <= stopped + DYING_SECONDS:
            raise Fault(f"the server stopped at {stopped:.2f}, and time stood still from {pause.since:.2f}")
        if (pause.until is None) != (length > limits.resumes):
            raise Fault(f"after {length:.1f} s time stood still until {pause.until}")
        if pause.until is not None and not went_on <= pause.until:
            raise Fault(f"the server went on at {went_on:.2f}, and time from {pause.until:.2f}")
