"""The list of the bank's items, searched: drafts, approved and retired ones. It is read from the list alone, never from drafts or keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from examsrv.domain.item_life import ItemState
from examsrv.services.item_events import names_of
from examsrv.services.listing_items import sought
from examsrv.services.scoping import WHOLE_BANK, Scope
from examsrv.services.standards import standard_of
from examsrv.services.tagging import tags, tags_of
from examsrv.storage.tables import ItemRow, ItemTagRow
from question_bank.kinds import KINDS
from question_bank.message import N_, Message
from question_bank.standard import ComponentKey, Standard
from question_bank.text import plain

PER_PAGE = 25
NO_KIND = Message(N_("No kind yet"))


class Used(StrEnum):
    """What is asked of an item's last use."""

    NEVER = "never"
    BEFORE = "before"
    SINCE = "since"


class Shown(StrEnum):
    """Which states are asked for, when it is not one of them."""

    LIVING = ""
    """All but the retired ones."""
    ALL = "all"


SORTS: Mapping[str, InstrumentedAttribute[object]] = {
    "id": ItemRow.item_id,
    "changed": ItemRow.changed,
    "difficulty": ItemRow.difficulty,
    "used": ItemRow.last_used,
}
"""What can be sorted by, and the column: nothing else of an address reaches the query."""
NEWEST_FIRST = "-changed"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; an empty field says nothing. Each word of `text` is sought in number, stem, options, content and case.

    `state` is a state, or a `Shown`. `day` goes with `used` before or since.
    """

    text: str = ""
    tag: str = ""
    level: str = ""
    section: str = ""
    kind: str = ""
    state: str = Shown.LIVING
    difficulty: int | None = None
    importance: str = ""
    point: str = ""
    case: str = ""
    used: str = ""
    day: datetime | None = None
    author: int | None = None
    sort: str = NEWEST_FIRST


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item in the list. `facility` and `discrimination` are None where there are too few candidates."""

    id: str
    stem: str
    kind: Message
    state: ItemState
    level: str
    section: str
    point: str
    difficulty: int
    importance: str
    version: int
    case: str | None
    author: str
    changed: datetime
    last_used: datetime | None
    facility: float | None
    discrimination: float | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of the list. `page` counts from 1."""

    lines: tuple[ItemLine, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be filtered by: value and words."""

    levels: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, Message], ...]
    points: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]
    authors: tuple[tuple[int, str], ...]


