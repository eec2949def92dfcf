"""Documents of a review's candidates, for the panel to read: brought in by the office before the hearing, sealed under the key of the person."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.candidates import opened_file
from examsrv.services.handed_files import MEGABYTE, seal_for, type_of
from examsrv.services.hearing_clock import hearing_states
from examsrv.services.writable import require_text
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, CandidateRow, PersonRow, ReviewDocumentRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey

DOCUMENT_MEGABYTES = 20
DOCUMENTS_MOST = 30
NAME_LONGEST = 120
MIME_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
"""The types that are taken, as a browser is told of them."""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as it is listed."""

    id: int
    name: str
    type: str
    size: int
    digest: str
    person: str
    wall: datetime


def take_in(name: str, content: bytes) -> tuple[str, str]:
    """Return name and type under which a document is kept; refuse what is too large or of no type that is taken. Slow: outside of transactions."""
    name = name.replace("\\", "/").rpartition("/")[2].strip()
    if not name or len(name) > NAME_LONGEST:
        raise ExamError(Message(N_("The name of a file has 1 to %(longest)d characters."), {"longest": NAME_LONGEST}))
    require_text(name)
    if not content:
        raise ExamError(Message(N_("%(name)s: the file is empty."), {"name": name}))
    if len(content) > DOCUMENT_MEGABYTES * MEGABYTE:
        raise ExamError(Message(N_("%(name)s: the file is larger than %(most)d MB."), {"name": name, "most": DOCUMENT_MEGABYTES}))
    found = type_of(content)
    if found not in MIME_TYPES:
        values = {"name": name, "types": " / ".join(MIME_TYPES)}
        raise ExamError(Message(N_("%(name)s: what is in the file is none of: %(types)s. It was not taken."), values))
    return name, found


def seal_document(session: Session, secret: Secret, attempt: str, content: bytes, new_key: Callable[[], bytes]) -> bytes:
    """Return a document sealed under the key of the attempt's candidate. Slow for large files: in a reading session."""
    return seal_for(session, secret, attempt, content, new_key)


def keep_document(session: Session, attempt: str, name: str, found: str, content: bytes, sealed: bytes, by: Actor, at: Moment) -> int:
    """Keep a document that was taken in and sealed; return its number. The same content again is kept once, under its first name."""
    _require_before(session, attempt, at)
    if by.person is None:
        raise ExamError(Message(N_("Only a person can bring in a document.")))
    digest = hashlib.sha256(content).hexdigest()
    of_attempt = select(ReviewDocumentRow.id).where(ReviewDocumentRow.attempt_id == attempt)
    known = session.scalars(of_attempt.where(ReviewDocumentRow.digest == digest)).one_or_none()
    if known is not None:
        return known
    if (session.scalar(select(func.count()).select_from(of_attempt.subquery())) or 0) >= DOCUMENTS_MOST:
        raise ExamError(Message(N_("A candidate has at most %(most)d documents."), {"most": DOCUMENTS_MOST}))
    row = ReviewDocumentRow(attempt_id=attempt, name=name, type=found, size=len(content), digest=digest, sealed=sealed)
    row.person_id, row.wall = by.person, at.wall
    session.add(row)
    session.flush()
    record(session, "review_document.added", f"attempt/{attempt}", by, at, document=row.id, digest=digest, type=found, size=row.size)
    return row.id


def remove_document(session: Session, attempt: str, number: int, by: Actor, at: Moment) -> None:
    """Take a document out, before the hearing begins."""
    _require_before(session, attempt, at)
    digest = session.scalars(
        select(ReviewDocumentRow.digest).where(ReviewDocumentRow.id == number, ReviewDocumentRow.attempt_id == attempt)
    ).one_or_none()
    if digest is None:
        raise ExamError(Message(N_("There is no such document.")))
    session.execute(delete(ReviewDocumentRow).where(ReviewDocumentRow.id == number))
    record(session, "review_document.removed", f"attempt/{attempt}", by, at, document=number, digest=digest)


def documents(session: Session, attempt: str) -> list[DocumentView]:
    """Return the documents of a candidate in the order in which they came, without their content."""
    row = ReviewDocumentRow
    query = select(row.id, row.name, row.type, row.size, row.digest, PersonRow.name.label("person"), row.wall)
    query = query.join(PersonRow, PersonRow.id == row.person_id).where(row.attempt_id == attempt).order_by(row.id)
    return [DocumentView(*found) for found in session.execute(query)]


def document_content(session: Session, secret: Secret, attempt: str, number: int) -> tuple[DocumentView, bytes] | None:
    """Return a document of a candidate and what is in it; None where there is none."""
    about = next((each for each in documents(session, attempt) if each.id == number), None)
    if about is None:
        return None
    candidate = session.get_one(CandidateRow, session.get_one(AttemptRow, attempt).candidate_id)
    return about, opened_file(secret, candidate, session.get_one(ReviewDocumentRow, number).sealed)


def is_document(session: Session, attempt: str, number: int) -> bool:
    """Tell whether a candidate has such a document."""
    return session.scalars(select(ReviewDocumentRow.attempt_id).where(ReviewDocumentRow.id == number)).one_or_none() == attempt


def _require_before(session: Session, attempt: str, at: Moment) -> None:
    """Refuse documents of what is no review, and any change once the panel has begun to hear the candidate."""
    row = session.get_one(AttemptRow, attempt)
    if session.get_one(SittingRow, row.sitting_id).component != ComponentKey.REVIEW:
        raise ExamError(Message(N_("Only candidates of a review have documents for a panel.")))
    if hearing_states(session, [attempt], at.exam)[attempt].began is not None:
        raise ExamError(Message(N_("The hearing has begun: the documents stay as the panel has them.")))
