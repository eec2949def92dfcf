"""The states of a marking run: one numbered judgement over a sitting. Nothing of a run is ever changed but its state."""

from collections.abc import Mapping
from enum import StrEnum

from question_bank.message import N_, ExamError, Message


class RunState(StrEnum):
    """How far a run has come."""

    MARKING = "marking"
    """Its marks are being written; one that was cut off stays here and counts for nothing."""
    PREVIEW = "preview"
    APPLIED = "applied"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


NEXT_STATES: Mapping[RunState, frozenset[RunState]] = {
    RunState.MARKING: frozenset({RunState.PREVIEW}),
    RunState.PREVIEW: frozenset({RunState.APPLIED, RunState.CANCELLED}),
    RunState.APPLIED: frozenset({RunState.SUPERSEDED}),
    RunState.SUPERSEDED: frozenset(),
    RunState.CANCELLED: frozenset(),
}


def require_next(now: RunState, wanted: RunState) -> None:
    """Refuse a state that does not follow `now`."""
    if wanted not in NEXT_STATES[now]:
        raise ExamError(Message(N_("This marking run was decided already.")))
