"""What every form must satisfy, as one list of values. The engine builds its program from it and the checker judges by it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from examsrv.assembly.bank_item import BankItem
from examsrv.domain.specification import DIFFICULTIES, KindsInSections, Specification, Target
from question_bank.kinds import KINDS
from question_bank.message import N_, Message


class Unit(StrEnum):
    """What a quota counts."""

    ITEMS = "items"
    MARKS = "marks"


@dataclass(frozen=True, slots=True)
class Cell:
    """What quotas know of an item. `lower`: it belongs to a lower level than the paper. `difficulty` is 0 where none is asked for."""

    section: str
    kind: str
    difficulty: int
    lower: bool
    marks: Fraction

    @property
    def sorting_key(self) -> tuple[str, str, int, bool, Fraction]:
        """Return all parts, for one fixed order."""
        return (self.section, self.kind, self.difficulty, self.lower, self.marks)


@dataclass(frozen=True, slots=True)
class Quota:
    """A form holds `least` to `most` items, or marks, of the cells that match (None matches every one); `ideal` is the aim within them."""

    name: Message
    unit: Unit
    least: Fraction
    most: Fraction
    ideal: Fraction
    section: str | None = None
    kind: str | None = None
    difficulty: int | None = None
    lower: bool | None = None

    def matches(self, cell: Cell) -> bool:
        """Tell whether items of `cell` count."""
        wanted = (self.section, self.kind, self.difficulty, self.lower)
        given = (cell.section, cell.kind, cell.difficulty, cell.lower)
        return all(one is None or one == other for one, other in zip(wanted, given, strict=True))


@dataclass(frozen=True, slots=True)
class Requirements:
    """Everything that a set of forms must satisfy. Beside the quotas: no item twice in a form, no two enemies in a form."""

    quotas: tuple[Quota, ...]
    kinds: tuple[str, ...]
    """In the order of the paper."""
    sections: tuple[str, ...]
    """Sections with marks, in the order of the standard."""
    level: str | None
    """None: items of any level may appear."""
    lower_levels: frozenset[str]
    """Lower levels whose items may appear; empty where the specification allows none."""
    items: int
    """How many items a form has."""
    overlap_max: int
    """Most items that two forms may share."""
    uses_max: int
    """In how many forms, earlier ones among them, one item may stand."""
    cases: int = 0
    """How many cases each form holds, whole; their items count in every quota."""
    point_share: Fraction = Fraction(0)
    """What share of the points that it could ask every section asks at least: see `points_required`."""
    target: Target | None = None
    has_profile: bool = True
    """Whether difficulties are counted."""
    section_names: Mapping[str, str] = field(default_factory=dict)

    def admits(self, item: BankItem) -> bool:
        """Tell whether `item` may stand in a form: its level, section and kind have a place there, its difficulty is known where it matters."""
        if item.section not in self.sections or item.kind not in self.kinds:
            return False
        if self.level is not None and item.level != self.level and item.level not in self.lower_levels:
            return False
        return item.difficulty in DIFFICULTIES if self.has_profile else self.target is None or is_measured(item)

    def cell(self, item: BankItem) -> Cell:
        """Return what the quotas know of `item`."""
        difficulty = item.difficulty or 0 if self.has_profile else 0
        return Cell(item.section, item.kind, difficulty, self.level is not None and item.level != self.level, Fraction(item.marks))

    def points_required(self, points: int, items: int) -> int:
        """Return how many different points a section with so many `items` asks at least, if the bank has so many `points` there."""
        return ceil(self.point_share * min(points, items))

    def weight(self, quota: Quota, cell: Cell) -> Fraction:
        """Return what one item of `cell` adds to `quota`."""
        if not quota.matches(cell):
            return Fraction(0)
        return cell.marks if quota.unit is Unit.MARKS else Fraction(1)

    def held(self, quota: Quota, items: Iterable[BankItem]) -> Fraction:
        """Return what `items`, all of them admitted, bring to `quota`."""
        return sum((self.weight(quota, self.cell(item)) for item in items), Fraction(0))

    def less(self, items: Sequence[BankItem]) -> "Requirements":
        """Return what a form still needs that holds `items` already."""
        if not items:
            return self
        quotas = tuple(_less(quota, self.held(quota, items)) for quota in self.quotas)
        return replace(self, quotas=quotas)


def _less(quota: Quota, held: Fraction) -> Quota:
    least, most, ideal = (max(Fraction(0), bound - held) for bound in (quota.least, quota.most, quota.ideal))
    return replace(quota, least=least, most=most, ideal=ideal)


def requirements(
    specification: Specification,
    sections: Mapping[str, Decimal],
    forms: int,
    lower_levels: Collection[str] = (),
    section_names: Mapping[str, str] | None = None,
    *,
    disjoint: bool = False,
) -> Requirements:
    """Return what `forms` forms, earlier ones among them, must satisfy.

    `sections`: the marks of each section, from the standard's weights; 0 means without marks.
    """
    weighted = {key: marks for key, marks in sections.items() if marks > 0}
    names = {key: (section_names or {}).get(key, key) for key in weighted}
    return Requirements(
        quotas=(
            *section_quotas(weighted, names),
            *kind_quotas(specification),
            *section_kind_quotas(specification, weighted, names),
            *difficulty_quotas(specification),
            lower_level_quota(specification),
        ),
        kinds=tuple(kind.kind for kind in specification.kinds),
        sections=tuple(weighted),
        level=specification.level,
        lower_levels=frozenset(lower_levels) if specification.lower_level_share > 0 else frozenset(),
        items=specification.items,
        overlap_max=0 if disjoint else specification.largest_overlap(forms),
        uses_max=1 if disjoint else most_uses(specification.exposure_max, forms),
        cases=specification.cases,
        point_share=Fraction(specification.point_share),
        target=specification.target,
        section_names=names,
    )


def most_uses(exposure_max: Decimal | None, forms: int) -> int:
    """Return in how many of `forms` forms an item may stand if its share of them is limited: in one at least."""
    return forms if exposure_max is None else max(1, floor(exposure_max * forms))


def is_measured(item: BankItem) -> bool:
    """Tell whether it is known, or at least thought, how hard `item` is."""
    return item.difficulty in DIFFICULTIES or (item.a is not None and item.b is not None)


def kind_label(kind: str) -> Message:
    """Return the name of a kind as people read it."""
    return KINDS[kind].label if kind in KINDS else Message("%(kind)s", {"kind": kind})


def section_quotas(sections: Mapping[str, Decimal], names: Mapping[str, str]) -> Iterable[Quota]:
    """The marks of each section are exactly the standard's weight."""
    for key, marks in sections.items():
        name = Message("%(section)s", {"section": names[key]})
        yield exactly(name, Unit.MARKS, Fraction(marks), section=key)


