"""Forms as HTML of their own: for the print view in a browser, and for the PDF. Nothing in it is fetched from elsewhere."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from examsrv.exports.printed_form import Facts, Grid, PrintedForm, Sentences, Signs

TEMPLATES = Path(__file__).parent / "templates"


def forms_html(forms: Sequence[PrintedForm], title: str, language: str, styles: Sequence[str] = (), icon: str = "") -> str:
    """Return a page with the forms, each beginning on a new sheet. `styles` and `icon` are addresses; a PDF is given its style apart."""
    kinds = {"Facts": Facts, "Grid": Grid, "Sentences": Sentences, "Signs": Signs}
    return (
        _environment()
        .get_template("forms.html")
        .render(forms=forms, title=title, language=language.replace("_", "-"), styles=styles, icon=icon, kind_of=lambda block: _name(kinds, block))
    )


def _name(kinds: dict[str, type], block: object) -> str:
    return next(name for name, kind in kinds.items() if isinstance(block, kind))


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
