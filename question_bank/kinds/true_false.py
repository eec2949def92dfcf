"""判断题: one statement, right or wrong; a wrong answer earns nothing and costs nothing."""

from fractions import Fraction

from question_bank.item import Item, Response
from question_bank.kinds.kind import EVERYTHING, NOTHING, Kind, PartialCredit, not_an_answer
from question_bank.message import N_, Fault, Message


class TrueFalse(Kind):
    """The key and a response are a truth value."""

    name = "true_false"
    label = Message(N_("True or false"))

    def validate(self, item: Item) -> list[Fault]:
        """The key must be true or false, and there are no options."""
        faults = []
        if item.options:
            faults.append(Fault(f"{item.id}.options", Message(N_("A true/false item has no options"))))
        if not isinstance(item.key, bool):
            faults.append(Fault(f"{item.id}.key", Message(N_("The key of a true/false item is true or false"))))
        return faults

    def is_same(self, one: Response, other: Response) -> bool:
        """The same truth value; the text "true" is none."""
        return isinstance(one, bool) and one is other

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """All or nothing whatever the policy."""
        return EVERYTHING if response is not None and self.is_same(key, response) else NOTHING

    def response_from(self, raw: object) -> Response:
        """A JSON true or false."""
        if not isinstance(raw, bool):
            raise not_an_answer()
        return raw


TRUE_FALSE = TrueFalse()
