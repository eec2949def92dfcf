"""A bank as a workbook: what is written comes back the same, what people and spreadsheets do to it is understood or told by row and column."""

import io
import zipfile
from datetime import date

import openpyxl
import openpyxl.drawing.image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.formats.cell_text import guarded, plain, split
from question_bank.formats.excel import read, template, write
from question_bank.formats.excel_columns import COMMON, ITEM_COLUMNS, KIND_WORDS, OWN_COLUMNS
from question_bank.formats.excel_rows import READERS, WRITERS
from question_bank.formats.reading import Names, Reading
from question_bank.item import Case, Item
from question_bank.kinds import KINDS
from tests.question_bank.builders import make_item
from tests.question_bank.generated_items import PICTURES, banks

NAMES = Names({"L3": "高级工"}, {"collection": "商账追收"}, {"L3.K3.2.3": "催收函的写法"})
HEADINGS = ["编号", "题型", "级别", "部分", "知识点", "难度", "重要程度", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析"]
ROW = ["S-1", "单选题", "L3", "collection", "L3.K3.2.3", 2, "X", "首先（　　）。", "甲", "乙", "丙", "丁", "B", "因为"]


def workbook(*rows: list[object], title: str = "试题", change=None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_with(**changes: object) -> list[object]:
    return [changes.get(heading, value) for heading, value in zip(HEADINGS, ROW, strict=True)]


def said(reading: Reading) -> list[str]:
    return [str(fault.message) for fault in reading.faults]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_bank_of_every_kind_comes_back_the_same_by_digest(kind: str, data: st.DataObject) -> None:
    items = data.draw(banks(kind))
    written = write(items, PICTURES, NAMES)
    reading = read(written.content, "bank.xlsx")

    assert (written.losses, reading.faults, reading.notes) == ((), (), ())
    assert [item.digest for item in reading.items] == [item.digest for item in items]
    assert reading.media.items() <= PICTURES.items()


@given(st.lists(st.text("|｜;；:=()（【】⏎\\ \n\ta甲　", min_size=1), min_size=1))
def test_texts_behind_each_other_in_a_cell_come_apart_again(texts: list[str]) -> None:
    line = " | ".join(guarded(text, "|｜") for text in texts)

    assert "\n" not in line
    assert [plain(piece) for piece in split(line, "|｜")] == texts


def test_a_formula_typed_between_the_marks_keeps_its_backslashes() -> None:
    assert plain(r" $\frac{1}{2}$ \nu ") == r"$\frac{1}{2}$ \nu"


def test_every_kind_has_its_word_its_columns_its_reader_and_its_writer() -> None:
    assert set(KINDS) == set(KIND_WORDS) == set(OWN_COLUMNS) == set(READERS) == set(WRITERS)
    assert set(ITEM_COLUMNS) == COMMON.union(*OWN_COLUMNS.values())


def test_nothing_in_a_workbook_is_a_formula_or_a_link() -> None:
    item = make_item(stem="=1+1", rationale="+86", options=["@甲", "-5", "http://a.example/", "\t=2"])
    sheet = openpyxl.load_workbook(io.BytesIO(write([item], {}).content))["试题"]

    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None and cell.column_letter != "F"} == {"s"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_the_same_items_give_the_same_bytes() -> None:
    assert write([make_item()], {}).content == write([make_item()], {}).content


def test_the_template_is_empty_and_its_examples_are_faultless_items_of_every_kind() -> None:
    content = template(NAMES)
    book = openpyxl.load_workbook(io.BytesIO(content))
    del book["试题"]
    book["示例"].title = "试题"
    for number, each in enumerate(["EX-C-01", "甲公司", "赊销"], start=1):
        book["案例"].cell(2, number, each)
    out = io.BytesIO()
    book.save(out)
    examples = read(out.getvalue(), "bank.xlsx")

    assert read(content, "bank.xlsx") == Reading()
    assert said(examples) == []
    assert [item.kind for item in examples.items] == list(KINDS)
    assert [fault for item in examples.items for fault in KINDS[item.kind].validate(item)] == []


def test_the_columns_offer_what_may_stand_in_them() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template(NAMES)))["试题"]
    offered = {str(each.sqref).split(":")[0]: each.formula1 for each in sheet.data_validations.dataValidation}

    assert offered["B2"].startswith('"单项选择题,')
    assert (offered["C2"], offered["D2"], offered["F2"], offered["G2"]) == ("选项表!$A$2:$A$2", "选项表!$B$2:$B$2", '"1,2,3,4,5"', '"X,Y,Z"')
    assert sheet.freeze_panes == "C2"


