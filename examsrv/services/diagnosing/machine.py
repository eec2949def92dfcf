"""The machine: its disks and what is held back on them, its memory, its clock."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from examsrv.services.diagnosing.findings import Finding, Installation, fine, warning, wrong
from examsrv.services.timekeeping import KeptMark, kept_mark
from examsrv.storage.ballast import BALLAST, SIZE, TIMES_FREE, held_by_ballast
from question_bank.message import N_

CAUTION_SHARE, ALARM_SHARE = 0.15, 0.05
"""Of a disk: below the first it is to be cleared before the day, below the second saving may soon fail."""
CAUTION_MEMORY_MB, ALARM_MEMORY_MB = 512, 128
KILOBYTES_PER_MB = 1024
MEGABYTE = 1 << 20
GIGABYTE = 1 << 30
CLOCK_TOLERANCE = timedelta(minutes=1)
SERVER_MARKS_WITHIN = timedelta(seconds=15)
WHOLE = 100


def free_share(folder: Path) -> float:
    """Return which part of the disk under `folder`, or under where it will be made, is free."""
    usage = shutil.disk_usage(existing(folder))
    return usage.free / usage.total


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(each for each in (folder, *folder.resolve().parents) if each.exists())


def look_at_disks(at: Installation) -> Iterator[Finding]:
    """Measure the free part of the disks of data and backups, each disk once."""
    seen = set()
    for folder in (at.data_folder, at.backup_folder):
        place = existing(folder)
        if (device := place.stat().st_dev) in seen:
            continue
        seen.add(device)
        share, values = free_share(place), {"folder": folder.resolve(), "gigabytes": f"{shutil.disk_usage(place).free / GIGABYTE:.1f}"}
        values["percent"] = f"{share * WHOLE:.0f}"
        if share < ALARM_SHARE:
            yield wrong(N_("The disk of %(folder)s is nearly full: %(percent)s %% free (%(gigabytes)s GB). Saving will fail soon."), **values)
        elif share < CAUTION_SHARE:
            yield warning(N_("The disk of %(folder)s is filling up: %(percent)s %% free (%(gigabytes)s GB)."), **values)
        else:
            yield fine(N_("%(folder)s: %(percent)s %% of the disk free (%(gigabytes)s GB)."), **values)


def look_at_ballast(at: Installation) -> Iterator[Finding]:
    """Look whether room is held back on the disk of the data that can be given up when it is full."""
    held, values = held_by_ballast(at.data_folder), {"file": at.data_folder / BALLAST, "megabytes": SIZE // MEGABYTE}
    if held >= SIZE:
        yield fine(N_("%(file)s holds %(megabytes)d MB back; the server gives them up when the disk is full."), **values)
    elif held:
        text = N_("%(file)s holds only %(held)d of %(megabytes)d MB back. Remove it and restart the server, which lays it anew.")
        yield warning(text, **values, held=held // MEGABYTE)
    else:
        text = N_("There is no %(file)s to give up when the disk is full. The server lays it when it starts with %(needed)d MB free.")
        yield warning(text, **values, needed=SIZE * TIMES_FREE // MEGABYTE)


def look_at_memory(at: Installation) -> Iterator[Finding]:
    """Ask how much memory is available."""
    words = next(line for line in at.memory.read_text(encoding="ascii").splitlines() if line.startswith("MemAvailable:")).split()
    megabytes = int(words[1]) // KILOBYTES_PER_MB
    if megabytes < ALARM_MEMORY_MB:
        yield wrong(N_("Only %(megabytes)d MB of memory are available; the server may be killed."), megabytes=megabytes)
    elif megabytes < CAUTION_MEMORY_MB:
        yield warning(N_("Only %(megabytes)d MB of memory are available. End what is not needed."), megabytes=megabytes)
    else:
        yield fine(N_("%(megabytes)d MB of memory are available."), megabytes=megabytes)


def look_at_clock(at: Installation) -> Iterator[Finding]:
    """Compare the wall clock with the program's installation and with the last mark; it moves nobody's time, but it stands on every record."""
    try:
        zone = ZoneInfo(at.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield wrong(N_("There is no time zone %(zone)s (EXAMSRV_TIME_ZONE)."), zone=at.time_zone)
        return
    values = {"now": f"{at.wall.astimezone(zone):%Y-%m-%d %H:%M:%S}", "zone": at.time_zone}
    mark = _mark(at)
    if at.wall < at.installed:
        yield wrong(N_("The machine's clock says %(now)s (%(zone)s), which is before the program was installed. Set it."), **values)
    elif mark is not None and abs(drift := _drift(at, mark)) > CLOCK_TOLERANCE:
        seconds = int(drift.total_seconds())
        yield warning(N_("The machine's clock says %(now)s (%(zone)s); it was set by %(seconds)d seconds. Is it right?"), **values, seconds=seconds)
    else:
        yield fine(N_("The machine's clock says %(now)s (%(zone)s). Compare it with your own."), **values)


def look_at_server(at: Installation) -> Iterator[Finding]:
    """Tell by the last clock mark whether a server runs."""
    mark = _mark(at)
    if mark is not None and mark.boot_id == at.boot_id and at.boot - mark.boot <= SERVER_MARKS_WITHIN:
        yield fine(N_("A server runs: it marked its clock %(seconds)d seconds ago."), seconds=int((at.boot - mark.boot).total_seconds()))
    else:
        yield warning(N_("No server runs. Start it with: systemctl start examsrv, or examsrv serve"))


def _mark(at: Installation) -> KeptMark | None:
    with at.database.reading() as session:
        return kept_mark(session)


def _drift(at: Installation, mark: KeptMark) -> timedelta:
    """Return by how much the wall clock was set since the mark; over a restart of the machine only that it went back can be told."""
    if mark.boot_id == at.boot_id:
        return at.wall - (mark.wall + (at.boot - mark.boot))
    return min(timedelta(), at.wall - mark.wall)
