"""A rehearsal in a process of its own, started from the office: one at a time, followed by the files that it writes, ended by a signal.

Each has a folder: the order, how far it is, its report, what it said. It works on a server and a database of its own there and never opens
the installation's. It holds a lock as long as it lives, so that it is known also by a server that was started again meanwhile.
"""

import contextlib
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.overseeing import running_sittings
from examsrv.services.placing import on_any_core
from examsrv.services.rehearsal_reports import Report, read_report
from examsrv.services.sitting_plans import SittingState, sittings_between
from question_bank.message import N_, ExamError, Message

LOCK, ORDER, PROGRESS, REPORT, OUTPUT, PID = "lock", "order.json", "progress.json", "report.json", "output.txt", "pid"
NAME = re.compile(r"[0-9]{8}-[0-9]{6}")
NAME_FORM = "%Y%m%d-%H%M%S"
BEFORE, AFTER = timedelta(hours=12), timedelta(hours=1)
OUTPUT_SHOWN = 2000


@dataclass(frozen=True, slots=True)
class RehearsalOrder:
    """What was asked for, by whom, when."""

    candidates: int
    minutes: float
    kills: int
    by: str
    began: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running rehearsal is: a phase of `rehearsal_reports.PHASES`, what is done of it, how many a second, the seconds left in it."""

    phase: str
    done: int
    total: int
    rate: float
    left_s: float | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal of this installation. Neither running nor with a report: it was stopped or broke off; then `said` has its last words."""

    name: str
    order: RehearsalOrder
    is_running: bool
    report: Report | None
    said: str

    @property
    def began(self) -> datetime:
        """Return when it was started."""
        return datetime.fromisoformat(self.order.began)


def require_quiet(session: Session, at: Moment) -> None:
    """Refuse while a sitting runs, is to start within the hour, or should have started and has not: a rehearsal takes the machine's whole power."""
    near = sittings_between(session, at.wall - BEFORE, at.wall + AFTER)
    waiting = [view.name for view in near if view.state is SittingState.PUBLISHED]
    running = [view.name for view in near if view.state is SittingState.RUNNING]
    if running or running_sittings(session):
        raise ExamError(Message(N_("A sitting is running. A rehearsal would take the machine's power from it; start it when everybody is done.")))
    if waiting:
        text = N_("The sitting %(sitting)s is about to start. A rehearsal would take the machine's power from it.")
        raise ExamError(Message(text, {"sitting": waiting[0]}))


def begin(session: Session, folder: Path, candidates: int, minutes: float, kills: int, by: Actor, at: Moment) -> str:
    """Start a rehearsal in a process of its own and return its name. Refused while a sitting needs the machine, or another rehearsal runs."""
    require_quiet(session, at)
    folder.mkdir(parents=True, exist_ok=True)
    lock = _locked(folder)
    if lock is None:
        raise ExamError(Message(N_("A rehearsal is running already.")))
    with lock:
        name = at.wall.strftime(NAME_FORM)
        own = folder / name
        own.mkdir(exist_ok=True)
        order = RehearsalOrder(candidates, minutes, kills, by.name, at.wall.isoformat())
        (own / ORDER).write_text(json.dumps(asdict(order)), encoding="utf-8")
        _start(own, order, lock)
    record(session, "rehearsal.started", "rehearsal", by, at, candidates=candidates, minutes=str(minutes), kills=kills)
    return name


def stop(session: Session, folder: Path, by: Actor, at: Moment) -> None:
    """End the rehearsal that runs, its server with it; refused when none does."""
    found = running(folder)
    if found is None:
        raise ExamError(Message(N_("No rehearsal is running.")))
    with contextlib.suppress(ProcessLookupError):
        os.kill(int((folder / found.name / PID).read_text(encoding="ascii")), signal.SIGTERM)
    record(session, "rehearsal.stopped", "rehearsal", by, at)


def rehearsals(folder: Path) -> list[Rehearsal]:
    """Return all rehearsals of the installation, the newest first; only that one can be running."""
    names = _names(folder)
    is_running = bool(names) and _is_locked(folder)
    return [found for place, name in enumerate(names) if (found := _rehearsal(folder / name, is_running=is_running and place == 0))]


def running(folder: Path) -> Rehearsal | None:
    """Return the rehearsal that runs, or None; quick, so that it can be asked every second."""
    names = _names(folder)
    return _rehearsal(folder / names[0], is_running=True) if names and _is_locked(folder) else None


def progress(folder: Path, name: str) -> Progress | None:
    """Return how far a rehearsal is; None before it has said anything."""
    try:
        return Progress(**json.loads((folder / name / PROGRESS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _names(folder: Path) -> list[str]:
    return sorted((path.name for path in folder.glob("*-*") if NAME.fullmatch(path.name)), reverse=True)


def _rehearsal(own: Path, *, is_running: bool) -> Rehearsal | None:
    try:
        order = RehearsalOrder(**json.loads((own / ORDER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    said = ""
    with contextlib.suppress(OSError):
        said = (own / OUTPUT).read_text(encoding="utf-8", errors="replace")[-OUTPUT_SHOWN:]
    return Rehearsal(own.name, order, is_running, None if is_running else read_report(own / REPORT), said)


def _start(own: Path, order: RehearsalOrder, lock: IO[str]) -> None:
    """Start the child, which keeps the lock open as long as it lives; a thread waits for its end, so that nothing of it stays behind."""
    numbers = {"--candidates": order.candidates, "--minutes": order.minutes, "--kill": order.kills}
    places = {"--json": own / REPORT, "--progress": own / PROGRESS, "--folder": own}
    words = [word for name, value in {**numbers, **places}.items() for word in (name, str(value))]
    with (own / OUTPUT).open("w", encoding="utf-8") as output, on_any_core():
        child = subprocess.Popen(  # noqa: S603 -- our own command; what people enter are numbers
            [sys.executable, "-m", "examsrv.cli", "rehearse", *words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(lock.fileno(),),
        )
    (own / PID).write_text(str(child.pid), encoding="ascii")
    threading.Thread(target=child.wait, name="rehearsal", daemon=True).start()


def _locked(folder: Path) -> IO[str] | None:
    """Take the lock; None while a rehearsal holds it."""
    handle = (folder / LOCK).open("w", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def _is_locked(folder: Path) -> bool:
    handle = _locked(folder)
    if handle is None:
        return True
    handle.close()
    return False
