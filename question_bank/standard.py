"""The standard of an occupation as frozen values. Only data: what the figures mean stands in `examsrv/rules`.

`standard_reading.read_standard` makes these values from a file, and only from a file without faults.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from question_bank.message import N_, ExamError, Message

T = TypeVar("T")


class UnknownPartError(ExamError):
    """The standard has no such level, component, section or rule."""


class ComponentKey(StrEnum):
    """The parts an examination can have."""

    THEORY = "theory"
    SKILLS = "skills"
    REVIEW = "review"


class Scope(StrEnum):
    """What a staffing rule counts its candidates in."""

    ROOM = "room"
    GROUP = "group"
    PANEL = "panel"


class CertificateCode(StrEnum):
    """How a scheme numbers its certificates: by the national rule of 22 characters, or in its own way."""

    NATIONAL = "national"
    OWN = "own"


class PointKind(StrEnum):
    """What a point asks for."""

    BASIC = "basic"
    KNOWLEDGE = "knowledge"
    SKILL = "skill"


@dataclass(frozen=True, slots=True)
class Scheme:
    """Who certifies in which way. A scheme without levels has exactly one `Level`, whose `code` and names are None and never shown."""

    name: str
    has_levels: bool
    certificate_code: CertificateCode


@dataclass(frozen=True, slots=True)
class Occupation:
    """The occupation and where its standard was promulgated."""

    code: str
    name: str
    name_en: str
    edition: str
    promulgated_by: str | None
    promulgated_on: date | None
    training_hours_min: int | None


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the examination; `minimum` is the least duration the standard allows."""

    key: ComponentKey
    name: str
    aliases: tuple[str, ...]
    methods: tuple[str, ...]
    assesses: tuple[str, ...]
    full_mark: Decimal
    pass_mark: Decimal
    pass_inclusive: bool
    minimum: timedelta


@dataclass(frozen=True, slots=True)
class Level:
    """A level; a smaller `code` is a higher level, `rank` rises with it."""

    id: str
    code: int | None
    rank: int
    name: str | None
    name_en: str | None
    components: tuple[ComponentKey, ...]


@dataclass(frozen=True, slots=True)
class StaffingRule:
    """At least `least` persons, at least one per `candidates_per_person` (None: no ratio), an odd number where `odd`."""

    rule: str
    component: ComponentKey
    scope: Scope
    source: str
    candidates_per_person: int | None
    least: int
    odd: bool


@dataclass(frozen=True, slots=True)
class Staffing:
    """The staffing rules of a standard, found by the persons they are about, by component or by the rule's id."""

    rules: tuple[StaffingRule, ...]

    @property
    def proctors(self) -> StaffingRule:
        """RULE-PROCTORS."""
        return self.by_id("RULE-PROCTORS")

    @property
    def examiners(self) -> StaffingRule:
        """RULE-EXAMINERS."""
        return self.by_id("RULE-EXAMINERS")

    @property
    def panel(self) -> StaffingRule:
        """RULE-PANEL; refused where the standard has no review."""
        return self.by_id("RULE-PANEL")

    def by_id(self, rule: str) -> StaffingRule:
        """Return the rule with this id."""
        return _the_one([each for each in self.rules if each.rule == rule], rule)

    def by_component(self, component: ComponentKey) -> StaffingRule:
        """Return the rule for the persons of this component."""
        return _the_one([each for each in self.rules if each.component == component], component)


@dataclass(frozen=True, slots=True)
class Venue:
    """Where a component may be held and what must be there."""

    component: ComponentKey
    places: tuple[str, ...]
    equivalents: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A row of a weight table: percent by level id; a level with a dash is not in `percent`."""

    key: str
    name: str
    group: str | None
    percent: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class WeightTable:
    """The weights of one component."""

    component: ComponentKey
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A leaf that items are tagged with. `code` is the corrected number, `printed` the one printed, if any; `level` None: all levels."""

    id: str
    kind: PointKind
    code: str
    printed: str | None
    name: str
    weight_key: str
    level: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """An inner node of the tree: a basic requirement or its section, a function or its work content."""

    id: str
    code: str
    name: str
    weight_key: str
    level: str | None
    branches: tuple["Branch", ...]
    points: tuple[Point, ...]

    def all_points(self) -> tuple[Point, ...]:
        """Return the points below, in the order of the standard."""
        below = tuple(point for branch in self.branches for point in branch.all_points())
        return below + self.points


