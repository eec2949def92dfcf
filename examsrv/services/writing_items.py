"""An author's acts: an item or a case is begun, saved, sent to review, taken back, thrown away, or worked on anew.

The drafts of one case go together: they are sent, returned and approved as one. A new text of a case makes drafts of all its items. Everybody
who acts is told as a member of staff, for role and sections decide; every refusal is an `ExamError` and leaves everything as it was.
"""

import json
import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.item_life import WRITERS, Act, ItemState
from examsrv.domain.moment import Moment
from examsrv.services.banking import case_of_version, items_with_keys
from examsrv.services.item_drafts import (
    NO_CASE_DRAFT,
    CaseDraft,
    Draft,
    case_draft,
    draft_of,
    drafts_together,
    drop_idle_case,
    require_act,
    require_draft,
    require_role,
    text_of,
)
from examsrv.services.item_events import WRITTEN, enter, enter_saving, last_version
from examsrv.services.item_faults import FaultyItemError, faults_together
from examsrv.services.listing_items import drafted_now, undrafted, unlist
from examsrv.services.scoping import require_section
from examsrv.services.signing_in import StaffMember
from examsrv.services.standards import standard_of
from examsrv.services.writable import NO_TEXT, require_text
from examsrv.storage.tables import CaseDraftRow, CaseVersionRow, ItemDraftRow, ItemEventRow, ItemRow
from question_bank.item import Case
from question_bank.kinds import KINDS
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.record import ITEM_ID, Record, record_of
from question_bank.standard import ComponentKey

KIND_LETTERS: Mapping[str, str] = {
    "single_choice": "S",
    "multiple_choice": "M",
    "true_false": "T",
    "blank": "F",
    "numeric": "N",
    "matching": "P",
    "ordering": "O",
    "table": "B",
    "short_text": "Q",
    "essay": "E",
    "upload": "U",
}
"""How ids of the bank tell a kind: L3-CCM-N-001. F as fill, P as pairs, B as 表, Q as question."""
CASE_LETTER = "C"
NUMBERED = re.compile(r"^(?P<level>[^-]+)-(?P<section>[A-Z]+)-(?P<kind>[A-Z]+)-(?P<number>[0-9]+)$")
SECTION_LETTERS = 3
RECORD_LONGEST = 300_000
CASE_TITLE_LONGEST = 200


class StaleDraftError(ExamError):
    """Somebody, or another window, has saved since. What is stored now is told, so that nothing typed is lost and nothing overwritten."""

    def __init__(self, draft: Draft | CaseDraft) -> None:
        text = N_("This was saved elsewhere since you opened it. Your text is still on this page, but not saved: compare, then save it anew.")
        super().__init__(Message(text))
        self.draft = draft


def propose_id(session: Session, pack: str, level: str, section: str, kind: str) -> str:
    """Return the next free id for an item, as the bank's ids are: level, section, kind, number. `kind` may be `case`."""
    letter = CASE_LETTER if kind == "case" else KIND_LETTERS[kind]
    start = f"{level}-{_section_letters(session, pack, section)}-{letter}-"
    taken = {match["number"] for each in _ids(session, pack, start) if (match := NUMBERED.match(each))}
    return f"{start}{max(map(int, taken), default=0) + 1:03}"


def new_item(session: Session, pack: str, level: str, section: str, kind: str, by: StaffMember, at: Moment, case: str | None = None) -> str:
    """Begin an item and return its id; `case`: an item of this case, which becomes a draft if it is none."""
    require_role(by, WRITERS)
    require_section(session, pack, level, section, by)
    if kind not in KINDS:
        raise ExamError(Message(N_("There is no such kind of item.")))
    _require_place(session, pack, level, section)
    item = propose_id(session, pack, level, section, kind)
    if case is not None:
        _require_not_in_review(session, pack, _take_up_case(session, pack, case, at).case_id)
    record: Record = {"id": item, "kind": kind, "level": level, "section": section} | ({} if case is None else {"case": case})
    _add_draft(session, pack, item, record, case, None, by, at)
    enter(session, pack, item, WRITTEN, by.actor, at)
    return item


def new_case(session: Session, pack: str, level: str, section: str, kind: str, by: StaffMember, at: Moment) -> tuple[str, str]:
    """Begin a case with a first item of `kind`; return the ids of both."""
    require_role(by, WRITERS)
    require_section(session, pack, level, section, by)
    _require_place(session, pack, level, section)
    case = propose_id(session, pack, level, section, "case")
    session.add(CaseDraftRow(pack=pack, case_id=case, title="", text="", revision=1, changed=at.wall))
    session.flush()
    return case, new_item(session, pack, level, section, kind, by, at, case)


