"""The form of a standard's file: which keys stand where and what type their values have. What must agree with what: `standard_check`."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from question_bank.formats.shape import Shape

Text: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
Words: TypeAlias = list[Text]
Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,59}$")]
Key: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Count: TypeAlias = Annotated[int, Field(ge=1, le=10_000)]
Percent: TypeAlias = Annotated[int, Field(ge=1, le=100)]
Minutes: TypeAlias = Annotated[int, Field(ge=1, le=1440)]
LevelCode: TypeAlias = Annotated[int, Field(ge=1, le=9)]
ComponentWord: TypeAlias = Literal["theory", "skills", "review"]
PersonsWord: TypeAlias = Literal["proctors", "examiners", "panel"]
Relation: TypeAlias = Literal["own", "related"]


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("date", "no date") from None
    return text


Day: TypeAlias = Annotated[str, AfterValidator(_day)]


class SchemeShape(Shape):
    """Left out: the national scheme, with levels and the certificate code of 22 characters."""

    name: Text
    has_levels: bool
    certificate_code: Literal["national", "own"]


class OccupationShape(Shape):
    code: Text
    name: Text
    name_en: Text
    edition: Text
    based_on_classification: Text | None = None
    drafting_rules: Text | None = None
    promulgated_by: Text | None = None
    promulgated_on: Day | None = None
    effective: Text | None = None
    environment: Words = Field(default_factory=list)
    abilities: Words = Field(default_factory=list)
    general_education: Text | None = None
    training_hours_min: Count | None = None


class ComponentShape(Shape):
    name: Text
    aliases: Words
    methods: Annotated[Words, Field(min_length=1)]
    assesses: Words = Field(default_factory=list)
    full_mark: Count
    pass_mark: Count
    pass_inclusive: bool
    min_minutes: Minutes


class LevelShape(Shape):
    id: Id
    code: LevelCode | None
    rank: Count
    name: Text | None
    name_en: Text | None
    components: Annotated[list[ComponentWord], Field(min_length=1)]


class StaffingShape(Shape):
    rule: Id
    component: ComponentWord
    scope: Literal["room", "group", "panel"]
    source: Text
    ratio: Annotated[str, StringConstraints(pattern=r"^1:[1-9][0-9]{0,3}$")] | None
    candidates_per_person: Count | None
    least: Count
    odd: bool


class VenueShape(Shape):
    places: Annotated[Words, Field(min_length=1)]
    equivalent_to_lab: Words = Field(default_factory=list)
    needs: Words


class VenuesShape(Shape):
    source: Text
    theory: VenueShape | None = None
    skills: VenueShape | None = None
    review: VenueShape | None = None


class MajorShape(Shape):
    name: Text
    code: Text | None


class RelatedMajorsShape(Shape):
    """Whole disciplines, and single majors listed under the name of their field."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Words]
    whole_disciplines: Words


class DefinitionsShape(Shape):
    own_occupation: Annotated[Words, Field(min_length=1)]
    own_major: MajorShape
    related_occupations: Words
    related_occupations_catalogue: Text | None = None
    related_majors_catalogue: Text | None = None
    related_majors: RelatedMajorsShape
    degree_order: Annotated[Words, Field(min_length=1)]


class DegreeShape(Shape):
    min: Text
    majors: Annotated[list[Relation], Field(min_length=1)]
    allow_expected: bool


class CertificateShape(Shape):
    at_least_level: LevelCode
    occupations: Annotated[list[Relation], Field(min_length=1)]


class ExperienceShape(Shape):
    min_years: Annotated[int, Field(ge=1, le=60)]
    occupations: Annotated[list[Relation], Field(min_length=1)]
    after_certificate: bool
    inclusive_printed: bool


class ConditionShape(Shape):
    id: Id
    item: Count
    degree: DegreeShape | None
    certificate: CertificateShape | None
    experience: ExperienceShape | None


class ConditionsShape(Shape):
    any_of: list[ConditionShape]


class CoverageShape(Shape):
    source: Text
    text_short: Text
    item_level_filter: Literal["item.level_code >= paper.level_code"]


class WeightShape(Shape):
    """A row: besides these keys one per level id, its percent or null for a dash."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Percent | None]
    key: Key
    name: Text
    group: Text | None = None


class BasicPointShape(Shape):
    """`name` as printed or `label` in our own short words; one of them is wanted."""

    id: Id
    code: Text
    name: Text | None = None
    label: Text | None = None


class BasicSectionShape(Shape):
    id: Id
    code: Text
    name: Text
    points: list[BasicPointShape]


class BasicRequirementShape(Shape):
    id: Id
    code: Text
    name: Text
    weight_key: Key
    sections: Annotated[list[BasicSectionShape], Field(min_length=1)]


class PointShape(Shape):
    """`code` as printed (null: without a number), `code_norm` the corrected number where it differs."""

    id: Id
    code: Text | None
    code_norm: Text | None = None
    name: Text | None = None
    label: Text | None = None
    note: Text | None = None


class WorkContentShape(Shape):
    id: Id
    code: Text
    name: Text
    knowledge: list[PointShape]
    skills: list[PointShape]


class FunctionShape(Shape):
    id: Id
    number: Count
    name: Text
    weight_key: Key
    name_in_weight_tables: Text | None = None
    work_contents: Annotated[list[WorkContentShape], Field(min_length=1)]


class LevelTreeShape(Shape):
    level: Id
    functions: Annotated[list[FunctionShape], Field(min_length=1)]


class IrregularityShape(Shape):
    id: Id
    where: Annotated[Words, Field(min_length=1)]
    what: Text
    handling: Text


class StandardShape(Shape):
    """The whole file."""

    schema_name: Annotated[Literal["occupation-standard/1"], Field(alias="schema")]
    scheme: SchemeShape | None = None
    occupation: OccupationShape
    components: Annotated[dict[ComponentWord, ComponentShape], Field(min_length=1)]
    pass_rule: Literal["every_component_of_the_level_at_or_above_its_pass_mark"]
    levels: Annotated[list[LevelShape], Field(min_length=1)]
    staffing: dict[PersonsWord, StaffingShape]
    venues: VenuesShape
    definitions: DefinitionsShape
    eligibility: dict[Id, ConditionsShape]
    coverage_rule: CoverageShape
    weights: dict[ComponentWord, Annotated[list[WeightShape], Field(min_length=1)]]
    basic_requirements: list[BasicRequirementShape]
    tree: list[LevelTreeShape]
    irregularities: list[IrregularityShape]
