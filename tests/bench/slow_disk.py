"""A disk on which an fsync takes five milliseconds: a library loaded before all others that sleeps before fsync and fdatasync."""

import os
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("slow_disk.c")


def slow_disk(folder: Path) -> dict[str, str]:
    """Compile the library into `folder`; return the environment of a server on such a disk."""
    library = folder / "slow_disk.so"
    subprocess.run([os.environ.get("CC", "gcc"), "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}
