"""Where theory, skills and review meet: what the results of all components come to for the level (RULE-PASS). One never makes up for another."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from examsrv.domain.results import DECISION_NAMES, Decision, Result
from examsrv.rules.passing import Mark, components_not_passed, is_component_passed, shown_mark
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component, ComponentKey, Standard


class LevelDecision(StrEnum):
    """What is decided about a candidate for a level."""

    PASS = "pass"  # noqa: S105 -- a decision, no password
    FAIL = "fail"
    INCOMPLETE = "incomplete"
    """A component is still to come, and none so far is one that is not passed."""


LEVEL_DECISION_NAMES: Mapping[LevelDecision, Message] = {
    LevelDecision.PASS: Message(N_("Passed")),
    LevelDecision.FAIL: Message(N_("Failed")),
    LevelDecision.INCOMPLETE: Message(N_("Still open")),
}


@dataclass(frozen=True, slots=True)
class LevelOutcome:
    """`missing` components have no result yet, `not_passed` have one that is no pass, both in the level's order. `steps` explain it in words."""

    decision: LevelDecision
    missing: tuple[ComponentKey, ...]
    not_passed: tuple[ComponentKey, ...]
    steps: tuple[Message, ...]


def outcome_of(standard: Standard, level: str, results: Mapping[ComponentKey, Result]) -> LevelOutcome:
    """Return what `results` come to: a pass if every component of the level reaches its pass mark, exact marks deciding.

    One that is absent or voided is not passed, whatever marks it may carry. One that is not passed decides at once, whatever is still to come: no
    other makes up for it. Components that the level does not have are not looked at. Raises `ExamError` for a result whose decision is not the one
    its mark makes.
    """
    wanted = standard.level(level).components
    for key in wanted:
        if key in results:
            _require_sound(standard.component(key), results[key])
    missing = tuple(key for key in wanted if key not in results)
    marks = {key: mark for key in wanted if (mark := _mark_that_counts(results.get(key))) is not None}
    not_passed = tuple(key for key in components_not_passed(standard, level, marks) if key not in missing)
    steps = tuple(_in_words(standard.component(key), results.get(key), key not in not_passed) for key in wanted)
    decision = LevelDecision.FAIL if not_passed else LevelDecision.INCOMPLETE if missing else LevelDecision.PASS
    return LevelOutcome(decision, missing, not_passed, (*steps, CONCLUSIONS[decision]))


CONCLUSIONS: Mapping[LevelDecision, Message] = {
    LevelDecision.PASS: Message(N_("Every component is passed: the level is passed")),
    LevelDecision.FAIL: Message(N_("Not every component is passed: the level is not passed")),
    LevelDecision.INCOMPLETE: Message(N_("A component is still to come: the level is not decided")),
}


def _mark_that_counts(result: Result | None) -> Mark | None:
    return None if result is None or result.decision in (Decision.ABSENT, Decision.VOIDED) else result.total


def _require_sound(component: Component, result: Result) -> None:
    if result.decision not in (Decision.PASS, Decision.FAIL):
        return
    if result.total is None or is_component_passed(component, result.total) is not (result.decision is Decision.PASS):
        values = {"component": component.name, "decision": DECISION_NAMES[result.decision]}
        raise ExamError(Message(N_("%(component)s: the mark does not make the decision “%(decision)s”"), values))


def _in_words(component: Component, result: Result | None, is_passed: bool) -> Message:
    if result is None:
        return Message(N_("%(component)s: still to come"), {"component": component.name})
    mark = _mark_that_counts(result)
    if mark is None:
        return Message(N_("%(component)s: %(decision)s"), {"component": component.name, "decision": DECISION_NAMES[result.decision]})
    values = {"component": component.name, "mark": shown_mark(component, mark), "pass_mark": f"{component.pass_mark:f}"}
    if is_passed:
        return Message(N_("%(component)s: %(mark)s, passed, the pass mark is %(pass_mark)s"), values)
    return Message(N_("%(component)s: %(mark)s, not passed, the pass mark is %(pass_mark)s"), values)
