"""An item: one question of the bank, as a value with the digest of all its content. What a kind makes of it stands in `kinds/`."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

Response: TypeAlias = bool | str | tuple["Response", ...] | Mapping[str, "Response"]
"""What a candidate answers, and what a key says: a claim's truth, an option's id or a text, several of them, or one for each part of the item."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, to match or to put in order. `letter` identifies it within its item."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A response and the fraction (0 to 1) that its author says it earns: the item's own test."""

    answer: Response
    fraction: Fraction


@dataclass(frozen=True, slots=True)
class Case:
    """A text that several items are asked about. They stand together and are drawn together; the text is Markdown."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its key, tagged with one weight key (`section`) and one point of the standard, for a level such as `L3`.

    `body` holds what a kind asks for besides stem and options (a table's cells, a number's unit), in JSON types, in the shape that the kind names.
    """

    id: str
    kind: str
    level: str
    section: str
    point: str
    difficulty: int
    importance: str
    stem: str
    options: tuple[Option, ...]
    key: Response
    rationale: str
    samples: tuple[Sample, ...]
    enemies: tuple[str, ...]
    body: Mapping[str, object] = field(default_factory=dict)
    case: Case | None = None

    @property
    def digest(self) -> str:
        """SHA-256 in hex of `canonical_content`: equal exactly when all content is."""
        return hashlib.sha256(canonical_content(self).encode()).hexdigest()


def canonical_content(item: Item) -> str:
    """Return all content as JSON with sorted keys and without blanks, characters as they are; a fraction is a text such as 1/2.

    A body or a case that an item has not is left out: its digest is that of the time before there were any.
    """
    content = {
        "id": item.id,
        "kind": item.kind,
        "level": item.level,
        "section": item.section,
        "point": item.point,
        "difficulty": item.difficulty,
        "importance": item.importance,
        "stem": item.stem,
        "options": [[option.letter, option.text] for option in item.options],
        "key": item.key,
        "rationale": item.rationale,
        "samples": [[sample.answer, str(sample.fraction)] for sample in item.samples],
        "enemies": item.enemies,
    }
    if item.body:
        content["body"] = item.body
    if item.case is not None:
        content["case"] = [item.case.id, item.case.title, item.case.text]
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
