"""The map of a bank: how many items that count ask each point, by kind. Holes are points, and kinds of a point, without any."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.services.standards import standard_of
from examsrv.storage.tables import ItemVersionRow
from question_bank.kinds import KINDS
from question_bank.message import Message
from question_bank.standard import ComponentKey, Point


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


def coverage(session: Session, pack: str, level: str, component: str) -> Coverage:
    """Return for every point that the component of a level may ask how many current items of each kind there are: of the kinds that the bank has."""
    standard = standard_of(session, pack)
    part = ComponentKey(component)
    counted = select(ItemVersionRow.point, ItemVersionRow.section, ItemVersionRow.kind, func.count()).where(
        ItemVersionRow.pack == pack, ItemVersionRow.level == level, ItemVersionRow.is_current
    )
    rows = session.execute(counted.group_by(ItemVersionRow.point, ItemVersionRow.section, ItemVersionRow.kind))
    counts: Mapping[tuple[str, str, str], int] = {(point, section, kind): count for point, section, kind, count in rows}
    kinds = _kinds(session, pack)
    points = standard.points_of(part, level)
    sections = tuple(
        CoverageSection(
            section.key,
            section.name,
            percent,
            tuple(
                CoverageRow(point, tuple(counts.get((point.id, section.key, kind), 0) for kind in kinds))
                for point in points
                if point.weight_key == section.key
            ),
        )
        for section, percent in standard.sections(part, level)
    )
    return Coverage(level, standard.level(level).name or "", tuple(KINDS[kind].label for kind in kinds), sections)


def _kinds(session: Session, pack: str) -> tuple[str, ...]:
    """Return the kinds that items of a pack have, in the order of a paper; all of them while there is no item."""
    present = set(session.scalars(select(ItemVersionRow.kind).where(ItemVersionRow.pack == pack, ItemVersionRow.is_current).distinct()))
    return tuple(kind for kind in KINDS if kind in present or not present)
