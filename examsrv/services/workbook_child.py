"""Reads the first sheet of an .xlsx file: run as a process of its own, with little memory and time, because the file is a stranger's.

A file can ask the reader for any amount of memory (a cell in the last row and column is enough); then this process dies, not the server.
Standard input: the file. Standard output: an `Answer` as JSON. Imports nothing of ours, so that it starts quickly.
"""

import io
import json
import resource
import sys
from typing import TypedDict

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
EXACT_DIGITS_BELOW = 1e15
"""A spreadsheet keeps 15 digits of a number."""


class Answer(TypedDict):
    """The rows from the first on, each cell with its text and whether it is a number; `fault` is empty, `damaged`, `rows` or `columns`."""

    fault: str
    rows: list[list[tuple[str, bool]]]


def cell(value: object) -> tuple[str, bool]:
    """Return a cell's text and whether the spreadsheet keeps it as a number; whole numbers are without a point."""
    if isinstance(value, bool):
        return str(value).upper(), False
    if isinstance(value, (int, float)):
        whole = abs(value) < EXACT_DIGITS_BELOW and float(value).is_integer()
        return (str(int(value)) if whole else repr(value)), True
    return str(value), False


def read(content: bytes, most_rows: int, most_columns: int) -> Answer:
    """Return the rows of the first sheet from its first row on, at most `most_rows`, or what is wrong."""
    from python_calamine import CalamineError, load_workbook

    try:
        sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, IndexError, OSError, ValueError):
        return {"fault": "damaged", "rows": []}
    if sheet.total_height > most_rows:
        return {"fault": "rows", "rows": []}
    if sheet.total_width > most_columns:
        return {"fault": "columns", "rows": []}
    return {"fault": "", "rows": [[cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]}


def main() -> None:
    """Answer for the file on standard input; the arguments are the most rows and the most columns."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most_rows, most_columns = (int(argument) for argument in sys.argv[1:])
    json.dump(read(sys.stdin.buffer.read(), most_rows, most_columns), sys.stdout)


if __name__ == "__main__":
    main()
