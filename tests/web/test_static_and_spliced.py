"""What a room asks for at the start: static files once, and the paper packed once."""

import gzip
from pathlib import Path

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from examsrv.web.spliced import gzip_of, packed
from examsrv.web.static_files import static_address


@given(st.lists(st.binary(max_size=3000), max_size=4))
def test_packed_parts_make_one_ordinary_gzip_member(parts: list[bytes]) -> None:
    made = gzip_of(*(packed(part) for part in parts))
    assert gzip.decompress(made) == b"".join(parts)


def test_a_part_that_is_packed_already_is_taken_as_it_is() -> None:
    paper = packed("客户资信管理".encode() * 5000)
    assert paper.blocks in gzip_of(packed(b"{"), paper, packed(b"}"))
    assert len(paper.blocks) * 50 < len(paper.plain)


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
