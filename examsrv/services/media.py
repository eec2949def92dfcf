"""The bank's pictures: painted anew as PNG when they come in, kept by the digest of what was painted, shown to nobody who may not see the item."""

import hashlib
import io
from collections.abc import Collection
from dataclasses import dataclass

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.services.portraits import TOO_MANY_PIXELS, UNREADABLE
from examsrv.storage.tables import MediaRow
from question_bank.message import N_, ExamError, Message

MEGABYTE = 1024 * 1024
BYTES_MOST = 5 * MEGABYTE
PIXELS_MOST = 8_000_000
LONGEST_SIDE = 1600
"""As wide as a lab's screen can show; larger pictures are made smaller."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
PNG = "image/png"
PLAIN_MODES = {"1": "L", "L": "L", "I;16": "L"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    digest: str
    content: bytes
    width: int
    height: int


def picture_from(content: bytes) -> Picture:
    """Return a picture painted anew: PNG, upright, without anything else that the file held. What was painted so comes out the same again."""
    if len(content) > BYTES_MOST:
        raise ExamError(Message(N_("The picture is larger than %(most)d MB."), {"most": BYTES_MOST // MEGABYTE}))
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MOST:
                raise ExamError(Message(N_("The picture has too many pixels.")))
            upright = ImageOps.exif_transpose(image)
            has_alpha = "transparency" in image.info or upright.mode in ("RGBA", "LA", "PA")
            painted = upright.convert("RGBA" if has_alpha else PLAIN_MODES.get(upright.mode, "RGB"))
    except TOO_MANY_PIXELS as error:
        raise ExamError(Message(N_("The picture has too many pixels."))) from error
    except UNREADABLE as error:
        raise ExamError(Message(N_("This is no readable picture (PNG, JPEG, WebP, GIF or BMP)."))) from error
    painted.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    painted.info.clear()
    out = io.BytesIO()
    painted.save(out, "PNG", optimize=True)
    return Picture(hashlib.sha256(out.getvalue()).hexdigest(), out.getvalue(), painted.width, painted.height)


def keep_picture(session: Session, picture: Picture, by: Actor, at: Moment) -> None:
    """Keep a picture, once however often it comes."""
    if session.get(MediaRow, picture.digest) is None:
        about = {"digest": picture.digest, "type": PNG, "width": picture.width, "height": picture.height}
        session.add(MediaRow(**about, content=picture.content, person_id=by.person, wall=at.wall))
        session.flush()


def picture(session: Session, digest: str) -> bytes | None:
    """Return a picture, PNG, or None."""
    return session.scalar(select(MediaRow.content).where(MediaRow.digest == digest))


def present(session: Session, digests: Collection[str]) -> set[str]:
    """Return those of `digests` that are kept."""
    return set(session.scalars(select(MediaRow.digest).where(MediaRow.digest.in_(digests)))) if digests else set()
