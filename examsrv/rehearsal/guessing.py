"""How virtual candidates answer: abilities from N(0, 1), and the Rasch model against the items' difficulties (Rasch 1960).

P(right) = 1 / (1 + exp(b - a)) for ability a and difficulty b; difficulties 1 to 5 lie at b = -2 to 2. Everything follows from the seed.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from examsrv.domain.order import Order
from examsrv.domain.paper import numbered, option_ids
from examsrv.services.rehearsing import RehearsedItem

MIDDLE_DIFFICULTY = 3
HALF = 0.5
WRONG_WORD = "不知道"


def ability(seed: int, ticket: str) -> float:
    """Return the ability of the candidate with this ticket."""
    return Random(f"{seed}/{ticket}/ability").gauss(0, 1)  # noqa: S311 -- a rehearsal that can be repeated


def probability(of_ability: float, difficulty: int) -> float:
    """Return the probability, 0 to 1, of a right answer to an item of `difficulty` (1 to 5)."""
    return 1 / (1 + math.exp(difficulty - MIDDLE_DIFFICULTY - of_ability))


def answer_to(item: RehearsedItem, options: list[str], of_ability: float, chance: Random) -> object:
    """Return an answer as the page would send it; a wrong one is drawn from everything that the page could send."""
    is_right = chance.random() < probability(of_ability, item.difficulty)
    if isinstance(item.right, bool):
        return item.right if is_right else not item.right
    if isinstance(item.right, str):
        return item.right if is_right else chance.choice([option for option in options if option != item.right])
    if isinstance(item.right, frozenset):
        return _chosen(item.right, options, is_right, chance)
    if isinstance(item.right, tuple):
        return _ordered(item.right, is_right, chance)
    if "value" in item.right:
        return _typed(item.right, is_right)
    (parts,) = item.right.values()
    return _filled(parts, options, is_right, chance)


def _chosen(right: frozenset[str], options: list[str], is_right: bool, chance: Random) -> list[str]:
    while not is_right:
        chosen = chance.sample(options, chance.randint(1, len(options)))
        if set(chosen) != right:
            return sorted(chosen)
    return sorted(right)


def _ordered(right: tuple[str, ...], is_right: bool, chance: Random) -> list[str]:
    while not is_right:
        order = chance.sample(right, len(right))
        if tuple(order) != right:
            return order
    return list(right)


def _filled(parts: Mapping[str, Any], options: list[str], is_right: bool, chance: Random) -> dict[str, str]:
    """Return an answer to an item of parts; where it is wrong, at least one part is, and a list to choose from is left alone."""
    wrong = set() if is_right else {*chance.sample(sorted(parts), 1), *(part for part in sorted(parts) if chance.random() < HALF)}
    given = {part: _part(key, options, part not in wrong, chance) for part, key in parts.items()}
    return {part: text for part, text in given.items() if text}


def _part(key: Any, options: list[str], is_right: bool, chance: Random) -> str:
    if isinstance(key, str):
        others = [option for option in options if option != key]
        return key if is_right else chance.choice(others) if others else ""
    return _typed(key, is_right) if "value" in key else str(key["accepted"][0]) if is_right else WRONG_WORD


def _typed(key: Mapping[str, Any], is_right: bool) -> str:
    """Return a number within the tolerance, or one beyond it."""
    value = Decimal(key["value"])
    beyond = Decimal(key["tolerance"]) * (abs(value) if key["relative"] else 1) + 1
    return f"{value if is_right else value + beyond:f}"


def questions(paper: Mapping[str, Any], order: Order) -> list[tuple[int, list[str]]]:
    """Return the items of a paper in the candidate's own order, each with the ids of its options."""
    options = {number: option_ids(item) for number, _group, item in numbered(paper)}
    return [(number, options[number]) for number in order]
