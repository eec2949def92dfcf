"""The candidate's side of an attempt: opening the paper, appending steps, handing in. Each function runs inside the journal's transaction.

Nothing here raises for what a candidate's machine may send: it returns an outcome, so that one refusal never undoes a neighbour's step.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase, require_next
from examsrv.domain.canonical import digest
from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.receipt import receipt_code
from examsrv.domain.steps import Step, StepKind, answered_count, final_responses, is_answer, marked_items, next_head, with_answer
from examsrv.domain.time_ledger import TimeState, time_state
from examsrv.services.auditing import record
from examsrv.services.ledger import room_ledger
from examsrv.storage.tables import AttemptRow, IncidentRow, PaperRow, QuarantinedStepRow, SittingRow, StepRow

STALE, LATE, UNKNOWN, CONFLICTING = "stale writer", "after the end", "not this paper", "conflict"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a candidate gets for handing in. `by` is candidate, time or proctor."""

    code: str
    answered: int
    total: int
    handed_in: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Everything up to step `seq` of this epoch is on disk."""

    seq: int
    time: TimeState
    limit: timedelta
    leave_in: timedelta


@dataclass(frozen=True, slots=True)
class Stale:
    """Another writer holds the attempt; what was sent is kept aside."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Step `seq` was sent before with another content: the alarm is raised."""

    seq: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Step `expected` comes first: nothing of what was sent is stored but what was stored before."""

    expected: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The attempt is handed in."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class NotOpen:
    """There is nothing to write to: not started, not checked in, voided, or time is over. `why` is a word of the interface."""

    why: str


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Handing in is allowed only after `allowed_in`."""

    allowed_in: timedelta


@dataclass(frozen=True, slots=True)
class Differs:
    """These items are not stored as the page has them."""

    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OtherMachine:
    """Another machine holds the attempt: a proctor has to confirm this one."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The paper is open: everything the page needs besides the paper itself."""

    attempt: str
    epoch: int
    next_seq: int
    paper: str
    order_seed: int
    answers: Mapping[int, object]
    marked: frozenset[int]
    time: TimeState


ATTEMPT = (
    select(
        AttemptRow.id,
        AttemptRow.sitting_room_id,
        AttemptRow.seat,
        AttemptRow.paper,
        AttemptRow.order_seed,
        AttemptRow.phase,
        AttemptRow.epoch,
        AttemptRow.last_seq,
        AttemptRow.head,
        AttemptRow.device,
        AttemptRow.wanted_device,
        AttemptRow.checked_in,
        AttemptRow.answered,
        AttemptRow.finished,
        AttemptRow.receipt,
        SittingRow.limit,
        SittingRow.leave_after,
        PaperRow.item_count,
    )
    .join(SittingRow, SittingRow.id == AttemptRow.sitting_id)
    .outerjoin(PaperRow, PaperRow.digest == AttemptRow.paper)
)


def open_paper(connection: Connection, attempt: str, device: str, seat: int, at: Moment) -> Opened | Finished | NotOpen | OtherMachine:
    """Open the paper for `device` at `seat`, or go on where this device stood.

    Step 0 of the first epoch freezes paper and order; it moves no time.
    """
    row = _attempt(connection, attempt)
    phase = Phase(row.phase)
    if phase is Phase.SUBMITTED:
        return Finished(_receipt(connection, row))
    if phase is Phase.VOIDED:
        return NotOpen("voided")
    if row.checked_in is None:
        return NotOpen("not_checked_in")
    time = _time(connection, row, at)
    if time.started is None or row.paper is None:
        return NotOpen("not_started")
    if phase is Phase.CREATED and time.is_over:
        return NotOpen("over")
    holder = row.device if row.device is not None or seat == row.seat else ""
    if holder not in (None, device):
        connection.execute(update(AttemptRow).where(AttemptRow.id == attempt).values(wanted_device=device))
        return OtherMachine()
    if phase is Phase.CREATED:
        step = Step(row.epoch + 1, 0, StepKind.OPENED, None, {"paper": row.paper, "order_seed": row.order_seed, "seat": seat}, 0)
        _append(connection, row, [step], at, phase=Phase.RUNNING, device=device, opened=at.wall)
        row = _attempt(connection, attempt)
    if row.wanted_device is not None:  # the holder is back: what another machine asked for is void
        connection.execute(update(AttemptRow).where(AttemptRow.id == attempt).values(wanted_device=None))
    steps = attempt_steps(connection, attempt)
    return Opened(attempt, row.epoch, row.last_seq + 1, row.paper, row.order_seed, final_responses(steps), frozenset(marked_items(steps)), time)


