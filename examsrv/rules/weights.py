"""What share of the marks each section carries: RULE-WEIGHTS. Weights bind marks, not numbers of items, and bind them exactly."""

from collections.abc import Mapping
from decimal import Decimal

from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey, Standard

PER_CENT = Decimal("0.01")


class WeightError(ExamError):
    """A paper's marks do not follow the weights."""


def section_marks(standard: Standard, component: ComponentKey, level: str, full_mark: Decimal) -> dict[str, Decimal]:
    """Return the marks of each section (by key) of a paper of `full_mark`: exact, in the order of the table, sections with a dash left out."""
    return {section.key: full_mark * percent * PER_CENT for section, percent in standard.sections(component, level)}


def require_section_marks(standard: Standard, component: ComponentKey, level: str, given: Mapping[str, Decimal]) -> None:
    """Refuse with `WeightError` marks per section that differ from the weights of their own sum; the first difference is told."""
    wanted = section_marks(standard, component, level, sum(given.values(), Decimal(0)))
    for key in {**wanted, **given}:
        right, found = wanted.get(key, Decimal(0)), given.get(key, Decimal(0))
        if right != found:
            names = {section.key: section.name for table in standard.weights for section in table.sections}
            values = {"section": names.get(key, key), "right": f"{right.normalize():f}", "found": f"{found.normalize():f}"}
            raise WeightError(Message(N_("%(section)s must carry %(right)s marks, it carries %(found)s"), values))
