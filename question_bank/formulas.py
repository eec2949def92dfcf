"""Formulas of item texts, $…$ in LaTeX's spelling, drawn as SVG that stands in the line of text. Chinese words in a formula are real text.

The drawing has no ids, styles or scripts, so that many can stand on one page under its content security policy; its colour is the text's.
"""

import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from html import escape
from typing import Any

from question_bank.message import N_, ExamError, Message

FORMULA = re.compile(r"(?<![\\$])\$(?!\s)((?:[^$\\\n]|\\.)+?)(?<!\s)\$(?![0-9$])")
"""As in other Markdown: no blank just inside the signs, no digit behind the closing one, so that $5 and $6 are amounts."""
LONGEST = 400
KEPT = 512
EM = 24.0
"""The size at which formulas are drawn, in SVG units: one em of the text around."""
DROP_STEPS = 10
MOST_DROP = 40
"""The part under the base line is a class of the style sheet, in tenths of an em, since a page may not carry styles of its own."""
SQUARE, ASCENT, DESCENT = 1000, 880, -120
"""The square in which a Chinese character stands, and how far it reaches over and under the base line."""
CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
XML_NAMESPACE = "http://www.w3.org/2000/svg"


class UnreadableFormulaError(ExamError):
    """A formula that cannot be drawn."""


@lru_cache(maxsize=KEPT)
def drawn(source: str) -> str:
    """Return a formula as SVG with its source as label; raise `UnreadableFormulaError`."""
    refusal = Message(N_("The formula %(formula)s cannot be read"), {"formula": f"${source}$"})
    if len(source) > LONGEST:
        raise UnreadableFormulaError(refusal)
    try:
        from ziamath.zmath import Latex

        _font()
        formula = Latex(source, size=EM, font=FONT, color="currentColor", inline=True)
        picture: ET.Element = formula.svgxml()
        drop = -min(0.0, float(formula.node.bbox.ymin))
    except Exception as error:
        raise UnreadableFormulaError(refusal) from error
    return _finished(picture, source, drop)


def _finished(picture: ET.Element, source: str, drop: float) -> str:
    if any(element.get("stroke") == "red" for element in picture.iter()):
        raise UnreadableFormulaError(Message(N_("The formula %(formula)s cannot be read"), {"formula": f"${source}$"}))
    for name in ("width", "height"):
        picture.set(name, f"{float(picture.attrib[name]) / EM:.3f}em")
    steps = min(MOST_DROP, round(drop / EM * DROP_STEPS))
    picture.attrib |= {"class": f"formula drop-{steps}", "role": "img", "aria-label": source}
    picture.attrib.pop("xmlns", None)
    plain = ET.tostring(picture, encoding="unicode")
    return plain.replace("<svg ", f'<svg xmlns="{XML_NAMESPACE}" ', 1)


FONT = "with-chinese"


@lru_cache(maxsize=1)
def _font() -> Any:
    """Give the drawer a font that leaves Chinese characters to the page's own fonts, and paths instead of symbols with ids."""
    from ziafont.fonttypes import BBox
    from ziafont.glyph import SimpleGlyph
    from ziamath import zmath
    from ziamath.config import config
    from ziamath.mathfont import MathFont

    class Character(SimpleGlyph):
        """A Chinese character: a square of one em, written as text where others are drawn."""

        def __init__(self, char: str, font: Any) -> None:
            unit = font.info.layout.unitsperem / SQUARE
            super().__init__(0, [], BBox(0, SQUARE * unit, DESCENT * unit, ASCENT * unit), font)
            self.text = char

        def advance(self, nextchr: Any = None) -> int:
            return int(self.font.info.layout.unitsperem)

        def place(self, x: float, y: float, point_size: float) -> ET.Element:
            element = ET.Element("text", {"x": f"{x:.2f}", "y": f"{y:.2f}", "font-size": f"{point_size:.2f}", "fill": "currentColor"})
            element.text = self.text
            return element

    class ChineseFont(MathFont):
        """The drawer's own font, but for Chinese."""

        def glyph(self, char: str) -> Any:
            return Character(char, self) if CHINESE.match(char) else super().glyph(char)

    config.svg2 = False
    zmath.loadedfonts[FONT] = ChineseFont(zmath.loadedfonts["default"].info.filename)
    return zmath.loadedfonts[FONT]


def formulas(text: str) -> list[str]:
    """Return the sources of the formulas in a text."""
    return FORMULA.findall(text)


def labelled(source: str) -> str:
    """Return what stands for a formula that cannot be drawn: its source."""
    return f"<code>${escape(source)}$</code>"
