"""Objections to stems that say the same, or nearly the same, as another."""

import re
from collections.abc import Iterator
from itertools import combinations

from question_bank.item import Item
from question_bank.message import N_, Fault, Message
from question_bank.pack import Pack

SILENT = re.compile(r"[\W_]+")
"""Punctuation, blanks and emphasis: they do not make two stems different."""
GRAM = 3
PERCENT = 100
LIKENESS_LIMIT = 0.5
"""Jaccard index of the character trigrams. Stems that differ in a name or a figure stay above it; new situations on one subject stay well below."""


def check_equal_stems(pack: Pack) -> list[Fault]:
    """No stem stands twice."""
    first: dict[str, str] = {}
    faults = []
    for item in pack.items:
        other = first.setdefault(_letters(item.stem), item.id)
        if other != item.id:
            faults.append(Fault(f"{item.id}.stem", Message(N_("The stem is the same as that of %(other)s"), {"other": other})))
    return faults


def check_similar_stems(pack: Pack) -> list[Fault]:
    """No two stems are nearly the same."""
    text = N_("The stem is nearly the same as that of %(other)s (likeness %(percent)d %%)")
    return [
        Fault(f"{item.id}.stem", Message(text, {"other": other.id, "percent": round(likeness * PERCENT)}))
        for other, item, likeness in similar_pairs(pack.items)
    ]


def similar_pairs(items: tuple[Item, ...]) -> Iterator[tuple[Item, Item, float]]:
    """Give the pairs whose likeness is from the limit to below 1. Shortest stems first: sizes too unequal need no comparison."""
    grams = sorted(((_grams(item.stem), item) for item in items), key=lambda pair: len(pair[0]))
    for (small, one), (large, other) in combinations(grams, 2):
        if len(small) < LIKENESS_LIMIT * len(large):
            continue
        shared = len(small & large)
        likeness = shared / (len(small) + len(large) - shared) if shared else 0.0
        if likeness >= LIKENESS_LIMIT and _letters(one.stem) != _letters(other.stem):
            yield one, other, likeness


def _letters(stem: str) -> str:
    return SILENT.sub("", stem)


def _grams(stem: str) -> frozenset[str]:
    letters = _letters(stem)
    return frozenset(letters[index : index + GRAM] for index in range(max(1, len(letters) - GRAM + 1)))
