"""Plain tables as an .xlsx workbook, a sheet for each: texts stay texts, numbers are numbers, nothing is a formula or a link."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from examsrv.exports.printed_xlsx import sheet_name
from examsrv.exports.results_xlsx import AS_GIVEN

FIRST_WIDTH = 16


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its titles; an empty cell is None."""

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[str | int | Decimal | None]]


def tables_workbook(tables: Sequence[Table], title: str, made: datetime) -> bytes:
    """Return the workbook; heads and first columns stay in view."""
    out = io.BytesIO()
    with Workbook(out, AS_GIVEN) as book:
        book.set_properties({"title": title, "created": made})
        bold = book.add_format({"bold": True, "bottom": 1})
        taken: set[str] = set()
        for table in tables:
            _write(book.add_worksheet(sheet_name(table.name, taken)), table, bold)
    return out.getvalue()


def _write(sheet: Worksheet, table: Table, bold: Format) -> None:
    sheet.set_column(0, 0, FIRST_WIDTH)
    sheet.freeze_panes(1, 1)
    for column, title in enumerate(table.titles):
        sheet.write_string(0, column, title, bold)
    for row, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif cell is not None:
                sheet.write_number(row, column, float(cell))
