"""What a look at an installation gives: findings, each with how bad it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from examsrv.storage.database import Database
from question_bank.message import N_, Message


class Severity(StrEnum):
    """How bad a finding is. A warning is to be read before the examination; something wrong is to be mended."""

    FINE = "fine"
    WARNING = "warning"
    WRONG = "wrong"


SEVERITY_NAMES = {Severity.FINE: N_("fine"), Severity.WARNING: N_("caution"), Severity.WRONG: N_("WRONG")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one thing."""

    severity: Severity
    message: Message


@dataclass(frozen=True, slots=True)
class Installation:
    """What is looked at: an installation, its database, and what the machine's clocks say now."""

    database: Database
    data_folder: Path
    backup_folder: Path
    secret_file: Path
    certificates: tuple[Path, ...]
    ends_tls_elsewhere: bool
    time_zone: str
    installed: datetime
    wall: datetime
    boot: timedelta
    boot_id: str
    memory: Path = Path("/proc/meminfo")
    mounts: Path = Path("/proc/self/mountinfo")


Look = Callable[[Installation], Iterator[Finding]]


def fine(text: str, **values: object) -> Finding:
    """Return a finding that is as it should be."""
    return Finding(Severity.FINE, Message(text, values))


def warning(text: str, **values: object) -> Finding:
    """Return a finding to be read before the examination."""
    return Finding(Severity.WARNING, Message(text, values))


def wrong(text: str, **values: object) -> Finding:
    """Return a finding to be mended."""
    return Finding(Severity.WRONG, Message(text, values))