def _require_place(session: Session, pack: str, level: str, section: str) -> None:
    """Refuse a level that the standard has not, and a section that theory does not ask there."""
    standard = standard_of(session, pack)
    is_level = any(each.id == level for each in standard.levels)
    if not is_level or all(each.key != section for each, _percent in standard.sections(ComponentKey.THEORY, level)):
        raise ExamError(Message(N_("There is no such section at this level.")))


def save(session: Session, pack: str, item: str, record: Mapping[str, object], revision: int, by: StaffMember, at: Moment) -> int:
    """Save a draft, whole or half-written, over the revision that the writer saw; return the new revision. Its id and its case stay.

    Raises `StaleDraftError` when it was saved since.
    """
    row = require_draft(session, pack, item)
    require_act(session, pack, item, ItemState(row.state), Act.SAVE, by)
    if row.revision != revision:
        raise StaleDraftError(_draft(session, pack, item))
    _write(session, row, record, by, at)
    enter_saving(session, pack, item, by.actor, at)
    return row.revision


def save_case(session: Session, pack: str, case: str, title: str, text: str, revision: int, by: StaffMember, at: Moment) -> int:
    """Save title and text of a case over the revision that the writer saw; return the new revision. All its items that count become drafts."""
    row = session.get(CaseDraftRow, (pack, case))
    if row is None:
        raise ExamError(NO_CASE_DRAFT)
    require_role(by, WRITERS)
    _require_not_in_review(session, pack, case)
    if row.revision != revision:
        raise StaleDraftError(_case(session, pack, case))
    require_text(title + text)
    if len(title) > CASE_TITLE_LONGEST or len(text) > RECORD_LONGEST:
        raise ExamError(TOO_LONG)
    for line in session.scalars(select(ItemRow).where(ItemRow.pack == pack, ItemRow.case_id == case)):
        require_section(session, pack, line.level, line.section, by)
    if (title, text) != (row.title, row.text):
        row.title, row.text, row.changed, row.revision = title, text, at.wall, row.revision + 1
        _redraft_items_of_case(session, pack, case, by, at)
    return row.revision


def faults_of_draft(session: Session, pack: str, item: str) -> list[Fault]:
    """Return everything that keeps a draft, and those that go with it, from review."""
    return faults_together(session, drafts_together(session, require_draft(session, pack, item)))


def send(session: Session, pack: str, item: str, by: StaffMember, at: Moment) -> tuple[str, ...]:
    """Send a draft to review, and with it all drafts of its case; return their ids. Raises `FaultyItemError` with everything that is wrong."""
    rows = _act_together(session, pack, item, Act.SEND, by)
    faults = faults_together(session, rows)
    if faults:
        raise FaultyItemError(faults)
    return _move(session, rows, Act.SEND, by, at)


def take_back(session: Session, pack: str, item: str, by: StaffMember, at: Moment) -> tuple[str, ...]:
    """Take what waits for review back to work on it; return the ids."""
    return _move(session, _act_together(session, pack, item, Act.TAKE_BACK, by), Act.TAKE_BACK, by, at)


def discard(session: Session, pack: str, item: str, by: StaffMember, at: Moment) -> None:
    """Throw a draft away: the item is what it was before, or gone if it never counted. Refused while its case has a new text: see `discard_case`."""
    row = _required(session, pack, item, Act.DISCARD, by)
    if row.base is not None and _has_new_text(session, row):
        raise ExamError(Message(N_("The text of the case was changed: its items can only be thrown away together.")))
    _discard(session, row, by, at)
    drop_idle_case(session, pack, row.case_id)


def discard_case(session: Session, pack: str, case: str, by: StaffMember, at: Moment) -> tuple[str, ...]:
    """Throw the new text of a case and all drafts of its items away; return the items' ids."""
    rows = list(session.scalars(select(ItemDraftRow).where(ItemDraftRow.pack == pack, ItemDraftRow.case_id == case).order_by(ItemDraftRow.item_id)))
    if not rows:
        raise ExamError(NO_CASE_DRAFT)
    for row in rows:
        _required(session, pack, row.item_id, Act.DISCARD, by)
    for row in rows:
        _discard(session, row, by, at)
    drop_idle_case(session, pack, case)
    return tuple(row.item_id for row in rows)


def revise(session: Session, pack: str, item: str, by: StaffMember, at: Moment) -> Draft:
    """Begin the next version of an approved or retired item with the content that counts, or counted last; return the draft."""
    line = session.get(ItemRow, (pack, item))
    if line is None:
        raise ExamError(Message(N_("There is no such item.")))
    require_section(session, pack, line.level, line.section, by)
    require_act(session, pack, item, ItemState(line.state), Act.REVISE, by)
    if line.case_id is not None:
        _require_not_in_review(session, pack, line.case_id)
    _revise(session, line, by, at)
    return _draft(session, pack, item)


