"""The ballast: a file that only takes room. When the disk is full it is given up, and the room it held lets an examination come to its end."""

import contextlib
import os
import shutil
from pathlib import Path

BALLAST = "ballast"
SIZE = 64 << 20
TIMES_FREE = 16
"""It is laid only where so many times as much is free: it must not itself be what fills the disk."""
BLOCK = 512  # of st_blocks, whatever the file system


def lay_ballast(folder: Path, size: int = SIZE) -> bool:
    """Lay the ballast into `folder` unless it lies there; return whether it does now. A disk without much room is left alone."""
    if held_by_ballast(folder) >= size:
        return True
    if shutil.disk_usage(folder).free < size * TIMES_FREE:
        return False
    with (folder / BALLAST).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    return True


def give_up_ballast(folder: Path) -> bool:
    """Remove the ballast if the disk has less left than it holds; return whether room was made."""
    held = held_by_ballast(folder)
    if not held or shutil.disk_usage(folder).free >= held:
        return False
    (folder / BALLAST).unlink()
    return True


def held_by_ballast(folder: Path) -> int:
    """Return how many bytes of the disk the ballast really takes; 0 where there is none."""
    with contextlib.suppress(FileNotFoundError):
        return (folder / BALLAST).stat().st_blocks * BLOCK
    return 0
