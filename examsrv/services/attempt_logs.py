"""The logs of many attempts in one transaction: read together, appended to in memory, written together.

Whatever happens to one attempt or to a hundred costs the same few statements. Nothing is remembered from one transaction to the next.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Update, bindparam, func, insert, select, update

from examsrv.domain.attempt import Phase, require_next
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.receipt import receipt_code
from examsrv.domain.steps import Step, StepKind, is_answer, next_head, with_answer
from examsrv.domain.time_ledger import TimeEntry, TimeState, time_state
from examsrv.services.auditing import Entry, append_entries
from examsrv.services.ledger import room_ledgers
from examsrv.storage.many_rows import ManyKeys, ManyRows, insertion
from examsrv.storage.tables import AttemptRow, IncidentRow, PaperRow, QuarantinedStepRow, SittingRow, StepRow, table_of

STORED = ("phase", "epoch", "last_seq", "head", "device", "wanted_device", "opened", "answered", "last_saved", "finished", "receipt")
"""What of an attempt's row follows from its log, in the order of its columns."""
FOLLOWING = ("last_seq", "head", "answered", "last_saved")
"""What of it changes with each step that is saved."""
STAY = frozenset({"opened", "last_saved"})
"""What stays as it is stored where a transaction has nothing newer: it is not read."""

ATTEMPTS = ManyKeys(
    select(
        AttemptRow.id,
        AttemptRow.sitting_room_id,
        AttemptRow.seat,
        AttemptRow.paper,
        AttemptRow.order_seed,
        AttemptRow.checked_in.is_not(None),
        *(getattr(AttemptRow, name) for name in STORED if name not in STAY),
        SittingRow.limit,
        SittingRow.leave_after,
        PaperRow.item_count,
    )
    .join(SittingRow, SittingRow.id == AttemptRow.sitting_id)
    .outerjoin(PaperRow, PaperRow.digest == AttemptRow.paper),
    table_of(AttemptRow).c.id,
)
ANSWERS = (
    select(StepRow.attempt_id, StepRow.item, StepRow.value)
    .where(StepRow.attempt_id.in_(bindparam("ids", expanding=True)), StepRow.kind == StepKind.ANSWERED, StepRow.item.is_not(None))
    .order_by(StepRow.attempt_id, StepRow.epoch, StepRow.seq)
)
DIGESTS = select(StepRow.epoch, StepRow.seq, StepRow.digest).where(
    StepRow.attempt_id == bindparam("id"), StepRow.epoch == bindparam("epoch"), StepRow.seq.between(bindparam("first"), bindparam("last"))
)
STEPS = (
    select(StepRow.epoch, StepRow.seq, StepRow.kind, StepRow.item, StepRow.value, StepRow.client_ms)
    .where(StepRow.attempt_id == bindparam("id"))
    .order_by(StepRow.epoch, StepRow.seq)
)
KEPT_ASIDE = select(QuarantinedStepRow.digest).where(QuarantinedStepRow.attempt_id == bindparam("id"))
_ATTEMPT, _STEP = table_of(AttemptRow), table_of(StepRow)


def _update_of(names: Sequence[str]) -> ManyRows:
    """Return the statement that writes what stands in the columns `names` of attempts, and last their ids."""

    def statement(new: Mapping[str, ColumnElement[Any]]) -> Update:
        state = {name: func.coalesce(new[f"new_{name}"], _ATTEMPT.c[name]) if name in STAY else new[f"new_{name}"] for name in names}
        return update(_ATTEMPT).where(_ATTEMPT.c.id == new["of"]).values(state)

    return ManyRows({f"new_{name}": _ATTEMPT.c[name].type for name in names} | {"of": _ATTEMPT.c.id.type}, statement)


NEW_STEPS = insertion(_STEP, [each.name for each in _STEP.columns])
NEW_STATE, NEW_FOLLOWING = _update_of(STORED), _update_of(FOLLOWING)


