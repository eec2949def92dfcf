"""What the database holds, read with plain SQL, against what candidates were told. Raises `Fault` with the place of what is wrong."""

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from examsrv.rehearsal.comparing import compare
from examsrv.rehearsal.people import CandidateLog, VirtualCandidate
from examsrv.rehearsal.setting_up import Plan
from examsrv.rehearsal.stored import read_stored
from examsrv.services.auditing import verify_chain
from examsrv.storage.database import Database
from tests.faults.crowd import Fault, heard_at

PAUSES = "SELECT sitting_room_id, kind, at FROM time_entry WHERE attempt_id IS NULL AND kind IN ('pause', 'resume') ORDER BY id"
A_STEP = "INSERT INTO step VALUES ('nobody', 1, 1, 'answered', 1, 'true', 0, 0, '2026-01-01 00:00:00', '', '')"
MILLI = 1000
EXACT_SECONDS = 1.0
DATABASE = "examsrv.db"
Where = Path | str
"""The folder of an embedded database, or the address of one on PostgreSQL."""


@dataclass(frozen=True)
class Pause:
    """A room's time stood still, in seconds of exam time; `until` None: it still does."""

    room: int
    since: float
    until: float | None


def require_all_kept(where: Where, plan: Plan, logs: Sequence[CandidateLog], *, have_ended: bool = False) -> int:
    """Refuse anything lost, doubled, changed or invented, and a broken audit chain; with `have_ended` also last answers and receipts that differ.

    Return how many steps were acknowledged.
    """
    database = Database(address_of(where))
    try:
        stored = read_stored(database, plan.sittings, [])
        with database.reading() as session:
            report = verify_chain(session)
    finally:
        database.close()
    found = compare(logs, stored, plan.items)
    for places, what in (
        (found.lost, "acknowledged and lost"),
        (found.doubled, "stored twice"),
        (found.never_sent, "stored and never sent"),
        (found.different, "stored differently than sent"),
    ):
        if places:
            raise Fault(f"{what}: {len(places)} steps of {found.acknowledged}, the first {places[0]}")
    if report.first_bad is not None:
        raise Fault(f"the audit chain is broken at entry {report.first_bad}")
    if have_ended:
        for faults in (found.last_different, found.not_handed_in, found.receipts_different):
            if faults:
                raise Fault(f"handed in and not as its page shows it: {faults}")
    return found.acknowledged


def require_nothing_aside(where: Where) -> None:
    """Refuse steps that were kept aside, and alarms, where nobody did anything wrong."""
    with opened(where) as connection:
        for table in ("quarantined_step", "incident"):
            [(count,)] = connection.execute(f"SELECT count(*) FROM {table}")
            if count:
                raise Fault(f"{count} rows in {table}, though nobody did anything wrong")


def require_unique_steps(folder: Path) -> None:
    """Refuse a database that would take the same step twice: the program's own care is not the only guard."""
    with opened(folder, "rw") as connection:
        try:
            connection.execute(A_STEP)
            connection.execute(A_STEP)
        except sqlite3.IntegrityError:
            return
        finally:
            connection.rollback()
    raise Fault("the database takes a step with the same attempt, epoch and seq twice")


def pauses(where: Where) -> list[Pause]:
    """Return the rooms' pauses in the order in which they began."""
    found: list[Pause] = []
    with opened(where) as connection:
        for room, kind, at in connection.execute(PAUSES):
            if kind == "pause":
                found.append(Pause(room, at / MILLI, None))
            else:
                place = max(place for place, pause in enumerate(found) if pause.room == room)
                found[place] = Pause(room, found[place].since, at / MILLI)
    return found


def exam_ahead(where: Where) -> float:
    """Return how many seconds the exam clock is ahead of the server's boot clock since the server began, by its last mark."""
    with opened(where) as connection:
        [(exam, boot)] = connection.execute("SELECT exam, boot FROM clock_mark")
    return (exam - boot) / MILLI


@dataclass(frozen=True)
class Told:
    """What candidates were told of their time: seconds that remain, and the exam time at which they heard it."""

    remaining: dict[str, float]
    at: dict[str, float]


def told_by_now(candidates: Sequence[VirtualCandidate], ahead: float) -> Told:
    """Return the last word that each candidate has; exam time is `ahead` of this machine's boot clock."""
    return Told(
        {candidate.log.attempt: candidate.time["remaining_ms"] / MILLI for candidate in candidates},
        {candidate.log.attempt: heard_at(candidate) + ahead for candidate in candidates},
    )


def require_exact_time(candidates: Sequence[VirtualCandidate], before: Told, after: Told, stood: Sequence[Pause]) -> None:
    """Refuse when more or less was taken from a candidate than ran between two words, the new pauses left out."""
    for candidate in candidates:
        attempt = candidate.log.attempt
        paused = sum((pause.until or after.at[attempt]) - pause.since for pause in stood if pause.room == candidate.seat.room)
        taken = before.remaining[attempt] - after.remaining[attempt]
        ran = after.at[attempt] - before.at[attempt] - paused
        if abs(taken - ran) > EXACT_SECONDS:
            raise Fault(f"{attempt} was taken {taken:.2f} s where {ran:.2f} s ran ({paused:.2f} s were paused)")


def address_of(where: Where) -> str:
    """Return the address of a database for SQLAlchemy."""
    return where if isinstance(where, str) else f"sqlite:///{where / DATABASE}"


def opened(where: Where, mode: str = "ro") -> contextlib.AbstractContextManager[Any]:
    """Open a database for plain SQL; `mode` is SQLite's."""
    if isinstance(where, str):
        return psycopg.connect(where.replace("+psycopg", ""))
    return contextlib.closing(sqlite3.connect(f"file:{where / DATABASE}?mode={mode}", uri=True, timeout=20))