def find_items(session: Session, pack: str, wanted: Filter, page: int, scope: Scope = WHOLE_BANK) -> ItemPage:
    """Return a page of the items that fit, of those that somebody works on; a page outside the list is the nearest one."""
    conditions = _conditions(pack, wanted, scope)
    total = session.scalar(select(func.count()).select_from(ItemRow).where(*conditions)) or 0
    pages = max(1, -(-total // PER_PAGE))
    nearest = min(max(1, page), pages)
    query = _sorted(select(ItemRow).where(*conditions), wanted.sort)
    return ItemPage(tuple(_lines(session, pack, query.limit(PER_PAGE).offset((nearest - 1) * PER_PAGE))), nearest, pages, total)


def found_ids(session: Session, pack: str, wanted: Filter, scope: Scope = WHOLE_BANK) -> list[str]:
    """Return the ids of all items that fit, as the list sorts them."""
    return list(session.scalars(_sorted(select(ItemRow), wanted.sort).with_only_columns(ItemRow.item_id).where(*_conditions(pack, wanted, scope))))


def lines_of(session: Session, pack: str, items: list[str]) -> list[ItemLine]:
    """Return items as the list shows them, by id."""
    return _lines(session, pack, select(ItemRow).where(ItemRow.pack == pack, ItemRow.item_id.in_(items)).order_by(ItemRow.item_id))


def choices(session: Session, pack: str, scope: Scope = WHOLE_BANK) -> Choices:
    """Return what the items of a pack can be filtered by, in the order of the standard."""
    standard = standard_of(session, pack)
    mine = (ItemRow.pack == pack, scope.condition(pack))
    present = {
        (row.level, row.section, row.point) for row in session.execute(select(ItemRow.level, ItemRow.section, ItemRow.point).where(*mine).distinct())
    }
    levels, sections, points = ({row[place] for row in present} for place in range(3))
    authors = session.scalars(select(ItemRow.author_id).where(*mine).distinct()).all()
    return Choices(
        levels=tuple((level.id, level.name or level.id) for level in standard.levels if level.id in levels),
        sections=tuple((key, name) for key, name in section_names(standard).items() if key in sections),
        kinds=tuple((name, kind.label) for name, kind in KINDS.items()),
        points=tuple((point, name) for point, name in point_names(standard).items() if point in points),
        tags=tuple((tag, f"{tag} ({count})") for tag, count in tags(session, pack)),
        authors=tuple(
            sorted(((number, name) for number, name in names_of(session, authors).items() if number is not None), key=lambda each: each[1])
        ),
    )


def point_names(standard: Standard) -> dict[str, str]:
    """Return code and name of every point, by its id."""
    return {point.id: f"{point.code} {point.name}" for level in standard.levels for point in standard.points(level.id)}


def section_names(standard: Standard) -> dict[str, str]:
    """Return the names of the sections that theory asks, by key."""
    return {section.key: section.name for table in standard.weights if table.component is ComponentKey.THEORY for section in table.sections}


def _conditions(pack: str, wanted: Filter, scope: Scope) -> list[ColumnElement[bool]]:
    exact = {
        ItemRow.level: wanted.level,
        ItemRow.section: wanted.section,
        ItemRow.kind: wanted.kind,
        ItemRow.importance: wanted.importance,
        ItemRow.point: wanted.point,
        ItemRow.case_id: wanted.case,
        ItemRow.difficulty: wanted.difficulty,
        ItemRow.author_id: wanted.author,
    }
    conditions = [ItemRow.pack == pack, scope.condition(pack), *(column == value for column, value in exact.items() if value not in ("", None))]
    conditions += [ItemRow.words.contains(word, autoescape=True) for word in sought(wanted.text).split()]
    if wanted.tag:
        tagged = select(ItemTagRow.item_id).where(ItemTagRow.pack == pack, ItemTagRow.tag == wanted.tag)
        conditions.append(ItemRow.item_id.in_(tagged))
    return [*conditions, *_of_state(wanted), *_of_use(wanted)]


def _of_state(wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.state == Shown.ALL:
        return []
    return [ItemRow.state != ItemState.RETIRED if wanted.state == Shown.LIVING else ItemRow.state == wanted.state]


def _of_use(wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.used == Used.NEVER:
        return [ItemRow.last_used.is_(None)]
    if wanted.day is None or wanted.used not in (Used.BEFORE, Used.SINCE):
        return []
    return [ItemRow.last_used < wanted.day if wanted.used == Used.BEFORE else ItemRow.last_used >= wanted.day]


def _sorted(query: Select[ItemRow], sort: str) -> Select[ItemRow]:
    """Sort as asked, what is nowhere last, and by id what is alike; a word that is no order is read as the newest change first."""
    known = sort if sort.removeprefix("-") in SORTS else NEWEST_FIRST
    column = SORTS[known.removeprefix("-")]
    return query.order_by((column.desc() if known.startswith("-") else column.asc()).nulls_last(), ItemRow.item_id)


def _lines(session: Session, pack: str, query: Select[ItemRow]) -> list[ItemLine]:
    rows = session.scalars(query).all()
    names, sections = names_of(session, [row.author_id for row in rows]), section_names(standard_of(session, pack))
    labels = tags_of(session, pack, [row.item_id for row in rows])
    return [
        ItemLine(
            id=row.item_id,
            stem=plain(row.stem),
            kind=KINDS[row.kind].label if row.kind in KINDS else NO_KIND,
            state=ItemState(row.state),
            level=row.level,
            section=sections.get(row.section, row.section),
            point=row.point,
            difficulty=row.difficulty,
            importance=row.importance,
            version=row.version,
            case=row.case_id,
            author=names.get(row.author_id, ""),
            changed=row.changed,
            last_used=row.last_used,
            facility=row.facility,
            discrimination=row.discrimination,
            tags=labels.get(row.item_id, ()),
        )
        for row in rows
    ]
