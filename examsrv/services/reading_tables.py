"""Tables that people send: .xlsx and .csv become rows of text cells. Whatever the bytes are, the answer is a table or an ExamError."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePath

from examsrv.services import workbook_child
from examsrv.services.placing import on_any_core
from examsrv.services.zip_bounds import DAMAGED, bounded_zip
from question_bank.message import N_, ExamError, Message

MEGABYTE = 1024 * 1024
CONTENT_BYTES_MOST = 5 * MEGABYTE
ROWS_MOST = 5000
COLUMNS_MOST = 64
HEADING_ROWS = 1
HEIGHT_MOST = 20_000
"""Rows of a sheet with the empty ones between."""
CHILD_SECONDS = timedelta(seconds=20)
WORKBOOK_PART = "[Content_Types].xml"

ZIP_SIGNATURE = b"PK"
OLD_WORKBOOK_SIGNATURE = b"\xd0\xcf\x11\xe0"
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = (",", ";", "\t")
NUL = "\0"

XLSX, CSV = ".xlsx", ".csv"

TOO_MANY_ROWS = N_("The table has more than %(most)d rows.")
TOO_MANY_COLUMNS = Message(N_("The table has more than %(most)d columns."), {"most": COLUMNS_MOST})
CHILD_FAULTS = {"damaged": DAMAGED, "rows": Message(TOO_MANY_ROWS, {"most": ROWS_MOST}), "columns": TOO_MANY_COLUMNS}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text as it stands there. `is_number`: the spreadsheet keeps it as a number, so zeros in front and digits after the 15th are lost."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row under the headings that is not empty. `number` counts as the spreadsheet does, from 1; there may be more cells than headings."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings (of the first row that is not empty) and the rows below; each row has at least as many cells as there are headings."""

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]


def read_table(name: str, content: bytes) -> Table:
    """Read the file `name`: .xlsx (its first sheet) or .csv (UTF-8, UTF-16 with a mark, GB18030; comma, semicolon or tab).

    Other kinds, damaged, empty, overfull and too large files raise ExamError.
    """
    _require_content(content, CONTENT_BYTES_MOST)
    extension = PurePath(name).suffix.lower()
    if extension == XLSX:
        return _table(_workbook_rows(content), ROWS_MOST)
    if extension == CSV:
        return _table(_csv_rows(content), ROWS_MOST)
    raise ExamError(Message(N_("Only .xlsx and .csv files can be read; save the table as one of these.")))


def read_csv(content: bytes, bytes_most: int, rows_most: int) -> Table:
    """Read a .csv file as `read_table` does, within other bounds."""
    _require_content(content, bytes_most)
    return _table(_csv_rows(content), rows_most)


def _require_content(content: bytes, bytes_most: int) -> None:
    if len(content) > bytes_most:
        raise ExamError(Message(N_("The file is larger than %(most)d MB."), {"most": bytes_most // MEGABYTE}))
    if not content.strip():
        raise ExamError(Message(N_("The file is empty.")))


def _table(rows: Iterable[Sequence[Cell]], rows_most: int) -> Table:
    filled: list[tuple[int, tuple[Cell, ...]]] = []
    for number, row in enumerate(rows, start=1):
        if len(row) > COLUMNS_MOST:
            raise ExamError(TOO_MANY_COLUMNS)
        if kept := _without_empty_end(row):
            filled.append((number, kept))
        if len(filled) > rows_most + HEADING_ROWS:
            raise ExamError(Message(TOO_MANY_ROWS, {"most": rows_most}))
    if not filled:
        raise ExamError(Message(N_("The file holds no rows.")))
    headings = tuple(cell.text.strip() for cell in filled[0][1])
    blank = Cell("")
    return Table(headings, tuple(TableRow(number, (*row, *(blank for _ in headings[len(row) :]))) for number, row in filled[HEADING_ROWS:]))


def _without_empty_end(row: Sequence[Cell]) -> tuple[Cell, ...]:
    end = len(row)
    while end and not row[end - 1].text.strip():
        end -= 1
    return tuple(row[:end])


def _workbook_rows(content: bytes) -> list[list[Cell]]:
    if content.startswith(OLD_WORKBOOK_SIGNATURE):
        raise ExamError(Message(N_("This is a workbook of the old kind or one with a password; save it as .xlsx without a password.")))
    if not content.startswith(ZIP_SIGNATURE):
        raise ExamError(Message(N_("This is no .xlsx workbook, though its name says so.")))
    with bounded_zip(content) as archive:
        if WORKBOOK_PART not in archive.namelist():
            raise ExamError(Message(N_("This is no .xlsx workbook, though its name says so.")))
    return [[Cell(text, is_number) for text, is_number in row] for row in _answer_of_child(content)["rows"]]


def _answer_of_child(content: bytes) -> workbook_child.Answer:
    command = [sys.executable, "-I", str(Path(workbook_child.__file__)), str(HEIGHT_MOST), str(COLUMNS_MOST)]
    try:
        with on_any_core():
            child = subprocess.run(command, input=content, capture_output=True, timeout=CHILD_SECONDS.total_seconds(), env={}, check=True)  # noqa: S603 - our own file; the stranger's bytes go to its input
        answer: workbook_child.Answer = json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise ExamError(DAMAGED) from error
    if answer["fault"]:
        raise ExamError(CHILD_FAULTS[answer["fault"]])
    return answer


def _csv_rows(content: bytes) -> Iterator[list[Cell]]:
    if content.startswith((ZIP_SIGNATURE, OLD_WORKBOOK_SIGNATURE)):
        raise ExamError(Message(N_("This is a workbook, though its name ends in .csv; name it .xlsx or save it as CSV.")))
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for row in reader:
            yield [Cell(cell) for cell in row]
    except csv.Error as error:
        unclosed = Message(N_("Line %(line)d cannot be read: look for a quotation mark that is not closed."), {"line": reader.line_num})
        raise ExamError(unclosed) from error


def _decoded(content: bytes) -> str:
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if NUL not in text:
            return text
    raise ExamError(Message(N_("The file is no text in UTF-8, UTF-16 or GB18030; save it as CSV UTF-8.")))


def _delimiter(text: str) -> str:
    """Return the delimiter that stands most often in the first line that is not blank; a comma when there is none."""
    first = text.lstrip("\r\n ").partition("\n")[0]
    return max(DELIMITERS, key=first.count)