def put(session: Session, pack: str, record: Record, case: Case | None, by: StaffMember, at: Moment, act: str = "imported") -> str:
    """Make `record` the draft of the item that it names, whatever it was before; `case` is the one that it names. Return the item's id.

    For what comes from a file. Refused: an item in review, a section that is not one's own, an id that is none.
    """
    require_role(by, WRITERS)
    item = text_of(record, "id")
    if not ITEM_ID.match(item):
        raise ExamError(Message(N_("An item needs an id of letters, digits, dots, hyphens and underscores.")))
    if case is not None:
        _require_not_in_review(session, pack, case.id)
        _put_case(session, pack, case, by, at)
    row = session.get(ItemDraftRow, (pack, item))
    if row is None:
        line = session.get(ItemRow, (pack, item))
        if line is not None:
            require_section(session, pack, line.level, line.section, by)
        require_section(session, pack, text_of(record, "level"), text_of(record, "section"), by)
        base = None if line is None else line.digest or last_version(session, pack, item)
        require_text(_spelled(record))
        _add_draft(session, pack, item, record, None if case is None else case.id, base, by, at)
    else:
        require_act(session, pack, item, ItemState(row.state), Act.SAVE, by)
        left, row.case_id = row.case_id, None if case is None else case.id
        _write(session, row, record, by, at)
        drop_idle_case(session, pack, left)
    enter(session, pack, item, act, by.actor, at)
    return item


TOO_LONG = Message(N_("This is too long to be kept."))


def _add_draft(
    session: Session, pack: str, item: str, record: Record, case: str | None, base: str | None, by: StaffMember, at: Moment
) -> ItemDraftRow:
    row = ItemDraftRow(
        pack=pack,
        item_id=item,
        state=ItemState.DRAFT,
        record=record,
        case_id=case,
        base=base,
        revision=1,
        author_id=by.id,
        changed=at.wall,
    )
    session.add(row)
    session.flush()
    drafted_now(session, row, at)
    return row


def _write(session: Session, row: ItemDraftRow, record: Mapping[str, object], by: StaffMember, at: Moment) -> None:
    """Write a record into a draft whose act is allowed; both the section it had and the one it gets have to be the writer's."""
    require_section(session, row.pack, text_of(row.record, "level"), text_of(row.record, "section"), by)
    require_section(session, row.pack, text_of(record, "level"), text_of(record, "section"), by)
    require_text(_spelled(record))
    kept = {name: value for name, value in record.items() if name not in {"id", "case"}}
    row.record = {"id": row.item_id} | ({} if row.case_id is None else {"case": row.case_id}) | kept
    row.revision, row.changed = row.revision + 1, at.wall
    session.flush()
    drafted_now(session, row, at)


def _spelled(record: Mapping[str, object]) -> str:
    spelled = json.dumps(record, ensure_ascii=False)
    if len(spelled) > RECORD_LONGEST:
        raise ExamError(TOO_LONG)
    if "\\u0000" in spelled:
        raise ExamError(NO_TEXT)
    return spelled


def _required(session: Session, pack: str, item: str, act: Act, by: StaffMember) -> ItemDraftRow:
    row = require_draft(session, pack, item)
    require_section(session, pack, text_of(row.record, "level"), text_of(row.record, "section"), by)
    require_act(session, pack, item, ItemState(row.state), act, by)
    return row


def _act_together(session: Session, pack: str, item: str, act: Act, by: StaffMember) -> list[ItemDraftRow]:
    """Return the drafts that go together, each of which the act is allowed on."""
    rows = drafts_together(session, require_draft(session, pack, item))
    return [_required(session, pack, row.item_id, act, by) for row in rows]


def _move(session: Session, rows: Sequence[ItemDraftRow], act: Act, by: StaffMember, at: Moment) -> tuple[str, ...]:
    for row in rows:
        state = require_act(session, row.pack, row.item_id, ItemState(row.state), act, by)
        row.state, row.changed = str(state), at.wall
        session.flush()
        drafted_now(session, row, at)
        enter(session, row.pack, row.item_id, act, by.actor, at)
    return tuple(row.item_id for row in rows)


def _discard(session: Session, row: ItemDraftRow, by: StaffMember, at: Moment) -> None:
    pack, item = row.pack, row.item_id
    line = session.get_one(ItemRow, (pack, item))
    before = line.digest or last_version(session, pack, item)
    session.delete(row)
    session.flush()
    if before is None:
        unlist(session, pack, item)
    else:
        state = ItemState.APPROVED if line.digest is not None else ItemState.RETIRED
        undrafted(session, pack, items_with_keys(session, [before])[0], state, at)
    enter(session, pack, item, Act.DISCARD, by.actor, at)


