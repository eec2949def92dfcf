"""Staff with their roles and sessions; candidates. A candidate's name and numbers are sealed under a key of the person's own."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class PersonRow(Base):
    """A member of staff. `employer` and the `training_classes` taught (a line each) say whom an examiner may not score."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    pin_hash: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_senior_examiner: Mapped[bool] = mapped_column(default=False)
    employer: Mapped[str | None]
    training_classes: Mapped[str | None]
    language: Mapped[str | None]


class RoleGrantRow(Base):
    """A role held by a person, at one site or (None) at all."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role", "site_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))


class StaffSessionRow(Base):
    """A member of staff signed in on one machine. `digest` is the SHA-256 of the cookie; age counts in exam time."""

    __tablename__ = "staff_session"
    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    began: Mapped[timedelta]
    wall: Mapped[datetime]


class CandidateRow(Base):
    """A person who sits examinations. `sealed` holds name, ID number and photo under `person_key`, itself wrapped by the installation's secret."""

    __tablename__ = "candidate"
    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(unique=True)
    person_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)


class CandidateSessionRow(Base):
    """A candidate signed in for one attempt on one seat's machine; `cut_off` is when the candidate was moved away from it."""

    __tablename__ = "candidate_session"
    digest: Mapped[str] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"), index=True)
    seat: Mapped[int]
    began: Mapped[timedelta]
    wall: Mapped[datetime]
    cut_off: Mapped[datetime | None]


class ThrottleRow(Base):
    """Misses at a sign-in. `key` is a digest of what was tried from where; `until` is exam time."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(primary_key=True)
    misses: Mapped[int]
    until: Mapped[timedelta]
    attempt_id: Mapped[str | None]


Index("ix_throttle_attempt", ThrottleRow.attempt_id)
