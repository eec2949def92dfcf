"""Photos are painted anew, small and bare; what is no picture is refused in words."""

import io
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from examsrv.services.portraits import JPEG_BYTES_MOST, SIZE, portrait, read_portraits
from question_bank.message import ExamError
from tests.services.rosters import picture

PNG, JPEG = picture(kind="PNG"), picture()


def test_a_photo_is_turned_upright_and_loses_everything_but_its_pixels() -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    exif[0x0112] = 6  # it lies on its side
    painted = portrait(picture((600, 300), exif=exif) + b"<script>")
    with Image.open(io.BytesIO(painted)) as image:
        assert (image.format, image.width < image.height, dict(image.getexif())) == ("JPEG", True, {})
    assert b"secret" not in painted
    assert b"script" not in painted


def test_even_noise_becomes_a_small_file() -> None:
    noise = Image.frombytes("RGB", (900, 1200), random.Random(1).randbytes(900 * 1200 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    painted = portrait(out.getvalue())
    with Image.open(io.BytesIO(painted)) as image:
        assert image.width <= SIZE[0]
    assert len(painted) <= JPEG_BYTES_MOST


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(portrait(out.getvalue()))) as image:
        assert image.getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("size", "is_fine"), [((100, 100), True), ((99, 200), False), ((200, 99), False), ((4000, 4000), True), ((4001, 4000), False)]
)
def test_a_photo_is_neither_too_small_nor_too_large(size: tuple[int, int], is_fine: bool) -> None:
    content = picture(size, "PNG")
    if is_fine:
        assert portrait(content)
    else:
        with pytest.raises(ExamError):
            portrait(content)


def flood(width: int) -> bytes:
    """Return a picture that claims many pixels and holds none."""
    return PNG[:16] + width.to_bytes(4, "big") * 2 + PNG[24:]


@pytest.mark.parametrize("content", [b"", b"GIF89a" + bytes(50), b"<svg onload='x'/>", picture(kind="GIF"), PNG[:60], flood(10_000), flood(60_000)])
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(ExamError):
        portrait(content)


@given(st.sampled_from([PNG, JPEG]), st.data())
def test_a_mutilated_photo_is_painted_or_refused(whole: bytes, data: st.DataObject) -> None:
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ExamError):
        assert portrait(bytes(content)).startswith(b"\xff\xd8")


@given(st.binary(max_size=200))
def test_any_bytes_for_a_zip_of_photos_are_read_or_refused(content: bytes) -> None:
    with suppress(ExamError):
        read_portraits(b"PK\x03\x04" + content)