def _revise(session: Session, line: ItemRow, by: StaffMember, at: Moment) -> None:
    base = line.digest or last_version(session, line.pack, line.item_id)
    if base is None:
        raise ExamError(Message(N_("There is no such item.")))
    item = items_with_keys(session, [base])[0]
    if item.case is not None:
        _take_up_case(session, line.pack, item.case.id, at)
    _add_draft(session, line.pack, item.id, record_of(item), None if item.case is None else item.case.id, base, by, at)
    enter(session, line.pack, item.id, Act.REVISE, by.actor, at)


def _take_up_case(session: Session, pack: str, case: str, at: Moment) -> CaseDraftRow:
    """Return the draft of a case, made of the text that counts if there is none."""
    row = session.get(CaseDraftRow, (pack, case))
    if row is None:
        counting = case_of_version(session, pack, case)
        if counting is None:
            raise ExamError(Message(N_("There is no case %(case)s"), {"case": case}))
        row = CaseDraftRow(pack=pack, case_id=case, title=counting.title, text=counting.text, revision=1, changed=at.wall)
        session.add(row)
        session.flush()
    return row


def _put_case(session: Session, pack: str, case: Case, by: StaffMember, at: Moment) -> None:
    require_text(case.title + case.text)
    row = session.get(CaseDraftRow, (pack, case.id))
    if row is None:
        counting = case_of_version(session, pack, case.id)
        given = counting or case
        row = CaseDraftRow(pack=pack, case_id=case.id, title=given.title, text=given.text, revision=1, changed=at.wall)
        session.add(row)
        session.flush()
    if (row.title, row.text) != (case.title, case.text):
        save_case(session, pack, case.id, case.title, case.text, row.revision, by, at)


def _redraft_items_of_case(session: Session, pack: str, case: str, by: StaffMember, at: Moment) -> None:
    """Make drafts of the items of a case that count, and enter the saving with those that are drafts already."""
    session.flush()
    for line in session.scalars(select(ItemRow).where(ItemRow.pack == pack, ItemRow.case_id == case).order_by(ItemRow.item_id)).all():
        row = session.get(ItemDraftRow, (pack, line.item_id))
        if row is not None:
            drafted_now(session, row, at)
            enter_saving(session, pack, line.item_id, by.actor, at)
        elif line.digest is not None:
            _revise(session, line, by, at)


def _require_not_in_review(session: Session, pack: str, case: str) -> None:
    query = select(ItemDraftRow.item_id).where(ItemDraftRow.pack == pack, ItemDraftRow.case_id == case, ItemDraftRow.state == ItemState.IN_REVIEW)
    if session.scalars(query.limit(1)).first() is not None:
        raise ExamError(Message(N_("The case is in review. Take it back first.")))


def _has_new_text(session: Session, row: ItemDraftRow) -> bool:
    if row.case_id is None:
        return False
    text, counting = session.get(CaseDraftRow, (row.pack, row.case_id)), case_of_version(session, row.pack, row.case_id)
    return text is not None and counting is not None and (text.title, text.text) != (counting.title, counting.text)


def _draft(session: Session, pack: str, item: str) -> Draft:
    found = draft_of(session, pack, item)
    if found is None:
        raise KeyError(item)
    return found


def _case(session: Session, pack: str, case: str) -> CaseDraft:
    found = case_draft(session, pack, case)
    if found is None:
        raise KeyError(case)
    return found


def _ids(session: Session, pack: str, start: str) -> set[str]:
    """Return every id with this start that is used or ever was: of items, thrown away ones too, and of cases."""
    queries = (
        select(ItemRow.item_id).where(ItemRow.pack == pack, ItemRow.item_id.startswith(start, autoescape=True)),
        select(ItemEventRow.item_id).where(ItemEventRow.pack == pack, ItemEventRow.item_id.startswith(start, autoescape=True)),
        select(CaseDraftRow.case_id).where(CaseDraftRow.pack == pack, CaseDraftRow.case_id.startswith(start, autoescape=True)),
        select(CaseVersionRow.case_id).where(CaseVersionRow.case_id.startswith(start, autoescape=True)),
    )
    return {each for query in queries for each in session.scalars(query)}


def _section_letters(session: Session, pack: str, section: str) -> str:
    """Return how ids of the bank tell a section: as those that there are do, else by the letters of its key."""
    known = session.scalars(select(ItemRow.item_id).where(ItemRow.pack == pack, ItemRow.section == section).order_by(ItemRow.item_id)).all()
    for each in known:
        if match := NUMBERED.match(each):
            return match["section"]
    words = [word for word in section.upper().split("_") if word.isalpha()] or ["X"]
    initials = "".join(word[0] for word in words)
    return (initials if len(words) >= SECTION_LETTERS else initials[:-1] + words[-1])[:SECTION_LETTERS]
