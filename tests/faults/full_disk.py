"""The database's disk is full under load, and has room again: nothing is acknowledged meanwhile, and the server recovers by itself."""

import asyncio
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from examsrv.rehearsal.running import OwnServer
from examsrv.storage.ballast import BALLAST, lay_ballast
from tests.faults.crowd import Crowd, Fault, acknowledged, hand_in, patience, together, until
from tests.faults.disks import children_of
from tests.faults.judging import opened, require_all_kept, require_nothing_aside
from tests.faults.kills import MARK_SECONDS

SETTLES_WITHIN_SECONDS = 20.0
STANDS_SECONDS = 2.0
RECOVERS_WITHIN_SECONDS = 5.0
BALLAST_BYTES = 2 << 20
UNAVAILABLE, IN_WORDS = 503, "暂时无法保存或读取"


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
        processes = processes_of(server)
        disk.fill(server)
        try:
            await _stand_full(disk, crowd)
        finally:
            disk.make_room(server)
        recovered = await crowd.all_acknowledged(patience(RECOVERS_WITHIN_SECONDS))
        if processes_of(server) != processes:
            raise Fault("the server did not recover by itself: it was started anew")
        await clock_is_marked(disk.folder, "after the disk had room again the clock is not marked any more: the sweeper is gone")
        await crowd.resume()
    await together(map(hand_in, crowd.candidates))
    require_all_kept(disk.folder, crowd.plan, crowd.logs, have_ended=True)
    require_nothing_aside(disk.folder)
    return recovered


async def fill_down_to_the_ballast(disk: FullDisk, server: OwnServer, crowd: Crowd) -> float:
    """Fill the disk while everybody answers: the server gives up the ballast, and everybody can go on and hand in although nobody makes room.

    Return after how many seconds everybody had saved again.
    """
    if not lay_ballast(disk.folder, BALLAST_BYTES):
        raise Fault("there is no room for the ballast")
    await crowd.begin()
    async with crowd.answering():
        await crowd.all_acknowledged(patience(RECOVERS_WITHIN_SECONDS))
        disk.fill(server)
        await until(lambda: not (disk.folder / BALLAST).exists(), patience(SETTLES_WITHIN_SECONDS), "on a full disk the ballast was not given up")
        recovered = await crowd.all_acknowledged(patience(RECOVERS_WITHIN_SECONDS))
        await require_told(crowd, "磁盘快满了")
    await together(map(hand_in, crowd.candidates))
    require_all_kept(disk.folder, crowd.plan, crowd.logs, have_ended=True)
    require_nothing_aside(disk.folder)
    return recovered


async def require_told(crowd: Crowd, words: str = "现在无法保存") -> None:
    """Refuse a board and a readiness that do not say what is wrong."""
    proctor = crowd.proctors[0]
    if words not in (await proctor.page(f"{proctor.board}/live")).text:
        raise Fault(f"the board does not say {words}")
    ready = await proctor.client.get("/readyz")
    if ready.status != UNAVAILABLE or words not in "".join(ready.json()["lacking"]):
        raise Fault(f"readyz answers {ready.status} {ready.text}")


async def require_nothing_saved(crowd: Crowd, told: int) -> None:
    """Refuse a storage that takes nothing and still acknowledges: more than was `told` before, a hand-in, a proctor's act."""
    proctor, candidate = crowd.proctors[0], crowd.candidates[0]
    refused = await candidate.hand_in_once()
    if refused.kind != "server" or candidate.has_ended:
        raise Fault(f"handing in where nothing can be stored was answered with {refused.kind}")
    act = await proctor.client.post(f"{proctor.board}/incident", urlencode({"csrf_token": proctor.token, "kind": "other", "note": "演练"}).encode())
    if act.status != UNAVAILABLE or IN_WORDS not in act.text:
        raise Fault(f"writing down an event where nothing can be stored was answered with {act.status}")
    for each in crowd.candidates:
        if each.has_ended or not each.pending:
            raise Fault(f"{each.seat.ticket} did not keep what was not saved")
    if sum(map(acknowledged, crowd.candidates)) != told:
        raise Fault("a save was acknowledged where nothing can be stored")


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
    await require_nothing_saved(crowd, last)
    await require_told(crowd)


async def clock_is_marked(folder: Path, otherwise: str) -> None:
    """Wait until the clock is marked once more."""
    before = _mark(folder)
    await until(lambda: _mark(folder) > before, patience(2 * MARK_SECONDS), otherwise)


def _mark(folder: Path) -> int:
    with opened(folder) as connection:
        return connection.execute("SELECT exam FROM clock_mark").fetchone()[0]


def processes_of(server: OwnServer) -> list[int]:
    """Return the server's processes, its first before those it started."""
    assert server.process is not None
    return [server.process.pid, *children_of(server.process.pid)]
