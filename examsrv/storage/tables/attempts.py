"""Attempts and their logs."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class AttemptRow(Base):
    """A candidate at a seat for one sitting: a projection of the log, written in the transaction that appends to it.

    `answered` is a set of item numbers as a hexadecimal bit mask. `device` holds the attempt; `wanted_device` waits for a proctor's word.
    """

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("sitting_id", "candidate_id"), UniqueConstraint("sitting_room_id", "seat"))
    id: Mapped[str] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    sitting_room_id: Mapped[int] = mapped_column(ForeignKey("sitting_room.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    ticket: Mapped[str] = mapped_column(unique=True)
    seat: Mapped[int]
    paper: Mapped[str | None] = mapped_column(ForeignKey("paper.digest"))
    order_seed: Mapped[int] = mapped_column(BigInteger)
    phase: Mapped[str]
    epoch: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=-1)
    head: Mapped[str] = mapped_column(default="")
    device: Mapped[str | None]
    wanted_device: Mapped[str | None]
    checked_in: Mapped[datetime | None]
    confirmed: Mapped[datetime | None]
    disputed: Mapped[datetime | None]
    opened: Mapped[datetime | None]
    answered: Mapped[str] = mapped_column(default="0")
    last_saved: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    receipt: Mapped[str | None]


Index("ix_attempt_paper", AttemptRow.paper)


class StepRow(Base):
    """A step of an attempt's log (append-only). `server_ms` is exam time, `head` the chain's head after the step."""

    __tablename__ = "step"
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    item: Mapped[int | None]
    value: Mapped[str]
    client_ms: Mapped[int] = mapped_column(BigInteger)
    exam: Mapped[timedelta]
    wall: Mapped[datetime]
    digest: Mapped[str]
    head: Mapped[str]


class QuarantinedStepRow(Base):
    """What a writer sent that no longer holds the attempt, or too late (append-only): kept aside, never dropped, never merged."""

    __tablename__ = "quarantined_step"
    __table_args__ = (UniqueConstraint("attempt_id", "epoch", "seq", "digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    epoch: Mapped[int]
    seq: Mapped[int]
    kind: Mapped[str]
    item: Mapped[int | None]
    value: Mapped[str]
    client_ms: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str]
    reason: Mapped[str]
    exam: Mapped[timedelta]
    wall: Mapped[datetime]


class UploadRow(Base):
    """A file that a candidate handed over, by digest of its content, sealed under the key of the person. Steps name the files that count."""

    __tablename__ = "upload"
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    size: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    wall: Mapped[datetime]
