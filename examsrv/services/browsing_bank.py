"""The bank for those who look after it: search, one item, and the map of what is there for each point. Keys only after a look on record."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.banking import items_with_keys
from examsrv.services.standards import standard_of
from examsrv.storage.tables import ItemVersionRow
from question_bank.item import Item, Response, Sample
from question_bank.kinds import KINDS
from question_bank.message import Message
from question_bank.standard import ComponentKey, Point, Standard
from question_bank.text import rendered

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; an empty field says nothing. `text` is sought in stem, options and id."""

    text: str = ""
    level: str = ""
    section: str = ""
    kind: str = ""
    difficulty: int | None = None
    importance: str = ""
    point: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item in the list."""

    id: str
    stem: str
    kind: Message
    level: str
    section: str
    point: str
    difficulty: int
    importance: str
    version: int


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


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item without its key; `stem` is sanitised HTML. `versions` are the digests of all its versions, newest first."""

    line: ItemLine
    kind: str
    html: str
    options: tuple[tuple[str, str], ...]
    point_name: str
    enemies: tuple[str, ...]
    digest: str
    versions: tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class ItemSecret:
    """What only authors, reviewers and administrators see of an item."""

    key: Response
    rationale: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A point with how many items of each kind ask it, in the order of the kinds."""

    point: Point
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CoverageSection:
    """A section with its weight in the paper and its points."""

    key: str
    name: str
    weight: int
    rows: tuple[CoverageRow, ...]

    @property
    def items(self) -> int:
        """Return how many items the section has."""
        return sum(sum(row.counts) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The map of one component of one level: the points that may be asked, by section."""

    level: str
    level_name: str
    kinds: tuple[Message, ...]
    sections: tuple[CoverageSection, ...]

    @property
    def holes(self) -> tuple[CoverageRow, ...]:
        """Return the points that no item asks."""
        return tuple(row for section in self.sections for row in section.rows if not any(row.counts))

    @property
    def points(self) -> int:
        """Return how many points may be asked."""
        return sum(len(section.rows) for section in self.sections)


def find_items(session: Session, pack: str, wanted: Filter, page: int) -> ItemPage:
    """Return a page of the current items that fit, by id; a page outside the list is the nearest one."""
    query = _matching(pack, wanted)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    nearest = min(max(1, page), pages)
    rows = session.scalars(query.order_by(ItemVersionRow.item_id).limit(PER_PAGE).offset((nearest - 1) * PER_PAGE)).all()
    names = _section_names(session, pack)
    return ItemPage(tuple(_line(session, row, names) for row in rows), nearest, pages, total)


def choices(session: Session, pack: str) -> Choices:
    """Return what the items of a pack can be filtered by, in the order of the standard."""
    standard = standard_of(session, pack)
    present = set(session.scalars(select(ItemVersionRow.level).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current).distinct()))
    asked = set(session.scalars(select(ItemVersionRow.point).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current).distinct()))
    points = _point_names(standard)
    return Choices(
        levels=tuple((level.id, level.name or level.id) for level in standard.levels if level.id in present),
        sections=tuple(_section_names(session, pack).items()),
        kinds=tuple((name, kind.label) for name, kind in KINDS.items()),
        points=tuple((point, name) for point, name in points.items() if point in asked),
    )


def item_exists(session: Session, pack: str, item: str) -> bool:
    """Tell whether a pack has an item of this id."""
    return _current(session, pack, item) is not None


def item_view(session: Session, pack: str, item: str) -> ItemView:
    """Return an item as candidates see it, with its tags."""
    row = _current(session, pack, item)
    if row is None:
        raise KeyError(item)
    points = _point_names(standard_of(session, pack))
    versions = session.scalars(select(ItemVersionRow).where(ItemVersionRow.pack == pack, ItemVersionRow.item_id == item))
    return ItemView(
        line=_line(session, row, _section_names(session, pack)),
        kind=row.kind,
        html=rendered(row.stem),
        options=tuple((letter, text) for letter, text in row.options),
        point_name=points.get(row.point, row.point),
        enemies=tuple(row.enemies),
        digest=row.digest,
        versions=tuple((each.number, each.digest, each.is_current) for each in sorted(versions, key=lambda each: each.number, reverse=True)),
    )


