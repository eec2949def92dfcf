"""Answer keys, and what holds them: drafts, imports, task sets. Apart from all that delivers; reached by marking and by those who keep the bank."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class ItemKeyRow(Base):
    """An item version's key, rationale and samples."""

    __tablename__ = "item_key"
    digest: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[dict[str, Any]]


class PaperKeyRow(Base):
    """A paper's key: item number to item version, marks, section and key in the paper's own option ids."""

    __tablename__ = "paper_key"
    paper: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    secret: Mapped[dict[str, Any]]


class ItemDraftRow(Base):
    """The next version of an item while it is worked on: a record, maybe half-written, key and all.

    `state` is draft, in_review or returned; `revision` counts the savings, so that two windows cannot overwrite each other; `base` is the digest of
    the version that it will supersede. The text of its case stands in `case_draft`.
    """

    __tablename__ = "item_draft"
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"), primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(index=True)
    record: Mapped[dict[str, Any]]
    case_id: Mapped[str | None] = mapped_column(index=True)
    base: Mapped[str | None]
    revision: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed: Mapped[datetime]


class CaseDraftRow(Base):
    """The text of a case while any of its items is a draft."""

    __tablename__ = "case_draft"
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"), primary_key=True)
    case_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    revision: Mapped[int]
    changed: Mapped[datetime]


class ItemImportRow(Base):
    """A file of items that was read and is looked over before it comes in: the records it holds and what is wrong with it."""

    __tablename__ = "item_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    format: Mapped[str]
    digest: Mapped[str]
    content: Mapped[dict[str, Any]]
    wall: Mapped[datetime]
    applied: Mapped[datetime | None]


class TaskSetRow(Base):
    """A task set with its keys, rubric and model answers: `record` is what `question_bank/task_record.py` writes. `is_current`: it may be used."""

    __tablename__ = "task_set"
    digest: Mapped[str] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(ForeignKey("pack.code"), index=True)
    set_id: Mapped[str]
    level: Mapped[str]
    component: Mapped[str]
    title: Mapped[str]
    minutes: Mapped[int]
    record: Mapped[dict[str, Any]]
    is_current: Mapped[bool] = mapped_column(default=True)
    wall: Mapped[datetime]
