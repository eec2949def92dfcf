"""What keeps a draft from review and from approval: everything that is wrong with it by itself, and with the case that it belongs to."""

from collections.abc import Callable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from examsrv.services.banking import case_digest
from examsrv.services.item_drafts import drafted_cases
from examsrv.services.media import present
from examsrv.services.standards import standard_of
from examsrv.storage.tables import CaseDraftRow, ItemDraftRow, ItemRow, ItemVersionRow
from question_bank.checks import coverage, keys, records, wording
from question_bank.checks.records import faults_of_texts
from question_bank.item import Case, Item
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.pack import ItemFile, Pack
from question_bank.record import Finding, case_from, item_from
from question_bank.standard import Standard
from question_bank.text import media_of

LEAST_ITEMS_OF_A_CASE = 2
CHECKS_OF_ONE_ITEM: tuple[Callable[[Pack], list[Fault]], ...] = (
    records.check_kinds,
    records.check_ranges,
    records.check_rationales,
    records.check_samples,
    keys.check_longest_keys,
    wording.check_stem_forms,
    wording.check_catch_all_options,
    wording.check_negative_stems,
    wording.check_absolute_words,
    coverage.check_tags,
)
"""The bank's checks that look at one item alone. What is said of many items together is on the page of checks."""


class FaultyItemError(ExamError):
    """A draft cannot be sent or approved: `faults` says everything."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(Message(N_("The item has %(count)d faults. Mend them first."), {"count": len(faults)}))
        self.faults = tuple(faults)


def read_draft(session: Session, row: ItemDraftRow) -> tuple[Item | None, list[Fault]]:
    """Return the item that a draft holds, or everything that is wrong with its shape."""
    item, findings = item_from(row.record, drafted_cases(session, row.pack, row.case_id))
    return item, [fault_of(row.item_id, finding) for finding in findings]


def faults_together(session: Session, rows: Sequence[ItemDraftRow]) -> list[Fault]:
    """Return everything that is wrong with drafts that go together, and with their case."""
    standard = standard_of(session, rows[0].pack)
    faults = _faults_of_case(session, rows[0].pack, rows[0].case_id)
    for row in rows:
        item, found = read_draft(session, row)
        faults += found if item is None else faults_in_bank(session, standard, row.pack, item)
    return faults


def faults_in_bank(session: Session, standard: Standard, pack: str, item: Item) -> list[Fault]:
    """Return everything that is wrong with an item by itself and as part of the bank: pictures that are not kept, enemies that are not there."""
    texts = [item.stem] if item.case is None else [item.stem, item.case.text]
    pictures = present(session, [digest for text in texts for digest in media_of(text)])
    return [*faults_of_item(standard, item), *faults_of_texts(item, pictures), *_faults_of_enemies(session, pack, item)]


def faults_of_item(standard: Standard, item: Item) -> list[Fault]:
    """Return everything that is wrong with an item by itself."""
    alone = Pack(standard.occupation.code, standard, (ItemFile("", (item,)),), (), ())
    return [fault for check in CHECKS_OF_ONE_ITEM for fault in check(alone)]


def fault_of(item: str, finding: Finding) -> Fault:
    """Return a finding about a record as a fault whose place begins with the item."""
    place, message = finding
    return Fault(item + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place), message)


def _faults_of_case(session: Session, pack: str, case_id: str | None) -> list[Fault]:
    if case_id is None:
        return []
    row = session.get(CaseDraftRow, (pack, case_id))
    if row is None:
        return []
    case, findings = case_from({"case": row.case_id, "title": row.title, "text": row.text})
    faults = [fault_of(case_id, finding) for finding in findings]
    living = or_(ItemRow.digest.is_not(None), ItemRow.item_id.in_(select(ItemDraftRow.item_id).where(ItemDraftRow.pack == pack)))
    lines = session.execute(select(ItemRow.level, ItemRow.section).where(ItemRow.pack == pack, ItemRow.case_id == case_id, living)).all()
    if len(lines) < LEAST_ITEMS_OF_A_CASE:
        faults.append(Fault(case_id, Message(N_("A case has at least two items"))))
    if len({(line.level, line.section) for line in lines}) > 1:
        faults.append(Fault(case_id, Message(N_("All items of a case belong to one level and one section"))))
    return faults if case is None else [*faults, *_faults_of_other_texts(session, pack, case)]


def _faults_of_other_texts(session: Session, pack: str, case: Case) -> list[Fault]:
    """Items of the case that count and are not being worked on have the text that the drafts have."""
    drafted = select(ItemDraftRow.item_id).where(ItemDraftRow.pack == pack)
    lines = select(ItemRow.digest).where(ItemRow.pack == pack, ItemRow.case_id == case.id, ItemRow.item_id.not_in(drafted))
    other = select(ItemVersionRow.item_id).where(ItemVersionRow.digest.in_(lines), ItemVersionRow.case_digest != case_digest(case))
    text = Message(N_("Two different texts have this case id"))
    return [Fault(case.id, text)] if session.scalars(other.limit(1)).first() is not None else []


def _faults_of_enemies(session: Session, pack: str, item: Item) -> list[Fault]:
    """Enemies exist and are others. Whether they name this one too does not matter: one of the two is enough for drawing forms."""
    known = set(session.scalars(select(ItemRow.item_id).where(ItemRow.pack == pack, ItemRow.item_id.in_(item.enemies)))) if item.enemies else set()
    text = N_("%(enemy)s is no other item of the bank")
    strangers = [enemy for enemy in item.enemies if enemy not in known or enemy == item.id]
    return [Fault(f"{item.id}.enemies", Message(text, {"enemy": enemy})) for enemy in strangers]
