"""QTI 3.0 packages. Reading takes every version of QTI from 2.0 on."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from question_bank.formats import qti_package_reading, qti_package_writing
from question_bank.formats.qti_names import QTI_3
from question_bank.formats.reading import Reading, Writing
from question_bank.item import Item

NOTHING: Mapping[str, object] = MappingProxyType({})


def read(content: bytes, name: str, defaults: Mapping[str, object] = NOTHING) -> Reading:
    """Return what a package, or the file of one item, holds; `defaults` says what other makers' files do not (level, section …)."""
    return qti_package_reading.read(content, name, defaults)


def write(items: Sequence[Item], media: Mapping[str, bytes]) -> Writing:
    """Return a QTI 3.0 package of `items`."""
    return qti_package_writing.write(items, media, QTI_3)
