"""The specification that a set of forms was drawn for, as it was stored with the set: plain JSON types back to values."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from examsrv.domain.specification import KindRequirement, KindsInSections, Specification, Target
from question_bank.kinds import PartialCredit


def specification_stored(raw: Mapping[str, Any]) -> Specification:
    """Return the specification of which `raw` is the plain form; what it did not know of in its time has the usual value."""
    kinds = tuple(
        KindRequirement(each["kind"], each["items"], Decimal(each["marks"]), PartialCredit(each["partial_credit"])) for each in raw["kinds"]
    )
    later: dict[str, Any] = {}
    if raw.get("cases"):
        later["cases"] = raw["cases"]
    if raw.get("point_share"):
        later["point_share"] = Decimal(raw["point_share"])
    if raw.get("exposure_max"):
        later["exposure_max"] = Decimal(raw["exposure_max"])
    if raw.get("target"):
        later["target"] = _target(raw["target"])
    return Specification(
        name=raw["name"],
        occupation=raw["occupation"],
        level=raw["level"],
        component=raw["component"],
        minutes=raw["minutes"],
        kinds=kinds,
        kinds_in_sections=KindsInSections(raw["kinds_in_sections"]),
        difficulty=tuple(raw["difficulty"]),
        difficulty_deviation=raw["difficulty_deviation"],
        lower_level_share=Decimal(raw["lower_level_share"]),
        overlap_max=raw["overlap_max"],
        **later,
    )


def _target(raw: Mapping[str, Any]) -> Target:
    relative, told = raw["relative"], raw["information"]
    return Target(
        abilities=tuple(map(Decimal, raw["abilities"])),
        relative=None if relative is None else Decimal(relative),
        information=None if told is None else tuple(map(Decimal, told)),
        tolerance=Decimal(raw["tolerance"]),
    )
