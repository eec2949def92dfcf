"""Drafts of items and of cases as they are: read, listed, and what of them belongs together. Drafts hold keys: for those who keep the bank only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.item_life import Act, ItemState, passage
from examsrv.domain.roles import Role
from examsrv.services.item_events import names_of, writers_of
from examsrv.services.scoping import scope_of
from examsrv.services.signing_in import StaffMember
from examsrv.storage.tables import CaseDraftRow, ItemDraftRow, ItemRow
from question_bank.item import Case
from question_bank.message import N_, ExamError, Message
from question_bank.record import Record

NO_DRAFT = Message(N_("Nobody is working on this item: revise it first."))
NO_CASE_DRAFT = Message(N_("Nobody is working on this case: revise one of its items first."))


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """The text of a case that is worked on. `items` are all that belong to it, with their states, by id."""

    pack: str
    case: str
    title: str
    text: str
    revision: int
    changed: datetime
    items: tuple[tuple[str, ItemState], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The next version of an item. `record` may be half-written; `base` is the digest of the version that it will supersede."""

    pack: str
    item: str
    state: ItemState
    record: Record = field(repr=False)
    revision: int
    base: str | None
    author: int
    author_name: str
    changed: datetime
    case: CaseDraft | None


def draft_of(session: Session, pack: str, item: str) -> Draft | None:
    """Return the draft of an item with the text of its case; None where nobody works on it."""
    row = session.get(ItemDraftRow, (pack, item))
    if row is None:
        return None
    case = None if row.case_id is None else case_draft(session, pack, row.case_id)
    name = names_of(session, [row.author_id]).get(row.author_id, "")
    return Draft(pack, item, ItemState(row.state), dict(row.record), row.revision, row.base, row.author_id, name, row.changed, case)


def case_draft(session: Session, pack: str, case: str) -> CaseDraft | None:
    """Return the text of a case that is worked on; None where nobody does."""
    row = session.get(CaseDraftRow, (pack, case))
    if row is None:
        return None
    lines = session.execute(select(ItemRow.item_id, ItemRow.state).where(ItemRow.pack == pack, ItemRow.case_id == case).order_by(ItemRow.item_id))
    return CaseDraft(pack, case, row.title, row.text, row.revision, row.changed, tuple((line.item_id, ItemState(line.state)) for line in lines))


def place_of_case(session: Session, pack: str, case: str) -> tuple[str, str] | None:
    """Return level and section of a case's items; None where there is no such case."""
    line = session.scalars(select(ItemRow).where(ItemRow.pack == pack, ItemRow.case_id == case).order_by(ItemRow.item_id).limit(1)).first()
    return None if line is None else (line.level, line.section)


def drafts_together(session: Session, row: ItemDraftRow) -> list[ItemDraftRow]:
    """Return the drafts that are sent, returned and approved with this one: all those of its case, by id."""
    if row.case_id is None:
        return [row]
    query = select(ItemDraftRow).where(ItemDraftRow.pack == row.pack, ItemDraftRow.case_id == row.case_id)
    return list(session.scalars(query.order_by(ItemDraftRow.item_id)))


def require_draft(session: Session, pack: str, item: str) -> ItemDraftRow:
    """Return an item's draft; refuse where there is none."""
    row = session.get(ItemDraftRow, (pack, item))
    if row is None:
        raise ExamError(NO_DRAFT)
    return row


def drafted_cases(session: Session, pack: str, case: str | None) -> Mapping[str, Case]:
    """Return the case that a draft names, as its text stands now: fit for reading the draft's record."""
    row = session.get(CaseDraftRow, (pack, case)) if case is not None else None
    return {} if row is None else {row.case_id: Case(row.case_id, row.title, row.text)}


def drop_idle_case(session: Session, pack: str, case: str | None) -> None:
    """Let go of a case's text when none of its items is a draft any more."""
    if case is None:
        return
    session.flush()
    is_held = session.scalars(select(ItemDraftRow.item_id).where(ItemDraftRow.pack == pack, ItemDraftRow.case_id == case).limit(1)).first()
    row = session.get(CaseDraftRow, (pack, case))
    if is_held is None and row is not None:
        session.delete(row)
        session.flush()


def may(session: Session, pack: str, line: ItemRow, act: Act, by: StaffMember) -> bool:
    """Tell whether somebody could do an act on an item as it stands: what buttons are shown for."""
    try:
        require_act(session, pack, line.item_id, ItemState(line.state), act, by)
    except ExamError:
        return False
    return scope_of(session, by).holds(pack, line.level, line.section)


def require_act(session: Session, pack: str, item: str, state: ItemState, act: Act, by: StaffMember) -> ItemState | None:
    """Return where an act leads, or refuse it: not from this state, not in this role, or not by somebody who has written the draft."""
    found = passage(state, act)
    require_role(by, found.roles)
    if found.not_the_author and by.id in writers_of(session, pack, item):
        raise ExamError(Message(N_("Somebody else has to decide on this: you have written on it yourself.")))
    return found.to


def require_role(by: StaffMember, roles: frozenset[Role]) -> None:
    """Refuse somebody who holds none of the roles."""
    if not any(by.has(role) for role in roles):
        raise ExamError(Message(N_("You do not have the role for this.")))


def text_of(record: Mapping[str, Any], name: str) -> str:
    """Return a field of a half-written record if it is a text, else nothing."""
    found = record.get(name)
    return found if isinstance(found, str) else ""
