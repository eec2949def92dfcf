"""A paper: a form as it is delivered, in canonical bytes with a digest. What delivers it knows no key: that goes apart.

Option ids are random per form, so that nothing about the bank shows; items are numbered from 1 in the form's order, grouped by kind.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from examsrv.domain.canonical import canonical
from question_bank.item import Item
from question_bank.text import rendered

VERSION = 1
ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ID_LENGTH = 6
FIXED_ORDER = frozenset({"true_false"})


@dataclass(frozen=True, slots=True)
class KeyLine:
    """What one item of a paper needs to be marked; `key` is in the paper's option ids."""

    item: str
    digest: str
    kind: str
    section: str
    marks: str
    policy: str
    key: object


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper's canonical bytes and, apart from them, its key by item number."""

    content: bytes
    digest: str
    key: Mapping[int, KeyLine]


def compose(
    title: str, items: Sequence[Item], kind_labels: Mapping[str, str], marks: Mapping[str, str], policies: Mapping[str, str], seed: int
) -> Composed:
    """Make a paper of `items` (in the form's order, each kind together). `marks` and `policies` are by kind; `seed` draws the option ids."""
    chance = random.Random(seed)  # noqa: S311 -- ids that say nothing, from a recorded seed; no secret
    used: set[str] = set()
    groups: list[dict[str, Any]] = []
    key: dict[int, KeyLine] = {}
    for number, item in enumerate(items, start=1):
        if not groups or groups[-1]["kind"] != item.kind:
            groups.append({"kind": item.kind, "label": kind_labels[item.kind], "items": []})
        ids = {option.letter: _option_id(chance, used) for option in item.options}
        options = [{"id": ids[option.letter], "text": option.text} for option in item.options]
        chance.shuffle(options)
        groups[-1]["items"].append({"n": number, "kind": item.kind, "marks": marks[item.kind], "stem": rendered(item.stem), "options": options})
        key[number] = KeyLine(item.id, item.digest, item.kind, item.section, marks[item.kind], policies[item.kind], _in_ids(item.key, ids))
    content = canonical({"version": VERSION, "title": title, "groups": groups})
    return Composed(content, hashlib.sha256(content).hexdigest(), key)


def candidate_order(content: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return a candidate's own order from the recorded `seed`: item numbers shuffled within each kind, option ids within each item.

    The options of true/false keep their order; everything else follows from the seed alone.
    """
    chance = random.Random(seed)  # noqa: S311 -- a reproducible order, from a recorded seed; no secret
    order: list[int] = []
    options: dict[str, list[str]] = {}
    for group in content["groups"]:
        numbers = [item["n"] for item in group["items"]]
        chance.shuffle(numbers)
        order += numbers
        if group["kind"] in FIXED_ORDER:
            continue
        for item in group["items"]:
            ids = [option["id"] for option in item["options"]]
            chance.shuffle(ids)
            options[str(item["n"])] = ids
    return {"items": order, "options": options}


def _option_id(chance: random.Random, used: set[str]) -> str:
    """Draw an id that no other option of the paper has."""
    while True:
        drawn = "".join(chance.choices(ID_LETTERS, k=ID_LENGTH))
        if drawn not in used:
            used.add(drawn)
            return drawn


def _in_ids(key: object, ids: Mapping[str, str]) -> object:
    if isinstance(key, tuple):
        return sorted(ids[letter] for letter in key)
    return ids[key] if isinstance(key, str) else key
