"""The empty roster that an office fills in."""

import io
from collections.abc import Sequence

from xlsxwriter import Workbook

TEXT_FORMAT = "@"
COLUMN_WIDTH = 24


def roster_template_workbook(sheets: tuple[str, str], headings: Sequence[str], example: Sequence[str], notes: Sequence[str]) -> bytes:
    """Return a workbook of two sheets: one with the headings over columns of text, one with the notes and the example under them.

    The example stands apart, so that nobody imports it.
    """
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        text = book.add_format({"num_format": TEXT_FORMAT})
        bold = book.add_format({"num_format": TEXT_FORMAT, "bold": True, "bottom": 1})
        table = book.add_worksheet(sheets[0])
        table.set_column(0, len(headings) - 1, COLUMN_WIDTH, text)
        table.write_row(0, 0, headings, bold)
        table.freeze_panes(1, 0)
        explained = book.add_worksheet(sheets[1])
        explained.set_column(0, len(headings) - 1, COLUMN_WIDTH, text)
        for row, note in enumerate(notes):
            explained.write_string(row, 0, note)
        for column, (heading, value) in enumerate(zip(headings, example, strict=True)):
            explained.write_string(len(notes), column, heading, bold)
            explained.write_string(len(notes) + 1, column, value, text)
    return out.getvalue()
