"""The figures of an item's text. A formula may take only what the candidate can read there."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeAlias

from question_bank.item import Item

PERCENT = 100
IN_WORDS = {"万分之三": Fraction(3, 10_000), "万分之四": Fraction(4, 10_000)}

Worth: TypeAlias = Fraction | str
"""What a formula makes: a number, or the words of a choice."""


@dataclass(frozen=True)
class Given:
    """What stands in an item: its case, its stem and the printed cells of its table."""

    item: str
    text: str

    def __call__(self, figure: str) -> Fraction:
        """Return a figure such as 936 or 6% of the text; one that does not stand there fails the test."""
        self.require(rf"(?<![\d.]){re.escape(figure)}(?!\d|\.\d)", figure)
        return Fraction(figure.removesuffix("%")) / (PERCENT if figure.endswith("%") else 1)

    def day(self, written: str) -> date:
        """Return a date of the text."""
        self.require(re.escape(written), written)
        return date.fromisoformat(written)

    def rate(self, words: str) -> Fraction:
        """Return a rate that the text says in words."""
        self.require(words, words)
        return IN_WORDS[words]

    def require(self, pattern: str, shown: str) -> None:
        """Fail if the text does not have it."""
        assert re.search(pattern, self.text), f"{self.item} does not say {shown}"


Formula: TypeAlias = Callable[[Given], Fraction | Mapping[str, Worth]]


@dataclass(frozen=True)
class Computed:
    """The right formula of an item, and typical wrong ones. A number is the whole answer; a mapping names gaps or cells."""

    right: Formula
    wrong: tuple[Formula, ...]


def given_in(item: Item) -> Given:
    """Return what a candidate reads of `item`."""
    printed = [cell for row in item.body.get("rows", []) for cell in row if isinstance(cell, str)]
    return Given(item.id, "\n".join([item.case.text if item.case else "", item.stem, *item.body.get("columns", []), *printed]))


def days(first: date, last: date) -> int:
    """Return the days from `first` to `last`, both counted."""
    return (last - first).days + 1


def column(letter: str, *values: Worth, start: int = 1) -> dict[str, Worth]:
    """Return the cells of a column from row `start` downwards."""
    return {f"{letter}{row}": value for row, value in enumerate(values, start=start)}


def only(cells: Mapping[str, Worth], *names: str) -> dict[str, Worth]:
    """Return some of the cells: those that a wrong method spoils."""
    return {name: cells[name] for name in names}


def typed(worth: Worth, places: int) -> str:
    """Return a value as a candidate writes it down, rounded half up."""
    if isinstance(worth, str):
        return worth
    exact = Decimal(worth.numerator) / Decimal(worth.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
