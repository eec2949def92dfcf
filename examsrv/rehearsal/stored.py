"""What the database holds in the end, read with plain SQL: the check must not share the program's own view of its tables."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, bindparam, text

from examsrv.storage.database import Database

STEPS = """
SELECT s.attempt_id, s.epoch, s.seq, s.kind, s.item, s.value, s.client_ms FROM step s JOIN attempt a ON a.id = s.attempt_id
WHERE a.sitting_id IN :sittings AND s.kind IN ('answered', 'marked') ORDER BY s.attempt_id, s.epoch, s.seq
"""
ATTEMPTS = "SELECT id, phase, receipt, sitting_room_id FROM attempt WHERE sitting_id IN :sittings"
ASIDE = "SELECT count(*) FROM quarantined_step q JOIN attempt a ON a.id = q.attempt_id WHERE a.sitting_id IN :sittings"
ITEM_MARKS = "SELECT attempt_id, item, mark FROM item_mark WHERE run_id IN :runs"
TOTALS = "SELECT attempt_id, total FROM result WHERE run_id IN :runs"
OUTAGES = """
SELECT e.sitting_room_id, e.kind, e.at FROM time_entry e JOIN sitting_room r ON r.id = e.sitting_room_id
WHERE r.sitting_id IN :sittings AND e.attempt_id IS NULL AND e.kind IN ('pause', 'resume') ORDER BY e.id
"""
CLOCK = "SELECT exam, boot FROM clock_mark"


@dataclass(frozen=True, slots=True)
class StoredStep:
    """A step as it lies in the table, its value read from JSON."""

    attempt: str
    epoch: int
    seq: int
    kind: str
    item: int
    value: object
    client_ms: int


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """What became of an attempt."""

    phase: str
    receipt: str | None


@dataclass(frozen=True, slots=True)
class Pause:
    """A room's time stood still, by the machine's boot clock in milliseconds. `until` None: it still does."""

    room: int
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything that is compared. `marks` by attempt and item, `totals` by attempt, both exact; `aside` counts steps kept aside."""

    steps: tuple[StoredStep, ...]
    attempts: dict[str, StoredAttempt]
    marks: dict[str, dict[int, Fraction]]
    totals: dict[str, Fraction | None]
    aside: int
    pauses: tuple[Pause, ...]


def read_stored(database: Database, sittings: Collection[int], runs: Collection[int]) -> Stored:
    """Read what is stored of some sittings and their marking runs, in one state of the database and without holding up a server that writes."""
    with database.reading() as session:
        connection = session.connection()
        chosen = {"sittings": list(sittings)}
        steps = tuple(_step(*row) for row in _rows(connection, STEPS, **chosen))
        attempts = {row[0]: StoredAttempt(row[1], row[2]) for row in _rows(connection, ATTEMPTS, **chosen)}
        marks: dict[str, dict[int, Fraction]] = {}
        for attempt, item, mark in _rows(connection, ITEM_MARKS, runs=list(runs)):
            marks.setdefault(attempt, {})[item] = Fraction(mark)
        totals = {row[0]: None if row[1] is None else Fraction(row[1]) for row in _rows(connection, TOTALS, runs=list(runs))}
        [(aside,)] = _rows(connection, ASIDE, **chosen)
        return Stored(steps, attempts, marks, totals, aside, _pauses(connection, list(sittings)))


def _step(attempt: str, epoch: int, seq: int, kind: str, item: int, value: str, client_ms: int) -> StoredStep:
    return StoredStep(attempt, epoch, seq, kind, item, json.loads(value), client_ms)


def _pauses(connection: Connection, sittings: list[int]) -> tuple[Pause, ...]:
    """Return the rooms' pauses, exam time turned into the boot clock by the last mark of this start of the machine."""
    marks = connection.execute(text(CLOCK)).all()
    behind = marks[0][0] - marks[0][1] if marks else 0
    since: dict[int, int] = {}
    found = []
    for room, kind, at in _rows(connection, OUTAGES, sittings=sittings):
        if kind == "pause":
            since[room] = at - behind
        elif room in since:
            found.append(Pause(room, since.pop(room), at - behind))
    return (*found, *(Pause(room, begin, None) for room, begin in since.items()))


def _rows(connection: Connection, statement: str, **chosen: list[int]) -> list[tuple[Any, ...]]:
    expanded = text(statement).bindparams(*(bindparam(name, expanding=True) for name in chosen))
    return [tuple(row) for row in connection.execute(expanded, chosen)]
