"""The candidate's side of an attempt: opening the paper, appending steps, handing in. The journal carries out what many machines ask for at once.

Nothing here raises for what a candidate's machine may send: it returns an outcome, so that one refusal never undoes a neighbour's step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from examsrv.domain.attempt import Phase, require_next
from examsrv.domain.canonical import digest
from examsrv.domain.moment import SERVER, Actor, Moment
from examsrv.domain.steps import Step, StepKind, answered_count, final_responses, is_answer, marked_items
from examsrv.domain.time_ledger import TimeState
from examsrv.services.attempt_logs import Attempt, AttemptLogs, spelling

STALE, LATE, UNKNOWN, CONFLICTING = "stale writer", "after the end", "not this paper", "conflict"
NO_ANSWER = frozenset({spelling(None), spelling(""), spelling([]), spelling({})})


@dataclass(frozen=True, slots=True)
class Open:
    """A machine (`device`) at `seat` asks for the paper, or to go on where it stood."""

    attempt: str
    device: str
    seat: int
    at: Moment


@dataclass(frozen=True, slots=True)
class Save:
    """A machine sends `steps` of one epoch, ascending in seq."""

    attempt: str
    device: str
    steps: Sequence[Step]
    at: Moment
    grace: timedelta


@dataclass(frozen=True, slots=True)
class HandIn:
    """A machine hands in: `steps` that were not sent yet, and all `answers` as its page shows them."""

    attempt: str
    device: str
    epoch: int
    steps: Sequence[Step]
    answers: Mapping[int, object]
    at: Moment
    grace: timedelta


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a candidate gets for handing in. `by` is candidate, time, proctor or panel."""

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
    leave_in: timedelta


Request = Open | Save | HandIn
Outcome = Opened | Acknowledged | Stale | Conflict | Gap | Finished | NotOpen | TooEarly | Differs | OtherMachine


def carry_out(connection: Connection, requests: Sequence[Request]) -> list[Outcome]:
    """Carry out what many machines ask for, in order, in one transaction; return each one's outcome."""
    logs = AttemptLogs(connection, {request.attempt for request in requests})
    logs.read_answers({request.attempt for request in requests if isinstance(request, HandIn)})
    outcomes = [_one(logs, request) for request in requests]
    logs.write_out()
    return outcomes


def begin_hearing(connection: Connection, attempt: str, by: Actor, at: Moment) -> None:
    """Open an attempt that is heard by a panel: no machine holds it, and its log says who began it. `close` ends it."""
    logs = AttemptLogs(connection, [attempt])
    found = logs.attempt(attempt)
    require_next(Phase(found.phase), Phase.RUNNING)
    frozen = {"paper": found.paper, "order_seed": found.order_seed, "seat": found.seat, "person": by.person}
    found.phase, found.opened = Phase.RUNNING, at.wall
    logs.append(found, [Step(found.epoch + 1, 0, StepKind.OPENED, None, frozen, 0)], at)
    logs.write_out()


def close(connection: Connection, attempt: str, by_whom: str, by: Actor, at: Moment) -> bool:
    """Close a running attempt (`by_whom`: time, proctor or panel); what the page still sends is kept aside. False: it is not running."""
    logs = AttemptLogs(connection, [attempt])
    found = logs.attempt(attempt)
    if Phase(found.phase) is not Phase.RUNNING:
        return False
    logs.finish(found, Step(found.epoch + 1, 0, StepKind.CLOSED, None, {"by": by_whom}, 0), by, at)
    logs.write_out()
    return True


def take_over(connection: Connection, attempt: str, by: Actor, at: Moment) -> bool:
    """Give the attempt to the machine that asks for it, and raise the epoch: what the old machine still sends is kept aside. False: none asks."""
    logs = AttemptLogs(connection, [attempt])
    found = logs.attempt(attempt)
    if found.wanted_device is None or Phase(found.phase) not in (Phase.CREATED, Phase.RUNNING):
        return False
    found.device, found.wanted_device = found.wanted_device, None
    if Phase(found.phase) is Phase.RUNNING:
        logs.append(found, [Step(found.epoch + 1, 0, StepKind.TAKEN_OVER, None, {"person": by.person}, 0)], at)
    logs.change(found)
    logs.write_out()
    return True


