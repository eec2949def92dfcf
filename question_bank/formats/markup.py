"""Item texts (Markdown) as the HTML of XML formats, and other makers' HTML as Markdown.

Pictures and whatever else only a format knows (fields to fill in) are given and taken by functions of the format.
Formulas `$…$` are written `\\(…\\)`, as players with MathJax show them.
"""

import re
from collections.abc import Callable
from html import escape

from lxml import etree
from markdown_it import MarkdownIt

from question_bank.formats.xml_reading import Element, children, descendants, local_name, text_of
from question_bank.formulas import FORMULA
from question_bank.text import HELD, PICTURE, PRIVATE

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML can hold."""
MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": True}).enable("table")
MEDIA = "media:"
VERBATIM = "markdown-text"
"""An element, of no format, that carries Markdown as it is."""
TEX = re.compile(r"\\\((.{1,400}?)\\\)|\\\[(.{1,400}?)\\\]|\$\$(.{1,400}?)\$\$", re.DOTALL)
"""Formulas as other makers write them for MathJax; longer ones are not drawn here."""
BLANKS = re.compile(r"[ \t\r\n\f]+")
MARKS = re.compile(r"[\\`*_\[<$]|&(?=[#A-Za-z])")
LINE_START = re.compile(r"^(\d{1,9})?([.)#+>=~-])")
DELIMITER_ROW = re.compile(r"^(?=.*-)[|:\- \t]+$")

BLOCKS = frozenset((
    "p", "div", "blockquote", "section", "article", "header", "footer", "center", "figure", "figcaption", "pre", "address", "dl", "dt",
    "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
))  # fmt: skip  # a list to look at
INLINE = frozenset((
    "span", "font", "u", "a", "small", "big", "tt", "cite", "q", "abbr", "acronym", "dfn", "samp", "kbd", "var", "ins", "s", "label",
    "bdo", "ruby", "rb", "time", "mark", "wbr", "tbody", "thead",
))  # fmt: skip  # a list to look at
"""Elements of which the text counts, and nothing else."""
LEFT_OUT = frozenset((
    "script", "style", "math", "svg", "video", "audio", "iframe", "embed", "canvas", "form", "input", "select", "textarea", "button",
    "applet", "link", "meta",
))  # fmt: skip  # a list to look at
"""Elements whose text without them would be nonsense."""

Picture = Callable[[str, str], str | None]
"""From an address and its words to the Markdown of the picture; None where there is no picture."""
Field = Callable[[Element], str | None]
"""From an element that only the format knows to its Markdown; None for any other element."""


def html_of(text: str, address: Callable[[str], str | None]) -> Element:
    """Return Markdown `text` as a `div`; `address` gives the address of a picture by its digest, or None where only its words can be shown."""
    root = _fragment(f"<div>{_rendered(text)}</div>")
    for element in list(descendants(root, "a")):
        _unwrap(element)
    for picture in list(descendants(root, "img")):
        source = picture.get("src", "")
        found = address(source.removeprefix(MEDIA)) if source.startswith(MEDIA) else None
        if found is None:
            _replace_by_text(picture, picture.get("alt", ""))
        else:
            picture.set("src", found)
    for element in descendants(root):
        for name in set(element.attrib) - {"src", "alt"}:
            del element.attrib[name]
        # the writer's own line ends would become blanks in other makers' hands
        element.text = (element.text or "").strip("\n") or None if local_name(element) not in ("pre", "code") else element.text
        element.tail = (element.tail or "").strip("\n") or None
    return root


def inline(root: Element) -> Element:
    """Return the content of a single paragraph instead of the paragraph; anything else as it is."""
    if len(root) == 1 and root[0].tag == "p" and not (root.text or root[0].tail):
        _unwrap(root[0])
    return root


def clean(text: str) -> str:
    """Return `text` without characters that no XML can hold."""
    return NOT_XML.sub("", text)


class Markdown:
    """Turns elements into Markdown, and remembers the names of those it does not know."""

    def __init__(self, picture: Picture, field: Field = lambda _element: None) -> None:
        """Take the format's ways with pictures and fields."""
        self.unknown: list[str] = []
        self._picture = picture
        self._field = field

    def of(self, element: Element) -> str:
        """Return what stands in `element`."""
        return "\n\n".join(self._blocks(element))

    def of_several(self, elements: list[Element]) -> str:
        """Return what stands in these elements, each a paragraph of its own or several."""
        return "\n\n".join(text for element in elements if (text := self.of(element)))

    def line(self, element: Element) -> str:
        """Return what stands in `element` on one line, as a cell of a table needs it."""
        return BLANKS.sub(" ", self.of(element)).strip()

    def _blocks(self, element: Element) -> list[str]:
        blocks: list[str] = []
        words = [_escaped(element.text)]

        def flush() -> None:
            if paragraph := _paragraph("".join(words)):
                blocks.append(paragraph)
            words.clear()

        for each in element.iterchildren(etree.Element):
            found = self._field(each)
            if found is None and self._is_block(each):
                flush()
                blocks += self._block(each)
            else:
                words.append(self._inline(each) if found is None else found)
            words.append(_escaped(each.tail))
        flush()
        return blocks

    def _is_block(self, element: Element) -> bool:
        name = local_name(element)
        return (
            name in BLOCKS
            or name in ("ul", "ol", "table", VERBATIM)
            or (name not in LEFT_OUT and any(map(self._is_block, element.iterchildren(etree.Element))))
        )

    def _block(self, element: Element) -> list[str]:
        name = local_name(element)
        if name == VERBATIM:
            return [self._verbatim("".join(map(str, element.itertext())))]
        if name in ("ul", "ol"):
            return [self._list(element, name == "ol")]
        if name == "table":
            return self._table(element)
        if name not in BLOCKS and name not in INLINE and name not in ("object", "em", "strong", "b", "i"):
            self.unknown.append(name)
        return self._object(element) if name == "object" else self._blocks(element)

    def _list(self, element: Element, is_numbered: bool) -> str:
        lines = []
        for number, each in enumerate(children(element), start=1):
            mark = f"{number}. " if is_numbered else "- "
            lines.append(mark + "\n\n".join(self._blocks(each)).replace("\n", "\n" + " " * len(mark)))
        return "\n".join(lines)

    def _table(self, element: Element) -> list[str]:
        if any(cell.get("colspan", "1") != "1" or cell.get("rowspan", "1") != "1" for cell in descendants(element, "td", "th")):
            self.unknown.append("colspan/rowspan")
        rows = [[self.line(cell).replace("|", r"\|") for cell in children(row, "td", "th")] for row in descendants(element, "tr")]
        rows = [row for row in rows if row]
        if not rows:
            return []
        width = max(map(len, rows))
        head, *rest = [row + [""] * (width - len(row)) for row in rows]
        return ["\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * width, *rest))]

    def _inline(self, element: Element) -> str:
        name = local_name(element)
        if name == "br":
            return "\n"
        if name == "img":
            return self._image(element.get("src", ""), element.get("alt", ""))
        if name == "object":
            return "\n\n".join(self._object(element))
        if name in LEFT_OUT:
            self.unknown.append(name)
            return ""
        if name in ("code", "sub", "sup"):
            return _literal(name, text_of(element))
        inside = self._inside(element)
        if name in ("em", "i", "strong", "b"):
            return _emphasised(inside, "*" if name in ("em", "i") else "**")
        if name not in INLINE:
            self.unknown.append(name)
        return inside

    def _inside(self, element: Element) -> str:
        words = [_escaped(element.text)]
        for each in element.iterchildren(etree.Element):
            found = self._field(each)
            words += [self._inline(each) if found is None else found, _escaped(each.tail)]
        return "".join(words)

    def _image(self, source: str, words: str) -> str:
        return self._picture(source, BLANKS.sub(" ", words).strip()) or _escaped(words)

    def _object(self, element: Element) -> list[str]:
        """An object's content stands for it where it cannot be shown."""
        if element.get("type", "").startswith("image/"):
            words = BLANKS.sub(" ", text_of(element)).strip()
            picture = self._picture(element.get("data", ""), words)
            if picture is not None:
                return [picture]
        else:
            self.unknown.append("object")
        return self._blocks(element)

    def _verbatim(self, text: str) -> str:
        """Return other makers' Markdown with its pictures as ours."""
        return PICTURE.sub(lambda found: self._picture(found[2], found[1]) or _escaped(found[1]), text)


def picture_text(digest: str, words: str) -> str:
    """Return the Markdown of a picture of the bank."""
    return f"![{MARKS.sub(_with_backslash, words).replace(']', chr(92) + ']')}]({MEDIA}{digest})"


def _rendered(text: str) -> str:
    """Return Markdown as HTML; a formula is held back meanwhile, so that nothing in it is taken for Markdown."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[1])
        return f"\ue000{len(held) - 1}\ue001"

    html: str = MARKDOWN.render(FORMULA.sub(hold, clean(text).translate(PRIVATE)))
    return HELD.sub(lambda found: escape(rf"\({held[int(found[1])]}\)"), html)


def _fragment(text: str) -> Element:
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))


def _escaped(text: str | None) -> str:
    """Return the text of an element as Markdown that says the same; formulas are taken as such."""
    plain = BLANKS.sub(" ", text or "")
    words: list[str] = []
    end = 0
    for found in TEX.finditer(plain):
        formula = f"${next(filter(None, found.groups())).strip()}$"
        if FORMULA.fullmatch(formula):
            words += [MARKS.sub(_with_backslash, plain[end : found.start()]), formula]
            end = found.end()
    words.append(MARKS.sub(_with_backslash, plain[end:]))
    for place in range(1, len(words) - 1, 2):  # a formula must not touch what would end it elsewhere
        if words[place - 1][-1:] in ("\\", "$") and words[place - 1]:
            words[place - 1] += " "
        if words[place + 1][:1].isdigit() or words[place + 1].startswith("$"):
            words[place + 1] = f" {words[place + 1]}"
    return "".join(words)


def _with_backslash(found: re.Match[str]) -> str:
    return "\\" + found.group()


def _paragraph(text: str) -> str:
    """Return a paragraph without blanks at the ends of its lines; no line begins like a heading, a list or a table."""
    return "\n".join(filter(None, (_line(line.strip(" ")) for line in text.split("\n"))))


def _line(line: str) -> str:
    if DELIMITER_ROW.match(line):
        return f"\\{line}"
    return LINE_START.sub(lambda found: f"{found.group(1) or ''}\\{found.group(2)}" if _is_mark(found, line) else found.group(), line)


def _is_mark(found: re.Match[str], line: str) -> bool:
    """Tell whether the beginning of a line would be read as more than text."""
    number, mark = found.groups()
    after = line[found.end() : found.end() + 1]
    if number:
        return mark in ".)" and after in ("", " ")
    return mark in "=>~#" or (mark in "+-" and after in ("", " ", "-"))


def _literal(name: str, text: str) -> str:
    if name == "code":
        return f"`{text}`" if text and "`" not in text else _escaped(text)
    if not re.fullmatch(r"[\w+\-−,. ]+", text):
        return _escaped(text)
    return f"$_{{{text}}}$" if name == "sub" else f"$^{{{text}}}$"


def _emphasised(text: str, mark: str) -> str:
    """Return `text` between `mark`s where Markdown is sure to take them as such: with letters or digits at both ends."""
    return f"{mark}{text}{mark}" if text and text[0].isalnum() and text[-1].isalnum() and "\n" not in text else text


def _unwrap(element: Element) -> None:
    """Put the content of `element` in its place."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    inside = list(element)
    _append_text(parent, place, element.text)
    for offset, each in enumerate(inside):
        parent.insert(place + offset, each)
    tail = element.tail
    parent.remove(element)
    _append_text(parent, place + len(inside), tail)


def _replace_by_text(element: Element, text: str) -> None:
    parent = element.getparent()
    if parent is not None:
        place = parent.index(element)
        tail = element.tail
        parent.remove(element)
        _append_text(parent, place, text + (tail or ""))


def _append_text(parent: Element, place: int, text: str | None) -> None:
    """Put `text` before the child at `place`."""
    if place == 0:
        parent.text = (parent.text or "") + (text or "") or None
    else:
        before = parent[place - 1]
        before.tail = (before.tail or "") + (text or "") or None
