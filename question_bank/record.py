"""An item as a record: the plain mapping (JSON types) in which files, drafts and the editor hold it, whole or half-written.

`item_from` and `record_of` are each other's inverse. Every format reads its files into records, so that one place says what is wrong with an item.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, TypeAlias, cast

from pydantic import AfterValidator, Field, PlainValidator, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from question_bank.formats.shape import Shape, shape_faults
from question_bank.formats.yaml_document import Place
from question_bank.item import Case, Item, Option, Response, Sample
from question_bank.kinds import KINDS, Kind, NotAResponseError
from question_bank.message import N_, Message

Record: TypeAlias = dict[str, Any]
Finding: TypeAlias = tuple[Place, Message]

ITEM_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")
FRACTION = re.compile(r"[-+]?[0-9]{1,9}(/[0-9]{1,9}|\.[0-9]{1,9})?", re.ASCII)
"""Any share of a key (1/2, 2/3, 0.5). Without exponents: 1e999999999 is a short text, and a number that fills the memory."""


def _letters(raw: object) -> Response:
    if isinstance(raw, list) and all(isinstance(each, str) for each in raw):
        return tuple(raw)
    if isinstance(raw, (str, bool)):
        return raw
    raise PydanticCustomError("response", "no response")


def _fraction(raw: object) -> Fraction:
    if isinstance(raw, (str, int, Decimal)) and not isinstance(raw, bool) and FRACTION.fullmatch(str(raw).strip()):
        try:
            return Fraction(str(raw))
        except (ValueError, ZeroDivisionError):
            pass
    raise PydanticCustomError("fraction", "no fraction")


def _kind(raw: str) -> str:
    if raw not in KINDS:
        raise PydanticCustomError("literal_error", "no kind", {"expected": ", ".join(KINDS)})
    return raw


Text = Annotated[str, StringConstraints(min_length=1)]
ItemId = Annotated[str, StringConstraints(pattern=ITEM_ID.pattern)]
LETTERS_KEY: TypeAdapter[Response] = TypeAdapter(Annotated[Any, PlainValidator(_letters)])


class SampleShape(Shape):
    """A sample response as written."""

    answer: Any
    fraction: Annotated[Fraction, PlainValidator(_fraction)]


class ItemShape(Shape):
    """An item as written; the order of the fields is the order in which they are written."""

    id: ItemId
    kind: Annotated[str, AfterValidator(_kind)]
    level: Text
    section: Text
    point: Text
    difficulty: int
    importance: Text
    case: str | None = None
    stem: Text
    options: Annotated[dict[str, str], Field(min_length=1)] | None = None
    body: dict[str, Any] | None = None
    key: Any
    rationale: str
    samples: list[SampleShape]
    enemies: list[Text]


class CaseShape(Shape):
    """A case as written."""

    case: ItemId
    title: Text
    text: Text


def case_from(raw: object) -> tuple[Case | None, list[Finding]]:
    """Return the case that a record holds, or everything that is wrong with it and where."""
    try:
        shape = CaseShape.model_validate(raw)
    except ValidationError as error:
        return None, shape_faults(error)
    return Case(shape.case, shape.title, shape.text), []


def item_from(raw: object, cases: Mapping[str, Case]) -> tuple[Item | None, list[Finding]]:
    """Return the item that a record holds, or everything that is wrong with its shape and where. `cases` are those that records may name, by id.

    What stands in the item may still be wrong: that is for the kind's `validate` and for the bank's checks.
    """
    try:
        shape = ItemShape.model_validate(raw)
    except ValidationError as error:
        return None, [*shape_faults(error), *_findings_inside(raw)]
    kind = KINDS[shape.kind]
    body, findings = _body_of(kind, shape.body)
    key, found = _key_of(kind, shape.key)
    findings += found
    samples: list[Sample] = []
    for place, sample in enumerate(shape.samples):
        try:
            samples.append(Sample(response_of(kind, sample.answer), sample.fraction))
        except NotAResponseError as error:
            findings.append((("samples", place, "answer"), error.message))
    if shape.case is not None and shape.case not in cases:
        findings.append((("case",), Message(N_("There is no case %(case)s"), {"case": shape.case})))
    if findings:
        return None, findings
    item = Item(
        id=shape.id,
        kind=shape.kind,
        level=shape.level,
        section=shape.section,
        point=shape.point,
        difficulty=shape.difficulty,
        importance=shape.importance,
        stem=shape.stem,
        options=tuple(Option(letter, text) for letter, text in (shape.options or {}).items()),
        key=key,
        rationale=shape.rationale,
        samples=tuple(samples),
        enemies=tuple(shape.enemies),
        body=body,
        case=None if shape.case is None else cases[shape.case],
    )
    return item, []


def sketch_of(raw: Mapping[str, Any]) -> Item | None:
    """Return what candidates would see of a half-written record, as an item without key and tags; None where even that is not there yet."""
    kind = KINDS.get(str(raw.get("kind")))
    if kind is None:
        return None
    body, findings = _body_of(kind, raw.get("body") if isinstance(raw.get("body"), dict) else None)
    if findings:
        return None
    texts = raw.get("options")
    options = tuple(Option(str(letter), str(text)) for letter, text in texts.items()) if isinstance(texts, dict) else ()
    stem = raw["stem"] if isinstance(raw.get("stem"), str) else ""
    return Item("", kind.name, "", "", "", 0, "", stem, options, "", "", (), (), body)


def record_of(item: Item) -> Record:
    """Return `item` as a record, which names its case by id; a body or a case that there is none of is left out."""
    record: Record = {"id": item.id, "kind": item.kind, "level": item.level, "section": item.section, "point": item.point}
    record |= {"difficulty": item.difficulty, "importance": item.importance}
    if item.case is not None:
        record["case"] = item.case.id
    record |= {"stem": item.stem, "options": {option.letter: option.text for option in item.options} or None}
    if item.body:
        record["body"] = dict(item.body)
    record |= {
        "key": plain_response(item.key),
        "rationale": item.rationale,
        "samples": [{"answer": plain_response(sample.answer), "fraction": _number(sample.fraction)} for sample in item.samples],
        "enemies": list(item.enemies),
    }
    return record


def record_of_case(case: Case) -> Record:
    """Return `case` as a record."""
    return {"case": case.id, "title": case.title, "text": case.text}


def plain_response(response: Response) -> Any:
    """Return a response or a key in JSON types."""
    if isinstance(response, (tuple, list)):
        return [plain_response(each) for each in response]
    if isinstance(response, Mapping):
        return {name: plain_response(each) for name, each in response.items()}
    return response


def response_of(kind: Kind, raw: object) -> Response:
    """Return the response that a record or a stored key holds; letters that nobody can choose are let through, for they are wrong answers too."""
    return kind.response_from(plain_response(cast(Response, raw)))


def _findings_inside(raw: object) -> list[Finding]:
    """Return what is wrong with body and key of a record whose other fields are not whole, so that everything is told at once."""
    name = raw.get("kind") if isinstance(raw, dict) else None
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None or not isinstance(raw, dict):
        return []
    body, has_key = raw.get("body"), "key" in raw
    in_body = _body_of(kind, body)[1] if body is None or isinstance(body, dict) else []
    return in_body + (_key_of(kind, raw["key"])[1] if has_key else [])


def _body_of(kind: Kind, raw: dict[str, Any] | None) -> tuple[dict[str, Any], list[Finding]]:
    if kind.Body is None:
        return {}, [(("body",), Message(N_("An item of this kind has no body")))] if raw else []
    try:
        return kind.Body.model_validate(raw or {}).model_dump(mode="json"), []
    except ValidationError as error:
        return {}, [(("body", *place), message) for place, message in shape_faults(error)]


def _key_of(kind: Kind, raw: object) -> tuple[Response, list[Finding]]:
    try:
        if kind.Key is None:
            return LETTERS_KEY.validate_python(raw), []
        return kind.Key.model_validate(raw).model_dump(mode="json"), []
    except ValidationError as error:
        return "", [(("key", *place), message) for place, message in shape_faults(error)]


def _number(fraction: Fraction) -> int | str:
    return int(fraction) if fraction.denominator == 1 else str(fraction)
