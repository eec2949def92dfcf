"""The database's disk is full under load, and has room again: nothing is acknowledged meanwhile, and the server recovers by itself."""

import asyncio
from pathlib import Path
from typing import Protocol

from examsrv.rehearsal.running import OwnServer
from tests.faults.crowd import Crowd, Fault, acknowledged, hand_in, patience, together, until
from tests.faults.disks import children_of
from tests.faults.judging import opened, require_all_kept, require_nothing_aside
from tests.faults.kills import MARK_SECONDS

SETTLES_WITHIN_SECONDS = 20.0
STANDS_SECONDS = 2.0
RECOVERS_WITHIN_SECONDS = 5.0


class FullDisk(Protocol):
    """A disk that can be full for a server."""

    folder: Path
    how: str

    def fill(self, server: OwnServer) -> None: ...

    def make_room(self, server: OwnServer) -> None: ...


async def fill_and_make_room(disk: FullDisk, server: OwnServer, crowd: Crowd) -> float:
    """Fill the disk while everybody answers, and make room again; return after how many seconds everybody had saved again."""
    await crowd.begin()
    async with crowd.answering():
        await crowd.all_acknowledged(patience(RECOVERS_WITHIN_SECONDS))
        processes = _processes(server)
        disk.fill(server)
        try:
            await _stand_full(disk, crowd)
        finally:
            disk.make_room(server)
        recovered = await crowd.all_acknowledged(patience(RECOVERS_WITHIN_SECONDS))
        if _processes(server) != processes:
            raise Fault("the server did not recover by itself: it was started anew")
        await _clock_is_marked(disk, "after the disk had room again the clock is not marked any more: the sweeper is gone")
    await together(map(hand_in, crowd.candidates))
    require_all_kept(disk.folder, crowd.plan, crowd.logs, have_ended=True)
    require_nothing_aside(disk.folder)
    return recovered


async def _stand_full(disk: FullDisk, crowd: Crowd) -> None:
    """Wait until nothing more fits, what was rewritten in place included; from then on nobody may be told that anything is saved."""
    last, calm = -1, 0.0
    waited = 0.0
    while calm < STANDS_SECONDS:
        told = sum(map(acknowledged, crowd.candidates))
        require_all_kept(disk.folder, crowd.plan, crowd.logs)
        calm = calm + STANDS_SECONDS / 4 if told == last else 0.0
        last = told
        if (waited := waited + STANDS_SECONDS / 4) > patience(SETTLES_WITHIN_SECONDS):
            raise Fault("on a full disk saves went on being acknowledged")
        await asyncio.sleep(STANDS_SECONDS / 4)
    refused = await crowd.candidates[0].hand_in_once()
    if refused.kind != "server" or crowd.candidates[0].has_ended:
        raise Fault(f"handing in on a full disk was answered with {refused.kind}")
    for candidate in crowd.candidates:
        if candidate.has_ended or not candidate.pending:
            raise Fault(f"{candidate.seat.ticket} did not keep what was not saved")
    if sum(map(acknowledged, crowd.candidates)) != last:
        raise Fault("on a full disk a save was acknowledged")


async def _clock_is_marked(disk: FullDisk, otherwise: str) -> None:
    before = _mark(disk)
    await until(lambda: _mark(disk) > before, patience(2 * MARK_SECONDS), otherwise)


def _mark(disk: FullDisk) -> int:
    with opened(disk.folder) as connection:
        return connection.execute("SELECT exam FROM clock_mark").fetchone()[0]


def _processes(server: OwnServer) -> list[int]:
    assert server.process is not None
    return [server.process.pid, *children_of(server.process.pid)]