@dataclass(frozen=True, slots=True)
class DegreePart:
    """At least the degree `least` (a word of `Definitions.degree_order`) in one of the kinds of major."""

    least: str
    majors: tuple[str, ...]
    allow_expected: bool


@dataclass(frozen=True, slots=True)
class CertificatePart:
    """A certificate of this level code or a higher one (a smaller code), in one of the kinds of occupation."""

    at_least_level: int
    occupations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExperiencePart:
    """At least `min_years` of work, counted from the certificate's date where `after_certificate`."""

    min_years: int
    occupations: tuple[str, ...]
    after_certificate: bool
    inclusive_printed: bool


@dataclass(frozen=True, slots=True)
class EligibilityCondition:
    """One way into a level: every part that is not None must hold."""

    id: str
    item: int
    degree: DegreePart | None
    certificate: CertificatePart | None
    experience: ExperiencePart | None


@dataclass(frozen=True, slots=True)
class Definitions:
    """Which occupations and majors count as own or related, and the degrees from the lowest up."""

    own_occupations: tuple[str, ...]
    related_occupations: tuple[str, ...]
    own_major: str
    own_major_code: str | None
    related_majors: tuple[str, ...]
    related_disciplines: tuple[str, ...]
    degree_order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Irregularity:
    """A slip of the printed text, kept with what was made of it."""

    id: str
    where: tuple[str, ...]
    what: str
    handling: str


@dataclass(frozen=True, slots=True)
class Standard:
    """Everything a standard says. Levels stand from the lowest to the highest."""

    scheme: Scheme
    occupation: Occupation
    components: tuple[Component, ...]
    levels: tuple[Level, ...]
    staffing: Staffing
    venues: tuple[Venue, ...]
    definitions: Definitions
    eligibility: Mapping[str, tuple[EligibilityCondition, ...]]
    weights: tuple[WeightTable, ...]
    basic_requirements: tuple[Branch, ...]
    functions: tuple[Branch, ...]
    irregularities: tuple[Irregularity, ...]

    def component(self, key: ComponentKey) -> Component:
        """Return the component with this key."""
        return _the_one([each for each in self.components if each.key == key], key)

    def level(self, wanted: str | int | None) -> Level:
        """Return the level with this id (`L3`), code (3) or, in a scheme without levels, the code None."""
        return _the_one([each for each in self.levels if wanted in (each.id, each.code)], wanted)

    def sections(self, component: ComponentKey, level: str) -> tuple[tuple[Section, int], ...]:
        """Return the sections that carry marks and their percent, in the order of the table; a component without a table has none."""
        self.level(level)
        rows = [section for table in self.weights if table.component == component for section in table.sections]
        return tuple((section, section.percent[level]) for section in rows if section.percent.get(level))

    def points(self, level: str) -> tuple[Point, ...]:
        """Return the points of one level: the basic requirements, then its own functions. A bare heading counts as a point."""
        self.level(level)
        branches = [branch for branch in (*self.basic_requirements, *self.functions) if branch.level in (None, level)]
        return tuple(point for branch in branches for point in branch.all_points())

    def points_of(self, component: ComponentKey, level: str) -> tuple[Point, ...]:
        """Return the points that an examination of this component and level may ask: those of sections with a weight."""
        keys = {section.key for section, _ in self.sections(component, level)}
        asks_skill = component is ComponentKey.SKILLS
        return tuple(point for point in self.points(level) if point.weight_key in keys and (point.kind is PointKind.SKILL) == asks_skill)


def _the_one(found: list[T], wanted: object) -> T:
    if not found:
        raise UnknownPartError(Message(N_("The standard has no %(wanted)s"), {"wanted": str(wanted)}))
    return found[0]
