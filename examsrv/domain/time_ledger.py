"""Remaining time as a pure function of an append-only ledger; the same function feeds the countdown and the closing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ZERO = timedelta()


class EntryKind(StrEnum):
    """What a ledger entry says."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """`at` is exam time. `attempt` None concerns the whole room. `amount` is the time that a grant gives."""

    kind: EntryKind
    at: timedelta
    attempt: str | None = None
    amount: timedelta = ZERO


@dataclass(frozen=True, slots=True)
class TimeState:
    """A room or a seat at one instant: `remaining` may be negative; `started` is None before the start; `granted` is all time given."""

    started: timedelta | None
    paused: bool
    remaining: timedelta
    granted: timedelta = ZERO

    @property
    def is_over(self) -> bool:
        """Tell whether time has run out: at zero it has."""
        return self.started is not None and self.remaining <= ZERO


def time_state(entries: Iterable[TimeEntry], limit: timedelta, at: timedelta, attempt: str | None = None) -> TimeState:
    """Return the state at exam time `at` for `attempt` (None: for the room as such).

    remaining = limit + grants - time since the start outside pauses. A room's pause and a seat's pause overlap without counting twice.
    Entries after `at` are not looked at; entries of the same instant count in the order given.
    """
    started: timedelta | None = None
    room_paused = seat_paused = False
    last, consumed, granted = ZERO, ZERO, ZERO
    for entry in sorted(entries, key=lambda entry: entry.at):
        if entry.at > at or (entry.attempt is not None and entry.attempt != attempt):
            continue
        if started is not None and not room_paused and not seat_paused:
            consumed += entry.at - last
        last = entry.at
        match entry.kind:
            case EntryKind.START:
                started = entry.at if started is None else started
            case EntryKind.GRANT:
                granted += entry.amount
            case EntryKind.PAUSE | EntryKind.RESUME:
                pausing = entry.kind is EntryKind.PAUSE
                if entry.attempt is None:
                    room_paused = pausing
                else:
                    seat_paused = pausing
    if started is not None and not room_paused and not seat_paused:
        consumed += at - last
    return TimeState(started, room_paused or seat_paused, limit + granted - consumed, granted)
