"""The list of the bank's items, one line each, brought up to date with whatever is written: searching reads neither drafts nor keys."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from examsrv.domain.item_life import ItemState
from examsrv.domain.moment import Moment
from examsrv.storage.tables import CaseDraftRow, FormRow, FormSetRow, ItemDraftRow, ItemRow, ItemTagRow, ItemVersionRow
from question_bank.item import Item

TOO_GREAT = 1000
"""A difficulty beyond this was mistyped; it is shown as none."""


def counts_now(session: Session, pack: str, item: Item, author: int | None, at: Moment) -> None:
    """Say that this version of an item counts now. `author` wrote it (None: it came with a pack). What a draft says of it stays."""
    mine = (ItemVersionRow.pack == pack, ItemVersionRow.item_id == item.id)
    versions = session.scalar(select(func.count()).where(*mine)) or 0
    line = _line(session, pack, item.id)
    line.digest, line.version = item.digest, versions
    if session.get(ItemDraftRow, (pack, item.id)) is None:
        say(line, item, ItemState.APPROVED, at)
    line.author_id = author if author is not None else line.author_id
    session.add(line)
    session.flush()


def first_line(pack: str, item: Item, at: Moment) -> ItemRow:
    """Return the line of an item that has come with a pack and was never heard of before."""
    line = ItemRow(pack=pack, item_id=item.id, version=1, digest=item.digest)
    say(line, item, ItemState.APPROVED, at)
    return line


def drafted_now(session: Session, draft: ItemDraftRow, at: Moment) -> None:
    """Say of an item what its draft says, as far as that is written."""
    record, line = draft.record, _line(session, draft.pack, draft.item_id)
    line.state, line.case_id, line.changed, line.author_id = draft.state, draft.case_id, at.wall, draft.author_id
    for name in ("kind", "level", "section", "point", "importance", "stem"):
        setattr(line, name, _text(record.get(name)))
    difficulty = record.get("difficulty")
    line.difficulty = difficulty if isinstance(difficulty, int) and abs(difficulty) < TOO_GREAT else 0
    case = None if draft.case_id is None else session.get(CaseDraftRow, (draft.pack, draft.case_id))
    about = [] if case is None else [case.case_id, case.title, case.text]
    line.words = sought("\n".join([draft.item_id, line.stem, *_texts(record.get("options")), *_texts(record.get("body")), *about]))
    session.add(line)
    session.flush()


def undrafted(session: Session, pack: str, item: Item, state: ItemState, at: Moment) -> None:
    """Say of an item whose draft is gone what it was before."""
    say(_line(session, pack, item.id), item, state, at)
    session.flush()


def unlist(session: Session, pack: str, item: str) -> None:
    """Take an item from the list that never was more than a draft, and its tags."""
    session.execute(delete(ItemTagRow).where(ItemTagRow.pack == pack, ItemTagRow.item_id == item))
    session.delete(session.get_one(ItemRow, (pack, item)))
    session.flush()


def used_now(session: Session, form_set: int, at: datetime) -> None:
    """Say of every item in the forms of a set that it is used at this time, unless it is used later."""
    stored = session.get_one(FormSetRow, form_set)
    drawn = stored.report.get("exposure")  # of a thousand forms the report tells at once which items stand in them
    known: dict[str, list[str]] = {stored.pack: list(drawn)} if drawn else {}
    forms = () if drawn else session.scalars(select(FormRow.items).where(FormRow.form_set_id == form_set))
    digests = {digest for items in forms for digest in items}
    for row in session.execute(select(ItemVersionRow.pack, ItemVersionRow.item_id).where(ItemVersionRow.digest.in_(digests))):
        known.setdefault(row.pack, []).append(row.item_id)
    for pack, items in known.items():
        lines = update(ItemRow).where(ItemRow.pack == pack, ItemRow.item_id.in_(items))
        session.execute(lines.where(or_(ItemRow.last_used.is_(None), ItemRow.last_used < at)).values(last_used=at))


def say(line: ItemRow, item: Item, state: ItemState, at: Moment) -> None:
    """Write on a line what `item` is now."""
    line.state, line.kind, line.level, line.section, line.point = state, item.kind, item.level, item.section, item.point
    line.difficulty, line.importance, line.stem, line.words = item.difficulty, item.importance, item.stem, words_of(item)
    line.case_id = None if item.case is None else item.case.id
    line.changed = at.wall


def words_of(item: Item) -> str:
    """Return all that can be sought of an item, line by line and as `sought` spells it; nothing of its key."""
    case = [] if item.case is None else [item.case.id, item.case.title, item.case.text]
    return sought("\n".join([item.id, item.stem, *(option.text for option in item.options), *_texts(item.body), *case]))


def sought(text: str) -> str:
    """Return `text` without capitals and full-width letters and signs: what is looked for and what is found are both spelled so."""
    return unicodedata.normalize("NFKC", text).casefold()


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _line(session: Session, pack: str, item_id: str) -> ItemRow:
    return session.get(ItemRow, (pack, item_id)) or ItemRow(pack=pack, item_id=item_id, version=0)
