"""Holding a specification against the bank as it is now: what is short, where, and what one, two and many forms would share."""

from sqlalchemy.orm import Session

from examsrv.domain.specification import Specification
from examsrv.services.banking import current_items
from examsrv.services.holding_child import Question
from examsrv.services.standards import standard_of

PAIR = 2
"""An A and a B form."""


def question_about(session: Session, pack: str, specification: Specification, many: int) -> Question:
    """Return what is to be reckoned for one form, two, and `many`; raise `FaultySpecificationError` if it contradicts the standard."""
    from examsrv.assembly.terms import terms_of

    terms = terms_of(standard_of(session, pack), specification)
    forms = tuple(sorted({1, PAIR, many}))
    return Question(tuple(current_items(session, pack)), specification, terms.sections, terms.section_names, terms.lower_levels, forms)
