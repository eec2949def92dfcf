"""What an answer as it was sent earns, worked out once more: in a few lines of its own, without the program's kinds and marking."""

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from typing import Any

from examsrv.services.rehearsing import RehearsedItem

EACH_RIGHT, RIGHT_LESS_WRONG, NEIGHBOURS = "each_right", "right_less_wrong", "neighbours"
NOTHING, EVERYTHING = Fraction(0), Fraction(1)
LONGEST_NUMBER = 40


def earned(item: RehearsedItem, answer: object) -> Fraction:
    """Return what an answer earns of the item's marks."""
    return item.marks * _share(item.right, item.policy, answer)


def _share(right: Any, policy: str, answer: Any) -> Fraction:
    if isinstance(right, frozenset):
        return _share_of_choices(right, policy, set(answer) if isinstance(answer, list) else set())
    if isinstance(right, tuple):
        return _share_of_order(right, policy, answer if isinstance(answer, list) else [])
    if isinstance(right, Mapping) and "value" in right:
        return EVERYTHING if isinstance(answer, str) and is_right_number(right, answer) else NOTHING
    if isinstance(right, Mapping):
        return _share_of_parts(right, policy, answer if isinstance(answer, dict) else {})
    return EVERYTHING if type(answer) is type(right) and answer == right else NOTHING


def _share_of_choices(right: frozenset[str], policy: str, chosen: set[str]) -> Fraction:
    if chosen == right:
        return EVERYTHING
    if policy == RIGHT_LESS_WRONG:
        return max(NOTHING, Fraction(len(chosen & right) - len(chosen - right), len(right)))
    return Fraction(len(chosen), len(right)) if policy == EACH_RIGHT and chosen < right else NOTHING


def _share_of_order(right: Sequence[str], policy: str, answer: Sequence[str]) -> Fraction:
    if list(right) == list(answer):
        return EVERYTHING
    if len(answer) > len(right):
        return NOTHING
    if policy == NEIGHBOURS:
        return Fraction(len(set(pairwise(right)) & set(pairwise(answer))), len(right) - 1)
    places = sum(one == other for one, other in zip(right, answer, strict=False))
    return Fraction(places, len(right)) if policy == EACH_RIGHT else NOTHING


def _share_of_parts(right: Mapping[str, Any], policy: str, answer: Mapping[str, str]) -> Fraction:
    (parts,) = right.values()
    hits = sum(part in answer and is_right_part(key, answer[part]) for part, key in parts.items())
    if hits == len(parts):
        return EVERYTHING
    return Fraction(hits, len(parts)) if policy == EACH_RIGHT else NOTHING


def is_right_part(key: Any, given: str) -> bool:
    """Tell whether a text is right in one part: a choice, a number or one of the accepted texts."""
    if isinstance(key, str):
        return key == given
    if "value" in key:
        return is_right_number(key, given)
    return any(_folded(given, key["fold"]) == _folded(each, key["fold"]) for each in key["accepted"])


def is_right_number(key: Mapping[str, Any], given: str) -> bool:
    """Tell whether a text says a number within the tolerance."""
    plain = unicodedata.normalize("NFKC", given.strip())
    for minus in "−–—﹣":
        plain = plain.replace(minus, "-")
    plain = plain.removesuffix(unicodedata.normalize("NFKC", key["unit"])).replace(",", "").replace(" ", "").replace("\u00a0", "")
    if len(plain) > LONGEST_NUMBER or not set(plain) <= set("0123456789.+-"):
        return False
    try:
        distance = abs(Decimal(plain) - Decimal(key["value"]))
    except InvalidOperation:
        return False
    return distance <= Decimal(key["tolerance"]) * (abs(Decimal(key["value"])) if key["relative"] else 1)


def _folded(text: str, fold: Sequence[str]) -> str:
    plain = unicodedata.normalize("NFKC" if "width" in fold else "NFC", text.strip())
    plain = plain.casefold() if "case" in fold else plain
    return "".join(plain.split()) if "space" in fold else plain
