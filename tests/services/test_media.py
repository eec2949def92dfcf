"""Pictures: painted anew, kept once, refused in words."""

import io

import pytest
from PIL import Image

from examsrv.services.media import keep_picture, picture, picture_from, present
from examsrv.storage.database import Database
from question_bank.message import ExamError
from tests.services.shipped_bank import OFFICE
from tests.services.sittings_to_mark import BEGIN


def encoded(image: Image.Image, form: str, **about) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **about)
    return out.getvalue()


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("JPEG", "L"), ("GIF", "P"), ("BMP", "RGB")])
def test_a_picture_painted_anew_comes_out_the_same_when_it_comes_again(form: str, mode: str) -> None:
    first = picture_from(encoded(Image.new(mode, (40, 30)), form))
    assert picture_from(first.content).digest == first.digest


def test_what_else_a_file_holds_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    content = encoded(Image.new("RGB", (40, 30), (9, 9, 9)), "JPEG", exif=exif) + b"<script>secret place</script>"
    assert b"secret" not in picture_from(content).content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "readable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "readable"),
        (encoded(Image.new("RGB", (40, 30)), "PNG")[:60], "readable"),
        (encoded(Image.new("1", (4000, 4000)), "PNG"), "pixels"),
        (b"\x89PNG" + bytes(5 * 1024 * 1024), "larger"),
    ],
)
def test_anything_else_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ExamError, match=words):
        picture_from(content)


def test_a_picture_is_kept_once(database: Database) -> None:
    made = picture_from(encoded(Image.new("RGB", (40, 30)), "PNG"))
    with database.writing() as session:
        keep_picture(session, made, OFFICE, BEGIN)
        keep_picture(session, made, OFFICE, BEGIN)
    with database.reading() as session:
        assert picture(session, made.digest) == made.content
        assert present(session, [made.digest, "0" * 64]) == {made.digest}