@dataclass(slots=True)
class Attempt:
    """An attempt as the transaction has it by now."""

    id: str
    sitting_room_id: int
    seat: int
    paper: str | None
    order_seed: int
    is_checked_in: bool
    phase: str
    epoch: int
    last_seq: int
    head: str
    device: str | None
    wanted_device: str | None
    answered: str
    finished: datetime | None
    receipt: str | None
    limit: timedelta
    leave_after: timedelta
    item_count: int
    opened: datetime | None = None
    last_saved: datetime | None = None


class AttemptLogs:
    """The logs of `attempts` in the transaction of `connection`; `write_out` has to be called at its end."""

    def __init__(self, connection: Connection, attempts: Collection[str]) -> None:
        self._connection = connection
        self._attempts = {attempt.id: attempt for attempt in (Attempt(*row) for row in ATTEMPTS.read(connection, sorted(attempts)))}
        self._ledgers = _by_attempt(connection, self._attempts.values())
        self._rows: list[list[object]] = []
        self._followed: dict[str, Attempt] = {}
        self._changed: dict[str, Attempt] = {}
        self._entries: list[Entry] = []
        self._answers: dict[str, dict[int, str]] = {}

    def attempt(self, number: str) -> Attempt:
        """Return an attempt as it stands now."""
        return self._attempts[number]

    def time(self, attempt: Attempt, at: Moment) -> TimeState:
        """Return the attempt's time at this moment."""
        return time_state(self._ledgers[attempt.id], attempt.limit, at.exam, attempt.id)

    def digests(self, attempt: Attempt, steps: Sequence[Step]) -> dict[tuple[int, int], str]:
        """Return the digests of those of `steps` that are in the log already, by epoch and seq. What comes after its end is not looked for."""
        found: dict[tuple[int, int], str] = {}
        if all(step.epoch == attempt.epoch and step.seq > attempt.last_seq for step in steps):
            return found
        self._write_steps()
        for epoch in {step.epoch for step in steps}:
            seqs = [step.seq for step in steps if step.epoch == epoch]
            values = {"id": attempt.id, "epoch": epoch, "first": min(seqs), "last": max(seqs)}
            found |= {(row.epoch, row.seq): row.digest for row in self._connection.execute(DIGESTS, values)}
        return found

    def read_answers(self, attempts: Iterable[str]) -> None:
        """Read the saved answers of several attempts at once, before they are asked for one by one."""
        wanted = [number for number in attempts if number not in self._answers]
        if wanted:
            self._write_steps()
            self._answers |= {number: {} for number in wanted}
            for number, item, value in self._connection.execute(ANSWERS, {"ids": wanted}):
                self._answers[number][cast(int, item)] = value

    def answers(self, attempt: Attempt) -> Mapping[int, str]:
        """Return the last saved value of each item, as it is spelled in the log; an item that was cleared stands with an empty value."""
        self.read_answers([attempt.id])
        return self._answers[attempt.id]

    def steps(self, attempt: Attempt) -> list[Step]:
        """Return the whole log of an attempt, in order."""
        self._write_steps()
        return attempt_steps(self._connection, attempt.id)

    def append(self, attempt: Attempt, steps: Sequence[Step], at: Moment) -> None:
        """Append to the log, and let the attempt follow; what else changes in it has to be noted: see `change`."""
        for step in steps:
            spelled, digest = spelling(step.value), step.digest
            attempt.head = next_head(attempt.head, digest)
            row = [attempt.id, step.epoch, step.seq, step.kind.value, step.item, spelled, step.client_ms, at.exam, at.wall, digest, attempt.head]
            self._rows.append(row)
            if step.kind is StepKind.ANSWERED and step.item is not None:
                attempt.answered = with_answer(attempt.answered, step.item, is_answered=is_answer(step.value))
                attempt.last_saved = at.wall
                if attempt.id in self._answers:
                    self._answers[attempt.id][step.item] = spelled
        if steps[-1].epoch != attempt.epoch:
            attempt.epoch = steps[-1].epoch
            self.change(attempt)
        attempt.last_seq = steps[-1].seq
        self._followed[attempt.id] = attempt

    def finish(self, attempt: Attempt, step: Step, by: Actor, at: Moment) -> None:
        """Append the closing step, and enter the head of the attempt's own chain into the audit chain."""
        require_next(Phase(attempt.phase), Phase.SUBMITTED)
        self.append(attempt, [step], at)
        attempt.phase, attempt.finished, attempt.receipt, attempt.wanted_device = Phase.SUBMITTED, at.wall, receipt_code(attempt.head), None
        self.change(attempt)
        detail: dict[str, str | int | bool | None] = {"head": attempt.head, "room": attempt.sitting_room_id}
        self._entries.append(Entry(f"attempt.{step.kind}", f"attempt/{attempt.id}", by, at, detail))

    def change(self, attempt: Attempt) -> None:
        """Note that the attempt's state has to be written."""
        self._changed[attempt.id] = attempt

    def keep_aside(self, attempt: Attempt, steps: Sequence[Step], reason: str, at: Moment) -> bool:
        """Keep what cannot be appended; the same step sent again is kept once. Tell whether anything of it is new."""
        kept = set(self._connection.execute(KEPT_ASIDE, {"id": attempt.id}).scalars())
        new = {step.digest: step for step in steps if step.digest not in kept}
        rows = [_columns(attempt.id, step, spelling(step.value)) | {"reason": reason, "exam": at.exam, "wall": at.wall} for step in new.values()]
        if rows:
            self._connection.execute(insert(QuarantinedStepRow), rows)
        return bool(rows)

    def raise_alarm(self, attempt: Attempt, kind: str, at: Moment) -> None:
        """Tell the room's proctors, once, what must not happen."""
        values = {"sitting_room_id": attempt.sitting_room_id, "attempt_id": attempt.id, "kind": kind, "wall": at.wall, "exam": at.exam}
        self._connection.execute(insert(IncidentRow).values(**values))

    def write_out(self) -> None:
        """Write everything that was appended and changed."""
        self._write_steps()
        if self._changed:
            NEW_STATE.write(self._connection, [[*_state(each), each.id] for each in self._changed.values()])
        following = [[*_following(each), each.id] for each in self._followed.values() if each.id not in self._changed]
        if following:
            NEW_FOLLOWING.write(self._connection, following)
        if self._entries:
            append_entries(self._connection, self._entries)
        self._followed, self._changed, self._entries = {}, {}, []

    def _write_steps(self) -> None:
        if self._rows:
            NEW_STEPS.write(self._connection, self._rows)
            self._rows = []


