"""What bringing a file of items into the bank would do, item by item, held against what is there now: new, changed, the same, or wrong and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.item_life import ItemState
from examsrv.services import media
from examsrv.services.banking import case_of_version, items_with_keys
from examsrv.services.comparing_versions import CASE_TEXT, CASE_TITLE, Difference, differences
from examsrv.services.item_events import last_version
from examsrv.services.item_faults import fault_of, faults_of_item
from examsrv.services.scoping import Scope, scope_of
from examsrv.services.signing_in import StaffMember
from examsrv.services.standards import standard_of
from examsrv.storage.tables import CaseDraftRow, ItemDraftRow, ItemRow
from question_bank.checks.coverage import check_tags
from question_bank.checks.records import check_kinds, check_ranges
from question_bank.formats.pictures import pictures_of
from question_bank.item import Case, Item
from question_bank.message import N_, Fault, Message
from question_bank.pack import ItemFile, Pack
from question_bank.record import Record, case_from, item_from, record_of
from question_bank.standard import Standard
from question_bank.text import plain

CHECKS = (check_kinds, check_ranges, check_tags)
"""What a draft from a file has to pass. What a reviewer would object to beyond is told, but does not keep it out: it may be mended in the bank."""


class Change(StrEnum):
    """What an item of a file would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item of the file. `differences` are those to what the bank has now; `objections` would keep it from review."""

    id: str
    kind: str
    stem: str
    change: Change
    item: Item | None = None
    differences: tuple[Difference, ...] = field(default=(), repr=False)
    faults: tuple[Fault, ...] = ()
    objections: tuple[Fault, ...] = ()

    @property
    def digest(self) -> str:
        """Return the digest of all its content; nothing for what is no item."""
        return "" if self.item is None else self.item.digest


@dataclass(frozen=True, slots=True)
class Plan:
    """All items of a file in its order; `faults` of what did not become an item, `notes` of what was left out or comes along."""

    items: tuple[PlannedItem, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]

    @property
    def can_bring_in(self) -> bool:
        """Tell whether nothing is wrong and there is something to bring in."""
        return not self.faults and not self.count(Change.FAULTY) and bool(self.count(Change.NEW) + self.count(Change.CHANGED))

    @property
    def wrong(self) -> int:
        """Return how many entries of the file are wrong: items, and what did not become one."""
        return self.count(Change.FAULTY) + len({fault.place for fault in self.faults})

    @property
    def digest(self) -> str:
        """Return what tells this plan from one made of the same file for another bank."""
        return digest([[each.id, each.change, [str(one.pieces) for one in each.differences], each.digest] for each in self.items])

    def count(self, change: Change) -> int:
        """Return how many items do this."""
        return sum(each.change is change for each in self.items)


def plan(session: Session, pack: str, content: Mapping[str, list[Record]], faults: Sequence[Fault], notes: Sequence[Fault], by: StaffMember) -> Plan:
    """Hold the cases and items of a file (`content`, as records) against the bank as it is now."""
    cases = {case.id: case for raw in content["cases"] if (case := case_from(raw)[0]) is not None}
    read = [(raw, *item_from(raw, cases)) for raw in content["items"]]
    ids = [item.id for _raw, item, _ in read if item is not None]
    bank = _Bank(session, pack, ids, standard_of(session, pack), scope_of(session, by))
    planned: list[PlannedItem] = []
    seen: set[str] = set()
    for raw, item, findings in read:
        if item is None:
            name = str(raw.get("id"))
            planned.append(PlannedItem(name, "", "", Change.FAULTY, faults=tuple(fault_of(name, finding) for finding in findings)))
            continue
        twice = [Fault(item.id, Message(N_("The file has two items with this id")))] if item.id in seen else []
        seen.add(item.id)
        planned.append(_planned(bank, item, twice))
    return Plan(tuple(planned), tuple(faults), (*notes, *_notes_of_cases(session, pack, planned)))


class _Bank:
    """What of the bank a file is held against: read once for all its items."""

    def __init__(self, session: Session, pack: str, ids: Sequence[str], standard: Standard, scope: Scope) -> None:
        self.session, self.pack, self.standard, self.scope = session, pack, standard, scope
        self.lines = {row.item_id: row for row in session.scalars(select(ItemRow).where(ItemRow.pack == pack, ItemRow.item_id.in_(ids)))}
        drafts = session.scalars(select(ItemDraftRow).where(ItemDraftRow.pack == pack)).all()
        self.drafts = {row.item_id: row for row in drafts}
        self.cases_in_review = {row.case_id for row in drafts if row.state == ItemState.IN_REVIEW}
        self.cases = {row.case_id: row for row in session.scalars(select(CaseDraftRow).where(CaseDraftRow.pack == pack))}
        counting = [row.digest or last_version(session, pack, name) for name, row in self.lines.items() if name not in self.drafts]
        self.versions = {item.id: item for item in items_with_keys(session, [each for each in counting if each is not None])}

    def record_now(self, item: str) -> Record | None:
        """Return what the bank has of an item now, as a record with the text of its case: its draft if there is one, else its last version."""
        draft, version = self.drafts.get(item), self.versions.get(item)
        if draft is None:
            return None if version is None else whole_record(version)
        row = self.cases.get(draft.case_id or "")
        case = None if row is None else Case(row.case_id, row.title, row.text)
        whole, _ = item_from(draft.record, {} if case is None else {case.id: case})
        if whole is not None:
            return whole_record(whole)
        return dict(draft.record) | ({} if case is None else {CASE_TITLE: case.title, CASE_TEXT: case.text})


def whole_record(item: Item) -> Record:
    """Return an item as a record with the text of its case, to be compared."""
    return record_of(item) | ({} if item.case is None else {CASE_TITLE: item.case.title, CASE_TEXT: item.case.text})


def _planned(bank: _Bank, item: Item, faults: list[Fault]) -> PlannedItem:
    alone = Pack(bank.pack, bank.standard, (ItemFile("", (item,)),), (), ())
    faults += [fault for check in CHECKS for fault in check(alone)]
    faults += _faults_in_bank(bank, item)
    now, new = bank.record_now(item.id), whole_record(item)
    found = tuple(differences(now, new, with_key=True)) if now is not None else ()
    is_retired = item.id in bank.lines and bank.lines[item.id].state == ItemState.RETIRED
    change = Change.NEW if now is None else Change.CHANGED if found or is_retired else Change.SAME
    objections = () if faults else tuple(faults_of_item(bank.standard, item))
    return PlannedItem(item.id, item.kind, plain(item.stem), Change.FAULTY if faults else change, item, found, tuple(faults), objections)


def _faults_in_bank(bank: _Bank, item: Item) -> list[Fault]:
    """Return what stands against an item in the bank: another's section, a review that is under way, pictures that are nowhere."""
    faults = []
    line = bank.lines.get(item.id)
    places = {(item.level, item.section)} | ({(line.level, line.section)} if line is not None else set())
    if not all(bank.scope.holds(bank.pack, level, section) for level, section in places):
        faults.append(Fault(item.id, Message(N_("You work on other sections of the bank. An administrator can change that."))))
    draft = bank.drafts.get(item.id)
    if draft is not None and draft.state == ItemState.IN_REVIEW:
        faults.append(Fault(item.id, Message(N_("The item is in review. Take it back first."))))
    if item.case is not None and item.case.id in bank.cases_in_review and not faults:
        faults.append(Fault(item.id, Message(N_("The case is in review. Take it back first."))))
    missing = set(pictures_of(item)) - media.present(bank.session, pictures_of(item))
    return faults + [Fault(item.id, Message(N_("The picture %(digest)s is not there"), {"digest": digest})) for digest in sorted(missing)]


def _notes_of_cases(session: Session, pack: str, planned: Sequence[PlannedItem]) -> list[Fault]:
    """Tell of each case with a new text which items that the file does not have become drafts with it."""
    notes = []
    cases: dict[str, Case] = {each.item.case.id: each.item.case for each in planned if each.item is not None and each.item.case is not None}
    for case in cases.values():
        counting = case_of_version(session, pack, case.id)
        if counting is None or counting == case:
            continue
        query = select(ItemRow.item_id).where(ItemRow.pack == pack, ItemRow.case_id == case.id, ItemRow.digest.is_not(None)).order_by(ItemRow.item_id)
        others = sorted(set(session.scalars(query)) - {each.id for each in planned})
        if others:
            text = N_("The text of the case is new: its other items become drafts too: %(items)s")
            notes.append(Fault(case.id, Message(text, {"items": ", ".join(others)})))
    return notes
