"""Reading the audit: a page of entries, newest first, by act and subject, with the names of those who acted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.storage.tables import AuditRow, PersonRow

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry as an auditor reads it; `person` is empty for the server and for candidates."""

    number: int
    act: str
    person: str
    subject: str
    detail: Mapping[str, object]
    wall: datetime
    head: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first. `older`: the number below which the next page begins, None on the last page."""

    lines: tuple[AuditLine, ...]
    older: int | None


def audit_page(session: Session, act: str = "", subject: str = "", before: int | None = None) -> AuditPage:
    """Return the newest entries below number `before`; `act` is compared whole, `subject` by how it begins."""
    query = select(AuditRow, PersonRow.name).outerjoin(PersonRow, PersonRow.id == AuditRow.person_id)
    if act:
        query = query.where(AuditRow.act == act)
    if subject.strip():
        query = query.where(AuditRow.subject.startswith(subject.strip(), autoescape=True))
    if before is not None:
        query = query.where(AuditRow.number < before)
    rows = session.execute(query.order_by(AuditRow.number.desc()).limit(PER_PAGE + 1)).all()
    lines = tuple(AuditLine(row.number, row.act, name or "", row.subject, row.detail, row.wall, row.head) for row, name in rows[:PER_PAGE])
    return AuditPage(lines, lines[-1].number if len(rows) > PER_PAGE else None)


def acts_on_record(session: Session) -> list[str]:
    """Return every act that the audit has an entry of, sorted."""
    return sorted(session.scalars(select(AuditRow.act).distinct()))
