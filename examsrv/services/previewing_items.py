"""How a draft looks and what is wrong with it, while it is written: nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from examsrv.services.item_drafts import Draft
from examsrv.services.item_faults import fault_of, faults_in_bank
from examsrv.services.standards import standard_of
from question_bank.item import Case, Item
from question_bank.kinds import KINDS
from question_bank.message import Fault, Message
from question_bank.record import item_from, sketch_of
from question_bank.text import FOR_STAFF, faults_of_text, rendered


@dataclass(frozen=True, slots=True)
class Preview:
    """What a candidate would see, as an item of a paper (None: there is not enough yet), and what is wrong, with places in the record."""

    item: dict[str, Any] | None
    case: dict[str, str] | None
    faults: tuple[tuple[str, Message], ...]


def preview(session: Session, draft: Draft, record: Mapping[str, Any]) -> Preview:
    """Return how `record`, written into the draft, would look. The letters of the options are those of the bank, in its order."""
    case = None if draft.case is None else Case(draft.case.case, draft.case.title, draft.case.text)
    named = {**record, "id": draft.item} | ({} if case is None else {"case": case.id})
    item, findings = item_from(named, {} if case is None else {case.id: case})
    faults = [fault_of(draft.item, finding) for finding in findings]
    if item is None:
        stem = record.get("stem")
        faults += [Fault(f"{draft.item}.stem", message) for message in faults_of_text(stem)] if isinstance(stem, str) else []
    else:
        faults = faults_in_bank(session, standard_of(session, draft.pack), draft.pack, item)
    told = tuple((fault.place.removeprefix(draft.item).removeprefix("."), fault.message) for fault in _once(faults))
    sketch = sketch_of(named)
    shown = None if case is None else {"title": case.title, "text": rendered(case.text, FOR_STAFF)}
    return Preview(None if sketch is None else shown_item(sketch), shown, told)


def shown_item(item: Item) -> dict[str, Any]:
    """Return an item as a paper has it, with the bank's letters as ids of its options."""
    kind = KINDS[item.kind]
    letters = {"options": [option.text for option in item.options], "ids": [option.letter for option in item.options]}
    options = letters if kind.option_counts is not None else {}
    return {"n": 1, "place": 1, "kind": item.kind, "stem": rendered(item.stem, FOR_STAFF), **options, **kind.shown(item)}


def _once(faults: list[Fault]) -> list[Fault]:
    """Leave out what is said of one place twice in the same words."""
    return list({(fault.place, str(fault.message)): fault for fault in faults}.values())
