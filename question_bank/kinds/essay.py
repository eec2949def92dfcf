"""论述、公文: a text of some length, scored by examiners."""

from fractions import Fraction
from typing import Annotated

from pydantic import Field, StringConstraints

from question_bank.formats.shape import Shape
from question_bank.item import Item, Response
from question_bank.kinds.kind import NOTHING, Kind, PartialCredit, Scoring, fields
from question_bank.kinds.options import faults_of_options
from question_bank.kinds.short_text import text_response
from question_bank.message import N_, Fault, Message

LONGEST = 20_000

Text = Annotated[str, StringConstraints(min_length=1)]


class EssayBody(Shape):
    """The fewest characters asked for, and the most that can be written."""

    least: Annotated[int, Field(ge=0, le=LONGEST)] = 0
    most: Annotated[int, Field(ge=1, le=LONGEST)] = 2000


class EssayKey(Shape):
    """A model answer, and what examiners look for."""

    model: Text
    elements: list[Text] = Field(default_factory=list)


class Essay(Kind):
    """A response is the text."""

    name = "essay"
    label = Message(N_("Essay"))
    scoring = Scoring.EXAMINER
    Body = EssayBody
    Key = EssayKey

    def validate(self, item: Item) -> list[Fault]:
        """The fewest characters are not more than the most."""
        body = fields(item.body, EssayBody)
        faults = faults_of_options(item, None)
        if body.least > body.most:
            faults.append(Fault(f"{item.id}.body.least", Message(N_("More characters are asked for than can be written"))))
        return faults

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction | None:
        """Nothing earns nothing; everything else is for examiners."""
        return None if isinstance(response, str) and response.strip() else NOTHING

    def response_from(self, raw: object) -> Response:
        """A JSON string."""
        return text_response(raw, LONGEST)


ESSAY = Essay()
