"""What assembly takes from a standard: it cannot be bent by a specification."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from examsrv.domain.specification import FaultySpecificationError, Specification
from examsrv.domain.specification_fit import misfits
from examsrv.rules.weights import section_marks
from question_bank.standard import ComponentKey, Standard


@dataclass(frozen=True, slots=True)
class Terms:
    """The marks of each section, in the order of the standard, their names, and the levels below the paper's."""

    sections: Mapping[str, Decimal]
    section_names: Mapping[str, str]
    lower_levels: frozenset[str]


def terms_of(standard: Standard, specification: Specification) -> Terms:
    """Return the terms for a paper of `specification`; raise `FaultySpecificationError` if it does not fit the standard."""
    if faults := misfits(specification, standard):
        raise FaultySpecificationError(faults)
    component, level = ComponentKey(specification.component), standard.level(specification.level)
    return Terms(
        sections=section_marks(standard, component, level.id, specification.marks),
        section_names={section.key: section.name for section, _ in standard.sections(component, level.id)},
        lower_levels=frozenset(each.id for each in standard.levels if each.rank < level.rank),
    )
