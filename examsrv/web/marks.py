"""How marks of sheets are written on pages: whole where they are exact, with two decimals where they are not. Decided is elsewhere, unrounded."""

from decimal import Decimal
from fractions import Fraction

DECIMALS = 2


def written_mark(mark: Fraction | Decimal | None) -> str:
    """Return a mark without needless zeros; nothing for None."""
    if mark is None:
        return ""
    shown = f"{Decimal(Fraction(mark).numerator) / Decimal(Fraction(mark).denominator):.{DECIMALS}f}"
    exact = f"{Decimal(shown).normalize():f}"
    return exact if Fraction(exact) == Fraction(mark) else shown