def attempt_steps(connection: Connection, attempt: str) -> list[Step]:
    """Return the whole log of an attempt, in order."""
    rows = connection.execute(STEPS, {"id": attempt})
    return [Step(row.epoch, row.seq, StepKind(row.kind), row.item, json.loads(row.value), row.client_ms) for row in rows]


def spelling(value: object) -> str:
    """Return a value as it is spelled in the log: equal values have equal spellings."""
    return _SPELLING.encode(value)


_SPELLING = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_state, _following = attrgetter(*STORED), attrgetter(*FOLLOWING)


def _columns(attempt: str, step: Step, spelled: str) -> dict[str, Any]:
    return {
        "attempt_id": attempt,
        "epoch": step.epoch,
        "seq": step.seq,
        "kind": step.kind,
        "item": step.item,
        "value": spelled,
        "client_ms": step.client_ms,
        "digest": step.digest,
    }


def _by_attempt(connection: Connection, attempts: Collection[Attempt]) -> dict[str, list[TimeEntry]]:
    """Return what the ledgers hold for each attempt: the room's entries and its own."""
    ledgers = room_ledgers(connection, {attempt.sitting_room_id for attempt in attempts})
    of_room = {room: [entry for entry in entries if entry.attempt is None] for room, entries in ledgers.items()}
    with_own = {entry.attempt for entries in ledgers.values() for entry in entries}
    return {
        each.id: [entry for entry in ledgers[each.sitting_room_id] if entry.attempt in (None, each.id)]
        if each.id in with_own
        else of_room[each.sitting_room_id]
        for each in attempts
    }
