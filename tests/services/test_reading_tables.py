"""Files of strangers: a table comes out, or a sentence; never anything else, and never much memory."""

import codecs
import io
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examsrv.services.reading_tables import COLUMNS_MOST, CONTENT_BYTES_MOST, ROWS_MOST, Table, read_table
from question_bank.message import ExamError

ROWS = [["准考证号", "姓名", "座位"], ["0001", "张三", "7"], ["0002", "阿依古丽·买买提", "8"]]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, part: str, text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
        if part not in old.namelist():
            new.writestr(part, text)
    return out.getvalue()


def sheet(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def texts(table: Table) -> list[list[str]]:
    return [list(table.headings), *([cell.text for cell in row.cells] for row in table.rows)]


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(ExamError) as refused:
        read_table(name, content)
    return str(refused.value)


WORKBOOK = workbook(ROWS)  # made once: openpyxl writes the time of day into it
CSV_TEXT = "\r\n".join(",".join(row) for row in ROWS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", WORKBOOK),
        ("名册.XLSX", WORKBOOK),
        ("a.csv", CSV_TEXT.encode()),
        ("a.csv", codecs.BOM_UTF8 + CSV_TEXT.encode()),
        ("a.csv", CSV_TEXT.encode("gb18030")),
        ("a.csv", CSV_TEXT.encode("utf-16")),
        ("a.csv", codecs.BOM_UTF16_BE + CSV_TEXT.encode("utf-16-be")),
        ("a.csv", CSV_TEXT.replace(",", ";").encode()),
        ("a.csv", CSV_TEXT.replace(",", "\t").encode()),
        ("a.CSV", CSV_TEXT.replace("\r\n", "\n").encode()),
        ("a.csv", CSV_TEXT.replace("\r\n", "\r").encode()),
    ],
)
def test_all_spellings_of_a_table_read_alike(name: str, content: bytes) -> None:
    assert texts(read_table(name, content)) == ROWS


@pytest.mark.parametrize("rare", ["㛃", "𬱖", "〇", "·"])
def test_rare_characters_of_names_survive(rare: str) -> None:
    assert read_table("a.csv", f"姓名\n{rare}".encode("gb18030")).rows[0].cells[0].text == rare
    assert read_table("a.xlsx", workbook([["姓名"], [rare]])).rows[0].cells[0].text == rare


def test_rows_keep_the_numbers_of_the_spreadsheet_and_empty_ones_are_left_out() -> None:
    for name, content in [("a.xlsx", workbook([[], ["h"], [], ["x"], ["  "], ["y"]])), ("a.csv", b"\nh\n\nx\n  \ny\n")]:
        assert [(row.number, row.cells[0].text) for row in read_table(name, content).rows] == [(4, "x"), (6, "y")]


def test_a_short_row_is_filled_up_and_a_long_one_keeps_its_cells() -> None:
    assert [len(row.cells) for row in read_table("a.csv", b"a,b,c\n1\n1,2,3,4").rows] == [3, 4]


def test_numbers_are_told_from_text_and_written_without_a_point() -> None:
    cells = read_table("a.xlsx", workbook([["a", "b", "c", "d", "e"], [7, "07", 150102199003070015, 1.5, True]])).rows[0].cells
    assert [(cell.text, cell.is_number) for cell in cells] == [
        ("7", True),
        ("07", False),
        ("1.5010219900307e+17", True),
        ("1.5", True),
        ("TRUE", False),
    ]


