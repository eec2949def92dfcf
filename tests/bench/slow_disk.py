"""A disk on which an fsync takes five milliseconds: a library loaded before all others that sleeps before fsync and fdatasync."""

import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("slow_disk.c")


def slow_disk(folder: Path) -> dict[str, str]:
    """Compile the library into `folder`; return the environment of a server on such a disk."""
    library = folder / "slow_disk.so"
    subprocess.run([compiler(), "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}


def compiler() -> str:
    """Return the C compiler; refused in words where there is none."""
    found = shutil.which(os.environ.get("CC", "gcc"))
    if found is None:
        raise SystemExit("The slow disk needs a C compiler: install gcc, or name another with CC=")
    return found
