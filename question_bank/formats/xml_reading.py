"""Strangers' XML into a tree, safely: no DOCTYPE (hence no entities of its own), no outside files, no XInclude, limits for size, depth and number.

The text is brought to UTF-8 before the parser sees it, so that what an encoding could hide is seen, and one that lies is told.
"""

import codecs
import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from question_bank.formats.yaml_document import shorten
from question_bank.message import N_, Message

MEGABYTE = 1024 * 1024
BYTES_MOST = 24 * MEGABYTE
TAGS_MOST = 600_000
ATTRIBUTES_MOST = 600_000
"""More than banks of some thousand items have; a tree of so many nodes still fits beside the rest into 256 MB."""
DEPTH_MOST = 100
LONGEST_ATTRIBUTE = 1_000_000
LONGEST_TEXT = 10_000_000
"""The parser's own limit."""
FUNCTION = re.compile(r"^xml[A-Za-z]+: ")
CHUNK = 64 * 1024

ENCODINGS = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312", "big5", "iso8859-1", "ascii", "cp1252"}
"""By Python's names; every other encoding is one in which no maker of items writes today."""
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
Element: TypeAlias = etree._Element  # noqa: SLF001 - the type has no other name

XINCLUDE = "{http://www.w3.org/2001/XInclude}*"


class NotReadableError(Exception):
    """XML that is not taken, and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def read_xml(content: bytes) -> Element:
    """Return the root of the document, without comments and processing instructions; raise `NotReadableError` in words for a person."""
    text = _as_utf8(content)
    _refuse_document_type(text)
    if text.count(b"<") > TAGS_MOST or text.count(b"=") > ATTRIBUTES_MOST:
        raise NotReadableError(Message(N_("The XML has more elements than are read at once; split it into smaller files")))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise NotReadableError(_in_words(error)) from error
    _refuse_dangers(root)
    return root


def read_html(text: str) -> Element:
    """Return a piece of HTML, however badly it is written, as a `div`; raise `NotReadableError` if it is nested too deep."""
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        page = etree.fromstring(f"<html><body><div>{text}</div></body></html>", parser)
    except etree.ParseError as error:
        raise NotReadableError(Message(N_("This is not HTML: %(problem)s"), {"problem": shorten(error.msg)})) from error
    _refuse_depth(page)
    body = page.find("body")
    root = page if body is None else body
    root.tag = "div"
    return root


def local_name(element: Element) -> str:
    """Return an element's name without its namespace. Bad HTML has names that no XML allows, such as `a<`."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """Return the children of `element`, of these names in whatever namespace."""
    return (child for child in element.iterchildren(etree.Element) if not names or local_name(child) in names)


def child(element: Element, name: str) -> Element | None:
    """Return the first child of this name."""
    return next(children(element, name), None)


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """Return `element` and all below it, of these names in whatever namespace, in document order."""
    return (each for each in element.iter(etree.Element) if not names or local_name(each) in names)


def text_of(element: Element | None) -> str:
    """Return all text in `element`, blanks at its ends left out."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def _in_words(error: etree.XMLSyntaxError) -> Message:
    """Return what the parser says without the names of its functions and options."""
    if "depth" in error.msg:
        return Message(N_("The XML is nested more than %(limit)d deep"), {"limit": DEPTH_MOST})
    if "_HUGE" in error.msg:
        return Message(N_("A text or an attribute in the XML is longer than %(most)d characters"), {"most": LONGEST_TEXT})
    values = {"problem": shorten(FUNCTION.sub("", error.msg)), "line": error.lineno or 1}
    return Message(N_("This is not XML: %(problem)s (line %(line)d)"), values)


def _as_utf8(content: bytes) -> bytes:
    if len(content) > BYTES_MOST:
        raise NotReadableError(Message(N_("The XML is larger than %(most)d MB"), {"most": BYTES_MOST // MEGABYTE}))
    encoding, start = _encoding_of(content)
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        pieces = bytearray()
        for place in range(start, len(content), CHUNK):
            pieces += decoder.decode(content[place : place + CHUNK]).encode()
        pieces += decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise NotReadableError(Message(N_("The file says that it is written in %(encoding)s, but it is not"), {"encoding": encoding})) from error
    if b"\0" in pieces:
        raise NotReadableError(Message(N_("This is not XML: %(problem)s (line %(line)d)"), {"problem": "NUL", "line": 1}))
    return bytes(pieces)


def _encoding_of(content: bytes) -> tuple[str, int]:
    """Return the encoding of `content` and where its text begins."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding, len(mark)
    for start, encoding in ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):
        if content.startswith(start):
            return encoding, 0
    declared = DECLARATION.match(content)
    if declared is None:
        return "utf-8", 0
    written = declared.group(1).decode()
    try:
        name = codecs.lookup(written).name
    except LookupError:
        name = ""
    if name not in ENCODINGS or name.startswith("utf-16"):  # UTF-16 would not have let the declaration be read as it stands
        raise NotReadableError(Message(N_("The encoding %(encoding)s is not read; save the file in UTF-8"), {"encoding": written}))
    return ("gb18030" if name in ("gb2312", "gbk") else name), 0


def _refuse_document_type(text: bytes) -> None:
    """A document type can stand before the root only: skip blanks, comments and instructions, and look at what comes first."""
    place = 0
    while True:
        while text[place : place + 1].isspace():
            place += 1
        for start, end in ((b"<!--", b"-->"), (b"<?", b"?>")):
            if text.startswith(start, place):
                found = text.find(end, place + len(start))
                place = len(text) if found < 0 else found + len(end)
                break
        else:
            break
    if text.startswith(b"<!", place):
        raise NotReadableError(Message(N_("A DOCTYPE stands in the XML; with it a file could fetch others or fill the memory, so it is refused")))


def _refuse_dangers(root: Element) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotReadableError(Message(N_("A DOCTYPE stands in the XML; with it a file could fetch others or fill the memory, so it is refused")))
    if next(root.iter(XINCLUDE), None) is not None:
        raise NotReadableError(Message(N_("The XML asks to include other files (XInclude); that is refused")))
    _refuse_depth(root)


def _refuse_depth(root: Element) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEPTH_MOST:
            raise NotReadableError(Message(N_("The XML is nested more than %(limit)d deep"), {"limit": DEPTH_MOST}))
        if event == "start" and any(len(value) > LONGEST_ATTRIBUTE for value in element.attrib.values()):
            raise NotReadableError(Message(N_("An attribute in the XML is longer than %(most)d characters"), {"most": LONGEST_ATTRIBUTE}))
