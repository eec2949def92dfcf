"""PDF of forms: real ones, read back by another program; nothing is fetched; what is too much or lacking is said in words."""

import io
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from examsrv.exports.printed_form import Column, Facts, Grid, Number, PrintedForm, Sentences, Signs
from examsrv.exports.printed_html import forms_html
from examsrv.services import making_pdf, pdf_child
from examsrv.services.making_pdf import has_chinese_font, lacking_for_pdf, pdf_of
from examsrv.web.static_files import static_folder
from question_bank.message import ExamError

DATA = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"
STYLE = (static_folder() / "css" / "forms.css").read_text(encoding="utf-8")
COLUMNS = (Column("序号", 10, is_centred=True), Column("试题名称", 70), Column("得分", 20))


def form(rows: int = 2, **other: object) -> PrintedForm:
    blocks = (
        Facts([("考件编号", "107"), ("姓名", "欧阳·某")]),
        Grid("总表", COLUMNS, [[str(row), f"第{row}题", Number("59.9")] for row in range(1, rows + 1)], [["", "合计", Number("100")]]),
        Sentences("合成过程", ["均值 (72+75+71)/3 = 72.67"]),
        Signs(["评分人", "核分人"]),
    )
    values = {"name": "107", "over": "考试中心", "title": "评分记录表", "beside": ["左", "右"], "blocks": blocks, "foot": "打印于今日"}
    return PrintedForm(**values | other)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in read(pdf).pages).split())


def test_a_pdf_says_what_the_form_says_and_brings_its_fonts() -> None:
    pdf = pdf_of(forms_html([form()], "评分记录表", "zh_CN"), STYLE)
    for text in ("评分记录表", "考件编号107", "欧阳·某", "第2题59.9", "合计100", "(72+75+71)/3=72.67", "评分人核分人", "1/1"):
        assert text in words(pdf)
    fonts = [each.get_object() for each in read(pdf).pages[0]["/Resources"]["/Font"].values()]
    assert all("/FontFile3" in str(font["/DescendantFonts"][0].get_object()["/FontDescriptor"]) for font in fonts)
    assert len(pdf) < 200_000


def test_every_form_begins_on_a_new_sheet_and_a_long_table_repeats_its_head() -> None:
    pdf = read(pdf_of(forms_html([form(80), form(1, is_wide=True)], "表", "zh_CN"), STYLE))
    texts = [page.extract_text() for page in pdf.pages]
    assert all("试题名称" in text for text in texts[:-1])
    assert [page.mediabox.width > page.mediabox.height for page in pdf.pages] == [False] * (len(texts) - 1) + [True]


def test_a_text_of_the_form_is_never_markup() -> None:
    assert "<b>某&" in words(pdf_of(forms_html([form(over="<b>某&")], "表", "zh_CN"), STYLE))


def test_nothing_is_fetched_from_disk_or_network(tmp_path: Path) -> None:
    picture, style = tmp_path / "secret.png", tmp_path / "secret.css"
    Image.new("L", (8, 8)).save(picture)
    style.write_text("p::after { content: '泄露' }")
    page = f'<p>字</p><img alt="" src="{picture.as_uri()}"><link rel="stylesheet" href="{style.as_uri()}"><img alt="" src="{DATA}">'
    with listening() as (port, visits):
        pdf = pdf_of(f'{page}<img alt="" src="http://127.0.0.1:{port}/x.png">', f"p {{ background: url(http://127.0.0.1:{port}/y.png) }}")
    assert (words(pdf), list(read(pdf).pages[0].images), visits) == ("字", [], [])


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """Listen on a port of this machine; say which, and who came."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        visits: list[object] = []
        yield server.getsockname()[1], visits
        server.setblocking(False)
        with suppress(BlockingIOError):
            visits.append(server.accept())


def test_what_takes_too_much_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making_pdf, "CHILD_SECONDS", making_pdf.CHILD_SECONDS / 1500)
    with pytest.raises(ExamError, match="takes too much time or memory"):
        pdf_of(forms_html([form(3000)], "表", "zh_CN"), STYLE)


def test_where_pango_is_missing_the_child_says_so(tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library')")
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import runpy; runpy.run_path({pdf_child.__file__!r}, run_name='__main__')"
    child = subprocess.run([sys.executable, "-c", start], input=json.dumps({"html": "", "style": ""}).encode(), capture_output=True)
    assert (child.returncode, child.stderr) == (pdf_child.LACKS_PANGO, b"cannot load library")


def test_what_is_lacking_is_told_before_anybody_asks_for_a_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (lacking_for_pdf(), has_chinese_font()) == (None, True)
    monkeypatch.setattr(making_pdf, "LIBRARIES", ("libpango-of-nobody.so",))
    assert lacking_for_pdf.__wrapped__() is making_pdf.NO_PANGO
