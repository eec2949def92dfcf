"""What differs between two versions of an item, or a version and a draft: field by field, and within texts word by word."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from examsrv.services.banking import items_with_keys
from examsrv.services.item_drafts import Draft
from question_bank.message import N_, Message
from question_bank.record import Record, record_of

WORD = re.compile(r"[A-Za-z0-9_.%]+|\s+|.", re.DOTALL)
"""A word is a run of Latin letters and figures, a run of blanks, or any one sign, such as a Chinese character."""
LONGEST_COMPARED = 4000
"""Words of a text up to which it is compared word by word; longer ones differ as a whole."""
SECRET = frozenset({"key", "rationale", "samples"})
CASE_TITLE, CASE_TEXT = "case.title", "case.text"
FIELD_NAMES: Mapping[str, Message] = {
    "kind": Message(N_("Kind")),
    "level": Message(N_("Level")),
    "section": Message(N_("Section")),
    "point": Message(N_("Point")),
    "difficulty": Message(N_("Difficulty")),
    "importance": Message(N_("Importance")),
    "case": Message(N_("Number of the case")),
    CASE_TITLE: Message(N_("Title of the case")),
    CASE_TEXT: Message(N_("Text of the case")),
    "stem": Message(N_("Stem")),
    "options": Message(N_("Options")),
    "body": Message(N_("Content")),
    "key": Message(N_("Key")),
    "rationale": Message(N_("Rationale")),
    "samples": Message(N_("Sample responses")),
    "enemies": Message(N_("Enemies")),
}


class Piece(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs: its name for people, where inside it (an option's letter, a cell), and the text in pieces."""

    field: Message
    inside: str
    pieces: tuple[tuple[Piece, str], ...]


def record_of_version(session: Session, digest: str) -> Record:
    """Return an approved version as a record to compare, key and all, with the text of its case."""
    item = items_with_keys(session, [digest])[0]
    case = {} if item.case is None else {CASE_TITLE: item.case.title, CASE_TEXT: item.case.text}
    return record_of(item) | case


def record_of_draft(draft: Draft) -> Record:
    """Return a draft as a record to compare, with the text of its case."""
    return dict(draft.record) | ({} if draft.case is None else {CASE_TITLE: draft.case.title, CASE_TEXT: draft.case.text})


def differences(old: Record, new: Record, *, with_key: bool) -> list[Difference]:
    """Return what differs from `old` to `new`, in the order of an item's fields; nothing of the key unless asked for."""
    found = []
    for name, label in FIELD_NAMES.items():
        if name in SECRET and not with_key:
            continue
        before, after = _texts(old.get(name)), _texts(new.get(name))
        for inside in dict.fromkeys([*before, *after]):
            one, other = before.get(inside, ""), after.get(inside, "")
            if one != other:
                found.append(Difference(label, inside, tuple(pieces(one, other))))
    return found


def pieces(old: str, new: str) -> Iterator[tuple[Piece, str]]:
    """Yield what stayed, went and came, in order; together the pieces that are not gone are `new`, those that are not new are `old`."""
    before, after = WORD.findall(old), WORD.findall(new)
    if max(len(before), len(after)) > LONGEST_COMPARED:
        yield from _whole(old, new)
        return
    for tag, start, end, other_start, other_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece.SAME, "".join(before[start:end])
        else:
            yield from _whole("".join(before[start:end]), "".join(after[other_start:other_end]))


def _whole(old: str, new: str) -> Iterator[tuple[Piece, str]]:
    if old:
        yield Piece.GONE, old
    if new:
        yield Piece.NEW, new


def _texts(value: Any, inside: str = "") -> dict[str, str]:
    """Return the texts of a field by where they stand in it; an order of several short ones (a key, enemies) is one text."""
    if value is None or value == "" or value == [] or value == {}:
        return {}
    if isinstance(value, Mapping):
        return {place: text for name, each in value.items() for place, text in _texts(each, f"{inside}.{name}" if inside else str(name)).items()}
    if isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(each, (list, dict)) for each in value):
        return {place: text for number, each in enumerate(value, start=1) for place, text in _texts(each, f"{inside}[{number}]").items()}
    return {inside: _spelled(value)}


def _spelled(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_spelled(each) for each in value)
    return json.dumps(value, ensure_ascii=False, default=str)
