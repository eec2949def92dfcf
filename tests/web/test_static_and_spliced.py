"""What a room asks for at the start: static files once, and the paper packed once."""

import gzip
import io
import json
from pathlib import Path

import brotli
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from examsrv.web.gbk import in_gbk
from examsrv.web.ready import takes_brotli
from examsrv.web.spliced import brotli_beginning, brotli_of, gzip_beginning, gzip_of
from examsrv.web.static_files import static_address

PAPER = brotli_beginning(b'{"paper":1,')
JSON_LEAVES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.binary(max_size=3000), st.binary(max_size=3000))
def test_a_beginning_and_an_own_part_make_one_ordinary_gzip_member(beginning: bytes, own: bytes) -> None:
    assert gzip.decompress(gzip_of(gzip_beginning(beginning), own)) == beginning + own


SIZES = [0, 1, 2, 65_535, 65_536, 65_537, 2**20, 2**20 + 1, 2**24, 2**24 + 1]


@pytest.mark.parametrize("size", SIZES)
def test_a_part_of_any_size_stands_behind_a_packed_beginning(size: int) -> None:
    own = bytes(range(256)) * (size // 256) + bytes(range(size % 256))
    assert brotli.decompress(brotli_of(PAPER, own)) == b'{"paper":1,' + own


@given(st.binary(max_size=3000), st.binary(max_size=3000))
def test_a_beginning_and_an_own_part_make_one_ordinary_brotli_stream(beginning: bytes, own: bytes) -> None:
    assert brotli.decompress(brotli_of(brotli_beginning(beginning), own)) == beginning + own


@given(st.recursive(JSON_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30), st.text(max_size=300))
def test_generated_json_comes_out_of_the_browsers_own_way_of_reading_as_it_went_in(value: object, own: str) -> None:
    beginning, end = f'{{"paper":{json.dumps(value, ensure_ascii=False)},'.encode(), f'"own":{json.dumps(own)}}}'.encode()
    read = io.BytesIO()
    unpacking = brotli.Decompressor()
    for byte in brotli_of(brotli_beginning(beginning), end):  # as it may come over the wire, byte by byte
        read.write(unpacking.process(bytes([byte])))
    assert unpacking.is_finished()
    assert json.loads(read.getvalue()) == {"paper": value, "own": own}


def test_a_beginning_is_packed_once_and_taken_as_it_is() -> None:
    paper = brotli_beginning("客户资信管理".encode() * 5000)
    assert brotli_of(paper, b"own").startswith(paper)
    assert len(brotli_of(paper, b"own")) < 200


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip, deflate, br, zstd", True),
        ("br", True),
        ("gzip;q=0.8, BR;q=0.1", True),
        ("gzip, deflate", False),
        ("gzip, br;q=0", False),
        ("*", False),
        ("brr, b r", False),
        ("br;q=nonsense", False),
        ("", False),
    ],
)
def test_brotli_is_sent_to_those_who_name_it(accepted: str, takes: bool) -> None:
    assert takes_brotli(accepted) is takes


def test_a_gzip_beginning_that_is_packed_already_is_taken_as_it_is() -> None:
    plain = "客户资信管理".encode() * 5000
    paper = gzip_beginning(plain)
    assert gzip_of(paper, b"own").startswith(paper.packed)
    assert len(paper.packed) * 50 < len(plain)


@given(st.text())
def test_json_in_gbk_says_the_same(text: str) -> None:
    written = in_gbk(json.dumps(text, ensure_ascii=False))
    assert json.loads(written.decode("gbk")) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("信用管理师", b'"\xd0\xc5\xd3\xc3\xb9\xdc\xc0\xed\xca\xa6"'),
        ("〇、±é·—", b'"\xa9\x96\xa1\xa2\xa1\xc0\xa8\xa6\xa1\xa4\xa1\xaa"'),
        ("誠\\乗", b'"\xd5\x5c\\\\\x81\x5c"'),  # the second bytes of the characters are backslashes too
        ("𠮷㛃", b'"\\ud842\\udfb7\\u36c3"'),
        ("€ñ\xa0\u2028\ue000😀", b'"\\u20ac\\u00f1\\u00a0\\u2028\\ue000\\ud83d\\ude00"'),
        ("\ud842", b'"\\ud842"'),
    ],
)
def test_what_gbk_lacks_is_escaped(text: str, written: bytes) -> None:
    assert in_gbk(json.dumps(text, ensure_ascii=False)) == written


def test_the_address_of_the_static_files_names_their_content(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js/a.js").write_text("one")
    first = static_address(tmp_path)
    assert static_address(tmp_path) == first
    (tmp_path / "js/a.js").write_text("two")
    second = static_address(tmp_path)
    (tmp_path / "js/a.js").rename(tmp_path / "js/b.js")
    assert len({first, second, static_address(tmp_path)}) == 3


def test_a_browser_never_asks_for_a_static_file_again(app: Flask) -> None:
    answer = app.test_client().get(f"{app.static_url_path}/js/candidate/main.js")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()
