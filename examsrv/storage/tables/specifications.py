"""What papers must contain, version by version, and the drawings of forms that were asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class SpecificationRow(Base):
    """A specification of a level's component, as its newest version has it. `origin`: the file of the pack that it came from, if it came with one."""

    __tablename__ = "specification"
    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"), index=True)
    level: Mapped[str]
    component: Mapped[str]
    name: Mapped[str]
    version: Mapped[int]
    origin: Mapped[str | None]
    is_usual: Mapped[bool]
    retired: Mapped[datetime | None]


class SpecificationVersionRow(Base):
    """A version of a specification (append-only), as the text of a file that says it. `is_imported`: it came with a pack, nobody wrote it here."""

    __tablename__ = "specification_version"
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    is_imported: Mapped[bool]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]


class DrawingRow(Base):
    """A drawing of forms that was asked for, and what became of it: `reasons` why there are no forms, or the set that they make.

    One that is still running when a server starts was cut off with the server before.
    """

    __tablename__ = "drawing"
    id: Mapped[int] = mapped_column(primary_key=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("specification.id"))
    version: Mapped[int]
    forms: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    is_disjoint: Mapped[bool]
    beside_id: Mapped[int | None] = mapped_column(ForeignKey("form_set.id"))
    state: Mapped[str] = mapped_column(index=True)
    reasons: Mapped[list[Any]]
    form_set_id: Mapped[int | None] = mapped_column(ForeignKey("form_set.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]
    ended: Mapped[datetime | None]
