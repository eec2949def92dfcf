"""The bank as the database keeps it: item versions by digest, forms, sealed papers. No key is here: see `keys.py`."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class PackRow(Base):
    """A pack that was imported: its standard as read, and by digest what else came with it."""

    __tablename__ = "pack"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    standard: Mapped[str]
    standard_digest: Mapped[str]
    specifications: Mapped[dict[str, Any]]


class ItemVersionRow(Base):
    """An item's content without its key. A new content is a new version; the newest of an item id counts."""

    __tablename__ = "item_version"
    digest: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    item_id: Mapped[str] = mapped_column(index=True)
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"))
    kind: Mapped[str]
    level: Mapped[str] = mapped_column(index=True)
    section: Mapped[str]
    point: Mapped[str]
    difficulty: Mapped[int]
    importance: Mapped[str]
    stem: Mapped[str]
    options: Mapped[list[Any]]
    enemies: Mapped[list[Any]]
    is_current: Mapped[bool] = mapped_column(default=True)


class FormSetRow(Base):
    """N forms drawn for one specification from a recorded seed."""

    __tablename__ = "form_set"
    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"))
    level: Mapped[str]
    component: Mapped[str]
    specification: Mapped[dict[str, Any]]
    seed: Mapped[int] = mapped_column(BigInteger)
    bank_digest: Mapped[str]
    report: Mapped[dict[str, Any]]
    wall: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class FormRow(Base):
    """A form: its items in order, by digest."""

    __tablename__ = "form"
    __table_args__ = (UniqueConstraint("form_set_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    form_set_id: Mapped[int] = mapped_column(ForeignKey("form_set.id"), index=True)
    name: Mapped[str]
    items: Mapped[list[Any]]


class PaperRow(Base):
    """A form as it is delivered: canonical bytes, compressed, with their digest; sealed once two persons have approved it."""

    __tablename__ = "paper"
    digest: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("form.id"), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    item_count: Mapped[int]
    sealed: Mapped[datetime | None]
