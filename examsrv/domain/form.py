"""A form: the items drawn for a specification, in the order of the paper. Sealed, it becomes a paper."""

from dataclasses import dataclass

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FORMS_MOST = 100
"""Forms that are drawn at once: more than any examination deals out, and still drawn within seconds."""


@dataclass(frozen=True, slots=True)
class Form:
    """The ids of the items of one form, in order."""

    name: str
    items: tuple[str, ...]


def form_name(number: int) -> str:
    """Return the name of form `number`, counted from 0: A to Z, then AA, AB …"""
    rounds, letter = divmod(number, len(LETTERS))
    return (form_name(rounds - 1) if rounds else "") + LETTERS[letter]
