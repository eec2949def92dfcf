"""Items as a YAML list, the form in which authors write them. `write_items` and `read_items` are each other's inverse."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import yaml
from pydantic import AfterValidator, Field, PlainValidator, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from question_bank.formats.shape import Shape, shape_faults
from question_bank.formats.yaml_document import Document, read_document
from question_bank.item import Item, Option, Response, Sample
from question_bank.kinds import KINDS
from question_bank.message import N_, Fault, Message

LINE_WIDTH = 140
FRACTION_LENGTH = 12
"""Enough for any share of a key (1/2, 2/3); longer texts are no fraction that a person wrote."""


def _response(raw: object) -> Response:
    if isinstance(raw, list) and all(isinstance(each, str) for each in raw):
        return tuple(raw)
    if isinstance(raw, (str, bool)):
        return raw
    raise PydanticCustomError("response", "no response")


def _fraction(raw: object) -> Fraction:
    if isinstance(raw, (str, int, Decimal)) and not isinstance(raw, bool) and len(str(raw)) <= FRACTION_LENGTH:
        try:
            return Fraction(raw)
        except (ValueError, ZeroDivisionError):
            pass
    raise PydanticCustomError("fraction", "no fraction")


def _kind(raw: str) -> str:
    if raw not in KINDS:
        raise PydanticCustomError("literal_error", "no kind", {"expected": ", ".join(KINDS)})
    return raw


Text = Annotated[str, StringConstraints(min_length=1)]


class SampleShape(Shape):
    """A sample response as written."""

    answer: Annotated[Response, PlainValidator(_response)]
    fraction: Annotated[Fraction, PlainValidator(_fraction)]


class ItemShape(Shape):
    """An item as written; the order of the fields is the order in which they are written."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    kind: Annotated[str, AfterValidator(_kind)]
    level: Text
    section: Text
    point: Text
    difficulty: int
    importance: Text
    stem: Text
    options: Annotated[dict[str, str], Field(min_length=1)] | None
    key: Annotated[Response, PlainValidator(_response)]
    rationale: str
    samples: list[SampleShape]
    enemies: list[Text]


def read_items(text: str | bytes, place: str) -> tuple[list[Item], list[Fault]]:
    """Return the items that are whole and the faults of the others. A fault's place is the file (`place`), line, item and field."""
    document = read_document(text)
    faults = [Fault(f"{place}: {fault.place}", fault.message) for fault in document.faults]
    if not isinstance(document.value, list):
        return [], faults or [Fault(place, Message(N_("A list of items is wanted")))]
    items = []
    for index, raw in enumerate(document.value):
        try:
            items.append(_item_from(ItemShape.model_validate(raw)))
        except ValidationError as error:
            faults += _faults_of_item(document, place, index, error)
    return items, faults


def write_items(items: list[Item]) -> str:
    """Return `items` as YAML that `read_items` reads back exactly."""
    rows = [_row_of(item) for item in items]
    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=LINE_WIDTH)


def _faults_of_item(document: Document, place: str, index: int, error: ValidationError) -> list[Fault]:
    raw = document.value[index] if isinstance(document.value, list) else None
    name = raw["id"] if isinstance(raw, dict) and isinstance(raw.get("id"), str) else f"[{index}]"
    faults = []
    for path, message in shape_faults(error):
        inside, _, line = document.name_of((index, *path)).partition(" ")
        faults.append(Fault(f"{place}: {name}{inside.removeprefix(f'[{index}]')} {line}", message))
    return faults


def _item_from(shape: ItemShape) -> Item:
    return Item(
        id=shape.id,
        kind=shape.kind,
        level=shape.level,
        section=shape.section,
        point=shape.point,
        difficulty=shape.difficulty,
        importance=shape.importance,
        stem=shape.stem,
        options=tuple(Option(letter, text) for letter, text in (shape.options or {}).items()),
        key=shape.key,
        rationale=shape.rationale,
        samples=tuple(Sample(sample.answer, sample.fraction) for sample in shape.samples),
        enemies=tuple(shape.enemies),
    )


def _as_written(response: Response) -> object:
    return list(response) if isinstance(response, tuple) else response


def _row_of(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "kind": item.kind,
        "level": item.level,
        "section": item.section,
        "point": item.point,
        "difficulty": item.difficulty,
        "importance": item.importance,
        "stem": item.stem,
        "options": {option.letter: option.text for option in item.options} or None,
        "key": _as_written(item.key),
        "rationale": item.rationale,
        "samples": [{"answer": _as_written(sample.answer), "fraction": _number(sample.fraction)} for sample in item.samples],
        "enemies": list(item.enemies),
    }


def _number(fraction: Fraction) -> int | str:
    return int(fraction) if fraction.denominator == 1 else str(fraction)
