"""Packages (zip files) of strangers: their entries are looked over before any is opened, and each is opened within limits and in memory only.

No entry is ever written to a disk by its name; names are looked up, nothing else.
"""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from question_bank.formats.yaml_document import shorten
from question_bank.message import N_, Message

ENTRIES_MOST = 20_000
MEGABYTE = 1024 * 1024
DIRECTORY_BYTES_MOST = 4 * MEGABYTE
UNPACKED_MOST = 96 * MEGABYTE
ENTRY_MOST = 24 * MEGABYTE
RATIO_MOST = 100
RATIO_FROM = 100 * 1024
"""Smaller entries may be as dense as they like: a page of blanks is no bomb."""
ENDING = b"PK\x05\x06"
ENDING_LENGTH = 22
COUNTS = struct.Struct("<10xHI")
"""Of the ending: how many entries there are, and how long their directory is."""
COMMENT_MOST = 65_535
LOCAL_HEADER_LENGTH = 30
ENCRYPTED = 0x1
MODE_BITS = 16
"""Unix keeps a file's mode above these bits."""
DATED = (1980, 1, 1, 0, 0, 0)
"""The date of every entry that we write: the same items give the same file."""


class NotAPackageError(Exception):
    """A package that is not opened, or an entry of it, and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Package:
    """The files of a package by their names; each is unpacked when it is asked for."""

    def __init__(self, content: bytes) -> None:
        """Look `content` over; raise `NotAPackageError` if anything about it is not as it should be."""
        _check_ending(content)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, struct.error, OSError) as error:
            raise NotAPackageError(Message(N_("This is not a zip file, or it is damaged"))) from error
        entries = self._archive.infolist()
        _check_entries(entries)
        self._entries = {unicodedata.normalize("NFC", entry.filename): entry for entry in entries if not entry.is_dir()}
        self._left = UNPACKED_MOST

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files."""
        return tuple(self._entries)

    def find(self, reference: str, beside: str = "") -> str | None:
        """Return the name of the file that `reference` (an address as in a manifest or a page) means, seen from the file `beside`; None if none."""
        for written in (reference, unquote(reference.partition("#")[0].partition("?")[0])):
            name = _joined(beside, unicodedata.normalize("NFC", written))
            if name is not None and name in self._entries:
                return name
        return None

    def read(self, name: str) -> bytes:
        """Return the content of a file; raise `NotAPackageError` for one that is damaged or unpacks to more than is allowed."""
        entry = self._entries[name]
        most = min(ENTRY_MOST, self._left)
        try:
            with self._archive.open(entry) as stream:
                content = stream.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, struct.error) as error:
            raise NotAPackageError(Message(N_("%(name)s in the package is damaged"), {"name": shorten(name)})) from error
        if len(content) > most:
            raise _too_large()
        self._left -= len(content)
        return content


def is_zip(content: bytes) -> bool:
    """Tell whether `content` begins as a zip file does."""
    return content.startswith((b"PK\x03\x04", ENDING))


def packed(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip file of `files`, the same bytes for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in dict(files).items():
            archive.writestr(zipfile.ZipInfo(name, DATED), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _check_ending(content: bytes) -> None:
    """Look at the counts of the directory before it is read: it may claim any number."""
    place = content.rfind(ENDING, max(0, len(content) - ENDING_LENGTH - COMMENT_MOST))
    if place < 0 or place + ENDING_LENGTH > len(content):
        raise NotAPackageError(Message(N_("This is not a zip file, or it is damaged")))
    entries, size = COUNTS.unpack_from(content, place)
    if entries > ENTRIES_MOST or size > DIRECTORY_BYTES_MOST:
        raise NotAPackageError(Message(N_("The package has more than %(most)d files"), {"most": ENTRIES_MOST}))


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES_MOST:
        raise NotAPackageError(Message(N_("The package has more than %(most)d files"), {"most": ENTRIES_MOST}))
    names: set[str] = set()
    for entry in entries:
        _check_entry(entry)
        name = unicodedata.normalize("NFC", entry.filename)
        if name in names:
            raise NotAPackageError(Message(N_("%(name)s stands twice in the package"), {"name": shorten(name)}))
        names.add(name)
    if sum(entry.file_size for entry in entries) > UNPACKED_MOST:
        raise _too_large()
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise NotAPackageError(Message(N_("Files in the package lie over each other, as in a zip bomb")))
        end = entry.header_offset + LOCAL_HEADER_LENGTH + entry.compress_size


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = {"name": shorten(entry.filename)}
    if _is_unsafe(entry.orig_filename):
        raise NotAPackageError(Message(N_("%(name)s in the package would lie outside it"), name))
    if stat.S_ISLNK(entry.external_attr >> MODE_BITS):
        raise NotAPackageError(Message(N_("%(name)s in the package is a link to another file"), name))
    if entry.flag_bits & ENCRYPTED:
        raise NotAPackageError(Message(N_("The package is protected by a password")))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotAPackageError(Message(N_("%(name)s is packed in a way that is not read here"), name))
    if entry.file_size > ENTRY_MOST:
        raise _too_large()
    if entry.file_size > RATIO_FROM and entry.file_size > RATIO_MOST * max(1, entry.compress_size):
        raise NotAPackageError(
            Message(N_("%(name)s unpacks to more than %(ratio)d times its size, as a zip bomb does"), {**name, "ratio": RATIO_MOST})
        )


def _is_unsafe(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return not name or name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or any(ord(character) < ord(" ") for character in name)


def _joined(beside: str, reference: str) -> str | None:
    """Return `reference` as a name from the package's root; None if it leads out of it or elsewhere."""
    if not reference or "\\" in reference or "\0" in reference or reference.startswith("/") or ":" in reference.split("/", maxsplit=1)[0]:
        return None
    steps: list[str] = []
    for step in (PurePosixPath(beside).parent / reference).parts:
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def _too_large() -> NotAPackageError:
    return NotAPackageError(Message(N_("The package unpacks to more than %(most)d MB"), {"most": UNPACKED_MOST // MEGABYTE}))
