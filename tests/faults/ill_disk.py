"""A disk that answers writes and fsyncs with EIO, now and then or always, and is well again: nothing is acknowledged that a power cut would take."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from examsrv.rehearsal.running import OwnServer
from tests.faults.crowd import Crowd, Fault, acknowledged, hand_in, patience, together
from tests.faults.cuts import cut_and_judge
from tests.faults.disks import CuttableDisk
from tests.faults.full_disk import clock_is_marked, processes_of, require_nothing_saved, require_told
from tests.faults.judging import require_all_kept

SOURCE = Path(__file__).with_name("ill_disk.c")
THIRD_FSYNC, FIFTH_WRITE, EVERY_FSYNC = "s 3", "w 5", "s 1"
ILL_SECONDS = 1.0
UNDER_WAY_SECONDS = 0.2
RECOVERS_WITHIN_SECONDS = 5.0


class Illness:
    """What a disk has, for servers with this `environment`."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            raise FileNotFoundError("a C compiler")
        library = folder / "ill_disk.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], check=True)
        self._file, self._times = folder / "illness", folder / "times"
        self.environment = {"LD_PRELOAD": str(library), "ILL_DISK": str(self._file), "ILL_TIMES": str(self._times)}

    def begin(self, which: str) -> None:
        """Let the disk be ill from now on."""
        self._times.write_bytes(b"")
        fresh = self._file.with_suffix(".fresh")
        fresh.write_text(which, encoding="ascii")
        fresh.rename(self._file)

    def end(self) -> None:
        """Let the disk be well; a trial in which nothing failed has tried nothing."""
        self._file.unlink()
        if not self._times.stat().st_size:
            raise Fault("the disk was ill and nothing failed")

    @contextmanager
    def of(self, which: str) -> Iterator[None]:
        """Let the disk be ill for a while."""
        self.begin(which)
        yield
        self.end()


@dataclass
class IllDisk:
    """A disk that is well again only after its power was cut."""

    disk: CuttableDisk
    illness: Illness

    @property
    def folder(self) -> Path:
        return self.disk.folder

    def cut(self, server: OwnServer) -> None:
        self.disk.cut(server)
        self.illness.end()

    def restore(self) -> None:
        self.disk.restore()


async def fall_ill(disk: CuttableDisk, illness: Illness, server: OwnServer, crowd: Crowd) -> None:
    """Let the disk fall ill under load, be well again, and lose its power while it is ill; refuse anything acknowledged that is not there then."""
    await crowd.begin()
    async with crowd.answering():
        await crowd.all_acknowledged(patience(RECOVERS_WITHIN_SECONDS))
        processes = processes_of(server)
        with illness.of(EVERY_FSYNC):
            await asyncio.sleep(patience(UNDER_WAY_SECONDS))  # what had reached the disk before may still be told
            before = sum(map(acknowledged, crowd.candidates))
            await asyncio.sleep(ILL_SECONDS)
            await require_nothing_saved(crowd, before)
            await require_told(crowd)
        for which in (THIRD_FSYNC, FIFTH_WRITE):
            with illness.of(which):
                await asyncio.sleep(ILL_SECONDS)
        await crowd.all_acknowledged(patience(RECOVERS_WITHIN_SECONDS))
        if processes_of(server) != processes:
            raise Fault("the server did not recover by itself: it was started anew")
        await clock_is_marked(disk.folder, "after the disk was well again the clock is not marked any more")
        await crowd.resume()  # where the machine was slow, nothing could be stored for so long that time is given back
        illness.begin(THIRD_FSYNC)
        await asyncio.sleep(ILL_SECONDS)
        await cut_and_judge(IllDisk(disk, illness), None, server, crowd)
    await together(map(hand_in, crowd.candidates))
    require_all_kept(disk.folder, crowd.plan, crowd.logs, have_ended=True)
