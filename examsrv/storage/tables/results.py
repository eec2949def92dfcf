"""Judgements: numbered runs with their marks and results, each a second log over the first."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class RunRow(Base):
    """One judgement over a sitting: a preview until a second person applies or somebody cancels it."""

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("sitting_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    number: Mapped[int]
    reason: Mapped[str]
    key_digest: Mapped[str]
    rules_digest: Mapped[str]
    digest: Mapped[str]
    state: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    applied: Mapped[datetime | None]


class ItemMarkRow(Base):
    """What one response earned in one run (append-only); `mark` is an exact fraction as text."""

    __tablename__ = "item_mark"
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fraction: Mapped[str]
    mark: Mapped[str]


class ResultRow(Base):
    """A candidate's marks per section, total and decision in one run (append-only)."""

    __tablename__ = "result"
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    sections: Mapped[dict[str, Any]]
    total: Mapped[str | None]
    decision: Mapped[str]
