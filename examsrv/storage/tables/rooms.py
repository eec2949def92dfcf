"""Sites, rooms, seats, sittings, who watches them, and the ledger of their time."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class SiteRow(Base):
    """A place where examinations are held (考点)."""

    __tablename__ = "site"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(default="")


class RoomRow(Base):
    """A room with its seats in rows of `columns`."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("site_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    columns: Mapped[int]


class SeatRow(Base):
    """A machine in a room; `code` binds a browser to it at set-up."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("room_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    is_spare: Mapped[bool] = mapped_column(default=False)


class SeatBindingRow(Base):
    """A browser bound to a seat. `digest` is the SHA-256 of its cookie; a seat's newest binding counts."""

    __tablename__ = "seat_binding"
    digest: Mapped[str] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    wall: Mapped[datetime]


class SittingRow(Base):
    """One component for many candidates at one time. `planned` is only shown; the rooms start by their proctors' act."""

    __tablename__ = "sitting"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str]
    occupation: Mapped[str]
    level: Mapped[str]
    component: Mapped[str]
    planned: Mapped[datetime]
    limit: Mapped[timedelta]
    late_limit: Mapped[timedelta]
    leave_after: Mapped[timedelta]
    form_set_id: Mapped[int | None] = mapped_column(ForeignKey("form_set.id"))
    shows_mark: Mapped[bool] = mapped_column(default=False)
    is_published: Mapped[bool] = mapped_column(default=False)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)


class SittingRoomRow(Base):
    """A sitting in one room: ratio, start, pauses and time hang here."""

    __tablename__ = "sitting_room"
    __table_args__ = (UniqueConstraint("sitting_id", "room_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    is_open: Mapped[bool] = mapped_column(default=True)


class ProctorDutyRow(Base):
    """A proctor planned for a room."""

    __tablename__ = "proctor_duty"
    __table_args__ = (UniqueConstraint("sitting_room_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_room_id: Mapped[int] = mapped_column(ForeignKey("sitting_room.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_lead: Mapped[bool] = mapped_column(default=False)


class PresenceRow(Base):
    """A proctor in a room, from signing in with the PIN on the board until signing out."""

    __tablename__ = "presence"
    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_room_id: Mapped[int] = mapped_column(ForeignKey("sitting_room.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class TimeEntryRow(Base):
    """An entry of the time ledger (append-only): see `domain/time_ledger.py`."""

    __tablename__ = "time_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_room_id: Mapped[int] = mapped_column(ForeignKey("sitting_room.id"), index=True)
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    kind: Mapped[str]
    at: Mapped[timedelta]
    amount: Mapped[timedelta]
    reason: Mapped[str]
    note: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]


class IncidentRow(Base):
    """Something that happened in a room, or that its candidates were told (append-only); `note` is the digest of the text, which lies in `note`.

    `from_seat` is where somebody sat before who was moved; `reason` why the room handed in for somebody.
    """

    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_room_id: Mapped[int] = mapped_column(ForeignKey("sitting_room.id"), index=True)
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempt.id"))
    kind: Mapped[str]
    note: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wall: Mapped[datetime]
    exam: Mapped[timedelta]
    from_seat: Mapped[int | None]
    reason: Mapped[str | None]