def vacate(connection: Connection, attempt: str, from_seat: int, by: Actor, at: Moment) -> None:
    """Take the attempt from the machine at `from_seat` and raise the epoch: what that one still sends is kept aside.

    The machine that opens the paper first at the seat the attempt has now holds it.
    """
    logs = AttemptLogs(connection, [attempt])
    found = logs.attempt(attempt)
    found.device = found.wanted_device = None
    if Phase(found.phase) is Phase.RUNNING:
        moved = {"from": from_seat, "to": found.seat, "person": by.person}
        logs.append(found, [Step(found.epoch + 1, 0, StepKind.MOVED, None, moved, 0)], at)
    logs.change(found)
    logs.write_out()


def leave_wait(time: TimeState, leave_after: timedelta, at: Moment) -> timedelta:
    """Return how long a candidate has to wait before handing in; zero when it is allowed, as it always is once time is over."""
    if time.started is None or time.is_over:
        return timedelta()
    return max(timedelta(), time.started + leave_after - at.exam)


def _one(logs: AttemptLogs, request: Request) -> Outcome:
    attempt = logs.attempt(request.attempt)
    match request:
        case Open():
            return _open(logs, attempt, request)
        case Save():
            return _save(logs, attempt, request.device, request.steps, request.at, request.grace)
        case HandIn():
            return _hand_in(logs, attempt, request)


def _open(logs: AttemptLogs, attempt: Attempt, request: Open) -> Outcome:
    """Step 0 of the first epoch freezes paper and order; it moves no time."""
    phase, at = Phase(attempt.phase), request.at
    if phase is Phase.SUBMITTED:
        return Finished(_receipt(logs, attempt))
    if phase is Phase.VOIDED:
        return NotOpen("voided")
    if not attempt.is_checked_in:
        return NotOpen("not_checked_in")
    time = logs.time(attempt, at)
    if time.started is None or attempt.paper is None:
        return NotOpen("not_started")
    if phase is Phase.CREATED and time.is_over:
        return NotOpen("over")
    holder = attempt.device if attempt.device is not None or request.seat == attempt.seat else ""
    if holder not in (None, request.device):
        attempt.wanted_device = request.device
        logs.change(attempt)
        return OtherMachine()
    answers: Mapping[int, object] = {}
    marked: frozenset[int] = frozenset()
    if phase is Phase.CREATED:
        frozen = {"paper": attempt.paper, "order_seed": attempt.order_seed, "seat": request.seat}
        attempt.phase, attempt.device, attempt.opened = Phase.RUNNING, request.device, at.wall
        logs.append(attempt, [Step(attempt.epoch + 1, 0, StepKind.OPENED, None, frozen, 0)], at)
    else:
        steps = logs.steps(attempt)
        answers, marked = final_responses(steps), frozenset(marked_items(steps))
    if attempt.device is None:  # the candidate was moved here, and this machine is the first to ask
        attempt.device = request.device
        logs.change(attempt)
    if attempt.wanted_device is not None:  # the holder is back: what another machine asked for is void
        attempt.wanted_device = None
        logs.change(attempt)
    return Opened(
        attempt.id,
        attempt.epoch,
        attempt.last_seq + 1,
        attempt.paper,
        attempt.order_seed,
        answers,
        marked,
        time,
        leave_wait(time, attempt.leave_after, at),
    )


