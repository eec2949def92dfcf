"""Forms of the trade as values: what stands on a sheet of A4, in order. One value becomes print view, PDF and workbook alike: see the modules beside.

All texts are in the reader's language already: whoever builds a form is given a translator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is shown, such as `59.9`: a workbook keeps exactly this as a number."""

    text: str


Cell: TypeAlias = str | Number
"""A text stays a text everywhere, whatever it looks like; line feeds in it are kept."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and its part of the sheet's width in percent. `is_centred`: short words and codes stand in the middle."""

    title: str
    percent: int
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands at the head of a form: names and values, `pairs_per_row` beside each other."""

    pairs: Sequence[tuple[str, str]]
    pairs_per_row: int = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its caption; the columns' parts add up to 100. `foot` are rows set apart at its end, such as the total."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Sequence[Cell]] = ()


@dataclass(frozen=True, slots=True)
class Sentences:
    """Numbered sentences under a title."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Signs:
    """Lines to sign on, each with what it is for."""

    labels: Sequence[str]


Block: TypeAlias = Facts | Grid | Sentences | Signs


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A form. `name` is short and names the sheet of a workbook; `over` stands above the title, `beside` under it; `foot`: who printed it when."""

    name: str
    over: str
    title: str
    beside: Sequence[str]
    blocks: Sequence[Block]
    foot: str
    is_wide: bool = False
