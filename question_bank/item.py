"""An item: one question of the bank, as a value with the digest of all its content. What a kind makes of it stands in `kinds/`."""

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

Response: TypeAlias = bool | str | tuple[str, ...]
"""What a candidate answers and what a key says: a claim's truth, the id of an option, or the ids of several."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `letter` identifies it within its item."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A response and the fraction (0 to 1) that its author says it earns: the item's own test."""

    answer: Response
    fraction: Fraction


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its key, tagged with one weight key (`section`) and one point of the standard, for a level such as `L3`."""

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

    @property
    def digest(self) -> str:
        """SHA-256 in hex of `canonical_content`: equal exactly when all content is."""
        return hashlib.sha256(canonical_content(self).encode()).hexdigest()


def canonical_content(item: Item) -> str:
    """Return all content as JSON with sorted keys and without blanks, characters as they are; a fraction is a text such as 1/2."""
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
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
