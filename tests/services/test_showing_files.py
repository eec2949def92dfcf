"""Files as they are shown: tables and words of good ones; a sentence for the hostile, the broken, the huge and the unknown."""

import io
import zipfile

import docx
import pytest
import xlsxwriter

from examsrv.services import showing_child
from examsrv.services.showing_files import NOTHING_TO_SHOW, Block, ShownFile, picture_type, shown_file
from examsrv.services.zip_bounds import DAMAGED, TOO_MUCH_INSIDE

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
BOMB = b"0" * 8_000_000
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def workbook(rows: list[list[object]], *more: str, macro: bytes | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("账龄表")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for name in more:
            book.add_worksheet(name)
    if macro is not None:
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("xl/vbaProject.bin", macro)
    return out.getvalue()


def packed(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def document(body: str, head: str = "") -> bytes:
    return packed(word__document=f'<?xml version="1.0"?>{head}<w:document {W}><w:body>{body}</w:body></w:document>'.encode())


def words_of(shown: ShownFile) -> list[str]:
    return [block.text for block in shown.blocks]


def test_all_sheets_of_a_workbook_are_tables_empty_ones_too() -> None:
    shown = shown_file(workbook([["客户", "余额"], ["甲公司", 120.5], ["乙公司", 88.0], ["丙公司", 0.1 + 0.2]], "空表"))
    assert shown.blocks == (
        Block(title="账龄表", rows=(("客户", "余额"), ("甲公司", "120.5"), ("乙公司", "88"), ("丙公司", "0.3"))),
        Block(title="空表"),
    )
    assert not shown.is_cut


def test_a_workbook_is_shown_up_to_the_last_row_and_column_that_fit() -> None:
    rows = [["x"] * (showing_child.COLUMNS_MOST + 1) for _row in range(3)]
    shown = shown_file(workbook(rows))
    assert (len(shown.blocks[0].rows[0]), shown.is_cut) == (showing_child.COLUMNS_MOST, True)
    tall = [["x"] for _row in range(showing_child.ROWS_MOST)]
    assert not shown_file(workbook(tall)).is_cut
    assert shown_file(workbook([*tall, ["x"]])).is_cut


def test_a_cell_in_the_last_corner_harms_nobody() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("表").write(1_048_575, 16_383, "远")
    assert shown_file(out.getvalue()).said is not None or shown_file(out.getvalue()).is_cut


def test_a_workbook_with_macros_shows_its_cells_and_runs_nothing() -> None:
    assert shown_file(workbook([["甲"]], macro=b"Sub Auto_Open()")).blocks[0].rows == (("甲",),)


def test_a_document_is_its_words_with_its_tables() -> None:
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph("第一段")
    table = made.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "甲", "乙"
    made.save(out)
    assert [block for block in shown_file(out.getvalue()).blocks if block.text or block.rows] == [Block("第一段"), Block(rows=(("甲", "乙"),))]


def test_what_was_deleted_under_tracked_changes_is_not_shown() -> None:
    shown = shown_file(document("<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:t>新</w:t></w:r></w:p>"))
    assert words_of(shown) == ["新"]


def test_a_document_with_entities_of_its_own_is_not_opened() -> None:
    shown = shown_file(document("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'))
    assert (shown.said, shown.blocks) == (DAMAGED, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_is_shown_as_it_is(encoding: str) -> None:
    assert words_of(shown_file("客户,余额\n甲,1\n".encode(encoding))) == ["客户,余额\n甲,1\n"]


def test_a_long_text_is_cut_and_says_so() -> None:
    at_most = b"x" * showing_child.TEXT_LONGEST
    assert not shown_file(at_most).is_cut
    shown = shown_file(at_most + b"x")
    assert (len(words_of(shown)[0]), shown.is_cut) == (showing_child.TEXT_LONGEST, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n", NOTHING_TO_SHOW),
        (b"MZ\x90\x00\x00", NOTHING_TO_SHOW),
        (workbook([["甲"]])[:-40], DAMAGED),
        (packed(xl__workbook=b"<workbook/>"), DAMAGED),
        (packed(word__document=b"<broken"), DAMAGED),
        (packed(word__document=BOMB), TOO_MUCH_INSIDE),
        (packed(xl__workbook=BOMB), TOO_MUCH_INSIDE),
    ],
)
def test_what_cannot_be_shown_gives_a_sentence(content: bytes, said: object) -> None:
    assert shown_file(content) == ShownFile(said=said)


def test_pictures_are_told_by_what_they_are() -> None:
    assert (shown_file(PNG).picture, picture_type(PNG)) == ("image/png", "image/png")
    assert picture_type(b"<svg/>") is None
    assert picture_type(workbook([["甲"]])) is None
