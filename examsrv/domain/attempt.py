"""The phases of an attempt. Absent, offline and paused are derived where they are shown, never stored."""

from enum import StrEnum

from question_bank.message import N_, ExamError, Message


class Phase(StrEnum):
    """How far an attempt has come."""

    CREATED = "created"
    RUNNING = "running"
    SUBMITTED = "submitted"
    VOIDED = "voided"


NEXT_PHASES = {
    Phase.CREATED: frozenset({Phase.RUNNING, Phase.VOIDED}),
    Phase.RUNNING: frozenset({Phase.SUBMITTED, Phase.VOIDED}),
    Phase.SUBMITTED: frozenset({Phase.VOIDED}),
    Phase.VOIDED: frozenset[Phase](),
}


def require_next(now: Phase, wanted: Phase) -> None:
    """Refuse a phase that does not follow `now`."""
    if wanted not in NEXT_PHASES[now]:
        raise ExamError(Message(N_("This examination attempt is already finished."), {}))
