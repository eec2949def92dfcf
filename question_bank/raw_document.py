"""Looking into a document whose shape may be wrong: what is not there or of another type is passed over (its fault is told elsewhere)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from question_bank.formats.yaml_document import Place
from question_bank.message import Message

Finding: TypeAlias = tuple[Place, Message]
Mapping: TypeAlias = dict[str, object]


def at(document: object, *place: str | int) -> object:
    """Return what stands at `place`, None if there is no such place."""
    for step in place:
        if isinstance(document, dict) and isinstance(step, str):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document


def mappings(document: object, *place: str | int) -> Iterator[tuple[Place, Mapping]]:
    """Give the mappings of the list or mapping at `place`, each with its own place."""
    found = at(document, *place)
    pairs: Iterable[tuple[str | int, object]] = ()
    if isinstance(found, list):
        pairs = enumerate(found)
    elif isinstance(found, dict):
        pairs = found.items()
    for step, each in pairs:
        if isinstance(each, dict):
            yield (*place, step), each


def texts(document: object, *place: str | int) -> list[str]:
    """Return the texts of the list at `place`."""
    found = at(document, *place)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def text(document: object, *place: str | int) -> str | None:
    """Return the text at `place`."""
    found = at(document, *place)
    return found if isinstance(found, str) else None


def number(document: object, *place: str | int) -> int | None:
    """Return the whole number at `place`; a truth value is none."""
    found = at(document, *place)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def repeated(values: Iterable[tuple[Place, str | int | None]]) -> list[tuple[Place, str | int]]:
    """Return those of `values` that stand more than once, every occurrence but the first."""
    seen: Counter[str | int] = Counter()
    again = []
    for place, value in values:
        if value is None:
            continue
        if seen[value]:
            again.append((place, value))
        seen[value] += 1
    return again