def _save(logs: AttemptLogs, attempt: Attempt, device: str, steps: Sequence[Step], at: Moment, grace: timedelta) -> Outcome:
    """Sent again, steps give the same acknowledgement; from a stale writer or too late they are kept aside."""
    phase = Phase(attempt.phase)
    if phase is Phase.CREATED:
        return NotOpen("not_started")
    known = logs.digests(attempt, steps)
    unstored = [step for step in steps if known.get((step.epoch, step.seq)) != step.digest] if known else steps
    if phase is not Phase.RUNNING:
        logs.keep_aside(attempt, unstored, LATE, at)
        return Finished(_receipt(logs, attempt)) if phase is Phase.SUBMITTED else NotOpen("voided")
    if attempt.device != device or any(step.epoch != attempt.epoch for step in steps):
        logs.keep_aside(attempt, unstored, STALE, at)
        return Stale()
    changed = [step for step in unstored if (step.epoch, step.seq) in known] if known else []
    if changed:
        if logs.keep_aside(attempt, changed, CONFLICTING, at):
            logs.raise_alarm(attempt, "step_conflict", at)
        return Conflict(changed[0].seq)
    time = logs.time(attempt, at)
    if unstored and time.remaining <= -grace:
        logs.keep_aside(attempt, unstored, LATE, at)
        return NotOpen("over")
    if any(step.seq != attempt.last_seq + place for place, step in enumerate(unstored, start=1)):
        return Gap(attempt.last_seq + 1)
    if any(step.item is None or not 1 <= step.item <= attempt.item_count for step in unstored):
        logs.keep_aside(attempt, unstored, UNKNOWN, at)
        return NotOpen("unknown_item")
    if unstored:
        logs.append(attempt, unstored, at)
    return Acknowledged(max([attempt.last_seq, *(step.seq for step in steps)]), time, leave_wait(time, attempt.leave_after, at))


def _hand_in(logs: AttemptLogs, attempt: Attempt, request: HandIn) -> Outcome:
    """Append what was not yet sent, compare with the answers that the page shows, and close. Sent twice it gives the same receipt."""
    at = request.at
    outcome = _save(logs, attempt, request.device, request.steps, at, request.grace) if request.steps else None
    if outcome is not None and not isinstance(outcome, Acknowledged):
        return outcome
    phase = Phase(attempt.phase)
    if phase is Phase.SUBMITTED:
        return Finished(_receipt(logs, attempt))
    if phase is not Phase.RUNNING:
        return NotOpen("not_started" if phase is Phase.CREATED else "voided")
    if attempt.device != request.device or attempt.epoch != request.epoch:
        return Stale()
    time = logs.time(attempt, at)
    wait = leave_wait(time, attempt.leave_after, at)
    if wait > timedelta():
        return TooEarly(wait)
    shown = {item: value for item, value in request.answers.items() if is_answer(value)}
    said = {item: spelling(value) for item, value in shown.items()}
    stored = {item: value for item, value in logs.answers(attempt).items() if value not in NO_ANSWER}
    different = tuple(sorted(item for item in stored.keys() | said.keys() if stored.get(item) != said.get(item)))
    if different:
        return Differs(different)
    by = "time" if time.is_over else "candidate"  # after zero it is the page that hands in, not the candidate
    closing = {"answers": digest([[item, shown[item]] for item in sorted(shown)]), "by": by}
    logs.finish(attempt, Step(attempt.epoch, attempt.last_seq + 1, StepKind.HANDED_IN, None, closing, 0), SERVER, at)
    return Finished(_made_receipt(attempt, by))


def _receipt(logs: AttemptLogs, attempt: Attempt) -> Receipt:
    last = logs.steps(attempt)[-1].value
    return _made_receipt(attempt, last["by"] if isinstance(last, dict) else "")


def _made_receipt(attempt: Attempt, by: str) -> Receipt:
    if attempt.receipt is None or attempt.finished is None:
        raise LookupError("an attempt that is not handed in has no receipt")
    return Receipt(attempt.receipt, answered_count(attempt.answered), attempt.item_count, attempt.finished, by)
