"""Photos of candidates: taken from a zip file, painted anew as small JPEG files so that nothing else of what was sent is kept."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image, ImageOps

from examsrv.services.zip_bounds import DAMAGED, bounded_zip
from question_bank.message import N_, ExamError, Message

MEGABYTE = 1024 * 1024
ZIP_BYTES_MOST = 32 * MEGABYTE
ENTRIES_MOST = 6000
PIXELS_MOST = 16_000_000
SHORTEST_SIDE = 100  # the registration form asks for more than 100 x 100 pixels
SIZE = (300, 400)
SIZE_OF_NOISE = (150, 200)
JPEG_BYTES_MOST = 20 * 1024
QUALITIES = (88, 80, 70, 60, 50, 40)
FORMATS = ("JPEG", "PNG")
ENDINGS = (".jpg", ".jpeg", ".png")
WHITE = (255, 255, 255)
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, ArithmeticError, struct.error, zlib.error)
"""What Pillow raises for damaged pictures."""
TOO_MANY_PIXELS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Portraits:
    """Photos by file name in lower case without folders, and what is wrong with those that cannot be used."""

    images: Mapping[str, bytes]
    faults: Mapping[str, Message]

    def name_for(self, ticket: str) -> str:
        """Return the name of the ticket's photo among those sent; empty when there is none."""
        names = (ticket.casefold() + ending for ending in ENDINGS)
        return next((name for name in names if name in self.images or name in self.faults), "")


def read_portraits(content: bytes) -> Portraits:
    """Read a zip file of JPEG and PNG photos; other entries are left out. A file that cannot be opened raises ExamError."""
    if len(content) > ZIP_BYTES_MOST:
        raise ExamError(Message(N_("The photos are larger than %(most)d MB together."), {"most": ZIP_BYTES_MOST // MEGABYTE}))
    images: dict[str, bytes] = {}
    faults: dict[str, Message] = {}
    with bounded_zip(content, ENTRIES_MOST) as archive:
        for entry in archive.infolist():
            name = PurePosixPath(entry.filename.replace("\\", "/")).name.casefold()
            if entry.is_dir() or name.startswith(".") or not name.endswith(ENDINGS):
                continue
            try:
                images[name] = portrait(_bytes(archive, entry))
            except ExamError as error:
                faults[name] = error.message
    return Portraits(images, faults)


def portrait(content: bytes) -> bytes:
    """Return the photo as a JPEG of at most 300 x 400 pixels and 20 KB, upright, without its metadata; anything else raises ExamError."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MOST:
                raise ExamError(Message(N_("The photo has too many pixels.")))
            if min(image.size) < SHORTEST_SIDE:
                raise ExamError(Message(N_("The photo is smaller than %(least)d × %(least)d pixels."), {"least": SHORTEST_SIDE}))
            return _small_jpeg(ImageOps.exif_transpose(image).convert("RGBA"))
    except TOO_MANY_PIXELS as error:
        raise ExamError(Message(N_("The photo has too many pixels."))) from error
    except UNREADABLE as error:
        raise ExamError(Message(N_("The photo is no readable JPEG or PNG picture."))) from error


def _small_jpeg(image: Image.Image) -> bytes:
    image.thumbnail(SIZE)
    painted = Image.new("RGB", image.size, WHITE)
    painted.paste(image, mask=image)
    sizes = (_jpeg(painted, quality) for quality in QUALITIES)
    small = next((jpeg for jpeg in sizes if len(jpeg) <= JPEG_BYTES_MOST), None)
    if small is None:  # noise from edge to edge: fewer pixels are all that helps
        painted.thumbnail(SIZE_OF_NOISE)
        small = _jpeg(painted, QUALITIES[-1])
    return small


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, OSError) as error:
        raise ExamError(DAMAGED) from error
