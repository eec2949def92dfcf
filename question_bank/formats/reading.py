"""What reading a file of items gives, and what writing one gives: the same for every format."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from question_bank.item import Item
from question_bank.message import Fault


@dataclass(frozen=True, slots=True)
class Reading:
    """The items that are whole, what is wrong with the rest (by file, item and field), and the pictures of the texts by their SHA-256 in hex.

    A fault has to be mended before anything of the file comes in. `notes` tell what the file holds that has no place here (another maker's column,
    element or kind of item): it is left out and the rest comes in. `is_other` says that the file is none of the format at all.
    """

    items: tuple[Item, ...] = ()
    faults: tuple[Fault, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Fault, ...] = ()
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """A file, and what of the items it cannot hold, each loss under the item's id."""

    content: bytes
    losses: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """The names of what items are tagged with, by id, in the order of the standard: for drop-downs, and behind the ids in the cells."""

    levels: Mapping[str, str]
    sections: Mapping[str, str]
    points: Mapping[str, str]


NO_NAMES = Names({}, {}, {})
