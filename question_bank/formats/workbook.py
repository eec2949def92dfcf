"""Strangers' .xlsx workbooks as rows of texts. What a spreadsheet did to a text (a number, a date, a formula, an error) is told, never guessed away.

calamine reads the cells; what it does not tell (formulas, errors, hidden rows, per cent) is read out of the sheet's own XML beside it.
"""

import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from xml.parsers import expat

from question_bank.formats.package import NotAPackageError, Package
from question_bank.formats.xml_reading import NotReadableError, descendants, local_name, read_xml
from question_bank.message import N_, Message

WORKBOOK, STYLES, TYPES = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
PICTURES = "xl/media/"
OLD_WORKBOOK_SIGNATURE = b"\xd0\xcf\x11\xe0"
ROWS_MOST = 10_000
COLUMNS_MOST = 64
EXACT_DIGITS_BELOW = 1e15
"""A spreadsheet keeps 15 digits of a number."""
PERCENT_FORMATS = frozenset({"9", "10"})
PERCENT_DIGITS = 2
LETTERS = 26

OLD_WORKBOOK = Message(N_("This is a workbook of the old kind or one with a password; save it as .xlsx without a password."))
NO_WORKBOOK = Message(N_("This is no .xlsx workbook, though its name says so."))
DAMAGED = Message(N_("The file is damaged or incomplete; save it again and send it anew."))
FORMULA = Message(N_("A formula stands here; copy the cell and paste its value"))
ERROR = Message(N_("An error of the spreadsheet stands here (such as #N/A); write what is meant"))
DATE = Message(N_("The spreadsheet has made a date or a time of it; format the cell as text and type it anew"))
LONG_NUMBER = Message(N_("It is stored as a number, of which digits after the 15th are lost; format the cell as text and type it anew"))
NUMBER = Message(N_("It is stored as a number, so that zeros in front are lost; format the cell as text and type it anew"))


class NotAWorkbookError(Exception):
    """A file that is not read as a workbook, and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text; `is_number`: the spreadsheet keeps it as a number. `fault` is why nobody can say what it should be."""

    text: str = ""
    is_number: bool = False
    fault: Message | None = None


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows from the first on, as wide as they are filled; rows that are hidden, and the first row of each range of merged cells."""

    name: str
    rows: Sequence[Sequence[Cell]]
    hidden: tuple[int, ...] = ()
    merged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the sheet's own XML says of rows (counted from 1) and of cells (row and column from 0)."""

    hidden: list[int] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)


def read_workbook(content: bytes) -> tuple[tuple[Sheet, ...], Mapping[str, bytes]]:
    """Return the sheets and the pictures by their names in the file; raise `NotAWorkbookError` for what is none or holds too much."""
    if content.startswith(OLD_WORKBOOK_SIGNATURE):
        raise NotAWorkbookError(OLD_WORKBOOK)
    try:
        package = Package(content)
        if TYPES not in package.names or WORKBOOK not in package.names:
            raise NotAWorkbookError(NO_WORKBOOK)
        percents = _percent_styles(package)
        marks = {name: _marks_of(package.read(part), percents) for name, part in _parts(package).items()}
        pictures = {name: package.read(name) for name in package.names if name.startswith(PICTURES)}
    except (NotAPackageError, NotReadableError) as error:
        raise NotAWorkbookError(error.message) from error
    return _sheets(content, marks), pictures


def _sheets(content: bytes, marks: Mapping[str, _Marks]) -> tuple[Sheet, ...]:
    from python_calamine import CalamineError, load_workbook

    try:
        with load_workbook(io.BytesIO(content)) as book:
            sheets = [(each.name, each, each.merged_cell_ranges or []) for each in (book.get_sheet_by_name(name) for name in marks)]
            return tuple(_sheet(name, sheet.to_python(skip_empty_area=False), merged, marks[name]) for name, sheet, merged in sheets)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise NotAWorkbookError(DAMAGED) from error


