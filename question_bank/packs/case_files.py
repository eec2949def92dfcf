"""Workbooks, documents and tables of HTML as the scripts that make case files write them: a file without changes has the same bytes whenever made."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

MADE = datetime(2026, 11, 2, 9, 0)  # noqa: DTZ001 - a file's own dates have no zone
AUTHOR = "命题组"
HEAD = "DDE6F0"
WIDEST_COLUMN = 60
Row = Sequence[object]


def write_book(path: Path, sheets: Mapping[str, Sequence[Row]], colour: str = HEAD) -> None:
    """Write a workbook of sheets with their heads in the first row, on this colour; whole numbers and days are shown as people write them."""
    book = Workbook()
    for title, (heads, *rows) in sheets.items():
        fill(book, title, heads, rows, colour=colour, margin=2)
        for column in book[title].iter_cols(min_row=2):
            for cell in column:
                if isinstance(cell.value, int):
                    cell.number_format = "#,##0"
    save_book(book, path)


def fill(book: Workbook, title: str, heads: Row, rows: Sequence[Row], note: str = "", *, colour: str = HEAD, margin: int = 3) -> None:
    """Add a sheet: heads on this colour, rows, and a note under them. A column is as wide as its widest text and the margin, up to a limit."""
    sheet = book.create_sheet(title)
    for row in (heads, *rows):
        sheet.append(list(row))
    if note:
        sheet.append([])
        sheet.append([note])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color=colour)
    for place in range(len(heads)):
        widest = max(_width(row[place]) for row in (heads, *rows))
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(widest + margin, WIDEST_COLUMN)
    sheet.freeze_panes = "A2"


def save_book(book: Workbook, path: Path) -> None:
    """Write a workbook without the empty sheet that it begins with."""
    del book["Sheet"]
    book.properties.created = book.properties.modified = MADE
    book.properties.creator = AUTHOR
    book.save(path)
    _settle(path)


def new_document(title: str, intro: str = "") -> Word:
    """Return a document with its title and a first paragraph, on A4 paper with Chinese type, which the library's own template has not."""
    document = Document()
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
    for name in ("Normal", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "Times New Roman"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    document.styles["Normal"].font.size = Pt(10.5)
    document.core_properties.author = AUTHOR
    document.core_properties.created = document.core_properties.modified = MADE
    document.add_heading(title, level=1)
    if intro:
        document.add_paragraph(intro)
    return document


def add_table(document: Word, heads: Row, rows: Sequence[Row]) -> None:
    """Add a table with lines to a document."""
    table = document.add_table(rows=0, cols=len(heads), style="Table Grid")
    for row in (heads, *rows):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = str(value)


def save_document(document: Word, path: Path) -> None:
    """Write a document."""
    document.save(str(path))
    _settle(path)


def html_table(heads: Row, rows: Sequence[Row]) -> str:
    """Return a table in HTML; nothing in it needs escaping."""
    lines = ["".join(f"<th>{head}</th>" for head in heads)]
    lines += ["".join(f"<td>{value}</td>" for value in row) for row in rows]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _settle(path: Path) -> None:
    with ZipFile(path) as package:
        entries = [(name, package.read(name)) for name in package.namelist()]
    with ZipFile(path, "w") as package:
        for name, content in entries:
            settled = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + MADE.isoformat().encode() + b"Z", content)
            package.writestr(ZipInfo(name, MADE.timetuple()[:6]), settled, ZIP_DEFLATED)


def _width(value: object) -> int:
    """Chinese characters are twice as wide."""
    return sum(1 + (ord(letter) > 127) for letter in str(value))
