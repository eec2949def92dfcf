"""Backups: everything that another machine needs to go on, in one file, taken while candidates save."""

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from examsrv.services.auditing import FIRST_HEAD
from examsrv.storage.archives import DATABASES, FORMAT, SECRET, AuditHead, Manifest, member_of, write_archive
from examsrv.storage.database import Database
from examsrv.storage.migrating import revision_of
from examsrv.storage.snapshots import copy_database, table_counts
from examsrv.storage.tables import AuditRow
from question_bank.message import N_, ExamError, Message

NAME = "examsrv-%Y%m%d-%H%M%SZ.tar"
NAMES = re.compile(r"examsrv-\d{8}-\d{6}Z\.tar")
DRAFT = ".examsrv-draft-"
OWNER_ALONE = 0o700
TIMES_THE_SIZE = 2  # the copy, and the archive it goes into


class CannotBackUp(ExamError):
    """There is no backup, and what was there is as it was."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made, and how many older ones gave way to it."""

    archive: Path
    manifest: Manifest
    size: int
    removed: int


def back_up(database: Database, secret_file: Path, folder: Path, keep: int, at: datetime) -> Backup:
    """Write a new archive into `folder` and keep the newest `keep`; it has its name only when all of it is on disk.

    The server goes on meanwhile and is never waited for. Refused without the secret, without room, and while another backup is written there.
    """
    if not secret_file.is_file():
        raise CannotBackUp(
            Message(N_("There is no %(file)s: without it nobody could read the backup. Is EXAMSRV_DATA right?"), {"file": secret_file})
        )
    try:
        with _alone_in(folder):
            _require_room(database, folder)
            archive, manifest = _made(database, secret_file, folder, at.astimezone(UTC))
            removed = _thin_out(folder, archive, keep)
            return Backup(archive, manifest, archive.stat().st_size, removed)
    except OSError as error:
        raise CannotBackUp(Message(N_("The backup could not be written to %(folder)s: %(reason)s."), _reason(folder, error))) from error


def backups_in(folder: Path) -> list[Path]:
    """Return the finished backups in a folder, oldest first."""
    return sorted(path for path in folder.iterdir() if NAMES.fullmatch(path.name)) if folder.is_dir() else []


def made_at(archive: Path) -> datetime:
    """Return when a backup was made, as its name says."""
    return datetime.strptime(archive.name, NAME).replace(tzinfo=UTC)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder for one backup, and clear away what a killed one left."""
    folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ALONE)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotBackUp(Message(N_("Another backup is being written to %(folder)s."), {"folder": folder})) from error
        for left in folder.glob(f"{DRAFT}*"):
            shutil.rmtree(left)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def _require_room(database: Database, folder: Path) -> None:
    with database.reading() as session:
        size = _size(session)
    free = shutil.disk_usage(folder).free
    if free < size * TIMES_THE_SIZE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _size(session: Session) -> int:
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    return int(session.scalar(text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")) or 0)


def _made(database: Database, secret_file: Path, folder: Path, at: datetime) -> tuple[Path, Manifest]:
    """Make an archive aside and give it its name."""
    draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder))
    try:
        copy = draft / DATABASES[database.dialect]
        with database.reading() as session:  # all that the manifest says is of the one state that is copied
            revision = revision_of(session)
            if revision is None:
                raise CannotBackUp(Message(N_("The database is empty; there is nothing to back up. Run: examsrv db upgrade")))
            tables, audit = table_counts(session), _audit_head(session)
            copy_database(session, database.url, copy)
        files = {copy.name: copy, SECRET: secret_file}
        members = {name: member_of(file) for name, file in files.items()}
        manifest = Manifest.model_validate(
            {
                "format": FORMAT,
                "program": version("examsrv"),
                "made": at.replace(microsecond=0),
                "database": database.dialect,
                "revision": revision,
                "tables": tables,
                "audit": audit,
                "members": members,
            }
        )
        write_archive(draft / "archive", manifest, files)
        archive = folder / at.strftime(NAME)
        if archive.exists():
            raise CannotBackUp(Message(N_("%(archive)s is there already; wait a second and try again."), {"archive": archive}))
        (draft / "archive").rename(archive)
    finally:
        shutil.rmtree(draft)
    return archive, manifest


def _audit_head(session: Session) -> AuditHead:
    last = session.execute(select(AuditRow.number, AuditRow.head).order_by(AuditRow.number.desc()).limit(1)).first()
    return AuditHead(entries=last.number, head=last.head) if last else AuditHead(entries=0, head=FIRST_HEAD)


def _thin_out(folder: Path, made: Path, keep: int) -> int:
    """Remove all but the newest `keep`. The one just made stays, whatever the clock that named it says."""
    others = [path for path in backups_in(folder) if path != made]
    old = others[: max(0, len(others) - (keep - 1))]
    for path in old:
        path.unlink()
    return len(old)


def _reason(folder: Path, error: OSError) -> dict[str, object]:
    return {"folder": folder, "reason": error.strerror or type(error).__name__}
