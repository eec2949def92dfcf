"""Hostile packages are refused in words before anything in them is opened; names lead nowhere but into the package."""

import io
import stat
import struct
import time
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats.package import ENTRIES_MOST, NotAPackageError, Package, packed


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file as it comes."""
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of names that stand twice
        with zipfile.ZipFile(stream, "w", method) as archive:
            for name, content in entries:
                archive.writestr(name, content)
    return stream.getvalue()


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    """Return an entry with a file mode of Unix."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def overlapping() -> bytes:
    """Return a zip file of two names whose data are the same bytes."""
    content = zipped(("a.xml", b"<a/>"), ("b.xml", b"<a/>"), method=zipfile.ZIP_STORED)
    place = content.rfind(b"PK\x01\x02")
    return content[: place + 42] + struct.pack("<I", 0) + content[place + 46 :]


def lying() -> bytes:
    """Return a zip file with an entry that says it unpacks to 4 bytes, and unpacks to 50,000."""
    content = zipped(("a.xml", b"<a/>" * 12_500))
    place = content.rfind(b"PK\x01\x02")
    return content[: place + 24] + struct.pack("<I", 4) + content[place + 28 :]


def encrypted() -> bytes:
    content = bytearray(zipped(("a.xml", b"<a/>")))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


HOSTILE = {
    "bomb": (lambda: zipped(("a.xml", b" " * 20_000_000)), "zip bomb"),
    "large": (lambda: zipped(("a.xml", bytes(25 * 1024 * 1024)), method=zipfile.ZIP_STORED), "unpacks to more"),
    "sum": (lambda: zipped(*((f"{n}.bin", bytes(range(256)) * 80_000) for n in range(5)), method=zipfile.ZIP_STORED), "unpacks to more"),
    "many": (lambda: zipped(*((f"{n}", b"") for n in range(ENTRIES_MOST + 1)), method=zipfile.ZIP_STORED), "more than"),
    "overlap": (overlapping, "over each other|damaged"),
    "slip": (lambda: zipped(("../../etc/cron.d/x", b"x")), "outside"),
    "slip behind": (lambda: zipped(("items/../../x", b"x")), "outside"),
    "absolute": (lambda: zipped(("/etc/passwd", b"x")), "outside"),
    "drive": (lambda: zipped(("C:/x", b"x")), "outside"),
    "backslash": (lambda: zipped(("..\\x", b"x")), "outside"),
    "symlink": (lambda: zipped((entry("a.xml", stat.S_IFLNK | 0o777), b"/etc/passwd")), "link"),
    "twice": (lambda: zipped(("a.xml", b"<a/>"), ("a.xml", b"<b/>")), "stands twice"),
    "twice by composition": (lambda: zipped(("é.xml", b"<a/>"), ("e\u0301.xml", b"<b/>")), "stands twice"),
    "encrypted": (encrypted, "password"),
    "bzip2": (lambda: zipped(("a.xml", b"<a/>"), method=zipfile.ZIP_BZIP2), "way that is not read"),
    "truncated": (lambda: zipped(("a.xml", b"<a/>"))[:-8], "damaged"),
    "directory lost": (lambda: b"PK\x03\x04" + bytes(100), "damaged"),
    "claims many": (lambda: b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 65_535, 65_535, 2**32 - 1, 0, 0), "more than"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_package_is_refused_in_words(case: str) -> None:
    make, words = HOSTILE[case]
    content = make()
    start = time.process_time()

    with pytest.raises(NotAPackageError, match=words):
        Package(content)

    assert time.process_time() - start < 2


def test_an_entry_that_unpacks_to_more_than_it_says_is_damaged() -> None:
    package = Package(lying())

    with pytest.raises(NotAPackageError, match="damaged"):
        package.read("a.xml")


def test_what_is_packed_comes_out_again_and_the_same_files_give_the_same_bytes() -> None:
    files = {"a.xml": b"<a/>", "b/信.png": b"\x89PNG"}

    package = Package(packed(files))

    assert {name: package.read(name) for name in package.names} == files
    assert packed(files) == packed(files)


@pytest.mark.parametrize(
    ("reference", "beside", "name"),
    [
        ("b/c.png", "a.xml", "b/c.png"),
        ("../b/c.png", "items/a.xml", "b/c.png"),
        ("./b/c.png", "a.xml", "b/c.png"),
        ("b/%E4%BF%A1.png", "a.xml", "b/信.png"),
        ("b/c.png?x=1#y", "a.xml", "b/c.png"),
        ("../b/c.png", "a.xml", None),
        ("/b/c.png", "a.xml", None),
        ("http://a/b/c.png", "a.xml", None),
        ("file:///b/c.png", "a.xml", None),
        ("", "a.xml", None),
        ("b", "a.xml", None),
    ],
)
def test_a_reference_finds_files_of_the_package_only(reference: str, beside: str, name: str | None) -> None:
    assert Package(packed({"b/c.png": b"", "b/信.png": b""})).find(reference, beside) == name


@given(st.text(), st.text())
def test_no_reference_finds_anything_else(reference: str, beside: str) -> None:
    package = Package(packed({"b/c.png": b""}))

    assert package.find(reference, beside) in (None, "b/c.png")
