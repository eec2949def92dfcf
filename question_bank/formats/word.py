"""Word papers (.docx) in the usual typed layout. Whatever our own writing of an item would not read back as the same item is told as a loss."""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from string import ascii_uppercase
from typing import Any

from question_bank.formats.package import NotAPackageError, Package, is_zip
from question_bank.formats.reading import Reading, Writing
from question_bank.formats.word_lines import (
    KIND_WORDS,
    Line,
    TableLine,
    Typed,
    UnreadableKeyError,
    case_lines,
    lines_of,
    record_from,
    split_typed,
)
from question_bank.formats.xml_reading import NotReadableError, read_xml
from question_bank.item import Case, Item
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.record import Finding, item_from
from question_bank.text import LABEL

NUMERALS = "一二三四五六七八九十"
OLD_SIGNATURE = b"\xd0\xcf\x11\xe0"
DOCUMENT = "word/document.xml"
XML_SUFFIXES = (".xml", ".rels")
NO_DOCUMENT = Message(N_("This is no Word document (.docx), or it is damaged"))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
PICTURE = re.compile(rf"(!\[{LABEL}\]\(media:[0-9a-f]{{64}}\))")
PICTURE_PARTS = re.compile(rf"!\[({LABEL})\]\(media:([0-9a-f]{{64}})\)")
PICTURE_WIDTH_CM = 12


def read(content: bytes, name: str, defaults: Mapping[str, object] | None = None) -> Reading:
    """Return the items of a Word paper. `defaults` fill the tags that a paper does not have."""
    try:
        _require_bounds(content)
        import docx

        document = docx.Document(io.BytesIO(content))
        reader = _Reader(document)
        lines = list(reader.lines())
    except ExamError as error:
        return Reading(faults=(Fault(name, error.message),))
    except Exception:  # noqa: BLE001 -- python-docx raises whatever a broken package leads to
        return Reading(faults=(Fault(name, NO_DOCUMENT),))
    typed, cases, strays = split_typed(lines)
    items: list[Item] = []
    faults: list[Fault] = []
    for each in typed:
        item, findings = _item(each, cases, defaults or {})
        items += [item] if item is not None else []
        faults += [_fault(name, each, finding) for finding in findings]
    if not typed:
        faults.append(Fault(name, Message(N_("No item was found: stems begin with a number, such as 1."))))
    notes = tuple(Fault(name, message) for message in (*strays, *reader.notes))
    return Reading(tuple(items), tuple(faults), reader.media, notes)


def write(items: Sequence[Item], media: Mapping[str, bytes]) -> Writing:
    """Return a Word paper of `items`, by kind, cases at the end; what it cannot hold is left out and told."""
    no_place = Message(N_("A Word paper has no place for items of this kind"))
    held = [item for item in items if item.kind in KIND_WORDS]
    content = _document(held, media)
    back = {item.id: item for item in read(content, "").items}
    not_whole = Message(N_("Not everything of the item comes back from a Word paper"))
    spoilt = [Fault(item.id, not_whole) for item in held if item.id not in back or back[item.id].digest != item.digest]
    return Writing(content, (*(Fault(item.id, no_place) for item in items if item.kind not in KIND_WORDS), *spoilt))


def _item(typed: Typed, cases: Mapping[str, Case], defaults: Mapping[str, object]) -> tuple[Item | None, list[Finding]]:
    try:
        record = {**defaults, **record_from(typed)}
    except UnreadableKeyError as error:
        return None, [(("key",), error.message)]
    except ExamError as error:
        return None, [((), error.message)]
    return item_from(record, cases)


def _fault(name: str, typed: Typed, finding: Finding) -> Fault:
    place, message = finding
    own = typed.text("编号").strip() or f"{'、'.join(filter(None, [KIND_WORDS.get(typed.kind, ('',))[0]]))}{typed.number}"
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return Fault(f"{name}: {own}{path}", message)


def _require_bounds(content: bytes) -> None:
    """Refuse a package that could do harm, or whose XML could, before Word's own reader opens it."""
    if content.startswith(OLD_SIGNATURE):
        raise ExamError(Message(N_("This is a document of the old kind or one with a password; save it as .docx without a password.")))
    if not is_zip(content):
        raise ExamError(NO_DOCUMENT)
    try:
        package = Package(content)
        if DOCUMENT not in package.names:
            raise ExamError(NO_DOCUMENT)
        for name in package.names:
            if name.endswith(XML_SUFFIXES):
                read_xml(package.read(name))
    except (NotAPackageError, NotReadableError) as error:
        raise ExamError(error.message) from error


