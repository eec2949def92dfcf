"""Our own record beside what a format says in its own words: it gives back exactly what nobody changed elsewhere.

Formats say less than a record does (tags, samples, how texts are folded, Markdown). A file of ours holds each record too. When it comes back, what
the format says now is held against what it said when it was written: the same is taken from our record, what was changed counts as changed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from question_bank.formats.yaml_document import shorten
from question_bank.item import Item
from question_bank.kinds import KINDS
from question_bank.message import N_, Fault, Message
from question_bank.record import ITEM_ID, Record, case_from, item_from, record_of, record_of_case

NAMESPACE = "urn:examsrv:records:1"
UNSAID = object()
LONGEST_ID = 54
"""Leaves room for a number behind it."""

DEFAULTS: tuple[str, ...] = ("level", "section", "point", "difficulty", "importance")
"""What other makers' files do not say of an item, so that whoever imports them says it."""
LABELS = {
    "level": Message(N_("level")),
    "section": Message(N_("section")),
    "point": Message(N_("point")),
    "difficulty": Message(N_("difficulty")),
    "importance": Message(N_("importance")),
}


@dataclass(slots=True)
class Found:
    """What a file says of an item in the format's own words: record, case if it has one, and notes of what could not be taken over, by field."""

    record: Record
    case: Record | None = None
    notes: list[tuple[str, Message]] = field(default_factory=list)

    def note(self, place: str, message: Message) -> None:
        """Remember what is to be said about a field, once."""
        if (place, message) not in self.notes:
            self.notes.append((place, message))


CHOICES = ("single_choice", "multiple_choice", "true_false", "ordering")
"""Kinds whose items can be written however wrong they are: their keys are letters."""


def is_writable(item: Item) -> bool:
    """Tell whether the parts of `item` fit together, so that a format can say them; other faults are for the bank's checks."""
    return item.kind in CHOICES or not KINDS[item.kind].validate(item)


def own_text(item: Item) -> str:
    """Return the record of `item` and of its case as one line of ASCII."""
    return json.dumps({"item": record_of(item), "case": None if item.case is None else record_of_case(item.case)})


def own_item(text: str) -> Item | None:
    """Return the item that `own_text` wrote; None for anything else."""
    try:
        raw = json.loads(text)
        case = None if raw["case"] is None else case_from(raw["case"])[0]
        return item_from(raw["item"], {} if case is None else {case.id: case})[0]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def reconciled(found: Found, written: Found, own: Item) -> Found:
    """Return `own` with what was changed elsewhere: where `found` is not what was `written`."""
    case = None if own.case is None else record_of_case(own.case)
    record = record_of(own)
    if found.record.get("kind") != written.record.get("kind"):
        record = {name: record[name] for name in (*DEFAULTS, "enemies")}
    # Markdown that others' HTML cannot hold is no news where the text is still the one that was written
    return Found(
        _merged(found.record, written.record, record), _merged(found.case, written.case, case), [n for n in found.notes if n not in written.notes]
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item of a file: the item if it is whole, faults that keep the file out, and notes of what was left out."""

    item: Item | None = None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def outcome_of(found: Found, defaults: Mapping[str, object], place: str, is_own: bool) -> Outcome:
    """Return the item that was found, with `defaults` for what the file does not say of it; everything said of it has its place and field.

    What is wrong with an item of another maker leaves that item out, since nobody here can mend the file; in a file of ours it is a fault.
    """
    record = {"rationale": "", "samples": [], "enemies": []} | {name: defaults[name] for name in DEFAULTS if name in defaults}
    record |= {name: value for name, value in found.record.items() if value is not None}
    at = f"{place}{record.get('id', '')}"
    notes = [Fault(f"{at}.{field}" if field else at, message) for field, message in found.notes]
    case, findings = (None, []) if found.case is None else case_from(found.case)
    record["case"] = None if case is None else case.id
    wrong = [Fault(".".join(map(str, (at, "case", *path[1:]))), message) for path, message in findings]
    missing = [name for name in DEFAULTS if name not in record]
    if missing:
        return Outcome(None, (Fault(at, Message(N_("The file does not say: %(names)s"), {"names": _listed(missing)})),), tuple(notes))
    item, findings = item_from(record, {} if case is None else {case.id: case})
    noted = {field for field, _message in found.notes if field not in record}
    wrong += [Fault(".".join(map(str, (at, *path))), message) for path, message in findings if path[0] not in noted]
    if is_own:
        return Outcome(item, tuple(wrong), tuple(notes))
    if item is None:
        notes.append(Fault(at, LEFT_OUT))
    return Outcome(item, (), tuple(notes + wrong))


LEFT_OUT = Message(N_("The item is left out"))
NOT_WHOLE = Message(N_("The key does not fit the item; it is left out"))
"""What is lost of an item that is not writable."""


def item_id_of(raw: str, taken: set[str]) -> str:
    """Return `raw` as an item's id that is not `taken`: other makers' ids have other letters, or stand twice."""
    plain = "".join(letter if ITEM_ID.match(f"x{letter}") else "-" for letter in raw.strip()).lstrip("._-")[:LONGEST_ID] or "item"
    found = next(name for name in chain([plain], (f"{plain}-{number}" for number in count(2))) if name not in taken)
    taken.add(found)
    return found


def unknown_notes(found: Found, place: str, names: list[str]) -> None:
    """Say of each element that is not known that it was left out."""
    for name in dict.fromkeys(names):
        found.note(place, Message(N_("%(name)s cannot be taken over; look at the text"), {"name": f"<{shorten(name)}>"}))


def _listed(names: list[str]) -> Message:
    first, *rest = names
    return Message(N_("%(first)s, %(rest)s"), {"first": LABELS[first], "rest": _listed(rest)}) if rest else LABELS[first]


def _merged(found: Any, written: Any, own: Any) -> Any:
    if found == written:
        return own
    if isinstance(found, dict) and isinstance(written, dict) and isinstance(own, dict):
        merged = {name: _merged(value, written.get(name, UNSAID), own.get(name, UNSAID)) for name, value in found.items()}
        return merged | {name: value for name, value in own.items() if name not in written and name not in found}
    if isinstance(found, list) and isinstance(written, list) and isinstance(own, list) and len(found) == len(written) == len(own):
        return [_merged(*each) for each in zip(found, written, own, strict=True)]
    return found
