"""Exam time: it runs on the machine's boot clock from a kept mark, and never on the wall clock."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ClockMark:
    """What was written last: this start of the machine, its boot time then, and the exam time then."""

    boot_id: str
    boot: timedelta
    exam: timedelta


@dataclass(frozen=True, slots=True)
class Restart:
    """What a starting server finds: the mark to count from, and how long it was away (None: not known, the machine was restarted)."""

    mark: ClockMark
    away: timedelta | None


def exam_time(mark: ClockMark, boot: timedelta) -> timedelta:
    """Return the exam time at `boot`, on the same start of the machine as `mark`."""
    return mark.exam + (boot - mark.boot)


def restarted(last: ClockMark, boot_id: str, boot: timedelta) -> Restart:
    """Continue from the `last` mark: on the same start of the machine the clock has run on; after another start it goes on where it stood."""
    if last.boot_id == boot_id:
        return Restart(last, boot - last.boot)
    return Restart(ClockMark(boot_id, boot, last.exam), None)
