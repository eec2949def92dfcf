"""填空题: a stem with gaps [[1]], [[2]] …, each filled with a text out of those that are accepted."""

import re
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from question_bank.formats.shape import Shape
from question_bank.item import Item, Response
from question_bank.kinds.accepted import AcceptedTexts
from question_bank.kinds.kind import NOTHING, Kind, PartialCredit, fields, require_texts_by_part, share_of
from question_bank.kinds.options import faults_of_options
from question_bank.message import N_, Fault, Message

GAP = re.compile(r"\[\[([1-9][0-9]?)\]\]")
"""A gap as it stands in a stem."""


class BlankKey(Shape):
    """By gap what is accepted there."""

    gaps: Annotated[dict[str, AcceptedTexts], Field(min_length=1)]


class Blank(Kind):
    """A response has a text for each gap that is filled."""

    name = "blank"
    label = Message(N_("Fill in the blanks"))
    policies = (PartialCredit.ALL_OR_NOTHING, PartialCredit.EACH_RIGHT)
    sample_policy = PartialCredit.EACH_RIGHT
    Key = BlankKey

    def validate(self, item: Item) -> list[Fault]:
        """Gaps run from 1 without a gap of their own, and each has its accepted texts."""
        faults = faults_of_options(item, None)
        gaps = GAP.findall(item.stem)
        if not gaps or gaps != [str(number) for number in range(1, len(gaps) + 1)]:
            faults.append(Fault(f"{item.id}.stem", Message(N_("The gaps must be written [[1]], [[2]] … in their order"))))
        if set(gaps) != set(fields(item.key, BlankKey).gaps):
            faults.append(Fault(f"{item.id}.key", Message(N_("The key must name exactly the gaps of the stem"))))
        return faults

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """Each gap counts the same share under EACH_RIGHT."""
        if not isinstance(response, dict):
            return NOTHING
        gaps = fields(key, BlankKey).gaps
        hits = sum(gap in response and accepted.accepts(response[gap]) for gap, accepted in gaps.items())
        return share_of(hits, len(gaps), policy)

    def response_from(self, raw: object) -> Response:
        """A JSON object from gap to text."""
        return require_texts_by_part(raw)

    def parts(self, item: Item) -> tuple[str, ...]:
        """The gaps."""
        return tuple(GAP.findall(item.stem))


BLANK = Blank()
