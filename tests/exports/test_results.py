"""What leaves the house is read back by another program: text is text, marks are numbers, nothing is a formula."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from examsrv.exports.csv_file import csv_file
from examsrv.exports.results import ResultLine, ResultsHead
from examsrv.exports.results_csv import results_csv
from examsrv.exports.results_xlsx import results_workbook
from question_bank.message import Message

HEAD = ResultsHead("信用管理师 三级 · 理论知识考试成绩", "三级理论第一场", "2026-11-22 09:00", 2, "ab12" * 16, datetime(2026, 11, 22, tzinfo=UTC))
SECTIONS = ["职业道德", "基础知识"]
FIRST_LINE = 6
HOSTILE = ["=1+1", "+cmd", "@x", "-5", "\t=1", '=HYPERLINK("http://x")', "http://example.org", "0012", "1e5", "{=1}", " =1", '<b>&amp;"']
DECISIONS = {"Pass": "合格", "Ticket number": "准考证号", "Total": "总分"}


def line(**other: object) -> ResultLine:
    values = {
        "ticket": "0001",
        "name": "张三",
        "id_number": "1501**********0015",
        "sections": (Fraction(9, 2), Decimal(20)),
        "total": Fraction(49, 2),
        "shown": "24.5",
        "decision": Message("Pass"),
    }
    return ResultLine(**values | other)


def translate(message: Message) -> str:
    return DECISIONS.get(message.text, str(message))


def sheet(*lines: ResultLine) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(results_workbook(lines, SECTIONS, HEAD, translate))).active


def cells(found: Worksheet, row: int) -> list[tuple[str, object]]:
    return [(cell.data_type, cell.value) for cell in found[row]]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_looks_like_a_formula_stays_text(name: str) -> None:
    found = cells(sheet(line(ticket=name, name=name, id_number=name)), FIRST_LINE)
    assert found[:3] == [("s", name)] * 3


def test_a_mark_just_under_the_pass_mark_is_not_rounded_to_it_by_a_spreadsheet() -> None:
    found = sheet(line(total=Fraction(5996, 100), shown="59.9"))
    assert cells(found, FIRST_LINE)[5] == ("n", 59.9)


def test_no_cell_of_the_file_is_a_formula_or_a_link() -> None:
    content = results_workbook([line(name=name, decision=Message(name)) for name in HOSTILE], HOSTILE, HEAD, translate)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in text
    assert "hyperlink" not in text.lower().replace("hyperlink(", "")


def test_marks_are_numbers_with_their_exact_value_and_one_decimal_shown() -> None:
    found = sheet(line(sections=(Fraction(1, 3), Decimal("20.05")), total=Fraction(60), shown="60.0"))
    assert cells(found, FIRST_LINE)[3:6] == [("n", 1 / 3), ("n", 20.05), ("n", 60)]
    assert {cell.number_format for cell in found[FIRST_LINE][3:6]} == {"0.0"}


def test_zeros_in_front_and_masked_numbers_are_kept() -> None:
    assert cells(sheet(line()), FIRST_LINE)[:3] == [("s", "0001"), ("s", "张三"), ("s", "1501**********0015")]


def test_somebody_without_marks_has_empty_cells_and_not_zeros() -> None:
    found = cells(sheet(line(sections=(None, None), total=None, shown="", decision=Message("Absent"))), FIRST_LINE)
    assert [value for _kind, value in found[3:]] == [None, None, None, "Absent"]


def test_a_mark_of_zero_is_a_zero() -> None:
    assert cells(sheet(line(total=Fraction(0), shown="0.0")), FIRST_LINE)[5] == ("n", 0)


def test_the_head_tells_sitting_day_run_and_digest_and_the_titles_are_translated() -> None:
    found = sheet(line())
    text = "\n".join(str(found.cell(row, 1).value) for row in range(1, FIRST_LINE - 1))
    assert all(part in text for part in (HEAD.title, HEAD.sitting, HEAD.held, "run 2", HEAD.digest))
    assert [cell.value for cell in found[FIRST_LINE - 1]] == ["准考证号", "Name", "ID number", *SECTIONS, "总分", "Decision"]


def test_the_sheet_is_ready_to_print_with_its_titles_on_every_page() -> None:
    found = sheet(line())
    assert (found.page_setup.orientation, found.page_setup.paperSize, found.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert (found.freeze_panes, found.print_title_rows) == (f"C{FIRST_LINE}", f"${FIRST_LINE - 1}:${FIRST_LINE - 1}")


def test_the_same_results_give_the_same_bytes() -> None:
    assert results_workbook([line()], SECTIONS, HEAD, translate) == results_workbook([line()], SECTIONS, HEAD, translate)


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40))
def test_any_name_is_read_back_as_it_was(name: str) -> None:
    assert cells(sheet(line(name=name)), FIRST_LINE)[1] == ("s", name)


def read_back(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-5", "@x", "\t=1", "\r=1", "\n=1", "＝1", " =1"])
def test_text_that_begins_like_a_formula_gets_an_apostrophe_in_csv(name: str) -> None:
    assert read_back(csv_file([name], [[name]])) == [["'" + name]] * 2


def test_numbers_and_other_text_stay_as_they_are_in_csv() -> None:
    row = ["张三", "a,b", 'say "x"', "0001", -5, Decimal("-5.50"), Fraction(-11, 2), Fraction(6, 1), None]
    assert read_back(csv_file(["h"], [row]))[1] == ["张三", "a,b", 'say "x"', "0001", "-5", "-5.50", "-5.5", "6", ""]


def test_csv_begins_with_the_mark_that_spreadsheets_look_for() -> None:
    assert csv_file(["姓名"], []) == b"\xef\xbb\xbf" + "姓名\r\n".encode()


def test_results_as_csv_have_the_same_columns_as_the_workbook() -> None:
    assert read_back(results_csv([line(name="=x")], SECTIONS, translate)) == [
        ["准考证号", "Name", "ID number", *SECTIONS, "总分", "Decision"],
        ["0001", "'=x", "1501**********0015", "4.5", "20", "24.5", "合格"],
    ]
