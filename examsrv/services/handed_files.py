"""Files that candidates hand over: told by their content, sealed under the key of the person, kept by digest. Steps name those that count."""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Moment
from examsrv.services.answering import NotOpen, Stale
from examsrv.services.attempt_logs import AttemptLogs
from examsrv.services.candidates import opened_file, sealed_file
from examsrv.services.zip_bounds import bounded_zip
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, CandidateRow, UploadRow
from question_bank.message import N_, ExamError, Message

MEGABYTE = 1024 * 1024
MOST_VERSIONS = 60
"""Files kept of one attempt, all versions together: more than anybody needs, and no disk is filled by one machine."""

BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
ZIP = b"PK\x03\x04"
INSIDE = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
TEXT = "text"
TEXTS = frozenset({"csv", "txt"})
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is kept."""

    digest: str
    size: int


def type_of(content: bytes) -> str:
    """Return what a file is by its content: an ending, `text`, or "" for anything else. A damaged zip file raises `ExamError`."""
    for beginning, name in BEGINNINGS.items():
        if content.startswith(beginning):
            return name
    if content.startswith(ZIP):
        names = _names_inside(content)
        return next((name for entry, name in INSIDE.items() if entry in names), "")
    return TEXT if _is_text(content) else ""


def too_large(megabytes: object) -> ExamError:
    """Return the refusal of a file that is larger than its item takes."""
    return ExamError(Message(N_("The file is larger than %(most)d MB."), {"most": megabytes}))


def require_taken(content: bytes, shown: Mapping[str, object]) -> str:
    """Return the type of a file that an item takes, of which `shown` says what candidates see; anything else raises `ExamError` in words."""
    types, megabytes = shown["types"], shown["megabytes"]
    if not isinstance(types, list) or not isinstance(megabytes, int):
        raise ExamError(Message(N_("No file can be handed over here.")))
    if not content:
        raise ExamError(Message(N_("The file is empty.")))
    if len(content) > megabytes * MEGABYTE:
        raise too_large(megabytes)
    found = type_of(content)
    if found in types or (found == TEXT and TEXTS.intersection(types)):
        return found
    raise ExamError(Message(N_("What is in the file is none of: %(types)s. It was not taken."), {"types": " / ".join(types)}))


def seal_for(session: Session, secret: Secret, attempt: str, content: bytes, new_key: Callable[[], bytes]) -> bytes:
    """Return a file sealed under the key of the attempt's candidate."""
    return sealed_file(secret, _candidate(session, attempt), content, new_key)


def keep_file(
    session: Session, attempt: str, device: str, epoch: int, content: bytes, found: str, sealed: bytes, at: Moment, grace: timedelta
) -> Kept | NotOpen | Stale:
    """Keep a file that was looked at and sealed, if the attempt is this machine's to write. The same content again is kept once."""
    logs = AttemptLogs(session.connection(), [attempt])
    own = logs.attempt(attempt)
    if Phase(own.phase) is not Phase.RUNNING:
        return NotOpen("not_started" if Phase(own.phase) is Phase.CREATED else own.phase)
    if (own.device, own.epoch) != (device, epoch):
        return Stale()
    if logs.time(own, at).remaining <= -grace:
        return NotOpen("over")
    kept = Kept(hashlib.sha256(content).hexdigest(), len(content))
    if session.get(UploadRow, (attempt, kept.digest)) is None:
        if session.scalar(select(func.count()).select_from(UploadRow).where(UploadRow.attempt_id == attempt)) == MOST_VERSIONS:
            raise ExamError(Message(N_("No more than %(most)d versions of files can be handed over."), {"most": MOST_VERSIONS}))
        session.add(UploadRow(attempt_id=attempt, digest=kept.digest, type=found, size=kept.size, sealed=sealed, wall=at.wall))
    return kept


def own_file(session: Session, secret: Secret, attempt: str, digest: str) -> bytes | None:
    """Return a file that was handed over in an attempt; None where there is none."""
    row = session.get(UploadRow, (attempt, digest))
    return None if row is None else opened_file(secret, _candidate(session, attempt), row.sealed)


def _candidate(session: Session, attempt: str) -> CandidateRow:
    return session.get_one(CandidateRow, session.get_one(AttemptRow, attempt).candidate_id)


def _names_inside(content: bytes) -> set[str]:
    archive: zipfile.ZipFile
    with bounded_zip(content) as archive:
        return set(archive.namelist())


def _is_text(content: bytes) -> bool:
    for encoding in ENCODINGS:
        try:
            return "\0" not in content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return False