def append_steps(
    connection: Connection, attempt: str, device: str, steps: Sequence[Step], at: Moment, grace: timedelta
) -> Acknowledged | Stale | Conflict | Gap | Finished | NotOpen:
    """Append `steps` (one epoch, ascending seq).

    Sent again they give the same acknowledgement; from a stale writer or too late they are kept aside.
    """
    row = _attempt(connection, attempt)
    phase = Phase(row.phase)
    if phase is Phase.CREATED:
        return NotOpen("not_started")
    known = _digests(connection, attempt, steps)
    unstored = [step for step in steps if known.get((step.epoch, step.seq)) != step.digest]
    if phase is not Phase.RUNNING:
        _keep_aside(connection, attempt, unstored, LATE, at)
        return Finished(_receipt(connection, row)) if phase is Phase.SUBMITTED else NotOpen("voided")
    if row.device != device or any(step.epoch != row.epoch for step in steps):
        _keep_aside(connection, attempt, unstored, STALE, at)
        return Stale()
    changed = [step for step in unstored if (step.epoch, step.seq) in known]
    if changed:
        if _keep_aside(connection, attempt, changed, CONFLICTING, at):
            _raise_alarm(connection, row, "step_conflict", at)
        return Conflict(changed[0].seq)
    unknown, time = unstored, _time(connection, row, at)
    if unknown and time.remaining <= -grace:
        _keep_aside(connection, attempt, unknown, LATE, at)
        return NotOpen("over")
    if any(step.seq != row.last_seq + place for place, step in enumerate(unknown, start=1)):
        return Gap(row.last_seq + 1)
    if any(step.item is None or not 1 <= step.item <= row.item_count for step in unknown):
        _keep_aside(connection, attempt, unknown, UNKNOWN, at)
        return NotOpen("unknown_item")
    if unknown:
        _append(connection, row, unknown, at)
    return Acknowledged(max([row.last_seq, *(step.seq for step in steps)]), time, row.limit, leave_wait(time, row.leave_after, at))


def hand_in(
    connection: Connection,
    attempt: str,
    device: str,
    epoch: int,
    steps: Sequence[Step],
    answers: Mapping[int, object],
    at: Moment,
    grace: timedelta,
) -> Acknowledged | Stale | Conflict | Gap | Finished | NotOpen | TooEarly | Differs:
    """Append what was not yet sent, compare with the answers that the page shows, and close. Sent twice it gives the same receipt."""
    outcome = append_steps(connection, attempt, device, steps, at, grace) if steps else None
    if outcome is not None and not isinstance(outcome, Acknowledged):
        return outcome
    row = _attempt(connection, attempt)
    phase = Phase(row.phase)
    if phase is Phase.SUBMITTED:
        return Finished(_receipt(connection, row))
    if phase is not Phase.RUNNING:
        return NotOpen("not_started" if phase is Phase.CREATED else "voided")
    if row.device != device or row.epoch != epoch:
        return Stale()
    time = _time(connection, row, at)
    wait = leave_wait(time, row.leave_after, at)
    if wait > timedelta():
        return TooEarly(wait)
    stored = final_responses(attempt_steps(connection, attempt))
    shown = {item: value for item, value in answers.items() if is_answer(value)}
    different = tuple(sorted(item for item in stored.keys() | shown.keys() if stored.get(item) != shown.get(item)))
    if different:
        return Differs(different)
    said = digest([[item, shown[item]] for item in sorted(shown)])
    by = "time" if time.is_over else "candidate"  # after zero it is the page that hands in, not the candidate
    finish(connection, row, Step(row.epoch, row.last_seq + 1, StepKind.HANDED_IN, None, {"answers": said, "by": by}, 0), SERVER, at)
    return Finished(_receipt(connection, _attempt(connection, attempt)))


def close(connection: Connection, attempt: str, by_whom: str, by: Actor, at: Moment) -> bool:
    """Close a running attempt for its candidate (`by_whom`: time or proctor); what the page still sends is kept aside. False: it is not running."""
    row = _attempt(connection, attempt)
    if Phase(row.phase) is not Phase.RUNNING:
        return False
    finish(connection, row, Step(row.epoch + 1, 0, StepKind.CLOSED, None, {"by": by_whom}, 0), by, at)
    return True


def take_over(connection: Connection, attempt: str, by: Actor, at: Moment) -> bool:
    """Give the attempt to the machine that asks for it, and raise the epoch: what the old machine still sends is kept aside. False: none asks."""
    wanted = connection.execute(select(AttemptRow.wanted_device).where(AttemptRow.id == attempt)).scalar_one()
    row = _attempt(connection, attempt)
    if wanted is None or Phase(row.phase) not in (Phase.CREATED, Phase.RUNNING):
        return False
    if Phase(row.phase) is Phase.CREATED:
        connection.execute(update(AttemptRow).where(AttemptRow.id == attempt).values(device=wanted, wanted_device=None))
    else:
        step = Step(row.epoch + 1, 0, StepKind.TAKEN_OVER, None, {"person": by.person}, 0)
        _append(connection, row, [step], at, device=wanted, wanted_device=None)
    return True