def test_only_the_first_sheet_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["first"])
    book.active.append(["1"])
    book.create_sheet("notes").append(["second"])
    assert texts(read_table("a.xlsx", saved(book))) == [["first"], ["1"]]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"", "is empty"),
        ("a.csv", b" \r\n ", "is empty"),
        ("a.csv", codecs.BOM_UTF8 + b"\n,,\n", "no rows"),
        ("a.xlsx", workbook([]), "no rows"),
        ("a.xls", WORKBOOK, "Only .xlsx and .csv"),
        ("a", CSV_TEXT.encode(), "Only .xlsx and .csv"),
        ("a.xlsx.exe", WORKBOOK, "Only .xlsx and .csv"),
        ("a.csv", WORKBOOK, "This is a workbook"),
        ("a.xlsx", CSV_TEXT.encode(), "no .xlsx workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old kind"),
        ("a.xlsx", WORKBOOK[:-30], "damaged"),
        ("a.xlsx", WORKBOOK[:2000], "damaged"),
        ("a.xlsx", with_part(WORKBOOK, SHEET, b"<worksheet><sheetData><row"), "damaged"),
        ("a.xlsx", with_part(WORKBOOK, "xl/workbook.xml", b"\xff\xff"), "damaged"),
        ("a.csv", b'a,b\n"1,2\n', "Line 2"),
        ("a.csv", "a,b".encode("utf-16-le"), "no text"),
        ("a.csv", b"a\xff\xff\xff", "no text"),
        ("a.csv", b"x" * (CONTENT_BYTES_MOST + 1), "larger than 5 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(name: str, content: bytes, words: str) -> None:
    assert words in refusal(name, content)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_as_many_rows_as_allowed_are_read_and_not_one_more(name: str) -> None:
    def content(rows: int) -> bytes:
        return workbook([["h"], *(["x"] for _ in range(rows))]) if name == "a.xlsx" else b"h\n" + b"x\n" * rows

    assert len(read_table(name, content(ROWS_MOST)).rows) == ROWS_MOST
    assert "more than 5000 rows" in refusal(name, content(ROWS_MOST + 1))


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_as_many_columns_as_allowed_are_read_and_not_one_more(name: str) -> None:
    def content(columns: int) -> bytes:
        return workbook([["h"] * columns]) if name == "a.xlsx" else b",".join([b"h"] * columns)

    assert len(read_table(name, content(COLUMNS_MOST)).headings) == COLUMNS_MOST
    assert "columns" in refusal(name, content(COLUMNS_MOST + 1))


def test_five_megabytes_of_blank_lines_hold_no_rows() -> None:
    assert "no rows" in refusal("a.csv", b"\n,," * (CONTENT_BYTES_MOST // 4) + b"\n")


FAR_CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>h</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
)
HOSTILE = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'


@pytest.mark.parametrize(
    "content",
    [
        with_part(WORKBOOK, SHEET, sheet(FAR_CELLS)),
        with_part(WORKBOOK, SHEET, sheet(" " * 80_000_000)),
        with_part(WORKBOOK, "xl/media/bomb", bytes(80_000_000)),
        with_part(WORKBOOK, SHEET, sheet('<row r="1">' + '<c r="A1"><v>1</v></c>' * 3_000_000 + "</row>")),
    ],
    ids=["a cell in the last row and column", "blanks", "an entry nobody asked for", "many cells"],
)
def test_a_small_file_that_wants_much_memory_is_refused(content: bytes) -> None:
    assert len(content) < CONTENT_BYTES_MOST
    assert refusal("a.xlsx", content)


def test_a_file_of_very_many_entries_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(2000):
            archive.writestr(str(number), "")
    assert "far more" in refusal("a.xlsx", out.getvalue())


def test_entities_are_neither_expanded_nor_fetched() -> None:
    content = with_part(WORKBOOK, SHEET, ENTITIES.encode() + sheet(HOSTILE.format("&c;&f;")))
    with suppress(ExamError):
        found = texts(read_table("a.xlsx", content))
        assert "root:" not in str(found)
        assert "aaaaaaaaaa" not in str(found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["a.xlsx", "a.csv"]), st.data())
def test_a_mutilated_file_gives_a_table_or_a_sentence(name: str, data: st.DataObject) -> None:
    content = bytearray(WORKBOOK if name == "a.xlsx" else CSV_TEXT.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ExamError):
        read_table(name, bytes(content[: data.draw(st.integers(0, len(content)))]))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"]), st.data())
def test_a_whole_zip_around_mutilated_parts_gives_a_table_or_a_sentence(part: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        text = bytearray(archive.read(part))
    at = data.draw(st.integers(0, len(text) - 1))
    text[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    with suppress(ExamError):
        read_table("a.xlsx", with_part(WORKBOOK, part, bytes(text)))


@given(st.sampled_from(["a.xlsx", "a.csv", "a.txt", "", "/"]), st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_sentence(name: str, content: bytes) -> None:
    with suppress(ExamError):
        read_table(name, content)
