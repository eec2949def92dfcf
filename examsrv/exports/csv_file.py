"""CSV files that a spreadsheet program opens as they are meant: UTF-8 with its mark, no cell that becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

BYTE_ORDER_MARK = "\ufeff"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXT_SIGN = "'"

Value = str | int | Decimal | Fraction | None


def csv_file(titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return the table as CSV with commas. Texts that begin like a formula get an apostrophe in front; numbers, negative ones too, stay numbers."""
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_shown(title) for title in titles])
    writer.writerows([_shown(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _shown(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else repr(float(value))
    if isinstance(value, str):
        return TEXT_SIGN + value if value.lstrip(" ").startswith(FORMULA_SIGNS) else value
    return str(value)