def test_a_bank_of_another_house_is_understood() -> None:
    headings = ["题号", "试题类型", "等级", "鉴定范围", "鉴定点", "难易程度", "重要性", "试题内容", "A", "Ｂ", "选项 C", "D", "正确答案", "答案解析"]
    rows = [
        ["　S-1 ", "单选", "Ｌ３", "collection 商账追收", "L3.K3.2.3", "较易", "x", "首先（　　）。", "甲", "乙", "丙", "丁", " ｂ ", "因为"],
        [],
        ["M-1", "多选题", "L3", "collection", "L3.K3.2.3", "2", "X", "应当", 1, 2.5, 0, "丁", "A、C", "因为"],
        ["T-1", "判断题", "L3", "collection", "L3.K3.2.3", 2, "X", "对的。", "正确", "错误", None, None, "A", "因为"],
        ["T-2", "判断题", "L3", "collection", "L3.K3.2.3", 2, "X", "错的。", None, None, None, None, False, "因为"],
    ]
    reading = read(workbook(["信用管理师题库"], headings, *rows, title="Sheet1"), "old.xlsx")

    assert said(reading) == []
    assert [(item.id, item.level, item.difficulty, item.key) for item in reading.items] == [
        ("S-1", "L3", 2, "B"),
        ("M-1", "L3", 2, ("A", "C")),
        ("T-1", "L3", 2, True),
        ("T-2", "L3", 2, False),
    ]
    assert [option.text for option in reading.items[1].options] == ["1", "2.5", "0", "丁"]
    assert [sample.fraction for sample in reading.items[0].samples] == [1, 0]


def put(cell: str, value: object, number_format: str | None = None):
    def change(sheet) -> None:
        sheet[cell] = value
        if number_format:
            sheet[cell].number_format = number_format

    return change


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (put("A2", 110101199003071234), "Sheet 试题, row 2, “编号”: It is stored as a number, of which digits after the 15th are lost"),
        (put("A2", 7), "Sheet 试题, row 2, “编号”: It is stored as a number, so that zeros in front are lost"),
        (put("A2", None), "Sheet 试题, row 2, “编号”:  is not written as it should be"),
        (put("B2", "谜语"), "Sheet 试题, row 2, “题型”: 谜语 is not one of 单项选择题、"),
        (put("F2", "hard"), "Sheet 试题, row 2, “难度”: A whole number is wanted, not hard"),
        (put("F2", None), "Sheet 试题, row 2, “难度”: A whole number is wanted, not null"),
        (put("H2", "=A2"), "Sheet 试题, row 2, “题干”: A formula stands here"),
        (put("I2", "#N/A"), "Sheet 试题, row 2, “选项A”: An error of the spreadsheet stands here"),
        (put("J2", date(2026, 1, 2)), "Sheet 试题, row 2, “选项B”: The spreadsheet has made a date or a time of it"),
        (put("M2", "甲"), "Sheet 试题, row 2, “答案”: Letters of options such as ACD are wanted, not 甲"),
        (put("M2", "AB"), "Sheet 试题, row 2, “答案”: One letter such as B is wanted, not AB"),
        (put("A3", "S-1"), "Sheet 试题, row 3, “题型”: — is not one of"),
        (lambda sheet: sheet.merge_cells("C2:C3"), "Sheet 试题, row 2: cells are merged"),
        (put("M1", "答卷"), "Sheet 试题: the column “答案” is missing"),
        (put("N1", "答案"), "Sheet 试题: the column “答案” stands there twice"),
    ],
)
def test_what_is_wrong_is_told_by_sheet_row_and_column(change, fault: str) -> None:
    reading = read(workbook(HEADINGS, ROW, change=change), "bank.xlsx")

    assert len(reading.faults) == 1
    assert said(reading)[0].startswith(fault)


