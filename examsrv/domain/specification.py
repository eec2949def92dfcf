"""A specification: what a paper must contain, apart from the marks of its sections, which are the standard's weights."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum

from examsrv.domain.canonical import digest
from question_bank.kinds import PartialCredit
from question_bank.message import N_, ExamError, Fault, Message

DIFFICULTIES = range(1, 6)
"""From 1 (easy) to 5 (hard)."""

OVERLAP_OF_TWO_FORMS = 20
OVERLAP_OF_MORE_FORMS = 40
"""Most items that two forms share unless the specification says otherwise (DECISIONS 24)."""

TOLERANCE = Decimal("0.1")
"""By how many percent a form may miss its target information unless the specification says otherwise."""


PERCENT = 100

LOWER_LEVEL_SHARE_MOST = Decimal("0.2")
"""The largest share of the marks that items of lower levels may have in a paper: a higher level includes the lower ones (DOMAIN 1.6)."""


class KindsInSections(StrEnum):
    """How the kinds of items are spread over the sections."""

    EVEN = "even"
    """Every section has each kind in the proportion of the whole paper, a part rounded up or down."""
    FREE = "free"
    """Only the counts of the whole paper are fixed."""


@dataclass(frozen=True, slots=True)
class KindRequirement:
    """How many items of a kind a paper has, what one of them is worth, and what a half-right response earns."""

    kind: str
    items: int
    marks: Decimal
    partial_credit: PartialCredit


@dataclass(frozen=True, slots=True)
class Target:
    """What a form shall tell about examinees of some `abilities`: a test information there, as near as `tolerance` (percent).

    Either `relative`, a multiple of what as many average items of the bank tell, or `information`, a figure for each ability.
    """

    abilities: tuple[Decimal, ...]
    relative: Decimal | None = None
    information: tuple[Decimal, ...] | None = None
    tolerance: Decimal = TOLERANCE


@dataclass(frozen=True, slots=True)
class Specification:
    """What a paper must contain. `kinds` stand in the order of the paper; `difficulty` counts items of difficulty 1 to 5."""

    name: str
    occupation: str
    level: str
    component: str
    minutes: int
    kinds: tuple[KindRequirement, ...]
    kinds_in_sections: KindsInSections
    difficulty: tuple[int, ...]
    difficulty_deviation: int
    lower_level_share: Decimal
    overlap_max: int | None
    cases: int = 0
    """How many cases each form holds, whole. Their items count towards kinds, sections and difficulty."""
    point_share: Decimal = Decimal(0)
    """Every section asks at least this share of the points that it could ask: of the bank's points there, or of its items if they are fewer."""
    exposure_max: Decimal | None = None
    """Largest share of the forms in which one item may stand; one form is always allowed."""
    target: Target | None = None

    @property
    def items(self) -> int:
        """Return how many items a paper has."""
        return sum(kind.items for kind in self.kinds)

    @property
    def marks(self) -> Decimal:
        """Return the marks of a whole paper."""
        return sum((kind.items * kind.marks for kind in self.kinds), Decimal(0))

    @property
    def marks_per_item(self) -> Mapping[str, Decimal]:
        """Return what an item of each kind is worth, in the order of the paper."""
        return {kind.kind: kind.marks for kind in self.kinds}

    def policy(self, kind: str) -> PartialCredit:
        """Return the partial-credit policy of `kind`; raise `ExamError` for a kind that the paper has not."""
        for requirement in self.kinds:
            if requirement.kind == kind:
                return requirement.partial_credit
        raise ExamError(Message(N_("The specification has no items of the kind %(kind)s"), {"kind": kind}))

    def largest_overlap(self, forms: int) -> int:
        """Return the most items that two of `forms` forms may share."""
        return usual_overlap(forms) if self.overlap_max is None else self.overlap_max

    @property
    def digest(self) -> str:
        """SHA-256 in hex of all values: equal exactly when two specifications ask for the same, however their files are written."""
        values = {name: plain(value) for name, value in asdict(self).items()}
        for name in ADDED_LATER:
            if not getattr(self, name):  # the digest is that of the time before there was such a thing
                del values[name]
        return digest(values)


ADDED_LATER = ("cases", "point_share", "exposure_max", "target")
"""Values that say nothing where they are empty."""

PAIR = 2
"""The fewest forms that can overlap."""


def usual_overlap(forms: int) -> int:
    """Return the most items that two of `forms` forms may share where a specification says nothing else (DECISIONS 24)."""
    return OVERLAP_OF_MORE_FORMS if forms > PAIR else OVERLAP_OF_TWO_FORMS


class FaultySpecificationError(ExamError):
    """A specification that cannot be used; `faults` has everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        values = {"count": len(faults), "first": faults[0].message, "place": faults[0].place}
        super().__init__(Message(N_("The specification has %(count)d faults; the first, at %(place)s: %(first)s"), values))
        self.faults = tuple(faults)


def plain(value: object) -> object:
    """Return `value` in JSON types; equal decimals get one spelling."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return value
