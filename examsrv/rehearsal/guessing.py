"""How virtual candidates answer: abilities from N(0, 1), and the Rasch model against the items' difficulties (Rasch 1960).

P(right) = 1 / (1 + exp(b - a)) for ability a and difficulty b; difficulties 1 to 5 lie at b = -2 to 2. Everything follows from the seed.
"""

import math
from random import Random
from typing import Any

from examsrv.domain.paper import numbered, option_ids
from examsrv.services.rehearsing import RehearsedItem

MIDDLE_DIFFICULTY = 3


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
    if is_right:
        return sorted(item.right)
    while True:
        chosen = chance.sample(options, chance.randint(1, len(options)))
        if set(chosen) != item.right:
            return sorted(chosen)


def questions(paper: dict[str, Any]) -> list[tuple[int, list[str]]]:
    """Return the items of an opened paper in the candidate's own order, each with the ids of its options."""
    options = {number: option_ids(item) for number, _group, item in numbered(paper)}
    return [(number, options[number]) for number in paper["order"]["items"]]
