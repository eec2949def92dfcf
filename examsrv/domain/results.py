"""What follows from the marks of one component: passed, failed, absent or voided. The pass mark is the standard's, exact marks decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from examsrv.domain.attempt import Phase
from examsrv.domain.marking import MarkedAttempt
from examsrv.rules.passing import is_component_passed, shown_mark
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component


class Decision(StrEnum):
    """How an attempt at one component ended."""

    PASS = "pass"  # noqa: S105 -- a decision, no password
    FAIL = "fail"
    ABSENT = "absent"
    """The paper was never opened."""
    VOIDED = "voided"


DECISION_NAMES: Mapping[Decision, Message] = {
    Decision.PASS: Message(N_("Passed")),
    Decision.FAIL: Message(N_("Failed")),
    Decision.ABSENT: Message(N_("Absent")),
    Decision.VOIDED: Message(N_("Voided")),
}


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one attempt; without marks (None, no sections) for an absent candidate and for a voided attempt."""

    decision: Decision
    sections: Mapping[str, Fraction]
    total: Fraction | None


def result_of(component: Component, phase: Phase, marked: MarkedAttempt | None) -> Result:
    """Return the result of an attempt of `component` that ended in `phase`; refuses one that is still running or was not marked."""
    if phase is Phase.CREATED:
        return Result(Decision.ABSENT, {}, None)
    if phase is Phase.VOIDED:
        return Result(Decision.VOIDED, {}, None)
    if phase is Phase.RUNNING or marked is None:
        raise ExamError(Message(N_("An attempt that is still running has no result.")))
    decision = Decision.PASS if is_component_passed(component, marked.total) else Decision.FAIL
    return Result(decision, marked.sections, marked.total)


def shown_total(component: Component, total: Fraction | None) -> str:
    """Return how a total is shown (RULE-MARK-SHOWN: 59.96 never reads as 60.0); nothing for no mark."""
    return "" if total is None else shown_mark(component, total)
