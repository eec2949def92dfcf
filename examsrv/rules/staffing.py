"""How many persons must be there: RULE-PROCTORS, RULE-EXAMINERS, RULE-PANEL. The figures stand in the standard's data."""

from enum import StrEnum
from math import ceil

from question_bank.message import N_, ExamError, Message
from question_bank.standard import StaffingRule


class StaffingError(ExamError):
    """Too few persons, or an even number where an odd one is required."""


class Shortfall(StrEnum):
    """Why a number of persons is not legal."""

    TOO_FEW = "too few"
    NOT_ODD = "not odd"


TOO_FEW = {
    "RULE-PROCTORS": N_("%(required)d proctors are required, %(present)d present"),
    "RULE-EXAMINERS": N_("%(required)d examiners are required, %(present)d present"),
    "RULE-PANEL": N_("%(required)d panel members are required, %(present)d present"),
}
NOT_ODD = {
    "RULE-PROCTORS": N_("The number of proctors must be odd, %(present)d present"),
    "RULE-EXAMINERS": N_("The number of examiners must be odd, %(present)d present"),
    "RULE-PANEL": N_("The number of panel members must be odd, %(present)d present"),
}


def persons_required(rule: StaffingRule, candidates: int) -> int:
    """Return the fewest persons `rule` allows for `candidates`: a part counts as a whole, never under `least`, odd where the rule says so.

    Candidates assigned are meant, not those who turn up. Nobody is required for nobody.
    """
    if candidates <= 0:
        return 0
    by_ratio = ceil(candidates / rule.candidates_per_person) if rule.candidates_per_person else 0
    wanted = max(rule.least, by_ratio)
    return next_odd(wanted) if rule.odd else wanted


def shortfall(rule: StaffingRule, candidates: int, persons: int) -> Shortfall | None:
    """Return why `persons` are not legal for `candidates`; None: they are."""
    required = persons_required(rule, candidates)
    if persons < required:
        return Shortfall.TOO_FEW
    return Shortfall.NOT_ODD if required and rule.odd and persons != next_odd(persons) else None


def require_staff(rule: StaffingRule, candidates: int, present: int) -> None:
    """Refuse with `StaffingError` if `present` persons are too few for `candidates`, or an even number where the rule wants an odd one."""
    match shortfall(rule, candidates, present):
        case Shortfall.TOO_FEW:
            raise StaffingError(Message(TOO_FEW[rule.rule], {"required": persons_required(rule, candidates), "present": present}))
        case Shortfall.NOT_ODD:
            raise StaffingError(Message(NOT_ODD[rule.rule], {"present": present}))


def next_odd(count: int) -> int:
    """Return `count` if it is odd, the number after it otherwise."""
    return count if count % 2 else count + 1