def test_an_id_that_stands_twice_is_told_with_the_row_of_the_first() -> None:
    assert said(read(workbook(HEADINGS, ROW, [], ROW), "bank.xlsx")) == ["Sheet 试题, row 4, “编号”: S-1 stands already on sheet 试题, row 2"]


def test_a_house_that_keeps_each_kind_on_a_sheet_of_its_own_is_read_whole() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEADINGS, ROW, title="单选题")))
    other = book.create_sheet("判断题")
    for row in (HEADINGS, row_with(编号="T-1", 题型="判断题", 选项A=None, 选项B=None, 选项C=None, 选项D=None, 答案="对"), ROW):
        other.append(row)
    out = io.BytesIO()
    book.save(out)
    reading = read(out.getvalue(), "bank.xlsx")

    assert [item.id for item in reading.items] == ["S-1", "T-1"]
    assert said(reading) == ["Sheet 判断题, row 3, “编号”: S-1 stands already on sheet 单选题, row 2"]


def test_a_share_shown_in_per_cent_is_the_text_that_was_typed() -> None:
    reading = read(workbook(HEADINGS, ROW, change=put("I2", 0.155, "0.0%")), "bank.xlsx")
    assert reading.items[0].options[0].text == "15.5%"


def test_unknown_columns_fields_of_other_kinds_and_hidden_rows_are_noted_and_the_rest_comes_in() -> None:
    def hide(sheet) -> None:
        sheet.row_dimensions[2].hidden = True

    reading = read(workbook([*HEADINGS, "出题人", "允许误差"], [*ROW, "张三", "1%"], change=hide), "bank.xlsx")
    notes = [str(note.message) for note in reading.notes]

    assert [item.id for item in reading.items] == ["S-1"]
    assert notes == [
        "Sheet 试题: these columns are not known and were left out: 出题人",
        "Sheet 试题: rows that are hidden were read too: 2",
        "Sheet 试题, row 2, “允许误差”: an item of this kind has no such field; it was left out",
    ]


def test_pictures_that_lie_on_a_sheet_without_being_named_are_noted() -> None:
    picture = next(iter(PICTURES.values()))
    change = lambda sheet: sheet.add_image(openpyxl.drawing.image.Image(io.BytesIO(picture)), "H2")  # noqa: E731
    notes = read(workbook(HEADINGS, ROW, change=change), "bank.xlsx").notes
    assert [str(note.message) for note in notes] == ["Pictures that no text names were left out: 1"]


def test_a_case_that_is_nowhere_is_told_at_the_item_that_names_it() -> None:
    reading = read(workbook([*HEADINGS, "案例"], [*ROW, "C-1"]), "bank.xlsx")
    assert said(reading) == ["Sheet 试题, row 2, “案例”: There is no case C-1"]


def written(item: Item, **cells: object) -> bytes:
    """Return a workbook of one item in whose row some cells were changed by hand."""
    book = openpyxl.load_workbook(io.BytesIO(write([item], {}).content))
    sheet = book["试题"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for heading, value in cells.items():
        sheet.cell(2, places[heading], value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "cells", "key"),
    [
        ("填空题", {"题干": "[[1]]和[[2]]", "答案": "1：甲 | 乙\n2（区分大小写）：AB"}, ({"1": ["甲", "乙"], "2": ["AB"]})),
        ("填空题", {"题干": "[[1]]和[[2]]", "答案": "甲\n乙"}, ({"1": ["甲"], "2": ["乙"]})),
    ],
)
def test_gaps_are_read_as_a_person_writes_them(kind: str, cells: dict[str, object], key) -> None:
    item = read(written(make_item(), **({"题型": kind, "样例": "1：1=甲\n0：（空）"} | cells)), "bank.xlsx").items[0]
    assert {gap: each["accepted"] for gap, each in item.key["gaps"].items()} == key


