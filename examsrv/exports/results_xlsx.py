"""The results of a run as an .xlsx workbook: text stays text, marks are numbers, nothing is a formula or a link."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from examsrv.exports.results import ResultLine, ResultsHead, Translate, decision_title, head_lines, mark_titles, text_titles
from question_bank.message import N_, Message

MARK_FORMAT = "0.0"
TEXT_FORMAT = "@"
TITLE_POINTS = 14
A4 = 9
"""The number of A4 in the file format."""
ID_WIDTH, NAME_WIDTH, MARK_WIDTH = 21, 14, 12
NAME_COLUMNS = 2
"""Ticket and name stay in view when the sheet is moved sideways."""
# A cell that looks like a formula, an address or a number stays what it is: text.
AS_GIVEN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def results_workbook(lines: Iterable[ResultLine], section_names: Sequence[str], head: ResultsHead, translate: Translate) -> bytes:
    """Return the workbook. Marks of sections are kept as they are, the total as it is shown; a mark that does not exist is an empty cell."""
    out = io.BytesIO()
    with Workbook(out, AS_GIVEN) as book:
        book.set_properties({"title": head.title, "created": head.made})
        sheet = book.add_worksheet(translate(Message(N_("Results"))))
        title_row = len(head_lines(head)) + 1
        _set_up(sheet, len(section_names), title_row)
        _write_head(book, sheet, head, translate)
        titles = [*map(translate, text_titles()), *mark_titles(section_names, translate), translate(decision_title())]
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        for column, title in enumerate(titles):
            sheet.write_string(title_row, column, title, bold)
        text, mark = book.add_format({"num_format": TEXT_FORMAT}), book.add_format({"num_format": MARK_FORMAT})
        for row, line in enumerate(lines, start=title_row + 1):
            _write_line(sheet, row, line, translate(line.decision), text, mark)
    return out.getvalue()


def _set_up(sheet: Worksheet, sections: int, title_row: int) -> None:
    first_mark, decision = len(text_titles()), len(text_titles()) + sections + 1
    sheet.set_column(0, 0, ID_WIDTH)
    sheet.set_column(1, 1, NAME_WIDTH)
    sheet.set_column(first_mark - 1, first_mark - 1, ID_WIDTH)
    sheet.set_column(first_mark, decision, MARK_WIDTH)
    sheet.freeze_panes(title_row + 1, NAME_COLUMNS)
    sheet.repeat_rows(title_row)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _write_head(book: Workbook, sheet: Worksheet, head: ResultsHead, translate: Translate) -> None:
    sheet.write_string(0, 0, head.title, book.add_format({"bold": True, "font_size": TITLE_POINTS}))
    for row, line in enumerate(head_lines(head), start=1):
        sheet.write_string(row, 0, translate(line))


def _write_line(sheet: Worksheet, row: int, line: ResultLine, decision: str, text: Format, mark: Format) -> None:
    for column, value in enumerate((line.ticket, line.name, line.id_number)):
        sheet.write_string(row, column, value, text)
    marks = (*line.sections, Decimal(line.shown) if line.shown else None)
    for column, earned in enumerate(marks, start=len(text_titles())):
        if earned is not None:
            sheet.write_number(row, column, float(earned), mark)
    sheet.write_string(row, len(text_titles()) + len(marks), decision, text)
