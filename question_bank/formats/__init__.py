"""Files of items, one format each, found by name in `FORMATS`. Readers report every fault with its place and raise nothing, whatever the file holds.

A format is a module with `read(content, name) -> Reading` and `write(items, media) -> Writing`; bank → file → bank gives the same items by digest
for every kind that it can hold. A new format is a new module and one more entry here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from types import MappingProxyType
from typing import cast

from question_bank.formats.reading import NO_NAMES, Names, Reading, Writing
from question_bank.item import Item
from question_bank.message import N_, Message

NO_DEFAULTS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its name in files and addresses, its label for people, the suffixes of its files (the first is written), and its module.

    The module is imported when it is asked for: the kinds import this package, and a format imports the kinds.
    """

    name: str
    label: Message
    suffixes: tuple[str, ...]
    module: str
    shows_names: bool = False
    """Whether people see the names of levels, sections and points in the file."""
    lacks_tags: bool = False
    """Whether files of other makers do not say the level, section, point, difficulty and importance of an item."""

    def read(self, content: bytes, name: str, defaults: Mapping[str, object] = NO_DEFAULTS) -> Reading:
        """Return what a file called `name` holds; `defaults` says what files of other makers lack.

        A stranger's file is read in a process of its own (see `services/reading_items.py`).
        """
        module = import_module(self.module)
        return cast(Reading, module.read(content, name, defaults) if self.lacks_tags else module.read(content, name))

    def write(self, items: Sequence[Item], media: Mapping[str, bytes], names: Names = NO_NAMES) -> Writing:
        """Return a file of `items`; `media` holds the pictures that their texts name, by digest."""
        module = import_module(self.module)
        return cast(Writing, module.write(items, media, names) if self.shows_names else module.write(items, media))


_MODULES = (
    Format("excel", Message(N_("Excel")), (".xlsx",), "question_bank.formats.excel", shows_names=True),
    Format("yaml", Message(N_("YAML")), (".yaml", ".yml"), "question_bank.formats.yaml_bank"),
    Format("word", Message(N_("Word")), (".docx",), "question_bank.formats.word", lacks_tags=True),
    Format("qti3", Message(N_("QTI 3.0 package")), (".zip", ".xml"), "question_bank.formats.qti3", lacks_tags=True),
    Format("qti2", Message(N_("QTI 2.2 package")), (".zip", ".xml"), "question_bank.formats.qti2", lacks_tags=True),
    Format("moodle", Message(N_("Moodle XML")), (".xml",), "question_bank.formats.moodle_xml", lacks_tags=True),
)  # fmt: skip  # one a line, the last with its comma: several people add to it

FORMATS: Mapping[str, Format] = {each.name: each for each in _MODULES}
"""Every format by its name, in the order in which they are offered."""


def formats_of(name: str) -> tuple[Format, ...]:
    """Return the formats that a file called `name` may have by its suffix; several share .xml and .zip."""
    return tuple(each for each in FORMATS.values() if PurePath(name).suffix.lower() in each.suffixes)
