"""What reading a file of items gives, and what writing one gives: the same for every format."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from question_bank.item import Item
from question_bank.message import Fault


@dataclass(frozen=True, slots=True)
class Reading:
    """The items that are whole, what is wrong with the rest (by file, item and field), and the pictures of the texts by their SHA-256 in hex."""

    items: tuple[Item, ...] = ()
    faults: tuple[Fault, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Writing:
    """A file, and what of the items it cannot hold, each loss under the item's id."""

    content: bytes
    losses: tuple[Fault, ...] = ()
