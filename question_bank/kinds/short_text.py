"""简答题: some sentences. The machine looks for the elements that the key names and proposes; examiners decide."""

from fractions import Fraction
from typing import Annotated

from pydantic import Field, StringConstraints

from question_bank.formats.shape import Shape
from question_bank.item import Item, Response
from question_bank.kinds.accepted import EVERY_FOLD, folded
from question_bank.kinds.kind import EVERYTHING, NOTHING, Kind, PartialCredit, Scoring, fields, not_an_answer
from question_bank.kinds.options import faults_of_options
from question_bank.message import N_, Fault, Message
from question_bank.normal_form import normalized

LONGEST = 2000

Text = Annotated[str, StringConstraints(min_length=1)]


class ShortTextBody(Shape):
    """The most characters of an answer."""

    most: Annotated[int, Field(ge=1, le=LONGEST)] = 300


class Element(Shape):
    """One thing that an answer should say, in any of several wordings, and its share of the marks, such as 1/4."""

    any: Annotated[list[Text], Field(min_length=1)]
    share: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(/[1-9][0-9]{0,2})?$")]


class ShortTextKey(Shape):
    """A model answer, and its elements."""

    model: Text
    elements: Annotated[list[Element], Field(min_length=1)]


class ShortText(Kind):
    """A response is the text."""

    name = "short_text"
    label = Message(N_("Short answer"))
    scoring = Scoring.PROPOSED
    policies = (PartialCredit.EACH_RIGHT,)
    sample_policy = PartialCredit.EACH_RIGHT
    Body = ShortTextBody
    Key = ShortTextKey

    def validate(self, item: Item) -> list[Fault]:
        """The shares of the elements make a whole, and the model answer is worth it."""
        key: ShortTextKey = fields(item.key, ShortTextKey)
        faults = faults_of_options(item, None)
        whole = sum((Fraction(element.share) for element in key.elements), NOTHING)
        if whole != EVERYTHING:
            text = N_("The shares of the elements add up to %(sum)s, not to 1")
            faults.append(Fault(f"{item.id}.key.elements", Message(text, {"sum": str(whole)})))
        elif self.fraction(item.key, key.model) != EVERYTHING:
            faults.append(Fault(f"{item.id}.key.model", Message(N_("The model answer does not have all elements"))))
        if len(key.model) > fields(item.body, ShortTextBody).most:
            faults.append(Fault(f"{item.id}.key.model", Message(N_("The model answer is longer than an answer may be"))))
        return faults

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.EACH_RIGHT) -> Fraction:
        """The shares of the elements that the answer has in one of their wordings: a proposal for examiners."""
        if not isinstance(response, str):
            return NOTHING
        given = folded(response, EVERY_FOLD)
        found: ShortTextKey = fields(key, ShortTextKey)
        hits = [element for element in found.elements if any(folded(words, EVERY_FOLD) in given for words in element.any)]
        return sum((Fraction(element.share) for element in hits), NOTHING)

    def response_from(self, raw: object) -> Response:
        """A JSON string."""
        return text_response(raw, LONGEST)


def text_response(raw: object, longest: int) -> str:
    """Return a JSON string of at most `longest` characters in composed form; raise `NotAResponseError` for any other value."""
    if not isinstance(raw, str) or len(raw) > longest:
        raise not_an_answer()
    return normalized("NFC", raw)


SHORT_TEXT = ShortText()
