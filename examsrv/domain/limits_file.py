"""What files say of shares and of the target information, the same in a specification of a pack and in one for anybody's bank."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from examsrv.domain.specification import TOLERANCE, Target
from question_bank.formats.shape import Shape
from question_bank.formats.yaml_document import Place
from question_bank.message import N_, Message

WHOLE = Decimal(1)
ABILITIES_MOST = 9
ABILITY_MOST = Decimal(6)
"""Beyond, no item tells anything."""
RELATIVE_MOST = Decimal(100)
INFORMATION_MOST = Decimal(100_000)
TOLERANCE_MOST = Decimal(100)


def _number(raw: object) -> Decimal:
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool) and Decimal(raw).is_finite():
        return Decimal(raw)
    raise PydanticCustomError("number", "no number")


Number = Annotated[Decimal, PlainValidator(_number)]


class TargetShape(Shape):
    """The target information, as written."""

    theta: Annotated[list[Number], Field(min_length=1, max_length=ABILITIES_MOST)]
    relative: Number | None = None
    information: list[Number] | None = None
    tolerance: Number = TOLERANCE


def target_from(shape: TargetShape) -> Target:
    """Return the value of what is written."""
    return Target(tuple(shape.theta), shape.relative, None if shape.information is None else tuple(shape.information), shape.tolerance)


def faults_of_share(name: str, share: Decimal | None) -> list[tuple[Place, Message]]:
    """Return what is wrong with a share; none given is none."""
    if share is None or 0 <= share <= WHOLE:
        return []
    return [((name,), Message(N_("A share lies between 0 and 1, not at %(given)s"), {"given": share}))]


def faults_of_target(shape: TargetShape | None) -> list[tuple[Place, Message]]:
    """Return what is wrong with a target whose values are well written each by itself."""
    if shape is None:
        return []
    found: list[tuple[Place, Message]] = []
    if len(set(shape.theta)) < len(shape.theta):
        found.append((("target", "theta"), Message(N_("An ability stands there twice"))))
    if any(abs(ability) > ABILITY_MOST for ability in shape.theta):
        found.append((("target", "theta"), Message(N_("An ability lies between -%(most)s and %(most)s"), {"most": ABILITY_MOST})))
    if (shape.relative is None) == (shape.information is None):
        found.append((("target",), Message(N_("Either relative or information is wanted, one of the two"))))
    for name, values, most in (
        ("relative", [] if shape.relative is None else [shape.relative], RELATIVE_MOST),
        ("information", shape.information or [], INFORMATION_MOST),
        ("tolerance", [shape.tolerance], TOLERANCE_MOST),
    ):
        found += [
            (("target", name), Message(N_("A number above 0 and up to %(most)s is wanted, not %(given)s"), {"given": value, "most": most}))
            for value in values
            if not 0 < value <= most
        ]
    if shape.information is not None and len(shape.information) != len(shape.theta):
        counts = {"information": len(shape.information), "theta": len(shape.theta)}
        found.append((("target", "information"), Message(N_("%(information)d figures for %(theta)d abilities"), counts)))
    return found
