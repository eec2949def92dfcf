"""A candidate's own order of a paper: the numbers of its items as they come, each with the letters of its options as they come.

It follows from a recorded seed alone. A page is told it as one number, which answers one question after the other: which of those that are left
comes next? That is the remainder by how many are left, and the quotient answers what is asked then: about the items of a group, if they are
shuffled, and then about the options of each of them as they come. A hundred items with their options need an eighth of a kilobyte.
"""

import random
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from examsrv.domain.paper import CASE, OPTION_IDS, numbered, option_ids

Order = Mapping[int, str]
Each = TypeVar("Each", int, str)
BYTE = 8


def candidate_order(paper: Mapping[str, Any], seed: int) -> Order:
    """Return a candidate's own order from the recorded `seed`: items shuffled within each kind, and the options within each item.

    The items of a case keep their order.
    """
    chance = random.Random(seed)  # noqa: S311 -- a reproducible order, from a recorded seed; no secret

    def shuffled(those: Sequence[Each]) -> list[Each]:
        drawn = list(those)
        chance.shuffle(drawn)
        return drawn

    order: dict[int, str] = {}
    for group in paper["groups"]:
        numbers = _numbers(group, len(order))
        shown = numbers if group["kind"] == CASE else shuffled(numbers)
        letters = {number: "".join(shuffled(_letters(item))) for number, item in zip(numbers, group["items"], strict=True)}
        order |= {number: letters[number] for number in shown}
    return order


def order_told(paper: Mapping[str, Any], order: Order) -> str:
    """Return an order of a paper as a page is told it: the number's bytes, the highest first, in base64."""
    answers: list[tuple[int, int]] = []
    coming = iter(order.items())
    for group in paper["groups"]:
        shown = dict(islice(coming, len(group["items"])))
        if group["kind"] != CASE:
            answers += _answers(list(shown))
        for letters in shown.values():
            answers += _answers(letters)
    number = 0
    for place, left in reversed(answers):
        number = number * left + place
    return b64encode(number.to_bytes(-(-number.bit_length() // BYTE))).decode()


def order_read(paper: Mapping[str, Any], told: str) -> Order:
    """Return the order of a paper that a page is told."""
    drawn = _drawing(int.from_bytes(b64decode(told)))
    order: dict[int, str] = {}
    for group in paper["groups"]:
        numbers = _numbers(group, len(order))
        shown = numbers if group["kind"] == CASE else drawn(numbers)
        items = dict(zip(numbers, group["items"], strict=True))
        order |= {number: "".join(drawn(_letters(items[number]))) for number in shown}
    return order


def ordered_option_ids(paper: Mapping[str, Any], order: Order) -> dict[int, list[str]]:
    """Return the ids of each item's options by its number, in a candidate's order."""
    return {number: [option_ids(item)[OPTION_IDS.index(letter)] for letter in order[number]] for number, _group, item in numbered(paper)}


def _numbers(group: Mapping[str, Any], before: int) -> range:
    return range(before + 1, before + 1 + len(group["items"]))


def _letters(item: Mapping[str, Any]) -> str:
    return OPTION_IDS[: len(item.get("options", ()))]


def _answers(those: Sequence[Each]) -> list[tuple[int, int]]:
    """Return for each of `those` its place among those that are left, in their natural order, and how many are left."""
    left = sorted(those)
    answers = []
    for each in those:
        place = left.index(each)
        answers.append((place, len(left)))
        del left[place]
    return answers


def _drawing(number: int) -> Callable[[Sequence[Each]], list[Each]]:
    """Return what puts one sequence after the other into the order that `number` tells."""

    def drawn(those: Sequence[Each]) -> list[Each]:
        nonlocal number
        left, found = list(those), []
        while left:
            number, place = divmod(number, len(left))
            found.append(left.pop(place))
        return found

    return drawn
