"""Item text: Markdown in, sanitised HTML out. The same for candidates, previews and print."""

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "strong", "em", "br", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "sup", "sub", "code"}
ATTRIBUTES: dict[str, set[str]] = {"th": {"scope"}}
MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


def rendered(text: str) -> str:
    """Return Markdown `text` as HTML with the tags of a printed question only: no script, style, link or picture passes."""
    return nh3.clean(MARKDOWN.render(text), tags=TAGS, attributes=ATTRIBUTES).strip()
