"""Word papers: our own come back as they went, those of others come in as they are usually typed, and nothing is lost in silence."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.formats.word import read, write
from question_bank.formats.word_lines import KIND_WORDS
from question_bank.kinds import KINDS
from question_bank.pack import load_pack
from tests.question_bank.builders import CODE
from tests.question_bank.generated_items import PICTURES, banks

NUMBERED_LINE = re.compile(r"^[0-9]+[.．、]", re.MULTILINE)
TAGS = {"level": "L3", "section": "collection", "point": "L3.K3.2.3", "difficulty": 3, "importance": "X"}


def paper(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read_foreign(content: bytes):
    """Read a paper that has no tags: each item gets a number, its id is that of the paper."""
    return read(content, "卷.docx", {**TAGS, "id": "X-1"})


def test_the_shipped_bank_comes_back_but_for_what_is_told() -> None:
    """Files have no place in a paper, and a line such as "1. …" inside a stem would begin an item."""
    items = load_pack(CODE).items
    writing = write(items, {})
    lost = {fault.place for fault in writing.losses}
    assert lost == {item.id for item in items if item.kind == "upload" or NUMBERED_LINE.search(item.stem)}
    assert {item.digest for item in items if item.id not in lost} <= {item.digest for item in read(writing.content, "").items}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(KINDS)).flatmap(banks))
def test_an_item_comes_back_the_same_or_is_told_as_a_loss(items) -> None:
    writing = write(items, PICTURES)
    lost = {fault.place for fault in writing.losses}
    back = {item.id: item.digest for item in read(writing.content, "").items}
    assert {item.id: item.digest for item in items if item.id not in lost} == {each: digest for each, digest in back.items() if each not in lost}
    assert all(item.kind in KIND_WORDS or item.id in lost for item in items)


def test_pictures_come_along_with_what_they_show() -> None:
    digest, content = next(iter(PICTURES.items()))
    item = next(each for each in load_pack(CODE).items if each.kind == "single_choice")
    from dataclasses import replace

    pictured = replace(item, stem=f"如图![账龄图](media:{digest})所示，应当（　　）。")
    writing = write([pictured], PICTURES)
    reading = read(writing.content, "")
    assert writing.losses == ()
    assert (reading.items, reading.media) == ((pictured,), {digest: content})


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (["一、单项选择题", "1. 首先应当（　　）。", "A. 甲", "B. 乙", "C. 丙", "D. 丁", "答案：B", "解析：因为"], "B"),
        (["一、单选题（每题1分）", "1、首先应当（ B ）。", "A、甲  B、乙  C、丙  D、丁", "解析：因为"], "B"),
        (["1．首先应当（　　）。", "Ａ．甲\tＢ．乙\tＣ．丙\tＤ．丁", "【答案】B", "【解析】因为"], "B"),
        (["多选题", "7. 应当（　　）。", "A.甲", "B.乙", "C.丙", "D.丁", "正确答案：A、C", "分析：因为"], ("A", "C")),
        (["三、判断题", "1. 账龄越长越难收回。（√）", "解析：因为"], True),
        (["判断题", "1. 账龄越长越易收回。", "答案：错", "解析：因为"], False),
        (["填空题", "1. 英文缩写为____，中文为____。", "答案：DSO；应收账款周转天数/平均收账期", "解析：因为"], None),
    ],
)
def test_the_usual_ways_of_typing_come_in(lines: list[str], key: object) -> None:
    reading = read_foreign(paper("信用管理师三级理论试卷", *lines))
    assert [str(fault) for fault in reading.faults] == []
    assert key is None or reading.items[0].key == key
    assert len(reading.notes) == 1  # the title belongs to no item, and that is said


def test_numbers_and_letters_that_word_sets_itself_are_read() -> None:
    document = docx.Document()
    document.add_paragraph("单项选择题")
    for stem in ("首先应当（　　）。", "其次应当（　　）。"):
        document.add_paragraph(stem, style="List Number")
        for option in ("甲", "乙", "丙", "丁"):
            lettered(document, document.add_paragraph(option))
        document.add_paragraph("答案：C")
    reading = read_foreign(saved(document))
    assert [(item.stem, item.options[2].letter, item.options[2].text) for item in reading.items] == [
        ("首先应当（　　）。", "C", "丙"),
        ("其次应当（　　）。", "C", "丙"),
    ]


def lettered(document, paragraph) -> None:
    numbering = document.part.numbering_part.element
    if numbering.find(f"{qn('w:num')}[@{qn('w:numId')}='99']") is None:
        abstract, level, form, number, named = (OxmlElement(f"w:{tag}") for tag in ("abstractNum", "lvl", "numFmt", "num", "abstractNumId"))
        abstract.set(qn("w:abstractNumId"), "99")
        level.set(qn("w:ilvl"), "0")
        form.set(qn("w:val"), "upperLetter")
        number.set(qn("w:numId"), "99")
        named.set(qn("w:val"), "99")
        level.append(form)
        abstract.append(level)
        number.append(named)
        numbering.insert(0, abstract)
        numbering.append(number)
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_numId().val = 99
    properties.get_or_add_ilvl().val = 0


def test_a_table_and_strong_words_of_a_stem_become_markdown() -> None:
    document = docx.Document()
    document.add_paragraph("单选题")
    stem = document.add_paragraph("1. 下列")
    stem.add_run("不").bold = True
    stem.add_run("属于的是（　　）。")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip([cell for row in table.rows for cell in row.cells], ["账龄", "金额", "30 天", "5"], strict=True):
        cell.text = text
    for line in ("A. 甲", "B. 乙", "C. 丙", "D. 丁", "答案：A"):
        document.add_paragraph(line)
    assert read_foreign(saved(document)).items[0].stem == "1. 下列**不**属于的是（　　）。\n\n| 账龄 | 金额 |\n| --- | --- |\n| 30 天 | 5 |"[3:]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["单选题", "1. 应当（　　）。", "A. 甲", "B. 乙", "C. 丙", "D. 丁", "答案：见书"], "见书"),
        (["单选题", "1. 应当（　　）。", "A. 甲", "B. 乙", "C. 丙", "D. 丁"], "answer"),
        (["表格题", "1. 填写下表。", "答案：无"], "table"),
        (["只有一段话"], "No item"),
        ([], "No item"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(lines: list[str], words: str) -> None:
    reading = read_foreign(paper(*lines))
    assert reading.items == ()
    assert words in str(reading.faults[0])
    assert str(reading.faults[0]).startswith("卷.docx: ")


def test_a_formula_of_words_own_editor_is_told() -> None:
    document = docx.Document()
    document.add_paragraph("单选题")
    document.add_paragraph("1. 按公式（　　）。")._p.append(OxmlElement("m:oMath"))
    assert any("formula" in str(note) for note in read_foreign(saved(document)).notes)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * (65 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK", b"\xd0\xcf\x11\xe0 an old .doc", paper("1. 一")[:900], bomb()])
def test_what_is_no_word_document_is_refused_in_words(content: bytes) -> None:
    reading = read(content, "卷.docx")
    assert reading.items == ()
    assert len(reading.faults) == 1