def kind_quotas(specification: Specification) -> Iterable[Quota]:
    """The items of each kind are exactly those of the specification."""
    for kind in specification.kinds:
        yield exactly(kind_label(kind.kind), Unit.ITEMS, Fraction(kind.items), kind=kind.kind)


def section_kind_quotas(specification: Specification, sections: Mapping[str, Decimal], names: Mapping[str, str]) -> Iterable[Quota]:
    """Each section has its share of each kind, a part rounded up or down; where kinds are free this is an aim without bounds."""
    even = specification.kinds_in_sections is KindsInSections.EVEN
    whole = Fraction(sum(sections.values(), Decimal(0)))
    for section, marks in sections.items():
        for kind in specification.kinds:
            ideal = Fraction(marks) * kind.items / whole
            least, most = (floor(ideal), ceil(ideal)) if even else (0, kind.items)
            name = Message(N_("%(section)s / %(kind)s"), {"section": names[section], "kind": kind_label(kind.kind)})
            yield Quota(name, Unit.ITEMS, Fraction(least), Fraction(most), ideal, section=section, kind=kind.kind)


def difficulty_quotas(specification: Specification) -> Iterable[Quota]:
    """The items of each difficulty follow the profile within the deviation allowed."""
    for difficulty, items in zip(DIFFICULTIES, specification.difficulty, strict=True):
        least, most = max(0, items - specification.difficulty_deviation), items + specification.difficulty_deviation
        name = Message(N_("difficulty %(difficulty)d"), {"difficulty": difficulty})
        yield Quota(name, Unit.ITEMS, Fraction(least), Fraction(most), Fraction(items), difficulty=difficulty)


def lower_level_quota(specification: Specification) -> Quota:
    """Items of lower levels earn no more than their share of the marks."""
    most = Fraction(specification.lower_level_share) * Fraction(specification.marks)
    return Quota(Message(N_("items of lower levels")), Unit.MARKS, Fraction(0), most, Fraction(0), lower=True)


def exactly(name: Message, unit: Unit, amount: Fraction, section: str | None = None, kind: str | None = None) -> Quota:
    """Return a quota that leaves no room."""
    return Quota(name, unit, amount, amount, amount, section=section, kind=kind)


def figure(amount: Fraction) -> str:
    """Return an exact figure as people write it: 25, 12.5."""
    return str(amount.numerator) if amount.denominator == 1 else format(Decimal(amount.numerator) / amount.denominator, "f")
