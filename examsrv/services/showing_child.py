"""Turns a file into what can be shown of it: run as a process of its own, with little memory and time and no children, because it is a stranger's.

Argument: what the file is. Standard input: the file. Standard output: an `Answer` as JSON. Whatever the file makes a reader do then happens to this
process, not to the server. Macros, links and outside contents are never followed: only cells, paragraphs and letters are read.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any, TypedDict

from examsrv.services.item_file_child import OUT_OF_MEMORY, set_limits
from question_bank.formats.xml_reading import NotReadableError, read_xml

SHEETS_MOST = 20
ROWS_MOST = 400
COLUMNS_MOST = 40
CELLS_MOST = 12_000
CELL_LONGEST = 600
BLOCKS_MOST = 3000
TEXT_LONGEST = 120_000
DOCUMENT = "word/document.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
EXACT_DIGITS_BELOW = 1e15
"""A spreadsheet keeps 15 digits of a number."""

Block = dict[str, Any]


class Answer(TypedDict):
    """What a file holds, in order: blocks, each a `text`, or `rows` of a table with its `title`; `cut`: it holds more than is shown."""

    fault: str
    cut: bool
    blocks: list[Block]


def main() -> None:
    """Answer for the file on standard input."""
    set_limits()
    try:
        json.dump(READERS[sys.argv[1]](sys.stdin.buffer.read()), sys.stdout, ensure_ascii=True)
        sys.stdout.flush()
    except (MemoryError, OSError):
        sys.exit(OUT_OF_MEMORY)


def workbook(content: bytes) -> Answer:
    """Return the sheets of an .xlsx file as tables: what its cells showed when it was saved last."""
    from python_calamine import CalamineError, load_workbook

    blocks: list[Block] = []
    is_cut, left = False, CELLS_MOST
    try:
        book = load_workbook(io.BytesIO(content))
        for name in book.sheet_names[:SHEETS_MOST]:
            sheet = book.get_sheet_by_name(name)
            rows: list[list[str]] = []
            for row in sheet.iter_rows():
                if len(rows) == ROWS_MOST or left <= 0:
                    is_cut = True
                    break
                is_cut = is_cut or len(row) > COLUMNS_MOST
                rows.append([_cell(value) for value in row[:COLUMNS_MOST]])
                left -= len(rows[-1])
            blocks.append({"title": name[:CELL_LONGEST], "rows": rows})
        is_cut = is_cut or len(book.sheet_names) > SHEETS_MOST
    except (CalamineError, OSError, ValueError, LookupError):
        return {"fault": "damaged", "cut": False, "blocks": []}
    return {"fault": "", "cut": is_cut, "blocks": blocks}


def document(content: bytes) -> Answer:
    """Return the paragraphs and tables of a .docx file."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            body = read_xml(archive.read(DOCUMENT)).find(f"{W}body")
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError, NotReadableError):
        return {"fault": "damaged", "cut": False, "blocks": []}
    blocks: list[Block] = []
    for block in _blocks(body) if body is not None else ():
        if len(blocks) == BLOCKS_MOST:
            return {"fault": "", "cut": True, "blocks": blocks}
        blocks.append(block)
    return _within(blocks)


def text(content: bytes) -> Answer:
    """Return a text file as one block."""
    for encoding in ENCODINGS:
        try:
            return _within([{"text": content.decode(encoding)}])
        except UnicodeDecodeError:
            continue
    return {"fault": "damaged", "cut": False, "blocks": []}


READERS = {"xlsx": workbook, "docx": document, "text": text}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if abs(value) < EXACT_DIGITS_BELOW and value.is_integer() else f"{value:.15g}"
    return str(value)[:CELL_LONGEST]


def _blocks(body: Any) -> Iterator[Block]:
    """Yield what stands in a document, in order; tables inside of cells are read as their words."""
    for element in body:
        if element.tag == f"{W}p":
            yield {"text": _words(element)}
        elif element.tag == f"{W}tbl":
            rows = [[_words(cell)[:CELL_LONGEST] for cell in row.iter(f"{W}tc")][:COLUMNS_MOST] for row in element.iterchildren(f"{W}tr")]
            yield {"title": "", "rows": rows[:ROWS_MOST]}
        elif element.tag == f"{W}sdt":
            for inner in element.iterchildren(f"{W}sdtContent"):
                yield from _blocks(inner)


def _words(element: Any) -> str:
    """Return the letters below an element; what was deleted under tracked changes is not among them."""
    pieces = []
    for each in element.iter(f"{W}t", f"{W}p", *BREAKS):
        if each.tag == f"{W}t":
            pieces.append(each.text or "")
        elif each.tag == f"{W}p":
            pieces.append("\n" if pieces else "")
        else:
            pieces.append(BREAKS[each.tag])
    return "".join(pieces)


def _within(blocks: list[Block]) -> Answer:
    """Return the blocks up to the longest text that is shown."""
    left = TEXT_LONGEST
    kept: list[Block] = []
    for block in blocks:
        if left <= 0:
            return {"fault": "", "cut": True, "blocks": kept}
        if "text" in block:
            whole = block["text"]
            kept.append({"text": whole[:left]})
            if len(whole) > left:
                return {"fault": "", "cut": True, "blocks": kept}
            left -= len(whole)
        else:
            kept.append(block)
            left -= sum(len(cell) for row in block["rows"] for cell in row)
    return {"fault": "", "cut": False, "blocks": kept}


if __name__ == "__main__":
    main()