class _Reader:
    """Reads a document's paragraphs and tables as lines, with the numbers and letters that Word itself sets."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.media: dict[str, bytes] = {}
        self.notes: list[Message] = []
        self.counters: dict[tuple[str, str], int] = {}
        self.formats = _numbering(document)
        self.listed_styles = _listed_styles(document)

    def lines(self) -> Iterator[Line]:
        for element in self.document.element.body:
            if element.tag == f"{W}p":
                yield from (self._number_of(element) + self._text(element)).split("\n")
            elif element.tag == f"{W}tbl":
                yield self._table(element)

    def _table(self, element: Any) -> TableLine:
        rows = []
        for row in element.iter(f"{W}tr"):
            cells = [cell for cell in row if cell.tag == f"{W}tc"]
            rows.append(tuple("\n".join(self._text(each) for each in cell.iter(f"{W}p")) for cell in cells))
        return TableLine(tuple(rows))

    def _text(self, paragraph: Any) -> str:
        parts = []
        if next(paragraph.iter(f"{M}oMath"), None) is not None:
            self.notes.append(Message(N_("A formula made with Word's own editor cannot be read; write it as $…$")))
        for run in paragraph.iter(f"{W}r"):
            text = "".join(map(self._piece, run))
            strong = run.find(f"{W}rPr/{W}b")
            is_strong = strong is not None and strong.get(f"{W}val") not in ("0", "false")
            parts.append(f"**{text}**" if is_strong and text.strip() and not text.startswith("**") else text)
        return "".join(parts).replace("****", "")

    def _piece(self, element: Any) -> str:
        if element.tag == f"{W}t":
            return element.text or ""
        if element.tag == f"{W}tab":
            return "\t"
        if element.tag in (f"{W}br", f"{W}cr"):
            return "\n"
        return self._pictures(element) if element.tag == f"{W}drawing" else ""

    def _pictures(self, drawing: Any) -> str:
        about = next(drawing.iter(f"{WP}docPr"), None)
        label = "" if about is None else about.get("descr") or ""
        found = []
        for blip in drawing.iter(f"{A}blip"):
            related = self.document.part.related_parts.get(blip.get(f"{R}embed"))
            if related is None:
                continue
            digest = hashlib.sha256(related.blob).hexdigest()
            self.media[digest] = related.blob
            found.append(f"![{label}](media:{digest})")
        return "".join(found)

    def _number_of(self, paragraph: Any) -> str:
        """Return the number or letter that Word sets before a paragraph of a list."""
        listed = paragraph.find(f"{W}pPr/{W}numPr")
        if listed is None:
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            listed = None if style is None else self.listed_styles.get(style.get(f"{W}val"))
        number = None if listed is None else listed.find(f"{W}numId")
        if listed is None or number is None:
            return ""
        level = listed.find(f"{W}ilvl")
        key = (number.get(f"{W}val"), "0" if level is None else level.get(f"{W}val"))
        form = self.formats.get(key)
        if form is None:
            return ""
        if form == "decimal":
            for other in [each for each in self.counters if self.formats.get(each) == "upperLetter"]:
                del self.counters[other]  # options begin anew under each stem
        self.counters[key] = self.counters.get(key, 0) + 1
        return f"{self.counters[key]}. " if form == "decimal" else f"{ascii_uppercase[(self.counters[key] - 1) % len(ascii_uppercase)]}. "


def _numbering(document: Any) -> dict[tuple[str, str], str]:
    """Return the form (decimal or upperLetter) of each list and level of a document."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {each.get(f"{W}abstractNumId"): each for each in root.iter(f"{W}abstractNum")}
    forms = {}
    for number in root.iter(f"{W}num"):
        named = number.find(f"{W}abstractNumId")
        own = abstract.get(named.get(f"{W}val")) if named is not None else None
        for level in own.iter(f"{W}lvl") if own is not None else ():
            form = level.find(f"{W}numFmt")
            if form is not None and form.get(f"{W}val") in ("decimal", "upperLetter"):
                forms[number.get(f"{W}numId"), level.get(f"{W}ilvl")] = form.get(f"{W}val")
    return forms


def _listed_styles(document: Any) -> dict[str, Any]:
    """Return the styles that make a list of their paragraphs."""
    styles = {style.get(f"{W}styleId"): style.find(f"{W}pPr/{W}numPr") for style in document.styles.element.iter(f"{W}style")}
    return {name: listed for name, listed in styles.items() if listed is not None}


def _document(items: Sequence[Item], media: Mapping[str, bytes]) -> bytes:
    import docx

    document = docx.Document()
    document.styles["Normal"].font.name = "Calibri"
    number = 0
    single = sorted((item for item in items if item.case is None), key=lambda item: list(KIND_WORDS).index(item.kind))
    for numeral, (kind, group) in zip(NUMERALS, groupby(single, key=lambda item: item.kind), strict=False):
        document.add_heading(f"{numeral}、{KIND_WORDS[kind][0]}", level=1)
        for item in group:
            number += 1
            _add_lines(document, lines_of(item, number), media)
    cases = list(dict.fromkeys(item.case for item in items if item.case is not None))
    for case in cases:
        _add_lines(document, case_lines(case), media)
        for item in (each for each in items if each.case == case):
            document.add_heading(KIND_WORDS[item.kind][0], level=2)
            number += 1
            _add_lines(document, lines_of(item, number), media)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_lines(document: Any, lines: Iterator[Line] | Iterator[str], media: Mapping[str, bytes]) -> None:
    from docx.shared import Cm

    for line in lines:
        if isinstance(line, TableLine):
            table = document.add_table(rows=0, cols=len(line.rows[0]), style="Table Grid")
            for row in line.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
            continue
        paragraph = document.add_paragraph()
        for part in PICTURE.split(line):
            found = PICTURE_PARTS.fullmatch(part)
            if found is not None and found[2] in media:
                picture = paragraph.add_run().add_picture(io.BytesIO(media[found[2]]), width=Cm(PICTURE_WIDTH_CM))
                picture._inline.docPr.set("descr", found[1])  # noqa: SLF001 -- python-docx has no way of its own to say what a picture shows
            elif part:
                paragraph.add_run(part)
