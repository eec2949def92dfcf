"""The pictures that the texts of items name, as `![words](media:<SHA-256 in hex>)`."""

import re
from collections.abc import Sequence

from question_bank.item import Item, canonical_content
from question_bank.message import N_, Fault, Message

PICTURE = re.compile(r"\(media:([0-9a-f]{64})\)")


def pictures_of(item: Item) -> tuple[str, ...]:
    """Return the digests of the pictures that any text of `item` or of its case names, each once, sorted."""
    return tuple(sorted(set(PICTURE.findall(canonical_content(item)))))


def lost_pictures(items: Sequence[Item]) -> tuple[Fault, ...]:
    """Return the loss of each item whose pictures a format only names."""
    text = N_("The pictures are named in the file but are not in it: %(count)d")
    return tuple(Fault(item.id, Message(text, {"count": len(found)})) for item in items if (found := pictures_of(item)))
