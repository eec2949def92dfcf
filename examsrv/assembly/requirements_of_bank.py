"""A specification for anybody's bank: free names for sections and kinds, and marks that belong to the items."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from examsrv.assembly.requirements import Requirements, Unit, exactly, most_uses
from examsrv.domain.specification import Target
from question_bank.message import N_, Message


@dataclass(frozen=True, slots=True)
class BankSpecification:
    """What a form must contain: `items` in all, the marks of each section, the items of each kind; and its limits, None where there is none."""

    items: int
    sections: Mapping[str, Decimal]
    kinds: Mapping[str, int]
    target: Target | None = None
    exposure_max: Decimal | None = None
    overlap_max: int | None = None
    point_share: Decimal = Decimal(0)
    name: str = ""


def requirements_of(specification: BankSpecification, forms: int, *, disjoint: bool = False) -> Requirements:
    """Return what `forms` forms must satisfy."""
    overlap = specification.items if specification.overlap_max is None else specification.overlap_max
    return Requirements(
        quotas=(
            *(exactly(_named(key), Unit.MARKS, Fraction(marks), section=key) for key, marks in specification.sections.items() if marks > 0),
            *(exactly(_named(kind), Unit.ITEMS, Fraction(items), kind=kind) for kind, items in specification.kinds.items()),
            exactly(Message(N_("all items")), Unit.ITEMS, Fraction(specification.items)),
        ),
        kinds=tuple(kind for kind, items in specification.kinds.items() if items),
        sections=tuple(key for key, marks in specification.sections.items() if marks > 0),
        level=None,
        lower_levels=frozenset(),
        items=specification.items,
        overlap_max=0 if disjoint else overlap,
        uses_max=1 if disjoint else most_uses(specification.exposure_max, forms),
        point_share=Fraction(specification.point_share),
        target=specification.target,
        has_profile=False,
        section_names={key: key for key in specification.sections},
    )


def with_overlap(specification: BankSpecification, overlap_max: int | None) -> BankSpecification:
    """Return the specification with another limit of overlap, if one is given."""
    return specification if overlap_max is None else replace(specification, overlap_max=overlap_max)


def _named(name: str) -> Message:
    return Message("%(name)s", {"name": name})
