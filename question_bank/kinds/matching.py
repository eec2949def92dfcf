"""匹配题: to each prompt on the left belongs one of the options on the right."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import Field, StringConstraints

from question_bank.formats.shape import Shape
from question_bank.item import Item, Response
from question_bank.kinds.kind import NOTHING, Kind, PartialCredit, fields, require_texts_by_part, share_of
from question_bank.kinds.options import LETTERS, faults_of_options, unknown_letters
from question_bank.message import N_, Fault, Message

MOST_PROMPTS = 10


class MatchingBody(Shape):
    """The prompts, named 1, 2, 3 … by their places. With `reuse` an option may belong to several of them."""

    prompts: Annotated[list[Annotated[str, StringConstraints(min_length=1)]], Field(min_length=2, max_length=MOST_PROMPTS)]
    reuse: bool = False


class MatchingKey(Shape):
    """By prompt the letter of its option."""

    pairs: dict[str, str]


class Matching(Kind):
    """A response has an option's id for each prompt that is matched."""

    name = "matching"
    label = Message(N_("Matching"))
    policies = (PartialCredit.ALL_OR_NOTHING, PartialCredit.EACH_RIGHT)
    sample_policy = PartialCredit.EACH_RIGHT
    option_counts = range(2, len(LETTERS) + 1)
    Body = MatchingBody
    Key = MatchingKey

    def validate(self, item: Item) -> list[Fault]:
        """Every prompt has its option, options exist, and without `reuse` none stands twice."""
        pairs = fields(item.key, MatchingKey).pairs
        body = fields(item.body, MatchingBody)
        place = f"{item.id}.key"
        faults = faults_of_options(item, self.option_counts) + unknown_letters(item, set(pairs.values()), place)
        if set(pairs) != set(self.parts(item)):
            faults.append(Fault(place, Message(N_("The key must name exactly the prompts, 1 to %(count)d"), {"count": len(body.prompts)})))
        if not body.reuse and len(set(pairs.values())) < len(pairs):
            faults.append(Fault(place, Message(N_("An option belongs to two prompts, but the item does not allow that"))))
        if len(set(body.prompts)) < len(body.prompts):
            faults.append(Fault(f"{item.id}.body.prompts", Message(N_("A prompt stands twice"))))
        return faults

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """Each prompt counts the same share under EACH_RIGHT."""
        if not isinstance(response, dict):
            return NOTHING
        pairs = fields(key, MatchingKey).pairs
        return share_of(sum(response.get(prompt) == option for prompt, option in pairs.items()), len(pairs), policy)

    def response_from(self, raw: object) -> Response:
        """A JSON object from prompt to option."""
        return require_texts_by_part(raw)

    def marking_key(self, item: Item, ids: Mapping[str, str]) -> Response:
        """The pairs with the paper's ids."""
        return {"pairs": {prompt: ids[letter] for prompt, letter in fields(item.key, MatchingKey).pairs.items()}}

    def parts(self, item: Item) -> tuple[str, ...]:
        """The prompts."""
        return tuple(str(place + 1) for place in range(len(fields(item.body, MatchingBody).prompts)))


MATCHING = Matching()
