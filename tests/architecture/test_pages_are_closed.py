"""Pages load nothing from outside and hold no script, style or handler of their own: the content policy would refuse it (DECISIONS 16)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

ADDRESS = re.compile(r"https?://(?!www\.w3\.org/)|[\"'(]//[a-z0-9]", re.IGNORECASE)
INLINE = {
    "script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "content of a script with src": re.compile(r"<script\b[^>]*\bsrc\s*=[^>]*>\s*[^<\s]", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\bstyle\s*=", re.IGNORECASE),
    "handler": re.compile(r"(?<=\s)on[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)


def templates(root: Path = ROOT) -> Iterator[Path]:
    """Give every template of a page."""
    yield from sorted((root / "blueprints").rglob("*.html"))


def served_files(root: Path = ROOT) -> Iterator[Path]:
    """Give every text that a browser is sent, but the vendored ones (their manifest pins them)."""
    yield from templates(root)
    static = root / "static"
    for file in sorted(static.rglob("*")):
        if file.suffix in {".js", ".css", ".svg", ".html", ".json", ".webmanifest"} and static / "vendor" not in file.parents:
            yield file


def outside_addresses(text: str) -> list[str]:
    """Return the lines of `text` that name an address of another host; the names of W3C's XML namespaces are not fetched."""
    return [line.strip() for line in text.splitlines() if ADDRESS.search(line)]


def inline_code(text: str) -> list[str]:
    """Return the kinds of inline script, style or handler in a template; the template's own statements and comments do not count."""
    page = JINJA.sub("", text)
    return [kind for kind, pattern in INLINE.items() if pattern.search(page)]


def test_no_page_names_an_address_of_outside() -> None:
    assert {str(file.relative_to(ROOT)): found for file in served_files() if (found := outside_addresses(file.read_text()))} == {}


def test_no_template_holds_inline_code() -> None:
    assert {str(file.relative_to(ROOT)): found for file in templates() if (found := inline_code(file.read_text()))} == {}


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="//cdn.example/x.png">',
        "@import '//fonts.example/x.css';",
        'const address = "http://example.org/";',
        "background: url(//cdn.example/x.png)",
    ],
)
def test_a_planted_address_is_reported(line: str) -> None:
    assert outside_addresses(line) == [line]


@pytest.mark.parametrize("line", ['<svg xmlns="http://www.w3.org/2000/svg">', "// a comment", 'href="/static/x.css"', "a = 1 // 2"])
def test_own_addresses_and_namespaces_are_left_alone(line: str) -> None:
    assert outside_addresses(line) == []


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<script>alert(1)</script>", "script"),
        ('<script type="module">go()</script>', "script"),
        ('<script src="/x.js">go()</script>', "content of a script with src"),
        ("<style>p {color: red}</style>", "style element"),
        ('<p style="color: red">', "style attribute"),
        ("{{ bar(style='width: 3px') }}", "style attribute"),
        ('<button onclick="go()">', "handler"),
        ("<body\n  ONLOAD='go()'>", "handler"),
        ('<a href="javascript:go()">', "javascript: address"),
    ],
)
def test_planted_inline_code_is_reported(page: str, kind: str) -> None:
    assert inline_code(page) == [kind]


@pytest.mark.parametrize(
    "page",
    ['<script type="module" src="/static/js/paper.js"></script>', "{% set only = 'x' %}{# style= #}", '<link rel="stylesheet" href="/x.css">'],
)
def test_a_closed_page_is_left_alone(page: str) -> None:
    assert inline_code(page) == []
