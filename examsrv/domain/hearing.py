"""The panel's clock of one candidate's review: a pure function of an append-only list of entries, as a room's time is (time_ledger)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from examsrv.domain.time_ledger import ZERO
from examsrv.rules.timing import RULE, DurationError, in_words
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component


class HearingError(ExamError):
    """An entry that does not follow from where the hearing stands."""


class HearingKind(StrEnum):
    """What an entry says. `ABSENT`: the candidate did not come when it was their turn; one who comes after all begins later."""

    BEGIN = "begin"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class HearingEntry:
    """`at` is exam time."""

    kind: HearingKind
    at: timedelta


@dataclass(frozen=True, slots=True)
class HearingState:
    """A hearing at one instant: `began` is None before it has; `elapsed` is the time since then outside pauses, up to its end.

    `is_absent` says that the candidate did not come, and has not come since.
    """

    began: timedelta | None = None
    elapsed: timedelta = ZERO
    paused: bool = False
    is_over: bool = False
    is_absent: bool = False

    @property
    def is_on(self) -> bool:
        """Tell whether the hearing has begun and is not over; it may be paused."""
        return self.began is not None and not self.is_over


def hearing_state(entries: Iterable[HearingEntry], at: timedelta) -> HearingState:
    """Return the state at exam time `at`. Entries after `at` are not looked at; those of one instant count in the order given.

    An entry that does not follow from where the hearing stands changes nothing: a second begin, a pause before the begin, anything after the end.
    """
    began: timedelta | None = None
    elapsed, last, paused, is_absent = ZERO, ZERO, False, False
    for entry in sorted(entries, key=lambda entry: entry.at):
        if entry.at > at:
            break
        if began is None:
            is_absent = is_absent or entry.kind is HearingKind.ABSENT
            if entry.kind is HearingKind.BEGIN:
                began = last = entry.at
            continue
        elapsed, last = elapsed + (ZERO if paused else entry.at - last), entry.at
        match entry.kind:
            case HearingKind.PAUSE:
                paused = True
            case HearingKind.RESUME:
                paused = False
            case HearingKind.END:
                return HearingState(began, elapsed, paused=False, is_over=True)
    running = ZERO if began is None or paused else at - last
    return HearingState(began, elapsed + running, paused, is_absent=is_absent and began is None)


def require_begin(state: HearingState) -> None:
    """Refuse to begin a hearing that has begun."""
    if state.began is not None:
        raise HearingError(Message(N_("The hearing has begun already.")))


def require_absence(state: HearingState) -> None:
    """Refuse to enter as absent whose hearing has begun, and who is entered already."""
    require_begin(state)
    if state.is_absent:
        raise HearingError(Message(N_("The candidate is entered as absent already.")))


def require_pause(state: HearingState) -> None:
    """Refuse to pause what is not running."""
    _require_on(state)
    if state.paused:
        raise HearingError(Message(N_("The hearing is paused already.")))


def require_resume(state: HearingState) -> None:
    """Refuse to go on with what is not paused."""
    _require_on(state)
    if not state.paused:
        raise HearingError(Message(N_("The hearing is not paused.")))


def require_end(component: Component, state: HearingState, candidate_left: str = "") -> None:
    """Refuse the end of a hearing that is not on, and an end before the component's minimum (RULE-DURATION), which itself is enough.

    `candidate_left` is the ground, in words, on which a candidate left before time: then the hearing may end at once.
    """
    _require_on(state)
    if state.elapsed >= component.minimum or candidate_left.strip():
        return
    values = {"component": component.name, "minimum": in_words(component.minimum), "elapsed": in_words(state.elapsed), "rule": RULE}
    text = N_("%(component)s lasts at least %(minimum)s (%(rule)s), %(elapsed)s are over. If the candidate has left, say why.")
    raise DurationError(Message(text, values))


def _require_on(state: HearingState) -> None:
    if state.began is None:
        raise HearingError(Message(N_("The hearing has not begun yet.")))
    if state.is_over:
        raise HearingError(Message(N_("The hearing is over already.")))
