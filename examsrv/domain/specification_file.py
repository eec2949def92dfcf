"""Reading a specification from its YAML file. Every fault is found and named with its place, not only the first."""

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from examsrv.domain.limits_file import Number, TargetShape, faults_of_share, faults_of_target, target_from
from examsrv.domain.specification import DIFFICULTIES, FaultySpecificationError, KindRequirement, KindsInSections, Specification
from question_bank.formats.shape import Shape, shape_faults
from question_bank.formats.yaml_document import Place, read_document
from question_bank.kinds import KINDS, PartialCredit, Scoring
from question_bank.message import N_, Fault, Message
from question_bank.standard import ComponentKey


def _difficulty(raw: str) -> str:
    names = [str(each) for each in DIFFICULTIES]
    if raw in names:
        return raw
    raise PydanticCustomError("literal_error", "no difficulty", {"expected": ", ".join(names)})


def _word_of(words: type[StrEnum]) -> BeforeValidator:
    def choose(raw: object) -> object:
        if isinstance(raw, str) and raw in {word.value for word in words}:
            return words(raw)
        raise PydanticCustomError("literal_error", "no such word", {"expected": ", ".join(word.value for word in words)})

    return BeforeValidator(choose)


Text = Annotated[str, StringConstraints(min_length=1)]


class KindShape(Shape):
    """What a paper has of one kind, as written."""

    items: Annotated[int, Field(ge=1)]
    marks: Number
    partial_credit: Annotated[PartialCredit, _word_of(PartialCredit)] = PartialCredit.ALL_OR_NOTHING


class DifficultyShape(Shape):
    """The difficulty profile, as written."""

    counts: dict[Annotated[str, AfterValidator(_difficulty)], Annotated[int, Field(ge=0)]]
    deviation: Annotated[int, Field(ge=0)]


class SpecificationShape(Shape):
    """A specification, as written."""

    # `schema` is a name of pydantic's own
    make: Annotated[Literal["specification/1"], Field(alias="schema")]
    name: Text
    occupation: Text
    level: Text
    component: Text
    minutes: Annotated[int, Field(ge=1)]
    kinds: Annotated[dict[str, KindShape], Field(min_length=1)]
    kinds_in_sections: Annotated[KindsInSections, _word_of(KindsInSections)] = KindsInSections.EVEN
    difficulty: DifficultyShape
    lower_level_share: Number = Decimal(0)
    overlap_max: Annotated[int, Field(ge=0)] | None = None
    cases: Annotated[int, Field(ge=0)] = 0
    point_share: Number = Decimal(0)
    exposure_max: Number | None = None
    target: TargetShape | None = None


def load_specification(path: Path) -> Specification:
    """Return the specification in the file `path`; raise `FaultySpecificationError` with every fault."""
    specification, faults = read_specification(path.read_bytes())
    if specification is None:
        raise FaultySpecificationError(faults)
    return specification


def read_specification(text: str | bytes) -> tuple[Specification | None, list[Fault]]:
    """Return the specification that `text` (YAML) holds, or None and every fault with its place and line. No text raises an error."""
    document = read_document(text)
    if document.value is None or document.faults:
        return None, document.faults or [Fault("/", Message(N_("The file is empty")))]
    try:
        shape = SpecificationShape.model_validate(document.value)
    except ValidationError as error:
        for place, message in shape_faults(error):
            document.complain(place, message)
        return None, document.faults
    for place, message in contradictions(shape):
        document.complain(place, message)
    return (None, document.faults) if document.faults else (_specification_from(shape), [])


def contradictions(shape: SpecificationShape) -> list[tuple[Place, Message]]:
    """Return what is wrong with values that are well written each by itself."""
    found: list[tuple[Place, Message]] = []
    for kind, values in shape.kinds.items():
        if kind not in KINDS:
            found.append((("kinds", kind), Message(N_("There is no kind of item called %(kind)s"), {"kind": kind})))
        elif shape.component == ComponentKey.THEORY and KINDS[kind].scoring is not Scoring.MACHINE:
            text = N_("Items of the kind %(kind)s are scored by examiners; a theory paper is marked by the machine")
            found.append((("kinds", kind), Message(text, {"kind": KINDS[kind].label})))
        elif values.partial_credit not in KINDS[kind].policies:
            known = {"policy": str(values.partial_credit), "known": ", ".join(KINDS[kind].policies)}
            text = N_("The kind has no partial credit called %(policy)s, but %(known)s")
            found.append((("kinds", kind, "partial_credit"), Message(text, known)))
        if values.marks <= 0:
            found.append((("kinds", kind, "marks"), Message(N_("An item must be worth more than 0 marks"))))
    for difficulty in DIFFICULTIES:
        if str(difficulty) not in shape.difficulty.counts:
            values_of = {"difficulty": difficulty}
            found.append((("difficulty", "counts"), Message(N_("The count of difficulty %(difficulty)d is missing"), values_of)))
    profile, items = sum(shape.difficulty.counts.values()), sum(kind.items for kind in shape.kinds.values())
    if profile != items:
        message = Message(N_("The difficulty profile counts %(profile)d items, the kinds %(items)d"), {"profile": profile, "items": items})
        found.append((("difficulty", "counts"), message))
    found += faults_of_share("lower_level_share", shape.lower_level_share) + faults_of_share("point_share", shape.point_share)
    found += faults_of_share("exposure_max", shape.exposure_max) + faults_of_target(shape.target)
    return found + _too_many_cases(shape.cases, items)


def _too_many_cases(cases: int, items: int) -> list[tuple[Place, Message]]:
    if cases <= items:
        return []
    return [(("cases",), Message(N_("%(cases)d cases are asked for, but only %(items)d items"), {"cases": cases, "items": items}))]


def _specification_from(shape: SpecificationShape) -> Specification:
    return Specification(
        name=shape.name,
        occupation=shape.occupation,
        level=shape.level,
        component=shape.component,
        minutes=shape.minutes,
        kinds=tuple(KindRequirement(kind, each.items, each.marks, each.partial_credit) for kind, each in shape.kinds.items()),
        kinds_in_sections=shape.kinds_in_sections,
        difficulty=tuple(shape.difficulty.counts[str(each)] for each in DIFFICULTIES),
        difficulty_deviation=shape.difficulty.deviation,
        lower_level_share=shape.lower_level_share,
        overlap_max=shape.overlap_max,
        cases=shape.cases,
        point_share=shape.point_share,
        exposure_max=shape.exposure_max,
        target=None if shape.target is None else target_from(shape.target),
    )