def _sheet(name: str, values: list[list[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], marks: _Marks) -> Sheet:
    rows = [[_cell(value, (row, column), marks) for column, value in enumerate(line)] for row, line in enumerate(values)]
    return Sheet(name, rows, tuple(marks.hidden), tuple(sorted({start[0] + 1 for start, _end in merged})))


def _cell(value: object, place: tuple[int, int], marks: _Marks) -> Cell:
    if value == "" and place not in marks.formulas and place not in marks.errors:
        return BLANK
    if place in marks.formulas:
        return Cell(str(value), fault=FORMULA)
    if place in marks.errors:
        return Cell(fault=ERROR)
    if isinstance(value, bool):
        return Cell(str(value).upper())
    if isinstance(value, (int, float)):
        return _number_cell(float(value), is_percent=place in marks.percents)
    if isinstance(value, (date, time, timedelta)):
        return Cell(str(value), fault=DATE)
    return Cell(str(value).replace("\r\n", "\n"))


def _number_cell(value: float, *, is_percent: bool) -> Cell:
    if abs(value) >= EXACT_DIGITS_BELOW:
        return Cell(str(value), is_number=True, fault=LONG_NUMBER)
    exact = Decimal(repr(value)).scaleb(PERCENT_DIGITS if is_percent else 0)
    plain = format(exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize(), "f")
    return Cell(f"{plain}%" if is_percent else plain, is_number=True)


def _parts(package: Package) -> dict[str, str]:
    """Return the file in which each worksheet lies, by its name."""
    relations = {str(each.get("Id")): each for each in descendants(read_xml(package.read(RELATIONS)))} if RELATIONS in package.names else {}
    parts: dict[str, str] = {}
    for sheet in descendants(read_xml(package.read(WORKBOOK)), "sheet"):
        relation = relations.get(next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), ""))
        target = "" if relation is None or not str(relation.get("Type")).endswith("/worksheet") else str(relation.get("Target"))
        name = package.find(target.removeprefix("/xl/"), WORKBOOK) if target else None
        if name is not None:
            parts[str(sheet.get("name"))] = name
    return parts


def _percent_styles(package: Package) -> frozenset[str]:
    """Return the numbers of the cell styles that show per cent."""
    if STYLES not in package.names:
        return frozenset()
    root = read_xml(package.read(STYLES))
    own = {str(each.get("numFmtId")) for each in descendants(root, "numFmt") if "%" in str(each.get("formatCode"))}
    styles = [each for each in descendants(root, "xf") if (above := each.getparent()) is not None and local_name(above) == "cellXfs"]
    return frozenset(str(place) for place, each in enumerate(styles) if str(each.get("numFmtId")) in PERCENT_FORMATS | own)


def _marks_of(content: bytes, percents: frozenset[str]) -> _Marks:
    """Go through a sheet's XML as a stream: it may be far larger than a tree of it would fit into memory."""
    marks = _Marks()
    reader = _SheetReader(marks, percents)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.StartDoctypeDeclHandler = reader.refuse_document_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotAWorkbookError(DAMAGED) from error
    return marks


class _SheetReader:
    """Takes the elements of a sheet in their order."""

    def __init__(self, marks: _Marks, percents: frozenset[str]) -> None:
        self.marks = marks
        self.percents = percents
        self.row = -1
        self.cell = (0, 0)
        self.column = -1

    def refuse_document_type(self, *_: object) -> None:
        """No spreadsheet writes one."""
        raise NotAWorkbookError(DAMAGED)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take one element."""
        name = tag.rpartition(":")[2]
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self.marks.formulas.add(self.cell)

    def _start_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r", "")
        self.row, self.column = (int(written) - 1 if written.isdecimal() and len(written) < LONGEST_NUMBER else self.row + 1), -1
        if self.row >= ROWS_MOST:
            raise NotAWorkbookError(Message(N_("The table has more than %(most)d rows."), {"most": ROWS_MOST}))
        if attributes.get("hidden") in ("1", "true"):
            self.marks.hidden.append(self.row + 1)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self.column = _column(letters) if letters else self.column + 1
        if self.column >= COLUMNS_MOST:
            raise NotAWorkbookError(Message(N_("The table has more than %(most)d columns."), {"most": COLUMNS_MOST}))
        self.cell = (self.row, self.column)
        if attributes.get("t") == "e":
            self.marks.errors.add(self.cell)
        if attributes.get("s") in self.percents:
            self.marks.percents.add(self.cell)


LONGEST_NUMBER = 9


def _column(letters: str) -> int:
    """Return the place of a column, A being 0."""
    place = 0
    for letter in letters[:LONGEST_NUMBER].upper():
        place = place * LETTERS + ord(letter) - ord("A") + 1
    return place - 1


def folded(text: str) -> str:
    """Return a heading without the differences of writing that do not matter."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum())
