"""Numbers as people type them, held against a value with its tolerance: the numeric kind, and the number cells of tables."""

import unicodedata
from decimal import Decimal
from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from question_bank.formats.shape import Shape

LONGEST = 40
LONGEST_TYPED = 4 * LONGEST
"""With commas, blanks and the unit: more is no number, however it is meant."""
PLAIN = frozenset("0123456789.+-")
MINUS_SIGNS = str.maketrans(dict.fromkeys("−–—﹣", "-"))
GROUPING = str.maketrans({",": None, " ": None, "\u00a0": None})


class NotANumberError(ValueError):
    """A text is no number."""


def number_from(text: str, unit: str = "") -> Decimal:
    """Return the number that `text` says: full-width digits, grouping commas, a leading sign and the `unit` behind it are allowed.

    No exponents, no fractions, no second comma for a point. Raises `NotANumberError`.
    """
    typed = text.strip()
    if len(typed) > LONGEST_TYPED + len(unit):
        raise NotANumberError(text)
    plain = unicodedata.normalize("NFKC", typed).translate(MINUS_SIGNS)
    plain = plain.removesuffix(unicodedata.normalize("NFKC", unit)).translate(GROUPING)
    if not plain or len(plain) > LONGEST or not PLAIN.issuperset(plain):
        raise NotANumberError(text)
    try:
        return Decimal(plain)
    except ArithmeticError as error:
        raise NotANumberError(text) from error


def _number(raw: object) -> str:
    """A number in a file is a YAML number or a text that says one; it is kept as the text, so that 136.00 stays 136.00."""
    if isinstance(raw, int | Decimal | str) and not isinstance(raw, bool):
        try:
            return format(number_from(str(raw)), "f")
        except NotANumberError:
            pass
    raise PydanticCustomError("number", "no number")


def _positive(raw: object) -> str:
    text = _number(raw)
    if Decimal(text) < 0:
        raise PydanticCustomError("greater_than_equal", "negative", {"ge": 0})
    return text


Number = Annotated[str, PlainValidator(_number)]


class NumberKey(Shape):
    """A right value with its tolerance: absolute in the value's unit, or a share of the value where `relative`. `unit` is only for marking."""

    value: Number
    tolerance: Annotated[str, PlainValidator(_positive)] = "0"
    relative: bool = False
    unit: str = ""

    def accepts(self, text: object) -> bool:
        """Tell whether `text` says a number within the tolerance, its edge included."""
        try:
            given = number_from(str(text), self.unit)
        except NotANumberError:
            return False
        value, tolerance = Decimal(self.value), Decimal(self.tolerance)
        return abs(given - value) <= (tolerance * abs(value) if self.relative else tolerance)
