"""Is every sentence of the code translated? Run as a script: prints what is not, exit 1.

With `update` it first brings the catalogue to the sentences of the code: new ones are added without translation (or with the one found in the
further .po files that are named), those no longer used are dropped.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from deploy.build_hook import TRANSLATIONS
from tests.architecture.sources import ROOT

LANGUAGE = "zh_CN"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%%|%")


def sentences(root: Path = ROOT) -> Catalog:
    """Gather the sentences for people in code and templates, as pyproject.toml says where (tool.babel)."""
    mappings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(pattern, mapping["method"]) for mapping in mappings for pattern in mapping["pattern"]]
    found = Catalog()
    for file, line, sentence, _comments, _context in extract_from_dir(root, methods, keywords=KEYWORDS, directory_filter=lambda _: True):
        found.add(sentence, locations=[(file, line)])
    return found


def catalogue_file(root: Path = ROOT) -> Path:
    """Return where the translations into Chinese stand."""
    return root / TRANSLATIONS / LANGUAGE / "LC_MESSAGES" / "messages.po"


def read_catalogue(file: Path) -> Catalog:
    """Read a .po file."""
    with file.open("rb") as text:
        return read_po(text, locale=LANGUAGE)


def translation_faults(wanted: Catalog, catalogue: Catalog) -> list[str]:
    """Return what keeps a reader of `catalogue` from every sentence of `wanted`; entries that nothing uses any more are faults too."""
    faults = [fault for message in wanted if message.id for fault in _faults_of(message, catalogue.get(message.id))]
    unused = [f"no longer used: {_text(message)}" for message in catalogue if message.id and message.id not in wanted]
    return faults + unused


def _faults_of(message: Message, translated: Message | None) -> Iterator[str]:
    place = "{}:{}".format(*message.locations[0])
    strings = [] if translated is None else [translated.string] if isinstance(translated.string, str) else list(translated.string)
    if not strings or not all(strings):
        yield f"{place}: not translated: {_text(message)}"
    elif translated.fuzzy:
        yield f"{place}: marked as fuzzy: {_text(message)}"
    elif any(_placeholders(string) != _placeholders(_longest(message)) for string in strings):
        yield f"{place}: other values than in the English sentence: {_text(message)} -> {' / '.join(strings)}"
    elif "%" not in _longest(message) and any("%" in string for string in strings):  # a validator of WTForms fills its limits in
        yield f"{place}: a % that the English sentence has not: {_text(message)}"


def _text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _longest(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def _placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)) - {"%%"}) if "%(" in text else []


def update(further: list[Path]) -> None:
    """Bring the catalogue to the sentences of the code, taking what lacks a translation from the `further` files."""
    file = catalogue_file()
    catalogue = read_catalogue(file) if file.exists() else Catalog(locale=LANGUAGE)
    catalogue.update(sentences(), no_fuzzy_matching=True)
    for other in map(read_catalogue, further):
        for message in catalogue:
            found = other.get(message.id) if message.id and not any(message.string or ()) else None
            if found is not None:
                message.string = found.string
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as text:
        write_po(text, catalogue, width=0, sort_output=True, ignore_obsolete=True, no_location=True, omit_header=True)


def main(arguments: list[str]) -> int:
    """Print every fault; 0 when there is none."""
    if arguments[:1] == ["update"]:
        update([Path(name) for name in arguments[1:]])
    faults = translation_faults(sentences(), read_catalogue(catalogue_file()))
    print("\n".join(faults) or f"{LANGUAGE}: every sentence is translated")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
