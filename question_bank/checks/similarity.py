"""Objections to stems that say the same, or nearly the same, as another."""

import re
from collections import Counter
from collections.abc import Iterator

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
    """Give the pairs whose likeness is from the limit to below 1, in the order of the bank. Only stems that share a trigram are compared."""
    grams = [_grams(item.stem) for item in items]
    holders: dict[str, list[int]] = {}
    for later, own in enumerate(grams):
        shared = Counter(earlier for gram in own for earlier in holders.get(gram, ()))
        for earlier, count in sorted(shared.items()):
            likeness = count / (len(own) + len(grams[earlier]) - count)
            if (
                likeness >= LIKENESS_LIMIT
                and not _share_a_case(items[earlier], items[later])
                and _letters(items[earlier].stem) != _letters(items[later].stem)
            ):
                yield items[earlier], items[later], likeness
        for gram in own:
            holders.setdefault(gram, []).append(later)


def _share_a_case(one: Item, other: Item) -> bool:
    return one.case is not None and one.case == other.case


def _letters(stem: str) -> str:
    return SILENT.sub("", stem)


def _grams(stem: str) -> frozenset[str]:
    letters = _letters(stem)
    return frozenset(letters[index : index + GRAM] for index in range(max(1, len(letters) - GRAM + 1)))
