"""Item text: Markdown with pictures, tables and formulas in, sanitised HTML out. The same for candidates, previews and print.

A picture is written ![what it shows](media:…) with the SHA-256 of its content, a formula $…$, a gap [[1]].
"""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from question_bank.formulas import FORMULA, UnreadableFormulaError, drawn, formulas, labelled
from question_bank.message import N_, Message

TAGS = {"p", "strong", "em", "br", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "sup", "sub", "code", "img"}
ATTRIBUTES: dict[str, set[str]] = {"th": {"scope"}, "img": {"src", "alt"}}
MEDIA = re.compile(r"media:([0-9a-f]{64})")
LABEL = r"(?:[^\[\]\n\\]|\\.)*+"
"""What a picture shows, up to a bracket that no backslash stands before: thus no place of a text is gone over again from the next picture's start."""
PICTURE = re.compile(rf"!\[({LABEL})\]\(((?:[^()\s]|\([^()\s]*+\))*+)\)")
MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
HELD = re.compile("\ue000([0-9]+)\ue001")
"""Where a formula stands while the text around it is rendered and cleaned: private characters, which no text may bring itself."""
PRIVATE = str.maketrans({"\ue000": None, "\ue001": None})
FOR_CANDIDATES = "/exam/media/"
FOR_STAFF = "/admin/bank/media/"
"""Where the pages of both find pictures."""


@lru_cache(maxsize=4096)
def rendered(text: str, pictures: str = FOR_CANDIDATES) -> str:
    """Return Markdown `text` as HTML with the tags of a printed question only: no script, style or link passes, no picture but the bank's own.

    `pictures` is the address under which pictures stand. A formula that cannot be read is shown as it is written. What was rendered is kept: a
    thousand forms show the same few hundred items.
    """
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[1])
        return f"\ue000{len(held) - 1}\ue001"

    marked = FORMULA.sub(hold, text.translate(PRIVATE))
    clean = nh3.clean(MARKDOWN.render(marked), tags=TAGS, attributes=ATTRIBUTES, url_schemes={"media"}, attribute_filter=_only_media).strip()
    with_pictures = clean.replace('src="media:', f'src="{pictures}')
    return HELD.sub(lambda found: _formula(held[int(found[1])]), with_pictures)


def for_staff(html: str) -> str:
    """Return a text that was rendered for candidates as the staff's pages show it: with pictures from where these find them."""
    return html.replace(f'src="{FOR_CANDIDATES}', f'src="{FOR_STAFF}')


def plain(text: str) -> str:
    """Return Markdown `text` as one line of plain text, for lists: a picture is what it shows, a formula its source."""
    without_pictures = PICTURE.sub(lambda found: f"［{found[1]}］" if found[1] else "", text)
    return " ".join(nh3.clean(MARKDOWN.render(without_pictures), tags=set()).split())


def media_of(text: str) -> list[str]:
    """Return the digests of the pictures that a text shows, in order."""
    return MEDIA.findall(text)


def faults_of_text(text: str) -> list[Message]:
    """Return what would not be shown of a text: formulas that cannot be read, pictures that are not the bank's own or do not say what they show."""
    found = []
    for source in formulas(text):
        try:
            drawn(source)
        except UnreadableFormulaError as error:
            found.append(error.message)
    for label, address in PICTURE.findall(text):
        if not MEDIA.fullmatch(address):
            found.append(Message(N_("The picture %(address)s is none of the bank's own"), {"address": address or "( )"}))
        elif not label.strip():
            found.append(Message(N_("A picture does not say what it shows; somebody may not see it")))
    return found


def _only_media(tag: str, attribute: str, value: str) -> str | None:
    """Keep a picture's address only where it is the bank's own."""
    return value if (tag, attribute) != ("img", "src") or MEDIA.fullmatch(value) else None


def _formula(source: str) -> str:
    try:
        return drawn(source)
    except UnreadableFormulaError:
        return labelled(source)
