"""The bank as the database keeps it: item versions by digest, forms, sealed papers. No key is here: see `keys.py`."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class PackRow(Base):
    """A pack that was imported, with its standard as read."""

    __tablename__ = "pack"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    standard: Mapped[str]
    standard_digest: Mapped[str]


class CaseVersionRow(Base):
    """A case's text as approved items have it: their digests cover it. `digest` is over id, title and text."""

    __tablename__ = "case_version"
    digest: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    text: Mapped[str]


class ItemRow(Base):
    """An item of the bank as lists show it, whether it is a draft, approved or retired: a projection, written with what it tells of.

    `state` is that of the draft where there is one; `version` counts the approved versions, `digest` names the one that counts (None: none does).
    `words` is all that can be sought in: id, stem, options, body and case, without any key, folded as `listing_items.sought` does. `candidates`,
    `facility` and `discrimination` are the figures of the version that counts (see `services/using_items.py`).
    """

    __tablename__ = "item"
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"), primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    digest: Mapped[str | None] = mapped_column(ForeignKey("item_version.digest"))
    version: Mapped[int]
    kind: Mapped[str]
    level: Mapped[str]
    section: Mapped[str]
    point: Mapped[str]
    difficulty: Mapped[int]
    importance: Mapped[str]
    case_id: Mapped[str | None]
    stem: Mapped[str]
    words: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed: Mapped[datetime]
    last_used: Mapped[datetime | None]
    candidates: Mapped[int] = mapped_column(default=0)
    facility: Mapped[float | None]
    discrimination: Mapped[float | None]


Index("ix_item_changed", ItemRow.pack, ItemRow.changed)
Index("ix_item_case_id", ItemRow.case_id)
Index("ix_item_digest", ItemRow.digest)
Index("ix_item_last_used", ItemRow.pack, ItemRow.last_used)


class ItemTagRow(Base):
    """A free label on an item. It is no content: putting one on or taking it off makes no new version."""

    __tablename__ = "item_tag"
    pack: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class ItemEventRow(Base):
    """What happened to an item (append-only): written, sent to review, sent back, approved, retired, imported … `note` is the reason given."""

    __tablename__ = "item_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str]
    item_id: Mapped[str]
    act: Mapped[str]
    digest: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str]
    wall: Mapped[datetime]


Index("ix_item_event_item", ItemEventRow.pack, ItemEventRow.item_id)


class ItemLookRow(Base):
    """Somebody looked at an approved item (append-only)."""

    __tablename__ = "item_look"
    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str]
    item_id: Mapped[str]
    digest: Mapped[str]
    with_key: Mapped[bool]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]


Index("ix_item_look_item", ItemLookRow.pack, ItemLookRow.item_id)
Index("ix_item_look_person", ItemLookRow.person_id, ItemLookRow.wall)


class ItemCommentRow(Base):
    """A remark on an item, open until somebody settles it."""

    __tablename__ = "item_comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str]
    item_id: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    wall: Mapped[datetime]
    settled: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


Index("ix_item_comment_item", ItemCommentRow.pack, ItemCommentRow.item_id)


class BankScopeRow(Base):
    """A section of a level that an author or a reviewer works on. Somebody with no such row works on the whole bank."""

    __tablename__ = "bank_scope"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"), primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)


class MediaRow(Base):
    """A picture that item texts name by its digest, re-encoded by us. `type` is its media type."""

    __tablename__ = "media"
    digest: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]


class CaseFileRow(Base):
    """A file that goes with a task, by the digest of its content; papers name it. `type` is its ending."""

    __tablename__ = "case_file"
    digest: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ItemVersionRow(Base):
    """An item's content without its key. A new content is a new version, frozen; `is_current` marks the one of an item id that counts."""

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
    body: Mapped[dict[str, Any] | None]
    case_digest: Mapped[str | None] = mapped_column(ForeignKey("case_version.digest"))
    enemies: Mapped[list[Any]]
    is_current: Mapped[bool] = mapped_column(default=True)


class FormSetRow(Base):
    """N forms drawn for one specification from a recorded seed; `sealed` once two persons have approved their papers.

    `unfinished` tells since when its papers are being stored, or removed, in pieces (None: it is whole): such a set is nobody's to see.
    `specification` is a copy of what was drawn for; the version that it was copied from is named beside it. `overlap_max`: the most items that two
    forms were allowed to share. `beside_id`: the set that these are reserve forms for.
    """

    __tablename__ = "form_set"
    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"))
    level: Mapped[str]
    component: Mapped[str]
    specification: Mapped[dict[str, Any]]
    seed: Mapped[int] = mapped_column(BigInteger)
    bank_digest: Mapped[str]
    report: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    wall: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unfinished: Mapped[datetime | None]
    sealed: Mapped[datetime | None]
    specification_id: Mapped[int | None] = mapped_column(ForeignKey("specification.id"))
    specification_version: Mapped[int | None]
    overlap_max: Mapped[int | None]
    beside_id: Mapped[int | None] = mapped_column(ForeignKey("form_set.id"))


class FormRow(Base):
    """A form: its items in order, by digest."""

    __tablename__ = "form"
    __table_args__ = (UniqueConstraint("form_set_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    form_set_id: Mapped[int] = mapped_column(ForeignKey("form_set.id"), index=True)
    name: Mapped[str]
    items: Mapped[list[Any]]


class PaperRow(Base):
    """A form as it is delivered: canonical bytes, compressed, with their digest."""

    __tablename__ = "paper"
    digest: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("form.id"), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    item_count: Mapped[int]