@pytest.mark.parametrize(
    ("tolerance", "read_as"),
    [
        (None, ("0", False)),
        (0.5, ("0.5", False)),
        ("±0.5", ("0.5", False)),
        ("1%", ("0.01", True)),
        ("１％", ("0.01", True)),
        ("相对 0.1", ("0.1", True)),
    ],
)
def test_a_tolerance_is_read_as_a_person_writes_it(tolerance: object, read_as: tuple[str, bool]) -> None:
    cells = {"题型": "计算题", "答案": 64, "允许误差": tolerance, "样例": "1：64"} | {f"选项{letter}": None for letter in "ABCD"}
    item = read(written(make_item(), **cells), "bank.xlsx").items[0]
    assert (item.key["tolerance"], item.key["relative"]) == read_as


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"题型": "计算题", "答案": "六十四"}, "“答案”: 六十四 is not accepted here"),
        ({"题型": "计算题", "答案": "64", "允许误差": "约"}, "“允许误差”: A tolerance such as 0.5 or 1% is wanted, not 约"),
        ({"题型": "匹配题", "答案": "甲乙", "左列": "1. 甲\n2. 乙"}, "“答案”: Pairs such as 1-C 2-A are wanted, not 甲乙"),
        (
            {"题型": "表格题", "答案": "甲", "表格": "甲 | 乙\n1 | 【数字】"},
            "“答案”: A cell and what is right there, such as B1：64.00, is wanted, not 甲",
        ),
        ({"题型": "表格题", "答案": "B1：1", "表格": "甲 | 乙\n1 | 【图】"}, "“表格”: 【图】 is not one of 【数字】、【文字】、【选择】"),
        ({"题型": "简答题", "采分点": "甲"}, "“采分点”: A share and its wordings, such as 1/4：甲 | 乙, is wanted, not 甲"),
        ({"样例": "B"}, "“样例”: A share and an answer, such as 1：B, is wanted, not B"),
        ({"样例": "满分：B"}, "“样例”: 满分 is not accepted here"),
    ],
)
def test_what_is_not_understood_in_a_cell_is_told_with_an_example(cells: dict[str, object], fault: str) -> None:
    sentences = said(read(written(make_item(), **cells), "bank.xlsx"))
    assert any(sentence.endswith(fault) for sentence in sentences), sentences


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 torn", "This is not a zip file, or it is damaged"),
        (b"\xd0\xcf\x11\xe0 old", "This is a workbook of the old kind or one with a password"),
        (b"id,kind", "This is not a zip file, or it is damaged"),
        (workbook(["a", "b"], ["1", "2"]), "No sheet has the headings of a bank"),
        (workbook(HEADINGS, change=put("A10001", "x")), "The table has more than 10000 rows"),
        (workbook(HEADINGS, change=put("BM2", "x")), "The table has more than 64 columns"),
    ],
)
def test_what_is_no_bank_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    assert said(read(content, "bank.xlsx"))[0].startswith(sentence)


def test_a_sheet_with_a_document_type_or_without_an_end_is_damaged() -> None:
    for spoilt in (b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>', b"<worksheet><sheetData><row>"):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(workbook(HEADINGS, ROW))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, spoilt if name.endswith("sheet1.xml") else old.read(name))
        assert said(read(out.getvalue(), "bank.xlsx"))[0].startswith("The file is damaged")


def test_what_a_workbook_cannot_hold_is_a_loss_of_its_item() -> None:
    long, other = make_item("S-1", stem="长" * 32_768), make_item("S-2", stem="![图](media:" + "0" * 64 + ")")
    cases = [make_item(each, case=Case("C-1", "甲", text)) for each, text in (("S-3", "甲"), ("S-4", "乙"))]
    losses = [(loss.place, str(loss.message)) for loss in write([long, other, *cases], {}).losses]

    assert losses == [
        ("S-1", "“题干” has more than 32767 characters, which is more than a cell can hold"),
        ("S-4", "The case C-1 stands in the file with another text"),
        ("S-2", "The picture 00000000 cannot be put into the file"),
    ]
