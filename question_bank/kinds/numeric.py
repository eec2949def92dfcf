"""计算填空: one number, right within a tolerance. The unit stands behind the field and need not be typed."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from question_bank.formats.shape import Shape
from question_bank.item import Item, Response
from question_bank.kinds.kind import EVERYTHING, NOTHING, Kind, PartialCredit, fields, require_text
from question_bank.kinds.numbers import NumberKey
from question_bank.kinds.options import faults_of_options
from question_bank.message import N_, Fault, Message

MOST_DECIMALS = 6


class NumericBody(Shape):
    """The unit shown, and how many decimals are asked for, where that is said."""

    unit: str = ""
    decimals: Annotated[int, Field(ge=0, le=MOST_DECIMALS)] | None = None


class Numeric(Kind):
    """A response is the text that was typed: what it says is read when it is marked, so that nothing typed is lost."""

    name = "numeric"
    label = Message(N_("Calculation"))
    Body = NumericBody
    Key = NumberKey

    def validate(self, item: Item) -> list[Fault]:
        """There are no options; the shapes say the rest."""
        return faults_of_options(item, None)

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """Within the tolerance, or not."""
        return EVERYTHING if isinstance(response, str) and fields(key, NumberKey).accepts(response) else NOTHING

    def response_from(self, raw: object) -> Response:
        """A JSON string as typed."""
        return require_text(raw)

    def marking_key(self, item: Item, ids: Mapping[str, str]) -> Response:
        """The key with the unit, which may be typed behind the number."""
        key: Mapping[str, Response] = item.key if isinstance(item.key, Mapping) else {}
        return {**key, "unit": str(item.body.get("unit", ""))}


NUMERIC = Numeric()