def finish(connection: Connection, row: Row[Any], step: Step, by: Actor, at: Moment) -> None:
    """Append the closing step, and enter the head of the attempt's own chain into the audit chain."""
    require_next(Phase(row.phase), Phase.SUBMITTED)
    head = next_head(row.head, step)
    _append(connection, row, [step], at, phase=Phase.SUBMITTED, finished=at.wall, receipt=receipt_code(head), wanted_device=None)
    with Session(connection, join_transaction_mode="rollback_only") as session:
        record(session, f"attempt.{step.kind}", f"attempt/{row.id}", by, at, head=head, room=row.sitting_room_id)
        session.flush()


def attempt_steps(connection: Connection, attempt: str) -> list[Step]:
    """Return the whole log of an attempt, in order."""
    columns = (StepRow.epoch, StepRow.seq, StepRow.kind, StepRow.item, StepRow.value, StepRow.client_ms)
    rows = connection.execute(select(*columns).where(StepRow.attempt_id == attempt).order_by(StepRow.epoch, StepRow.seq))
    return [Step(row.epoch, row.seq, StepKind(row.kind), row.item, json.loads(row.value), row.client_ms) for row in rows]


def leave_wait(time: TimeState, leave_after: timedelta, at: Moment) -> timedelta:
    """Return how long a candidate has to wait before handing in; zero when it is allowed, as it always is once time is over."""
    if time.started is None or time.is_over:
        return timedelta()
    return max(timedelta(), time.started + leave_after - at.exam)


def _attempt(connection: Connection, attempt: str) -> Row[Any]:
    return cast(Row[Any], connection.execute(ATTEMPT.where(AttemptRow.id == attempt)).one())


def _time(connection: Connection, row: Row[Any], at: Moment) -> TimeState:
    return time_state(room_ledger(connection, row.sitting_room_id), row.limit, at.exam, row.id)


def _digests(connection: Connection, attempt: str, steps: Sequence[Step]) -> dict[tuple[int, int], str]:
    """Return the digests of those of `steps` that are stored already, by epoch and seq."""
    if not steps:
        return {}
    rows = connection.execute(
        select(StepRow.epoch, StepRow.seq, StepRow.digest).where(
            StepRow.attempt_id == attempt,
            StepRow.epoch.in_({step.epoch for step in steps}),
            StepRow.seq.between(min(step.seq for step in steps), max(step.seq for step in steps)),
        )
    )
    return {(row.epoch, row.seq): row.digest for row in rows}


def _append(connection: Connection, row: Row[Any], steps: Sequence[Step], at: Moment, **changes: object) -> None:
    head, answered, saved = row.head, row.answered, False
    rows = []
    for step in steps:
        head = next_head(head, step)
        if step.kind is StepKind.ANSWERED and step.item is not None:
            answered, saved = with_answer(answered, step.item, is_answered=is_answer(step.value)), True
        rows.append(_columns(row.id, step) | {"exam": at.exam, "wall": at.wall, "head": head})
    connection.execute(insert(StepRow), rows)
    values = {"epoch": steps[-1].epoch, "last_seq": steps[-1].seq, "head": head, "answered": answered, **changes}
    if saved:
        values["last_saved"] = at.wall
    connection.execute(update(AttemptRow).where(AttemptRow.id == row.id).values(**values))


def _columns(attempt: str, step: Step) -> dict[str, object]:
    return {
        "attempt_id": attempt,
        "epoch": step.epoch,
        "seq": step.seq,
        "kind": step.kind,
        "item": step.item,
        "value": json.dumps(step.value, ensure_ascii=False),
        "client_ms": step.client_ms,
        "digest": step.digest,
    }


def _keep_aside(connection: Connection, attempt: str, steps: Sequence[Step], reason: str, at: Moment) -> bool:
    """Keep what cannot be appended; the same step sent again is kept once. Tell whether anything of it is new."""
    kept = set(connection.execute(select(QuarantinedStepRow.digest).where(QuarantinedStepRow.attempt_id == attempt)).scalars())
    new = {step.digest: step for step in steps if step.digest not in kept}
    if new:
        rows = [_columns(attempt, step) | {"reason": reason, "exam": at.exam, "wall": at.wall} for step in new.values()]
        connection.execute(insert(QuarantinedStepRow), rows)
    return bool(new)


def _raise_alarm(connection: Connection, row: Row[Any], kind: str, at: Moment) -> None:
    values = {"sitting_room_id": row.sitting_room_id, "attempt_id": row.id, "kind": kind, "wall": at.wall, "exam": at.exam}
    connection.execute(insert(IncidentRow).values(**values))


def _receipt(connection: Connection, row: Row[Any]) -> Receipt:
    last = connection.execute(
        select(StepRow.value).where(StepRow.attempt_id == row.id).order_by(StepRow.epoch.desc(), StepRow.seq.desc()).limit(1)
    ).scalar_one()
    return Receipt(row.receipt, answered_count(row.answered), row.item_count, row.finished, json.loads(last)["by"])


def paper_of_running(connection: Connection, attempt: str) -> str | None:
    """Return the paper of an attempt that is running, or None: before the start and after the end nothing is sent."""
    row = connection.execute(select(AttemptRow.paper).where(AttemptRow.id == attempt, AttemptRow.phase == Phase.RUNNING)).one_or_none()
    return row.paper if row else None
