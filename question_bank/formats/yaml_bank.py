"""Items as a YAML list, the form in which authors write them. `write_items` and `read_items` are each other's inverse.

An entry with `case`, `title` and `text` is a case; the items after it name it by `case`.
"""

from collections.abc import Mapping, Sequence

import yaml

from question_bank.formats.pictures import lost_pictures
from question_bank.formats.reading import Reading, Writing
from question_bank.formats.yaml_document import Document, read_document
from question_bank.item import Case, Item
from question_bank.message import N_, Fault, Message
from question_bank.record import Finding, Record, case_from, item_from, record_of, record_of_case

LINE_WIDTH = 140
FAULTS_MOST = 2000
"""A person stops reading long before; a file of nothing but faults must not fill the memory."""


def read(content: bytes, name: str) -> Reading:
    """Return what a file called `name` holds; pictures are named in it, never held."""
    items, faults = read_items(content, name)
    return Reading(tuple(items), tuple(faults))


def write(items: Sequence[Item], media: Mapping[str, bytes]) -> Writing:  # noqa: ARG001 - as every format is asked
    """Return `items` as a file; that the pictures they name are not in it is said of each."""
    return Writing(write_items(items).encode(), lost_pictures(items))


def read_items(text: str | bytes, place: str) -> tuple[list[Item], list[Fault]]:
    """Return the items that are whole and the faults of the others. A fault's place is the file (`place`), line, item and field."""
    document = read_document(text)
    faults = [Fault(f"{place}: {fault.place}", fault.message) for fault in document.faults]
    if not isinstance(document.value, list):
        return [], faults or [Fault(place, Message(N_("A list of items is wanted")))]
    items: list[Item] = []
    cases: dict[str, Case] = {}
    for index, raw in enumerate(document.value):
        if _is_case(raw):
            case, findings = case_from(raw)
            if case is not None and case.id in cases:
                findings = [(("case",), Message(N_("The case %(case)s stands twice"), {"case": case.id}))]
            elif case is not None:
                cases[case.id] = case
        else:
            item, findings = item_from(raw, cases)
            items += [item] if item is not None else []
        faults += _faults_of_entry(document, place, index, findings)
        if len(faults) >= FAULTS_MOST:
            return items, [*faults, Fault(place, Message(N_("The file has more faults than are told; it is not read further")))]
    return items, faults


def write_items(items: Sequence[Item]) -> str:
    """Return `items` as YAML that `read_items` reads back exactly; a case stands before the first item that has it."""
    rows: list[Record] = []
    written: set[str] = set()
    for item in items:
        if item.case is not None and item.case.id not in written:
            written.add(item.case.id)
            rows.append(record_of_case(item.case))
        rows.append(record_of(item))
    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=LINE_WIDTH)


def _is_case(raw: object) -> bool:
    return isinstance(raw, dict) and "case" in raw and "id" not in raw and "kind" not in raw


def _faults_of_entry(document: Document, place: str, index: int, findings: list[Finding]) -> list[Fault]:
    raw = document.value[index] if isinstance(document.value, list) else None
    ids = [raw[name] for name in ("id", "case") if isinstance(raw, dict) and isinstance(raw.get(name), str)]
    name = ids[0] if ids else f"[{index}]"
    faults = []
    for path, message in findings:
        inside, _, line = document.name_of((index, *path)).partition(" ")
        faults.append(Fault(f"{place}: {name}{inside.removeprefix(f'[{index}]')} {line}", message))
    return faults
