"""Bounds for zip files that people send: counted while unpacking, because what a zip file says of itself may be a lie."""

import io
import zipfile
import zlib

from question_bank.message import N_, ExamError, Message

READ_BYTES = 64 * 1024
ENTRIES_MOST = 1000
EXPANDED_BYTES_MOST = 64 * 1024 * 1024
RATIO_MOST = 100
RATIO_FREE_BYTES = 1024 * 1024
"""Small files may shrink as much as they like."""

DAMAGED = Message(N_("The file is damaged or incomplete; save it again and send it anew."))
TOO_MUCH_INSIDE = Message(N_("The file holds far more than its size tells; it is not opened."))


def bounded_zip(content: bytes, entries_most: int = ENTRIES_MOST) -> zipfile.ZipFile:
    """Open a zip file of which every entry can be unpacked within the bounds; a damaged or overfull one raises ExamError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
        if len(entries) > entries_most:
            raise ExamError(TOO_MUCH_INSIDE)
        allowed = min(EXPANDED_BYTES_MOST, max(RATIO_FREE_BYTES, RATIO_MOST * len(content)))
        for entry in entries:
            allowed -= _expanded(archive, entry, allowed)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, IndexError, LookupError) as error:
        raise ExamError(DAMAGED) from error  # RuntimeError: encrypted, or packed in a way nobody uses for these files
    return archive


def _expanded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowed: int) -> int:
    size = 0
    with archive.open(entry) as stream:
        while part := stream.read(READ_BYTES):
            size += len(part)
            if size > allowed:
                raise ExamError(TOO_MUCH_INSIDE)
    return size
