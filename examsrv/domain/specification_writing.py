"""Writing a specification as the YAML file that `specification_file` reads."""

import json
from decimal import Decimal

from examsrv.domain.specification import DIFFICULTIES, Specification, Target

SCHEMA = "specification/1"


def written(specification: Specification) -> str:
    """Return the text of a file that says `specification`: `read_specification` gives it back as it is."""
    values = {
        "schema": SCHEMA,
        "name": specification.name,
        "occupation": specification.occupation,
        "level": specification.level,
        "component": specification.component,
        "minutes": specification.minutes,
        "kinds": {each.kind: {"items": each.items, "marks": each.marks, "partial_credit": str(each.partial_credit)} for each in specification.kinds},
        "kinds_in_sections": str(specification.kinds_in_sections),
        "difficulty": {
            "counts": {str(difficulty): count for difficulty, count in zip(DIFFICULTIES, specification.difficulty, strict=True)},
            "deviation": specification.difficulty_deviation,
        },
        "lower_level_share": specification.lower_level_share,
        "overlap_max": specification.overlap_max,
        "cases": specification.cases,
        "point_share": specification.point_share,
        "exposure_max": specification.exposure_max,
        "target": None if specification.target is None else _target(specification.target),
    }
    return "".join(f"{name}: {_spelled(value)}\n" for name, value in values.items())


def _target(target: Target) -> dict[str, object]:
    return {"theta": target.abilities, "relative": target.relative, "information": target.information, "tolerance": target.tolerance}


def _spelled(value: object) -> str:
    """Return a value as YAML has it in one line; a decimal keeps every digit."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_spelled(name)}: {_spelled(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_spelled, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
