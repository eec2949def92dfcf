"""From a standard's file to its values: `read_standard` finds every fault of a file, or makes a `Standard` of one that has none."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from pydantic import ValidationError

from question_bank import standard_shape as shape
from question_bank.formats.shape import shape_faults
from question_bank.formats.yaml_document import Document, read_document
from question_bank.message import Fault
from question_bank.standard import (
    Branch,
    CertificateCode,
    CertificatePart,
    Component,
    ComponentKey,
    Definitions,
    DegreePart,
    EligibilityCondition,
    ExperiencePart,
    Irregularity,
    Level,
    Occupation,
    Point,
    PointKind,
    Scheme,
    Scope,
    Section,
    Staffing,
    StaffingRule,
    Standard,
    Venue,
    WeightTable,
)
from question_bank.standard_check import consistency_findings

NATIONAL_SCHEME = Scheme("职业技能等级认定", has_levels=True, certificate_code=CertificateCode.NATIONAL)
"""The scheme of a file that names none."""


def read_standard(text: str | bytes) -> tuple[Standard | None, list[Fault]]:
    """Return the standard that `text` holds, or None and every fault with its place. Any text at all gives one or the other."""
    document = read_document(text)
    parsed = _read_shape(document)
    if document.value is not None:
        for place, message in consistency_findings(document.value):
            document.complain(place, message)
    if parsed is None or document.faults:
        return None, document.faults
    return _standard_from(parsed), []


def _read_shape(document: Document) -> shape.StandardShape | None:
    if document.value is None and document.faults:
        return None
    try:
        return shape.StandardShape.model_validate(document.value)
    except ValidationError as error:
        for place, message in shape_faults(error):
            document.complain(place, message)
        return None


def _standard_from(parsed: shape.StandardShape) -> Standard:
    levels = sorted(parsed.levels, key=lambda level: level.rank)
    return Standard(
        scheme=_scheme_from(parsed.scheme),
        occupation=_occupation_from(parsed.occupation),
        components=tuple(_component_from(ComponentKey(key), component) for key, component in parsed.components.items()),
        levels=tuple(Level(each.id, each.code, each.rank, each.name, each.name_en, tuple(map(ComponentKey, each.components))) for each in levels),
        staffing=Staffing(tuple(_staffing_rule_from(rule) for rule in parsed.staffing.values())),
        venues=tuple(_venues_from(parsed.venues)),
        definitions=_definitions_from(parsed.definitions),
        eligibility={level: tuple(map(_condition_from, conditions.any_of)) for level, conditions in parsed.eligibility.items()},
        weights=tuple(WeightTable(ComponentKey(key), tuple(map(_section_from, rows))) for key, rows in parsed.weights.items()),
        basic_requirements=tuple(map(_basic_requirement_from, parsed.basic_requirements)),
        functions=tuple(_function_from(tree.level, function) for tree in parsed.tree for function in tree.functions),
        irregularities=tuple(Irregularity(each.id, tuple(each.where), each.what, each.handling) for each in parsed.irregularities),
    )


def _scheme_from(scheme: shape.SchemeShape | None) -> Scheme:
    return Scheme(scheme.name, scheme.has_levels, CertificateCode(scheme.certificate_code)) if scheme else NATIONAL_SCHEME


def _occupation_from(occupation: shape.OccupationShape) -> Occupation:
    promulgated_on = date.fromisoformat(occupation.promulgated_on) if occupation.promulgated_on else None
    return Occupation(
        code=occupation.code,
        name=occupation.name,
        name_en=occupation.name_en,
        edition=occupation.edition,
        promulgated_by=occupation.promulgated_by,
        promulgated_on=promulgated_on,
        training_hours_min=occupation.training_hours_min,
    )


def _component_from(key: ComponentKey, component: shape.ComponentShape) -> Component:
    return Component(
        key=key,
        name=component.name,
        aliases=tuple(component.aliases),
        methods=tuple(component.methods),
        assesses=tuple(component.assesses),
        full_mark=Decimal(component.full_mark),
        pass_mark=Decimal(component.pass_mark),
        pass_inclusive=component.pass_inclusive,
        minimum=timedelta(minutes=component.min_minutes),
    )


def _staffing_rule_from(rule: shape.StaffingShape) -> StaffingRule:
    return StaffingRule(
        rule=rule.rule,
        component=ComponentKey(rule.component),
        scope=Scope(rule.scope),
        source=rule.source,
        candidates_per_person=rule.candidates_per_person,
        least=rule.least,
        odd=rule.odd,
    )


def _venues_from(venues: shape.VenuesShape) -> Iterator[Venue]:
    for key in ComponentKey:
        venue = getattr(venues, key)
        if venue is not None:
            yield Venue(key, tuple(venue.places), tuple(venue.equivalent_to_lab), tuple(venue.needs))


def _definitions_from(definitions: shape.DefinitionsShape) -> Definitions:
    listed = definitions.related_majors.__pydantic_extra__.values()
    return Definitions(
        own_occupations=tuple(definitions.own_occupation),
        related_occupations=tuple(definitions.related_occupations),
        own_major=definitions.own_major.name,
        own_major_code=definitions.own_major.code,
        related_majors=tuple(major for majors in listed for major in majors),
        related_disciplines=tuple(definitions.related_majors.whole_disciplines),
        degree_order=tuple(definitions.degree_order),
    )


def _condition_from(condition: shape.ConditionShape) -> EligibilityCondition:
    degree, certificate, experience = condition.degree, condition.certificate, condition.experience
    return EligibilityCondition(
        id=condition.id,
        item=condition.item,
        degree=DegreePart(degree.min, tuple(degree.majors), degree.allow_expected) if degree else None,
        certificate=CertificatePart(certificate.at_least_level, tuple(certificate.occupations)) if certificate else None,
        experience=_experience_from(experience) if experience else None,
    )


def _experience_from(experience: shape.ExperienceShape) -> ExperiencePart:
    return ExperiencePart(
        min_years=experience.min_years,
        occupations=tuple(experience.occupations),
        after_certificate=experience.after_certificate,
        inclusive_printed=experience.inclusive_printed,
    )


def _section_from(row: shape.WeightShape) -> Section:
    percent = {level: weight for level, weight in row.__pydantic_extra__.items() if weight is not None}
    return Section(row.key, row.name, row.group, percent)


def _basic_requirement_from(requirement: shape.BasicRequirementShape) -> Branch:
    key = requirement.weight_key
    sections = tuple(_basic_section_from(section, key) for section in requirement.sections)
    return Branch(requirement.id, requirement.code, requirement.name, key, None, sections, ())


def _basic_section_from(section: shape.BasicSectionShape, key: str) -> Branch:
    """A heading without points is itself what items are tagged with."""
    rows = [(point.id, point.code, point.name or point.label or "") for point in section.points] or [(section.id, section.code, section.name)]
    points = tuple(Point(row_id, PointKind.BASIC, code, code, name, key, None) for row_id, code, name in rows)
    return Branch(section.id, section.code, section.name, key, None, (), points)


def _function_from(level: str, function: shape.FunctionShape) -> Branch:
    key = function.weight_key
    contents = tuple(_work_content_from(content, key, level) for content in function.work_contents)
    return Branch(function.id, str(function.number), function.name, key, level, contents, ())


def _work_content_from(content: shape.WorkContentShape, key: str, level: str) -> Branch:
    kinds = ((PointKind.KNOWLEDGE, content.knowledge), (PointKind.SKILL, content.skills))
    points = tuple(_point_from(point, kind, key, level) for kind, rows in kinds for point in rows)
    return Branch(content.id, content.code, content.name, key, level, (), points)


def _point_from(point: shape.PointShape, kind: PointKind, key: str, level: str) -> Point:
    return Point(
        id=point.id,
        kind=kind,
        code=point.code_norm or point.code or "",
        printed=point.code,
        name=point.name or point.label or "",
        weight_key=key,
        level=level,
        note=point.note,
    )
