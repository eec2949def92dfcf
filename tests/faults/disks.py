"""Disks that can lose their power and disks that can be full, and what stands for them on a machine that may not mount any.

The power cut: an ext4 file system whose image lies in an xfs file system. Cloning the image there (reflink) is one atomic act, and what the clone
holds is what had reached the disk at that moment: nothing that was only in the memory of the ext4 file system.
"""

import contextlib
import fcntl
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from examsrv.rehearsal.running import OwnServer

CLONE = 0x40049409  # FICLONE of linux/fs.h
OUTER_BYTES, INNER_BYTES = 400 << 20, 64 << 20
SMALL_BYTES = 48 << 20
FILLED_AT_ONCE = 64 << 10
LOOKS, LOOK_SECONDS = 200, 0.05
DATABASE_FILES = ("examsrv.db", "examsrv.db-wal", "secret.key")


class CuttableDisk(Protocol):
    """A disk with an installation's `folder` on it. `cut` takes the power from it and from the server; `restore` brings back what was on it."""

    folder: Path
    how: str
    """How the power is cut, in words for the end of the run."""
    is_cut_for_real: bool
    """Whether what had not reached the disk is gone."""

    def cut(self, server: OwnServer) -> None: ...

    def restore(self) -> None: ...


class ImageDisk:
    """The disk is an image, and a cut is a clone of it."""

    how = "ext4 image cloned by reflink"
    is_cut_for_real = True

    def __init__(self, place: Path) -> None:
        self._outer, self.folder, self._cuts = place / "outer", place / "disk", 0
        self._outer.mkdir()
        self.folder.mkdir()
        outer_image = _image(place / "outer.img", OUTER_BYTES)
        _run("mkfs.xfs", "-q", "-m", "reflink=1", outer_image)
        _mount(outer_image, self._outer)
        self._image = _image(self._outer / "disk-0.img", INNER_BYTES)
        try:
            _run("mkfs.ext4", "-q", "-F", self._image)
            _mount(self._image, self.folder)
        except subprocess.CalledProcessError:
            _unmount(self._outer)
            raise

    def cut(self, server: OwnServer) -> None:
        self._cuts += 1
        clone = self._outer / f"disk-{self._cuts}.img"
        with self._image.open("rb") as image, clone.open("wb") as made:
            fcntl.ioctl(made, CLONE, image.fileno())
        server.kill()
        self._clone = clone

    def restore(self) -> None:
        """Take the disk away as it went on after the cut, and put in its place what the cut left."""
        _unmount(self.folder)
        self._image.unlink()
        self._image = self._clone
        _mount(self._image, self.folder)

    def close(self) -> None:
        for place in (self.folder, self._outer):
            with contextlib.suppress(subprocess.CalledProcessError):
                _unmount(place)


class CopiedFolder:
    """Where nothing may be mounted: the files are copied while the server is stopped. The copy also has what only the memory held."""

    how = "files copied while the server was held still, for no image can be mounted here: that they were on the disk was not seen"
    is_cut_for_real = False

    def __init__(self, place: Path) -> None:
        self.folder, self._copy = place / "disk", place / "copy"
        self.folder.mkdir()

    def cut(self, server: OwnServer) -> None:
        assert server.process is not None
        os.killpg(server.process.pid, signal.SIGSTOP)
        self._copy.mkdir()
        for name in DATABASE_FILES:
            shutil.copy2(self.folder / name, self._copy / name)
        server.kill()

    def restore(self) -> None:
        shutil.rmtree(self.folder)
        self._copy.rename(self.folder)

    def close(self) -> None:
        """Nothing is mounted."""


class SmallDisk:
    """A small file system that is filled with a file."""

    how = "a file system of 48 MiB filled to the last byte"
    is_full_for_real = True

    def __init__(self, place: Path) -> None:
        self.folder = place / "small"
        self.folder.mkdir()
        _run("mount", "-t", "tmpfs", "-o", f"size={SMALL_BYTES}", "tmpfs", self.folder)

    def fill(self, _server: OwnServer) -> None:
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            size = FILLED_AT_ONCE
            while size:
                try:
                    filler.write(bytes(size))
                except OSError:
                    size //= 2

    def make_room(self, _server: OwnServer) -> None:
        (self.folder / "filler").unlink()

    def close(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            _unmount(self.folder)


class BoundedFiles:
    """Where nothing may be mounted: the running server is forbidden to let any file grow."""

    how = "no file of the server may grow, for no small disk can be mounted here"
    is_full_for_real = False

    def __init__(self, place: Path) -> None:
        self.folder = place / "small"
        self.folder.mkdir()

    def fill(self, server: OwnServer) -> None:
        self._limit(server, (self.folder / "examsrv.db").stat().st_size)

    def make_room(self, server: OwnServer) -> None:
        self._limit(server, resource.RLIM_INFINITY)

    def close(self) -> None:
        """Nothing is mounted."""

    @staticmethod
    def _limit(server: OwnServer, size: int) -> None:
        assert server.process is not None
        for process in (server.process.pid, *children_of(server.process.pid)):
            _soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))


@contextlib.contextmanager
def a_disk(place: Path, kinds: Sequence[type]) -> Iterator:
    """Give a disk of the first of `kinds` that this machine can have."""
    disk = None
    for number, kind in enumerate(kinds):
        within = place / str(number)
        within.mkdir()
        with contextlib.suppress(subprocess.CalledProcessError, FileNotFoundError, PermissionError):
            disk = kind(within)
            break
    try:
        yield disk
    finally:
        disk.close()


def children_of(parent: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(number) for task in Path(f"/proc/{parent}/task").iterdir() for number in (task / "children").read_text().split()]


def _image(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


def _mount(image: Path, place: Path) -> None:
    _run("mount", "-o", "loop", image, place)


def _unmount(place: Path) -> None:
    """Unmount as soon as nobody uses it any more: what was killed may take a moment to be gone."""
    for _look in range(LOOKS - 1):
        if subprocess.run(["umount", place], capture_output=True).returncode == 0:
            return
        time.sleep(LOOK_SECONDS)
    _run("umount", place)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=60)
