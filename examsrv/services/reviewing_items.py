"""A reviewer's acts: to return a draft with a reason, to approve it, to retire an item and to let it count again.

Whoever has written on a draft cannot decide on it. The drafts of one case are decided on together. Every refusal leaves everything as it was.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from examsrv.domain.item_life import Act, ItemState
from examsrv.domain.moment import Moment
from examsrv.services.banking import approve_version, case_digest, case_of_version, items_with_keys
from examsrv.services.commenting import comment, require_words
from examsrv.services.item_drafts import drafts_together, drop_idle_case, require_act, require_draft, text_of
from examsrv.services.item_events import enter, last_version
from examsrv.services.item_faults import FaultyItemError, faults_together, read_draft
from examsrv.services.listing_items import drafted_now, undrafted
from examsrv.services.scoping import require_section
from examsrv.services.signing_in import StaffMember
from examsrv.storage.tables import ItemDraftRow, ItemRow, ItemVersionRow
from question_bank.item import Item
from question_bank.message import N_, ExamError, Message


def send_back(session: Session, pack: str, item: str, reason: str, by: StaffMember, at: Moment) -> tuple[str, ...]:
    """Return a draft, and with it all drafts of its case, to the author; the reason becomes a comment on `item`. Return the ids."""
    rows = _decided_together(session, pack, item, Act.RETURN, by)
    words = require_words(reason)
    comment(session, pack, item, words, by.actor, at)
    for row in rows:
        row.state, row.reviewer_id, row.changed = ItemState.RETURNED, by.id, at.wall
        session.flush()
        drafted_now(session, row, at)
        enter(session, pack, row.item_id, Act.RETURN, by.actor, at, note=words)
    return tuple(row.item_id for row in rows)


def approve(session: Session, pack: str, item: str, revision: int, by: StaffMember, at: Moment) -> tuple[str, ...]:
    """Approve a draft as it was shown (`revision`), and with it all drafts of its case: frozen versions that count from now on. Return the ids.

    Raises `FaultyItemError` while anything is wrong, a sample response that does not earn what its author says too.
    """
    if require_draft(session, pack, item).revision != revision:
        raise ExamError(Message(N_("The draft is another one than was shown. Look at it again.")))
    rows = _decided_together(session, pack, item, Act.APPROVE, by)
    faults = faults_together(session, rows)
    items = [found for row in rows if (found := read_draft(session, row)[0]) is not None]
    if faults or len(items) < len(rows):
        raise FaultyItemError(faults)
    for row, each in zip(rows, items, strict=True):
        author, case = row.author_id, row.case_id
        session.delete(row)
        session.flush()
        approve_version(session, pack, each, author, at)
        enter(session, pack, each.id, Act.APPROVE, by.actor, at, digest=each.digest)
        drop_idle_case(session, pack, case)
    return tuple(each.id for each in items)


def retire(session: Session, pack: str, item: str, reason: str, by: StaffMember, at: Moment) -> None:
    """Let an approved item count no longer: no form is drawn with it any more. Papers that hold it keep it (see `using_items.planned_with`)."""
    line = _required(session, pack, item, Act.RETIRE, by)
    digest = line.digest
    if digest is None:
        raise ExamError(Message(N_("There is no such item.")))
    words = require_words(reason)
    kept = items_with_keys(session, [digest])[0]
    _count(session, digest, counts=False)
    line.digest = None
    undrafted(session, pack, kept, ItemState.RETIRED, at)
    enter(session, pack, item, Act.RETIRE, by.actor, at, digest=digest, note=words)


def revive(session: Session, pack: str, item: str, reason: str, by: StaffMember, at: Moment) -> None:
    """Let a retired item count again, as it was. Refused when its case has another text by now: then it has to be revised."""
    line = _required(session, pack, item, Act.REVIVE, by)
    digest = last_version(session, pack, item)
    if digest is None:
        raise ExamError(Message(N_("There is no such item.")))
    words = require_words(reason)
    kept = items_with_keys(session, [digest])[0]
    _require_same_case(session, pack, kept)
    _count(session, digest, counts=True)
    line.digest = digest
    undrafted(session, pack, kept, ItemState.APPROVED, at)
    enter(session, pack, item, Act.REVIVE, by.actor, at, digest=digest, note=words)


def _decided_together(session: Session, pack: str, item: str, act: Act, by: StaffMember) -> list[ItemDraftRow]:
    rows = drafts_together(session, require_draft(session, pack, item))
    for row in rows:
        require_section(session, pack, text_of(row.record, "level"), text_of(row.record, "section"), by)
        require_act(session, pack, row.item_id, ItemState(row.state), act, by)
    return rows


def _required(session: Session, pack: str, item: str, act: Act, by: StaffMember) -> ItemRow:
    line = session.get(ItemRow, (pack, item))
    if line is None:
        raise ExamError(Message(N_("There is no such item.")))
    require_section(session, pack, line.level, line.section, by)
    require_act(session, pack, item, ItemState(line.state), act, by)
    return line


def _count(session: Session, digest: str, *, counts: bool) -> None:
    session.execute(update(ItemVersionRow).where(ItemVersionRow.digest == digest).values(is_current=counts))
    session.flush()


def _require_same_case(session: Session, pack: str, item: Item) -> None:
    counting = None if item.case is None else case_of_version(session, pack, item.case.id)
    if item.case is not None and counting is not None and case_digest(counting) != case_digest(item.case):
        raise ExamError(Message(N_("The case of this item has another text by now. Revise the item instead.")))