def record_key_look(session: Session, pack: str, item: str, by: Actor, at: Moment) -> None:
    """Enter into the audit that somebody looks at an item's key."""
    record(session, "item.key_shown", f"pack/{pack}", by, at, item=item)


def item_secret(session: Session, pack: str, item: str) -> ItemSecret:
    """Return key, rationale and samples of an item: after `record_key_look` only."""
    row = _current(session, pack, item)
    if row is None:
        raise KeyError(item)
    found: Item = items_with_keys(session, [row.digest])[0]
    return ItemSecret(found.key, found.rationale, found.samples)


def coverage(session: Session, pack: str, level: str, component: str) -> Coverage:
    """Return for every point that the component of a level may ask how many current items of each kind there are."""
    standard = standard_of(session, pack)
    part = ComponentKey(component)
    counted = select(ItemVersionRow.point, ItemVersionRow.section, ItemVersionRow.kind, func.count()).where(
        ItemVersionRow.pack == pack, ItemVersionRow.level == level, ItemVersionRow.is_current
    )
    rows = session.execute(counted.group_by(ItemVersionRow.point, ItemVersionRow.section, ItemVersionRow.kind))
    counts: Mapping[tuple[str, str, str], int] = {(point, section, kind): count for point, section, kind, count in rows}
    points = standard.points_of(part, level)
    sections = tuple(
        CoverageSection(
            section.key,
            section.name,
            percent,
            tuple(
                CoverageRow(point, tuple(counts.get((point.id, section.key, kind), 0) for kind in KINDS))
                for point in points
                if point.weight_key == section.key
            ),
        )
        for section, percent in standard.sections(part, level)
    )
    return Coverage(level, standard.level(level).name or "", tuple(kind.label for kind in KINDS.values()), sections)


def _matching(pack: str, wanted: Filter) -> Select[ItemVersionRow]:
    query = select(ItemVersionRow).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current)
    for column, value in (
        (ItemVersionRow.level, wanted.level),
        (ItemVersionRow.section, wanted.section),
        (ItemVersionRow.kind, wanted.kind),
        (ItemVersionRow.importance, wanted.importance),
        (ItemVersionRow.point, wanted.point),
    ):
        if value:
            query = query.where(column == value)
    if wanted.difficulty is not None:
        query = query.where(ItemVersionRow.difficulty == wanted.difficulty)
    return _with_text(query, wanted.text.strip())


def _with_text(query: Select[ItemVersionRow], text: str) -> Select[ItemVersionRow]:
    """Look for `text` as it stands; signs that the database reads as wildcards are meant literally."""
    if not text:
        return query
    as_json = json.dumps(text)[1:-1]  # options are stored as JSON, which spells Chinese in escapes
    in_options = cast(ItemVersionRow.options, String).icontains(as_json, autoescape=True)
    in_stem, in_id = ItemVersionRow.stem.icontains(text, autoescape=True), ItemVersionRow.item_id.icontains(text, autoescape=True)
    return query.where(or_(in_stem, in_id, in_options))


def _current(session: Session, pack: str, item: str) -> ItemVersionRow | None:
    query = select(ItemVersionRow).where(ItemVersionRow.pack == pack, ItemVersionRow.item_id == item, ItemVersionRow.is_current)
    return session.scalars(query).one_or_none()


def _line(session: Session, row: ItemVersionRow, section_names: Mapping[str, str]) -> ItemLine:
    versions = session.scalar(
        select(func.count()).where(ItemVersionRow.pack == row.pack, ItemVersionRow.item_id == row.item_id, ItemVersionRow.number <= row.number)
    )
    return ItemLine(
        row.item_id,
        row.stem,
        KINDS[row.kind].label,
        row.level,
        section_names.get(row.section, row.section),
        row.point,
        row.difficulty,
        row.importance,
        versions or 1,
    )


def _point_names(standard: Standard) -> dict[str, str]:
    return {point.id: f"{point.code} {point.name}" for level in standard.levels for point in standard.points(level.id)}


def _section_names(session: Session, pack: str) -> dict[str, str]:
    tables = standard_of(session, pack).weights
    return {section.key: section.name for table in tables if table.component is ComponentKey.THEORY for section in table.sections}
