"""A backup put back: into an empty data folder or an empty database, whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from examsrv.services.auditing import ChainReport, verify_chain
from examsrv.storage.archives import SECRET, Manifest, read_manifest, unpack
from examsrv.storage.database import Database
from examsrv.storage.migrating import is_known
from examsrv.storage.snapshots import damage, fill_from_dump, is_empty, table_counts
from question_bank.message import N_, ExamError, Message

ASIDE = ".examsrv-restoring-"
BESIDE_A_DATABASE = ("", "-wal", "-shm", "-journal")
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class CannotRestore(ExamError):
    """Nothing was restored, and nothing that was there has changed."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what recomputing its audit chain found."""

    manifest: Manifest
    chain: ChainReport

    @property
    def is_chain_as_backed_up(self) -> bool:
        """Tell whether the whole chain holds and ends where it did when the backup was made."""
        audit = self.manifest.audit
        return (self.chain.first_bad, self.chain.entries, self.chain.head) == (None, audit.entries, audit.head)


def restore(archive: Path, url: str, secret_file: Path) -> Restored:
    """Put a backup back as the database `url` and the key `secret_file`.

    Refused before anything is written: a damaged or cut archive, one of a newer schema, one of the other kind of database, and a place where
    something is already. What is written is looked at before it gets its name.
    """
    if not archive.is_file():
        raise CannotRestore(Message(N_("There is no file %(archive)s."), {"archive": archive}))
    try:
        manifest = read_manifest(archive)
    except OSError as error:
        values = {"file": archive, "reason": error.strerror or type(error).__name__}
        raise CannotRestore(Message(N_("%(file)s cannot be read or written: %(reason)s"), values)) from error
    _require_fit(manifest, make_url(url).get_backend_name())
    try:
        with _aside(secret_file.parent) as folder:
            unpack(archive, manifest, folder)
            _require_own_key(folder / SECRET, secret_file)
            put_back = _put_back_sqlite if manifest.database == "sqlite" else _put_back_postgresql
            return Restored(manifest, put_back(folder, manifest, url, secret_file))
    except OSError as error:
        values = {"folder": secret_file.parent, "reason": error.strerror or type(error).__name__}
        raise CannotRestore(Message(N_("%(folder)s cannot be written to: %(reason)s."), values)) from error


def _require_fit(manifest: Manifest, kind: str) -> None:
    if not is_known(manifest.revision):
        text = N_("The backup was made by a newer version (%(program)s) with another schema. Install that version here first.")
        raise CannotRestore(Message(text, {"program": manifest.program}))
    if manifest.database != kind:
        text = N_("The backup is of a %(kept)s database, but %(configured)s is configured. Set or unset EXAMSRV_DATABASE_URL.")
        raise CannotRestore(Message(text, {"kept": KINDS[manifest.database], "configured": KINDS[kind]}))


def _require_own_key(kept: Path, secret_file: Path) -> None:
    """Refuse where another key lies: with it somebody else's data would become unreadable. The same one is what an interrupted restore left."""
    if secret_file.exists() and secret_file.read_bytes() != kept.read_bytes():
        raise _in_the_way(secret_file)


def _put_back_sqlite(folder: Path, manifest: Manifest, url: str, secret_file: Path) -> ChainReport:
    target = Path(make_url(url).database or "")
    for ending in BESIDE_A_DATABASE:
        if (there := target.with_name(target.name + ending)).exists():
            raise _in_the_way(there)
    made = folder / manifest.database_member
    found = damage(made)
    if found is not None:
        raise CannotRestore(Message(N_("The database in the backup is damaged (%(found)s). Take another backup."), {"found": found}))
    target.parent.mkdir(parents=True, exist_ok=True)
    chain = _looked_at(f"sqlite:///{made}", manifest)
    (folder / SECRET).replace(secret_file)
    _to_disk(secret_file.parent)
    made.rename(target)  # last: without it a server refuses to start, and a restore can be run again
    _to_disk(target.parent)
    return chain


def _put_back_postgresql(folder: Path, manifest: Manifest, url: str, secret_file: Path) -> ChainReport:
    database = Database(url)
    try:
        if not is_empty(database):
            raise CannotRestore(Message(N_("The database is not empty. Restore into a new one: createdb …, then set EXAMSRV_DATABASE_URL.")))
        (folder / SECRET).replace(secret_file)
        _to_disk(secret_file.parent)
        fill_from_dump(database, folder / manifest.database_member)
    finally:
        database.close()
    return _looked_at(url, manifest)


def _looked_at(url: str, manifest: Manifest) -> ChainReport:
    """Count the rows of every table, and recompute the audit chain."""
    database = Database(url)
    try:
        with database.reading() as session:
            counts = table_counts(session)
            if counts != dict(manifest.tables):
                different = sorted(name for name in counts.keys() | manifest.tables.keys() if counts.get(name) != manifest.tables.get(name))
                text = N_("The restored database has another number of rows than the backup says: %(tables)s.")
                raise CannotRestore(Message(text, {"tables": ", ".join(different)}))
            return verify_chain(session)
    finally:
        database.close()


@contextmanager
def _aside(parent: Path) -> Iterator[Path]:
    """Give a folder beside where things will stand, on the same disk; what an interrupted restore left goes first."""
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"{ASIDE}*"):
        shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=ASIDE, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _in_the_way(path: Path) -> CannotRestore:
    return CannotRestore(Message(N_("%(path)s is there already. Restore into an empty folder (--into), or move it away first."), {"path": path}))


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
