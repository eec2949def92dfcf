"""Reading a specification for anybody's bank from YAML or JSON. Every fault is found and named with its place, not only the first."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidationError

from examsrv.assembly.requirements_of_bank import BankSpecification
from examsrv.domain.canonical import digest
from examsrv.domain.limits_file import Number, TargetShape, faults_of_share, faults_of_target, target_from
from examsrv.domain.specification import FaultySpecificationError, plain
from question_bank.formats.shape import Shape, shape_faults
from question_bank.formats.yaml_document import Place, read_document
from question_bank.message import N_, Fault, Message

ITEMS_MOST = 1_000
UTF_8, CHINESE = "utf-8-sig", "gb18030"


class BankSpecificationShape(Shape):
    """A specification for anybody's bank, as written."""

    name: str = ""
    items: Annotated[int, Field(ge=1, le=ITEMS_MOST)]
    sections: Annotated[dict[str, Number], Field(min_length=1)]
    kinds: Annotated[dict[str, Annotated[int, Field(ge=0)]], Field(min_length=1)]
    target: TargetShape | None = None
    exposure_max: Number | None = None
    overlap_max: Annotated[int, Field(ge=0)] | None = None
    point_share: Number = Decimal(0)


def read_bank_specification(content: bytes) -> BankSpecification:
    """Return the specification that `content` (YAML or JSON, UTF-8 or GB18030) holds; raise `FaultySpecificationError` with every fault."""
    document = read_document(_decoded(content))
    if document.value is None or document.faults:
        raise FaultySpecificationError(document.faults or [Fault("/", Message(N_("The file is empty")))])
    try:
        shape = BankSpecificationShape.model_validate(document.value)
    except ValidationError as error:
        for place, message in shape_faults(error):
            document.complain(place, message)
        raise FaultySpecificationError(document.faults) from error
    for place, message in contradictions(shape):
        document.complain(place, message)
    if document.faults:
        raise FaultySpecificationError(document.faults)
    return BankSpecification(
        items=shape.items,
        sections=shape.sections,
        kinds=shape.kinds,
        target=None if shape.target is None else target_from(shape.target),
        exposure_max=shape.exposure_max,
        overlap_max=shape.overlap_max,
        point_share=shape.point_share,
        name=shape.name,
    )


def contradictions(shape: BankSpecificationShape) -> list[tuple[Place, Message]]:
    """Return what is wrong with values that are well written each by itself."""
    found: list[tuple[Place, Message]] = []
    for key, marks in shape.sections.items():
        if marks < 0:
            found.append((("sections", key), Message(N_("Marks are 0 or more, not %(given)s"), {"given": marks})))
    if (counted := sum(shape.kinds.values())) != shape.items:
        values = {"items": shape.items, "counted": counted}
        found.append((("kinds",), Message(N_("%(items)d items are asked for, the kinds count %(counted)d"), values)))
    if not any(marks > 0 for marks in shape.sections.values()):
        found.append((("sections",), Message(N_("No section has marks"))))
    return (
        found
        + faults_of_share("exposure_max", shape.exposure_max)
        + faults_of_share("point_share", shape.point_share)
        + faults_of_target(shape.target)
    )


def digest_of(specification: BankSpecification) -> str:
    """Return SHA-256 in hex of all values: equal exactly when two specifications ask for the same."""
    return digest({name: plain(value) for name, value in asdict(specification).items() if name != "name"})


def _decoded(content: bytes) -> str | bytes:
    try:
        content.decode(UTF_8)
    except UnicodeDecodeError:
        try:
            return content.decode(CHINESE)
        except UnicodeDecodeError:
            return content
    return content
