"""A form: the items drawn for a specification, in the order of the paper. Sealed, it becomes a paper."""

from dataclasses import dataclass

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FORMS_MOST = 2_000
"""Forms that are drawn at once: one of their own for every candidate of a large day, and still drawn within a minute."""


@dataclass(frozen=True, slots=True)
class Form:
    """The ids of the items of one form, in order."""

    name: str
    items: tuple[str, ...]


def form_name(number: int) -> str:
    """Return the name of form `number`, counted from 0: A to Z, then AA, AB …"""
    rounds, letter = divmod(number, len(LETTERS))
    return (form_name(rounds - 1) if rounds else "") + LETTERS[letter]
