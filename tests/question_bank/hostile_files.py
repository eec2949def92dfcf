"""Files made to harm whoever reads them, or spoilt on the way: each with what has to be said of it, or the items that come in all the same.

All are made when they are asked for; none lies in the repository. What they try to reach (`Lures`) is watched by the test.
"""

import base64
import io
import random
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import docx
import openpyxl

from question_bank.formats import moodle_xml, qti3, word, yaml_bank
from question_bank.formats.package import packed
from tests.question_bank.builders import make_item

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = "<!DOCTYPE html><html><body><table><tr><td>编号</td></tr></table></body></html>".encode()
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
HEADINGS = ("编号", "题型", "级别", "部分", "知识点", "难度", "重要程度", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析")
ROW = ("S-1", "单选题", "L3", "collection", "L3.K3.2.3", 2, "X", "首先（　　）。", "甲", "乙", "丙", "丁", "B", "因为")
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
WORD_MAIN = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOCUMENT = "word/document.xml"
BLANKS = 20_000_000


@dataclass(frozen=True, slots=True)
class Lures:
    """What a file may try to reach: an address that somebody listens at, a file with a secret, a file that must not come to be."""

    address: str
    secret: str
    target: str


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file by its name, what makes it, and words of the refusal; or the ids of the items that come in."""

    name: str
    make: Callable[[Lures], bytes]
    said: str = ""
    ids: tuple[str, ...] = ()


# ---------------------------------------------------------------- zip files


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file with whatever entries, in their order."""
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of names that stand twice
        with zipfile.ZipFile(stream, "w", method) as archive:
            for name, content in entries:
                archive.writestr(name, content)
    return stream.getvalue()


def changed(content: bytes, **parts: bytes | Callable[[str], str]) -> bytes:
    """Return a package with other parts, or with parts put through a function; `__` in a name stands for a slash, `_` for a dot."""
    wanted = {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        old = {name: archive.read(name) for name in archive.namelist()}
    new = {name: part if isinstance(part, bytes) else part(old[name].decode()).encode() for name, part in wanted.items()}
    return zipped(*{**old, **new}.items())


def with_entry(content: bytes, name: str, part: bytes = b"x", mode: int = 0) -> bytes:
    """Return a package with one entry more, whatever its name and its mode of Unix."""
    stream = io.BytesIO(content)
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(info, part)
    return stream.getvalue()


def protected(content: bytes) -> bytes:
    """Return a package whose first entry says that it has a password."""
    spoilt = bytearray(content)
    spoilt[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(spoilt)


def overlapping(content: bytes) -> bytes:
    """Return a package in which every name leads to the data of the first."""
    spoilt, place = bytearray(content), content.find(b"PK\x01\x02")
    while place >= 0:
        spoilt[place + 42 : place + 46] = struct.pack("<I", 0)
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(spoilt)


def lying(content: bytes, name: str) -> bytes:
    """Return a package in which an entry says that it unpacks to four bytes."""
    spoilt = bytearray(content)
    place = content.rfind(name.encode(), 0, content.rfind(b"PK\x05\x06")) - 46
    spoilt[place + 24 : place + 28] = struct.pack("<I", 4)
    return bytes(spoilt)


def nested(depth: int) -> bytes:
    """Return a zip file in a zip file in a zip file …"""
    content = b" " * 1_000_000
    for _ in range(depth):
        content = zipped(("a.zip", content))
    return content


# ---------------------------------------------------------------- workbooks


def workbook(*rows: tuple[object, ...], change: Callable[[Any], None] = lambda _sheet: None) -> bytes:
    """Return a workbook with the headings of a bank and `rows`."""
    book = openpyxl.Workbook()
    book.active.title = "试题"
    for row in (HEADINGS, *(rows or (ROW,))):
        book.active.append(row)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_cell(cell: str, value: object, **changes: object) -> bytes:
    """Return a workbook with one cell as given."""

    def change(sheet: Any) -> None:
        sheet[cell] = value
        for name, each in changes.items():
            setattr(sheet[cell], name, each)

    return workbook(change=change)


def with_sheet(xml: str | bytes) -> bytes:
    """Return a workbook whose sheet is `xml`."""
    return changed(workbook(), xl__worksheets__sheet1_xml=xml.encode() if isinstance(xml, str) else xml)


def rows(inside: str, before: str = "", after: str = "") -> str:
    return f"{before}<worksheet {MAIN}><sheetData>{inside}</sheetData>{after}</worksheet>"


def shared_strings_bomb() -> bytes:
    """Return a workbook of 300,000 cells that all show one text of 30,000 characters."""
    cells = "".join(f'<row r="{row}">' + '<c t="s"><v>0</v></c>' * 30 + "</row>" for row in range(1, 10_000))
    text = "".join(random.Random(1).choices("赊销信用管理", k=30_000))
    strings = f'<sst {MAIN} count="1" uniqueCount="1"><si><t>{text}</t></si></sst>'.encode()
    stored = changed(with_sheet(rows(cells)), xl__sharedStrings_xml=strings)
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        return zipped(*((name, archive.read(name)) for name in archive.namelist()), method=zipfile.ZIP_STORED)


def many_sheets() -> bytes:
    """Return a workbook that names one large sheet 2,000 times."""
    large = rows(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{_noise(6_000_000)}</t></is></c></row>')
    names = "".join(f'<sheet xmlns:r="R" name="s{n}" sheetId="{n + 9}" r:id="rId1"/>' for n in range(2_000))
    return changed(with_sheet(large), xl__workbook_xml=lambda old: old.replace("</sheets>", f"{names}</sheets>").replace('"R"', f'"{RELATION}"'))


RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def unreferenced_rows() -> bytes:
    return with_sheet(rows("".join(f'<row r="{row}"/>' for row in range(1, 1_048_577))))


def merged(count: int) -> bytes:
    ranges = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(1, count + 1))
    return with_sheet(rows('<row r="1"><c r="A1"><v>1</v></c></row>', after=f"<mergeCells>{ranges}</mergeCells>"))


LIES = '<dimension ref="A1:XFD1048576"/>'
WORKBOOKS = (
    Hostile("a million rows.xlsx", lambda _: unreferenced_rows(), "more than 10000 rows"),
    Hostile("lying dimension.xlsx", lambda _: changed(workbook(), xl__worksheets__sheet1_xml=_lie), ids=("S-1",)),
    Hostile("last cell.xlsx", lambda _: with_sheet(rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "more than 10000 rows"),
    Hostile("last column.xlsx", lambda _: with_sheet(rows('<row r="1"><c r="XFD1"><v>1</v></c></row>')), "more than 64 columns"),
    Hostile("no such cell.xlsx", lambda _: with_sheet(rows('<row r="1"><c r="0-A-1"><v>1</v></c></row>')), "."),
    Hostile("a name of a cell of 1 MB.xlsx", lambda _: with_sheet(rows(f'<row r="1"><c r="{"ABCDEFG" * 150_000}"/></row>')), "."),
    Hostile("shared strings.xlsx", lambda _: shared_strings_bomb(), "."),
    Hostile("2000 sheets.xlsx", lambda _: many_sheets(), "unpacks to more than"),
    Hostile("200000 merged.xlsx", lambda _: merged(200_000), "."),
    Hostile("formula.xlsx", lambda _: with_cell("M2", '="B"'), "row 2, “答案”: A formula stands here"),
    Hostile("formula with a value.xlsx", lambda _: _formula_with_value(), "A formula stands here"),
    Hostile("link.xlsx", lambda lures: with_cell("H2", f'=HYPERLINK("{lures.address}","点")'), "A formula stands here"),
    Hostile("dde.xlsx", lambda _: with_cell("H2", "=cmd|' /c calc'!A0"), "A formula stands here"),
    Hostile("text like a formula.xlsx", lambda _: with_cell("N2", "=1+1", data_type="s"), ids=("S-1",)),
    Hostile("error.xlsx", lambda _: with_cell("M2", "#N/A", data_type="e"), "An error of the spreadsheet"),
    Hostile("date.xlsx", lambda _: with_cell("A2", date(2026, 1, 2)), "row 2, “编号”: The spreadsheet has made a date"),
    Hostile("18 digits.xlsx", lambda _: with_cell("A2", 110101199003078888), "digits after the 15th are lost"),
    Hostile("number.xlsx", lambda _: with_cell("A2", 7), "“编号”: It is stored as a number"),
    Hostile("hidden sheet.xlsx", lambda _: _hidden_sheet(), ids=("S-1",)),
    Hostile("password.xlsx", lambda _: OLE + bytes(4096) + "EncryptedPackage".encode("utf-16-le"), "with a password"),
    Hostile("old.xlsx", lambda _: OLE + bytes(20_000) + "Workbook".encode("utf-16-le"), "old kind"),
    Hostile("page.xlsx", lambda _: HTML, "not a zip file"),
    Hostile("page.xls", lambda _: HTML, "Files of this kind are not read here"),
    Hostile("csv.xlsx", lambda _: "编号,题型\nS-1,单选题\n".encode("gb18030"), "not a zip file"),
    Hostile("paper.xlsx", lambda _: word.write([make_item()], {}).content, "no .xlsx workbook"),
    Hostile("truncated.xlsx", lambda _: workbook()[:-200], "damaged"),
    Hostile("middle lost.xlsx", lambda _: _middle_lost(workbook()), "damaged"),
    Hostile("laughs.xlsx", lambda _: with_sheet(rows("<row/>", before=laughs("worksheet"))), "damaged"),
    Hostile("laughs in strings.xlsx", lambda _: changed(workbook(), xl__sharedStrings_xml=_laughing_strings()), "."),
    Hostile("entity.xlsx", lambda lures: changed(workbook(), xl__workbook_xml=lambda old: entity("workbook", lures.secret) + _body(old)), "DOCTYPE"),
    Hostile("link outside.xlsx", lambda lures: changed(workbook(), **{"xl___rels__workbook_xml.rels": _outside(lures)}), ids=("S-1",)),
    Hostile("slip.xlsx", lambda lures: with_entry(workbook(), f"../../../../../..{lures.target}"), "would lie outside"),
    Hostile("absolute.xlsx", lambda lures: with_entry(workbook(), lures.target), "would lie outside"),
    Hostile("drive.xlsx", lambda _: with_entry(workbook(), "C:\\windows\\x"), "would lie outside"),
    Hostile("symlink.xlsx", lambda lures: with_entry(workbook(), "a.xml", lures.secret.encode(), stat.S_IFLNK | 0o777), "is a link"),
    Hostile("twice.xlsx", lambda _: zipped(("[Content_Types].xml", b"<a/>"), ("[Content_Types].xml", b"<b/>")), "stands twice"),
    Hostile("100000 entries.xlsx", lambda _: zipped(*((f"{n}", b"") for n in range(100_000)), method=zipfile.ZIP_STORED), "more than 20000 files"),
    Hostile("zip password.xlsx", lambda _: protected(workbook()), "protected by a password"),
    Hostile("overlap.xlsx", lambda _: overlapping(workbook()), "over each other"),
    Hostile("lying size.xlsx", lambda _: lying(workbook(), SHEET), "damaged"),
    Hostile("bomb.xlsx", lambda _: with_sheet(rows(" " * BLANKS)), "as a zip bomb does"),
    Hostile("nested.xlsx", lambda _: nested(12), "no .xlsx workbook"),
    Hostile("attribute.xlsx", lambda _: with_sheet(rows(f'<row r="1" x="{_noise(12_000_000)}"/>')), "."),
    Hostile("deep.xlsx", lambda _: with_sheet("<a>" * 30_000), "damaged"),
)


def _lie(old: str) -> str:
    start, end = old.index("<dimension"), old.index("/>", old.index("<dimension"))
    return old[:start] + LIES + old[end + 2 :]


def _formula_with_value() -> bytes:
    return changed(workbook(), xl__worksheets__sheet1_xml=lambda old: old.replace('<c r="F2" t="n">', '<c r="F2"><f>1+1</f>'))


def _hidden_sheet() -> bytes:
    def change(sheet: Any) -> None:
        sheet.title = "旧题"
        sheet.sheet_state = "hidden"
        sheet.parent.create_sheet("说明")

    return workbook(change=change)


def _middle_lost(content: bytes) -> bytes:
    """Return a package in which a piece of the first sheet is zeros."""
    place = content.find(SHEET.encode()) + len(SHEET) + 100
    return content[:place] + bytes(100) + content[place + 100 :]


def _body(xml: str) -> str:
    return xml[xml.index("?>") + 2 :] if xml.startswith("<?xml") else xml


def _laughing_strings() -> bytes:
    return f'{laughs("sst")}<sst {MAIN} count="1" uniqueCount="1"><si><t>&i;</t></si></sst>'.encode()


def _outside(lures: Lures) -> Callable[[str], str]:
    link = f'<Relationship Id="rX" Type="{RELATION}/externalLink" Target="{lures.address}x.xlsx" TargetMode="External"/>'
    return lambda old: old.replace("</Relationships>", f"{link}</Relationships>")


def _noise(length: int) -> str:
    return random.Random(2).randbytes(length // 2).hex()


# ---------------------------------------------------------------- XML


def laughs(root: str) -> str:
    """Return a document type of entities that make a thousand million characters of one."""
    levels = zip("abcdefgh", "bcdefghi", strict=True)
    return f'<!DOCTYPE {root} [<!ENTITY a "ha">' + "".join(f'<!ENTITY {outer} "{f"&{inner};" * 10}">' for inner, outer in levels) + "]>"


def entity(root: str, address: str) -> str:
    """Return a document type with an entity from elsewhere."""
    return f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "{address}">]>'


def item_xml(text: str = "问", before: str = "", attributes: str = "") -> str:
    """Return a single-choice item of another maker in QTI 2.1."""
    space = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" adaptive="false" timeDependent="false"'
    right = "<correctResponse><value>c1</value></correctResponse>"
    declared = f'<responseDeclaration identifier="R" cardinality="single" baseType="identifier">{right}</responseDeclaration>'
    choices = "".join(f'<simpleChoice identifier="c{n}">选{n}</simpleChoice>' for n in range(4))
    asked = f'<choiceInteraction responseIdentifier="R" maxChoices="1">{choices}</choiceInteraction>'
    body = f"<itemBody><p>{text}</p>{asked}</itemBody>"
    return f'{before}<assessmentItem {space} identifier="foreign" title="x" {attributes}>{declared}{body}</assessmentItem>'


def manifest(*hrefs: str) -> bytes:
    resources = "".join(f'<resource identifier="r{n}" type="imsqti_item_xmlv2p1" href="{href}"/>' for n, href in enumerate(hrefs))
    return f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{resources}</resources></manifest>'.encode()


def package(*hrefs: str, item: str = item_xml(), **files: bytes) -> bytes:
    """Return a QTI package with an item a.xml."""
    return packed({"imsmanifest.xml": manifest(*(hrefs or ("a.xml",))), "a.xml": item.encode(), **files})


def quiz(text: str, before: str = "", more: str = "") -> str:
    """Return an export of Moodle with a true/false question."""
    answers = '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
    question = f'<name><text>q</text></name><questiontext format="html"><text>{text}</text>{more}</questiontext>{answers}'
    return f'{before}<quiz><question type="truefalse">{question}</question></quiz>'


LEVEL = "does not say: level"
"""Of items of other makers it is asked at which level they are: the rest was read."""
XML = (
    Hostile("laughs.xml", lambda _: item_xml("&i;", laughs("assessmentItem")).encode(), "DOCTYPE"),
    Hostile("quadratic.xml", lambda _: item_xml("&a;" * 50_000, f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>').encode(), "DOCTYPE"),
    Hostile("entity of a file.xml", lambda lures: item_xml("&x;", entity("x", f"file://{lures.secret}")).encode(), "DOCTYPE"),
    Hostile("entity of an address.xml", lambda lures: item_xml("&x;", entity("x", lures.address)).encode(), "DOCTYPE"),
    Hostile("dtd.xml", lambda lures: item_xml(before=f'<!DOCTYPE x SYSTEM "{lures.address}x.dtd">').encode(), "DOCTYPE"),
    Hostile("dtd behind comments.xml", lambda lures: item_xml(before=f'<!-- a --><?b c?> <!DOCTYPE x SYSTEM "{lures.address}">').encode(), "DOCTYPE"),
    Hostile("dtd in UTF-16.xml", lambda lures: item_xml("&x;", entity("x", lures.secret)).encode("utf-16"), "DOCTYPE"),
    Hostile("xinclude.xml", lambda lures: item_xml(f'<i:include xmlns:i="{XINCLUDE}" href="{lures.secret}" parse="text"/>').encode(), "XInclude"),
    Hostile("schema.xml", lambda lures: item_xml(attributes=f'xmlns:s="{SCHEMA}" s:schemaLocation="x {lures.address}x.xsd"').encode(), LEVEL),
    Hostile("style sheet.xml", lambda lures: item_xml(before=f'<?xml-stylesheet href="{lures.address}x.xsl"?>').encode(), LEVEL),
    Hostile("deep.xml", lambda _: item_xml("<b>" * 100_000).encode(), "nested more than 100 deep"),
    Hostile("deep, whole.xml", lambda _: item_xml("<b>" * 150 + "x" + "</b>" * 150).encode(), "nested more than 100 deep"),
    Hostile("attribute.xml", lambda _: item_xml(attributes=f'label="{"a" * BLANKS}"').encode(), "longer than"),
    Hostile("30 MB.xml", lambda _: item_xml("a" * 30_000_000).encode(), "larger than"),
    Hostile("a million elements.xml", lambda _: item_xml("<b/>" * 1_000_000).encode(), "more elements than are read"),
    Hostile("GB18030.xml", lambda _: item_xml(before='<?xml version="1.0" encoding="GB18030"?>').encode("gb18030"), LEVEL),
    Hostile("GB2312 with more.xml", lambda _: item_xml("镕", '<?xml version="1.0" encoding="gb2312"?>').encode("gb18030"), LEVEL),
    Hostile("UTF-16.xml", lambda _: item_xml(before='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"), LEVEL),
    Hostile("BOM.xml", lambda _: item_xml().encode("utf-8-sig"), LEVEL),
    Hostile(
        "lying encoding.xml", lambda _: item_xml(before='<?xml version="1.0" encoding="UTF-8"?>').encode("gb18030"), "written in utf-8, but it is not"
    ),
    Hostile("UTF-7.xml", lambda _: item_xml(before='<?xml version="1.0" encoding="UTF-7"?>').encode(), "UTF-7 is not read"),
    Hostile("NUL.xml", lambda _: item_xml("\0").encode(), "NUL"),
    Hostile("control.xml", lambda _: item_xml("\x08").encode(), "not XML"),
    Hostile("half a character.xml", lambda _: item_xml("&#xD800;").encode(), "not XML"),
    Hostile("truncated.xml", lambda _: item_xml().encode()[:-30], "not XML"),
    Hostile("attribute twice.xml", lambda _: item_xml(attributes='title="y"').encode(), "not XML"),
    Hostile("page.xml", lambda _: HTML, "DOCTYPE"),
    Hostile("json.xml", lambda _: b'{"items": []}', "not XML"),
    Hostile("picture.xml", lambda _: PNG, "but it is not"),
    Hostile("script.xml", lambda lures: quiz(f"<![CDATA[<p>问<script src='{lures.address}'></script></p>]]>").encode(), LEVEL),
    Hostile("laughs in a quiz.xml", lambda _: quiz("&i;", laughs("quiz")).encode(), "DOCTYPE"),
    Hostile("whole.xml", lambda _: moodle_xml.write([make_item()], {}).content, ids=("S-1",)),
    Hostile("deep text.xml", lambda _: quiz(f"<![CDATA[{'<b>' * 100_000}]]>").encode(), "nested more than 100 deep"),
    Hostile(
        "file of Moodle.xml",
        lambda lures: quiz("问", more=f'<file name="x" path="/../../..{lures.target}" encoding="base64">eA==</file>').encode(),
        LEVEL,
    ),
    Hostile("base64.xml", lambda _: quiz("问", more=f'<file name="x.png" path="/" encoding="base64">{"A" * 15_000_000}</file>').encode(), "."),
)
XINCLUDE, SCHEMA = "http://www.w3.org/2001/XInclude", "http://www.w3.org/2001/XMLSchema-instance"

PACKAGES = (
    Hostile("way out.zip", lambda lures: package(f"../../../../..{lures.secret}"), "not in the package"),
    Hostile("file.zip", lambda lures: package(f"file://{lures.secret}"), "not in the package"),
    Hostile("address.zip", lambda lures: package(f"{lures.address}a.xml"), "not in the package"),
    Hostile("picture outside.zip", lambda lures: package(item=item_xml(f'问<img src="{lures.address}x.png" alt="x"/>')), LEVEL),
    Hostile("picture of a file.zip", lambda lures: package(item=item_xml(f'问<img src="../../..{lures.secret}" alt="x"/>')), LEVEL),
    Hostile("one item 20000 times.zip", lambda _: package(*["a.xml"] * 20_000), "."),
    Hostile("itself.zip", lambda _: package("imsmanifest.xml"), "no QTI item"),
    Hostile("laughs.zip", lambda _: package(item=item_xml("&i;", laughs("x"))), "DOCTYPE"),
    Hostile("no manifest.zip", lambda _: zipped(("a.xml", item_xml().encode())), "imsmanifest.xml"),
    Hostile("bomb.zip", lambda _: zipped(("imsmanifest.xml", b" " * BLANKS)), "as a zip bomb does"),
    Hostile("nested.zip", lambda _: nested(30), "imsmanifest.xml"),
    Hostile("slip.zip", lambda lures: with_entry(package(), f"items/../../..{lures.target}"), "would lie outside"),
    Hostile("pdf.zip", lambda _: b"%PDF-1.7\n" + bytes(1000), "not a zip file"),
    Hostile("picture in front.zip", lambda _: PNG + package(), "."),
    Hostile("empty.zip", lambda _: zipped(), "imsmanifest.xml"),
    Hostile("truncated.zip", lambda _: qti3.write([make_item()], {}).content[:-100], "damaged"),
    Hostile("our record, spoilt.zip", lambda _: _spoilt_record(), "is damaged and not used"),
)


def _spoilt_record() -> bytes:
    content = qti3.write([make_item()], {}).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    deep = ("[" * 100_000).encode()
    return packed({name: part.replace(b"</record>", deep + b"</record>") for name, part in files.items()})


# ---------------------------------------------------------------- Word papers


def paper(*lines: str) -> bytes:
    """Return a Word paper of one line a paragraph."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_document(xml: str) -> bytes:
    return changed(paper("1. 问"), word__document_xml=xml.encode())


def body(inside: str, before: str = "") -> str:
    return f"{before}<w:document {WORD_MAIN}><w:body>{inside}</w:body></w:document>"


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


TAGS = ("编号：S-1", "级别：L3", "部分：collection", "知识点：L3.K3.2.3", "难度：3", "重要程度：X")
CHOICE = ("单选题", "1. 首先（　　）。", "A. 甲", "B. 乙", "C. 丙", "D. 丁", "答案：B", "解析：因为", *TAGS)
PAPERS = (
    Hostile("whole.docx", lambda _: paper(*CHOICE), ids=("S-1",)),
    Hostile("laughs.docx", lambda _: with_document(body(paragraph("&i;"), laughs("w:document"))), "DOCTYPE"),
    Hostile("entity.docx", lambda lures: with_document(body(paragraph("1. &x;"), entity("w:document", f"file://{lures.secret}"))), "DOCTYPE"),
    Hostile("picture outside.docx", lambda lures: changed(paper(*CHOICE), **{"word___rels__document_xml.rels": _outside(lures)}), ids=("S-1",)),
    Hostile("deep.docx", lambda _: with_document(body("<w:sdt>" * 10_000)), "nested more than 100 deep"),
    Hostile("tables in tables.docx", lambda _: with_document(body(paragraph("1. 问") + _tables(20))), "."),
    Hostile("200000 paragraphs.docx", lambda _: with_document(body(paragraph("1. 问") * 200_000)), "."),
    Hostile("bomb.docx", lambda _: with_document(body(" " * BLANKS)), "as a zip bomb does"),
    Hostile("old.docx", lambda _: OLE + bytes(9000) + "WordDocument".encode("utf-16-le"), "old kind"),
    Hostile("page.docx", lambda _: HTML, "no Word document"),
    Hostile("workbook.docx", lambda _: workbook(), "no Word document"),
    Hostile("truncated.docx", lambda _: paper(*CHOICE)[:-100], "damaged"),
    Hostile("slip.docx", lambda lures: with_entry(paper(*CHOICE), f"../..{lures.target}"), "would lie outside"),
    Hostile("password.docx", lambda _: protected(paper(*CHOICE)), "password"),
    Hostile("deep sample.docx", lambda _: paper(*CHOICE, "样例：1=" + "[" * 100_000), "not written as"),
    Hostile("large share.docx", lambda _: paper(*CHOICE, '样例：1e999999999="B"'), "samples"),
    Hostile("large tolerance.docx", lambda _: paper("计算题", "1. 问", "答案：1±1e999999999%", "解析：无", *TAGS), "not written as"),
    Hostile(
        "large number.docx", lambda _: paper("论述题", "1. 问", "答案：无", f"字数：{'9' * 5000}-1", "解析：无", *TAGS), "body.least: A whole number"
    ),
    Hostile("flood.docx", lambda _: with_picture(flood(30_000)), "The picture has too many pixels"),
    Hostile("truncated picture.docx", lambda _: with_picture(PNG[:-30]), "no readable picture"),
    Hostile("svg.docx", lambda _: with_picture(b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), "no readable picture"),
    Hostile("picture and page.docx", lambda _: with_picture(PNG + b"<script>1</script>"), ids=("S-1",)),
    Hostile("blanks.docx", lambda _: paper(*CHOICE[:3], "B. " + " " * 100_000 + "x", *CHOICE[4:]), ids=("S-1",)),
)


def with_picture(picture: bytes) -> bytes:
    """Return a Word paper whose stem has a picture, whatever it is."""
    document = docx.Document()
    for line in CHOICE[:2]:
        document.add_paragraph(line)
    document.add_paragraph().add_run().add_picture(io.BytesIO(PNG))
    for line in CHOICE[2:]:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return changed(out.getvalue(), **{"word__media__image1.png": picture})


def flood(side: int) -> bytes:
    """Return a picture of a few bytes that says it has `side` times `side` pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return PNG[:8] + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + PNG[33:]


def _tables(depth: int) -> str:
    table = paragraph("x")
    for _ in range(depth):
        table = f"<w:tbl><w:tr><w:tc>{table}</w:tc><w:tc>{paragraph('y')}</w:tc></w:tr></w:tbl>"
    return table


# ---------------------------------------------------------------- YAML

ITEM = yaml_bank.write_items([make_item()])


def yaml_laughs() -> str:
    return "a: &a [x]\n" + "".join(f"{outer}: &{outer} [{f'*{inner}, ' * 9}]\n" for inner, outer in zip("abcdefgh", "bcdefghi", strict=True))


TEXTS = (
    Hostile("laughs.yaml", lambda _: yaml_laughs().encode(), "Anchors (&name) are not used"),
    Hostile("tag.yaml", lambda _: b'- !!python/object/apply:os.system ["touch x"]', "Tags (!name) are not used"),
    Hostile("merge.yaml", lambda _: b"- <<: *x\n", "References (*name) are not used"),
    Hostile("deep.yaml", lambda _: b"[" * 100_000, "Nested more than 40 deep"),
    Hostile("deep keys.yaml", lambda _: b"{a: " * 100_000, "Nested more than 40 deep"),
    Hostile("twice.yaml", lambda _: f"{ITEM}  key: A\n".encode(), "The key key stands twice"),
    Hostile("NUL.yaml", lambda _: b"- id: a\0b\n", "U+0000 may not stand here"),
    Hostile("bell.yaml", lambda _: b'- id: "\\x07"\n', "U+0007 may not stand here"),
    Hostile("half a character.yaml", lambda _: b'- id: "\\uD800"\n', "invalid Unicode character escape"),
    Hostile("GB18030.yaml", lambda _: ITEM.encode("gb18030"), "not UTF-8"),
    Hostile("UTF-16.yaml", lambda _: ITEM.encode("utf-16"), "not UTF-8"),
    Hostile("BOM.yaml", lambda _: ITEM.encode("utf-8-sig"), ids=("S-1",)),
    Hostile("truncated.yaml", lambda _: ITEM.encode()[:200], "not UTF-8"),
    Hostile("two.yaml", lambda _: f"{ITEM}---\n{ITEM}".encode(), "Only one document"),
    Hostile("version.yaml", lambda _: b"%YAML 99999999999999999999.1\n---\n- a\n", "not YAML"),
    Hostile("number.yaml", lambda _: ITEM.replace("difficulty: 3", f"difficulty: {'9' * 1_000_000}").encode(), "A whole number is wanted"),
    Hostile("share.yaml", lambda _: ITEM.replace("fraction: 1", "fraction: 1e999999999").encode(), "samples[0].fraction"),
    Hostile("key.yaml", lambda _: b"- ? [a]\n  : b\n", "A key must be a plain text"),
    Hostile("20000 items.yaml", lambda _: b"- {}\n" * 20_000, "more faults than are told"),
    Hostile("20 MB.yaml", lambda _: b"- " + b"a" * BLANKS, "."),
    Hostile("picture.yaml", lambda _: PNG, "not UTF-8"),
    Hostile("comment.yaml", lambda _: b"# nothing\n", "The file is empty"),
)

HOSTILE_FILES = (*WORKBOOKS, *XML, *PACKAGES, *PAPERS, *TEXTS)
