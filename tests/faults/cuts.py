"""Cutting the power under load: only what had reached the disk is there afterwards, and the machine is started anew."""

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

from examsrv.rehearsal.running import OwnServer
from tests.faults.crowd import Crowd, Fault, boot_seconds, hand_in, patience, together
from tests.faults.disks import CuttableDisk
from tests.faults.judging import Pause, exam_ahead, opened, pauses, require_all_kept, require_exact_time, told_by_now
from tests.faults.kills import BACK_WITHIN_SECONDS, MARK_SECONDS

LIVES = (0.7, 2.5)
BOOT_ID = "/proc/sys/kernel/random/boot_id"
UPTIME_SECONDS = 30
SERVE = (sys.executable, "-m", "examsrv.cli", "serve")


@dataclass
class Machine:
    """What the server is told of the machine's start: each start has an id of its own, and its boot clock begins anew."""

    folder: Path
    starts: int = 0
    ahead: float = 0.0
    """How far the server's boot clock is ahead of ours, in seconds."""

    def start_anew(self) -> tuple[str, ...]:
        """Return a command that runs what follows it as on a machine that has just been started."""
        self.starts += 1
        made = self.folder / f"boot-{self.starts}"
        made.write_text(f"00000000-0000-0000-0000-{self.starts:012}\n", encoding="ascii")
        self.ahead = -int(boot_seconds() - UPTIME_SECONDS)
        changed = ("unshare", "--mount", "--time", "--boottime", str(int(self.ahead)), "--fork", "--kill-child")
        return (*changed, "sh", "-c", f'mount --bind {made} {BOOT_ID} && exec "$@"', "sh")

    def can_start_anew(self) -> bool:
        """Tell whether this machine lets a process believe so."""
        return subprocess.run([*self.start_anew(), "true"], capture_output=True).returncode == 0


async def cut_often(disk: CuttableDisk, machine: Machine, server: OwnServer, crowd: Crowd, cuts: int, seed: int) -> list[float]:
    """Cut the power `cuts` times; refuse anything lost that was acknowledged, and time that an outage takes.

    Return after how many seconds a page was answered again each time.
    """
    chance = Random(f"{seed}/cuts")
    is_anew = machine.can_start_anew()
    machine.ahead = 0.0
    await crowd.begin()
    done = []
    async with crowd.answering():
        await crowd.all_acknowledged(patience(BACK_WITHIN_SECONDS))
        for _cut in range(cuts):
            await asyncio.sleep(chance.uniform(*LIVES))
            done.append(await cut_and_judge(disk, machine if is_anew else None, server, crowd))
    await together(map(hand_in, crowd.candidates))
    require_all_kept(disk.folder, crowd.plan, crowd.logs, have_ended=True)
    return done


async def cut_and_judge(disk: CuttableDisk, machine: Machine | None, server: OwnServer, crowd: Crowd) -> float:
    """Cut the power, start the server again (as on a `machine` that was started anew, or as before), and judge; return how long that took."""
    known = len(pauses(disk.folder))
    ahead = exam_ahead(disk.folder) + (machine.ahead if machine else 0.0)
    disk.cut(server)  # nobody hears an acknowledgement meanwhile: this thread is theirs too
    for candidate in crowd.candidates:
        candidate.client.close()
    before, killed = told_by_now(crowd.candidates, ahead), boot_seconds() + ahead
    await asyncio.to_thread(disk.restore)
    server.command = (*(machine.start_anew() if machine else ()), *SERVE)
    began = boot_seconds()
    await asyncio.to_thread(server.start)
    back = boot_seconds() - began
    if back > patience(BACK_WITHIN_SECONDS):
        raise Fault(f"the server was back only {back:.1f} s after its disk was")
    with opened(disk.folder) as connection:
        [(health,)] = connection.execute("PRAGMA integrity_check")
    if health != "ok":
        raise Fault(f"the database is damaged: {health}")
    require_all_kept(disk.folder, crowd.plan, crowd.logs)
    await crowd.all_acknowledged(patience(BACK_WITHIN_SECONDS))
    stood = pauses(disk.folder)[known:]
    if machine is not None:
        stood = await _resume(disk, crowd, stood, known)
        ahead = exam_ahead(disk.folder) + machine.ahead
    await crowd.hear_the_time()
    require_exact_time(crowd.candidates, before, told_by_now(crowd.candidates, ahead), stood)
    late = [pause for pause in stood if not killed - patience(MARK_SECONDS) <= pause.since <= killed]
    if late or {pause.room for pause in stood} != {room.id for room in crowd.plan.rooms}:
        raise Fault(f"the power went at {killed:.2f} of exam time, and time stood still for {stood}")
    return back


async def _resume(disk: CuttableDisk, crowd: Crowd, stood: list[Pause], known: int) -> list[Pause]:
    """Nobody knows how long the machine was off: the rooms must wait until their proctors let time run on, with one act each."""
    if any(pause.until is not None for pause in stood):
        raise Fault(f"time ran on by itself after a restart of the machine: {stood}")
    resumed = [await proctor.resume_if_paused() for proctor in crowd.proctors]
    if not all(resumed):
        raise Fault(f"a proctor found nothing to resume: {resumed}")
    return pauses(disk.folder)[known:]
