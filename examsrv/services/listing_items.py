"""The list of the bank's items, one line each, brought up to date with whatever is written: searching reads neither drafts nor keys."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.item_life import ItemState
from examsrv.domain.moment import Moment
from examsrv.storage.tables import ItemRow, ItemVersionRow
from question_bank.item import Item


def counts_now(session: Session, pack: str, item: Item, author: int | None, at: Moment) -> None:
    """Say that this version of an item counts now. `author` wrote it (None: it came with a pack)."""
    mine = (ItemVersionRow.pack == pack, ItemVersionRow.item_id == item.id)
    versions = session.scalar(select(func.count()).where(*mine)) or 0
    line = _line(session, pack, item.id)
    line.digest, line.version = item.digest, versions
    say(line, item, ItemState.APPROVED, at)
    line.author_id = author if author is not None else line.author_id
    session.add(line)
    session.flush()


def say(line: ItemRow, item: Item, state: ItemState, at: Moment) -> None:
    """Write on a line what `item` is now."""
    line.state, line.kind, line.level, line.section, line.point = state, item.kind, item.level, item.section, item.point
    line.difficulty, line.importance, line.stem, line.words = item.difficulty, item.importance, item.stem, words_of(item)
    line.case_id = None if item.case is None else item.case.id
    line.changed = at.wall


def words_of(item: Item) -> str:
    """Return all that can be sought of an item, line by line; nothing of its key."""
    case = [] if item.case is None else [item.case.id, item.case.title, item.case.text]
    return "\n".join([item.id, item.stem, *(option.text for option in item.options), *_texts(item.body), *case])


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []


def _line(session: Session, pack: str, item_id: str) -> ItemRow:
    return session.get(ItemRow, (pack, item_id)) or ItemRow(pack=pack, item_id=item_id, version=0)
