"""The audit chain, approvals by a second person, and texts kept apart by digest."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class AuditRow(Base):
    """One act (append-only). `head` chains it to the entry before; it holds ids and digests, never names or numbers."""

    __tablename__ = "audit_entry"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[str]
    person_id: Mapped[int | None]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
    exam: Mapped[timedelta]
    wall: Mapped[datetime]
    head: Mapped[str]


class ApprovalRow(Base):
    """An act that wants two persons: proposed by one, decided by another, bound to the digest of what is approved."""

    __tablename__ = "approval"
    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str]
    subject: Mapped[str]
    digest: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided: Mapped[datetime | None]
    decision: Mapped[str | None]


class NoteRow(Base):
    """A text that a log refers to by digest, so that it can be erased without breaking the chain."""

    __tablename__ = "note"
    digest: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
