"""What the figures were measured on, in one line."""

import os
import platform
import sqlite3
from pathlib import Path


def machine() -> str:
    """Return processor, memory, kernel, Python and SQLite."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next((line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    versions = f"Linux {platform.release()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {versions}"
