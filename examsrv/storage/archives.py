"""A backup as one file: a plain tar with a manifest first, and after it one line with the digest of every byte before.

`tar -xf` reads it too. Nothing in it is believed before all digests are compared: a bit changed anywhere, or a byte missing, is found.
"""

import hashlib
import os
import re
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from question_bank.message import N_, ExamError, Message

FORMAT = 1
MANIFEST = "manifest.json"
SECRET = "secret.key"  # noqa: S105 -- a file's name
DATABASES = {"sqlite": "examsrv.db", "postgresql": "examsrv.dump"}
OWNER_ONLY = 0o600
PIECE = 1 << 20
LARGEST_MANIFEST = 1 << 20
CLOSING = b"examsrv backup %d sha256 %s\n"
CLOSING_LENGTH = len(CLOSING % (FORMAT, b"0" * 64))
CLOSING_LINE = re.compile(rb"examsrv backup (\d) sha256 ([0-9a-f]{64})\n")

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Damaged(ExamError):
    """An archive is not what was written."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Member(_Strict):
    """A file in the archive."""

    sha256: Digest
    size: Annotated[int, Field(ge=0)]


class AuditHead(_Strict):
    """Where the audit chain stood."""

    entries: int
    head: str


class Manifest(_Strict):
    """What an archive says of itself: by which version of the program and when it was made, what schema, how many rows, and every file's digest."""

    format: Literal[1]
    program: str
    made: AwareDatetime
    database: Literal["sqlite", "postgresql"]
    revision: str
    tables: Mapping[str, int]
    audit: AuditHead
    members: Mapping[str, Member]

    @property
    def database_member(self) -> str:
        """Return the name of the file that holds the database."""
        return DATABASES[self.database]


def member_of(file: Path) -> Member:
    """Return length and digest of a file."""
    with file.open("rb") as content:
        return Member(sha256=hashlib.file_digest(content, "sha256").hexdigest(), size=file.stat().st_size)


def write_archive(archive: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write a new archive, readable by its owner only, and bring it to disk."""
    descriptor = os.open(archive, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w+b") as out:
        with tarfile.open(fileobj=out, mode="w") as tar:
            _add(tar, MANIFEST, BytesIO(content := manifest.model_dump_json(indent=1).encode()), len(content), manifest.made)
            for name, file in files.items():
                with file.open("rb") as source:
                    _add(tar, name, source, file.stat().st_size, manifest.made)
        out.flush()
        out.seek(0)
        found = hashlib.file_digest(out, "sha256").hexdigest()
        out.seek(0, os.SEEK_END)
        out.write(CLOSING % (FORMAT, found.encode()))
        out.flush()
        os.fsync(out.fileno())


def read_manifest(archive: Path) -> Manifest:
    """Compare the digest of the whole archive and return its manifest; refuses one that is damaged, cut, or no backup at all."""
    with archive.open("rb") as content:
        _require_whole(content)
        content.seek(0)
        try:
            with tarfile.open(fileobj=content, mode="r:") as tar:
                first = tar.next()
                inside = tar.extractfile(first) if first is not None and first.name == MANIFEST and first.size <= LARGEST_MANIFEST else None
                if inside is None:
                    raise _unreadable()
                return Manifest.model_validate_json(inside.read())
        except (tarfile.TarError, ValidationError) as error:
            raise _unreadable() from error


def unpack(archive: Path, manifest: Manifest, folder: Path) -> None:
    """Write the database and the key of an archive into `folder`, each compared with its digest; no other file, whatever the archive names."""
    wanted = {manifest.database_member, SECRET}
    if set(manifest.members) != wanted:
        raise _unreadable()
    with suppress(tarfile.TarError), tarfile.open(archive, mode="r:") as tar:
        for member in tar:
            source = tar.extractfile(member) if member.name in wanted else None
            if source is not None:
                _write_out(source, folder / member.name)
    for name in sorted(wanted):
        if not (folder / name).is_file() or member_of(folder / name) != manifest.members[name]:
            raise Damaged(Message(N_("The archive is damaged: %(name)s is not what was written. Take another backup."), {"name": name}))


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int, made: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, OWNER_ONLY, int(made.timestamp())
    tar.addfile(entry, content)


def _write_out(source: IO[bytes], file: Path) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "wb") as out:
        while piece := source.read(PIECE):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _require_whole(content: IO[bytes]) -> None:
    """Compare everything before the closing line with the digest in it."""
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - CLOSING_LENGTH))
    line = CLOSING_LINE.fullmatch(content.read())
    if line is None:
        raise Damaged(Message(N_("This is no backup of examsrv, or its end is missing. Copy it again, or take another backup.")))
    content.seek(0)
    computed, left = hashlib.sha256(), size - CLOSING_LENGTH
    while left and (piece := content.read(min(PIECE, left))):
        computed.update(piece)
        left -= len(piece)
    if computed.hexdigest().encode() != line.group(2):
        raise Damaged(Message(N_("The archive is damaged: its digest is not the one it was closed with. Copy it again, or take another backup.")))


def _unreadable() -> Damaged:
    return Damaged(Message(N_("The archive cannot be read; another version of the program may have made it.")))
