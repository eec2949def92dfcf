"""Forms as an .xlsx workbook, a sheet for each, printable on A4: text stays text, numbers are those shown, nothing is a formula or a link."""

import io
import re
from collections.abc import Sequence
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from examsrv.exports.printed_form import Block, Cell, Facts, Grid, Number, PrintedForm, Sentences
from examsrv.exports.results_xlsx import A4, AS_GIVEN, TEXT_FORMAT, TITLE_POINTS

UNITS = 24
"""Columns of the sheet: every table of a form is laid over the same ones, so that they stand under each other."""
LABEL_UNITS = 5
WIDTH, WIDE_WIDTH = 88, 132
"""Of all columns together, in characters."""
NAME_LONGEST = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
PERCENT = 100
LINE_POINTS = 15
WIDTH_OF_CJK = 2


def forms_workbook(forms: Sequence[PrintedForm], title: str, made: datetime) -> bytes:
    """Return the workbook. Sheets are named for their forms, in order and each once."""
    out = io.BytesIO()
    with Workbook(out, {**AS_GIVEN, "constant_memory": False, "in_memory": True}) as book:
        book.set_properties({"title": title, "created": made})
        taken: set[str] = set()
        for form in forms:
            _Sheet(book, book.add_worksheet(sheet_name(form.name, taken)), form).write()
    return out.getvalue()


def sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that a workbook takes and that no sheet has yet."""
    plain = NOT_IN_NAMES.sub(" ", name).strip()[:NAME_LONGEST] or "1"
    chosen, count = plain, 1
    while chosen.casefold() in taken:
        count += 1
        chosen = f"{plain[: NAME_LONGEST - len(str(count)) - 1]} {count}"
    taken.add(chosen.casefold())
    return chosen


class _Sheet:
    """One form on its sheet: where the next row goes, and the formats of the book."""

    def __init__(self, book: Workbook, sheet: Worksheet, form: PrintedForm) -> None:
        self._book, self._sheet, self._form, self._row = book, sheet, form, 0
        bordered = {"border": 1, "text_wrap": True, "valign": "vcenter", "num_format": TEXT_FORMAT}
        self._title = book.add_format({"bold": True, "font_size": TITLE_POINTS, "align": "center"})
        self._plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": TEXT_FORMAT})
        self._heading = book.add_format({"bold": True})
        self._head = book.add_format({**bordered, "bold": True, "align": "center", "bg_color": "#F1F3F5"})
        self._text, self._strong = book.add_format(bordered), book.add_format({**bordered, "bold": True})
        self._bordered = bordered
        self._numbers: dict[tuple[int, bool], Format] = {}
        self._width = WIDE_WIDTH if form.is_wide else WIDTH

    def write(self) -> None:
        """Lay the form out from the top."""
        self._sheet.set_column(0, UNITS - 1, self._width / UNITS)
        self._sheet.set_paper(A4)
        if self._form.is_wide:
            self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&C&P / &N")
        self._line(self._form.over, self._plain)
        self._line(self._form.title, self._title)
        for text in self._form.beside:
            self._line(text, self._plain)
        for block in self._form.blocks:
            self._block(block)
        self._line(self._form.foot, self._plain)

    def _block(self, block: Block) -> None:
        if isinstance(block, Facts):
            self._facts(block)
        elif isinstance(block, Grid):
            self._grid(block)
        elif isinstance(block, Sentences):
            if block.title:
                self._line(block.title, self._heading)
            for number, text in enumerate(block.lines, start=1):
                self._line(f"{number}. {text}", self._plain)
        else:
            for label in block.labels:
                self._line(f"{label}：", self._plain)

    def _facts(self, block: Facts) -> None:
        for label, value in block.pairs:
            self._cells([(label, LABEL_UNITS, self._head), (value, UNITS - LABEL_UNITS, self._text)])

    def _grid(self, block: Grid) -> None:
        if block.caption:
            self._line(block.caption, self._heading)
        spans = _spans([column.percent for column in block.columns])
        self._cells([(column.title, span, self._head) for column, span in zip(block.columns, spans, strict=True)])
        for row in block.rows:
            self._cells([(cell, span, self._text) for cell, span in zip(row, spans, strict=True)])
        for row in block.foot:
            self._cells([(cell, span, self._strong) for cell, span in zip(row, spans, strict=True)])

    def _line(self, text: str, layout: Format) -> None:
        self._cells([(text, UNITS, layout)])

    def _cells(self, cells: Sequence[tuple[Cell, int, Format]]) -> None:
        """Write a row of cells, each over so many columns, high enough for its longest text."""
        column, lines = 0, 1
        for cell, span, layout in cells:
            look = self._number(cell.text, is_strong=layout is self._strong) if isinstance(cell, Number) else layout
            if span > 1:
                self._sheet.merge_range(self._row, column, self._row, column + span - 1, "", look)
            if isinstance(cell, Number):
                self._sheet.write_number(self._row, column, float(cell.text), look)
            else:
                self._sheet.write_string(self._row, column, cell, look)
                lines = max(lines, _lines(cell, span * self._width / UNITS))
            column += span
        if lines > 1:
            self._sheet.set_row(self._row, lines * LINE_POINTS)
        self._row += 1

    def _number(self, text: str, *, is_strong: bool) -> Format:
        """Return the format that shows a number just as it is written."""
        decimals = len(text.partition(".")[2])
        key = (decimals, is_strong)
        if key not in self._numbers:
            shown = "0." + "0" * decimals if decimals else "0"
            self._numbers[key] = self._book.add_format({**self._bordered, "num_format": shown, "bold": is_strong})
        return self._numbers[key]


def _spans(percents: Sequence[int]) -> list[int]:
    """Return over how many of the sheet's columns each column of a table goes: at least one, all together all of them."""
    ends = [round(sum(percents[: place + 1]) * UNITS / PERCENT) for place in range(len(percents))]
    spans = [max(1, end - begin) for begin, end in zip([0, *ends], ends, strict=False)]
    spans[spans.index(max(spans))] += UNITS - sum(spans)
    return spans


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a cell; a Chinese character is as wide as two letters."""
    return sum(max(1, -(-sum(1 if char.isascii() else WIDTH_OF_CJK for char in line) // max(1, int(width - 1)))) for line in text.split("\n"))
