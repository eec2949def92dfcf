"""The exam clock's last mark: one row, written every few seconds."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class ClockMarkRow(Base):
    """See `domain/exam_clock.py`. There is one row, number 1."""

    __tablename__ = "clock_mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    boot_id: Mapped[str]
    boot: Mapped[timedelta]
    exam: Mapped[timedelta]
    wall: Mapped[datetime]
