"""单项选择题: several options, exactly one of them right."""

from fractions import Fraction

from question_bank.item import Item, Response
from question_bank.kinds.kind import EVERYTHING, NOTHING, PartialCredit, require_text
from question_bank.kinds.options import faults_of_options
from question_bank.message import N_, Fault, Message

OPTION_COUNTS = range(4, 5)
"""Four options: the custom of machine examinations of this kind."""


class SingleChoice:
    """The key and a response are the id of one option."""

    name = "single_choice"
    label = Message(N_("Single choice"))

    def validate(self, item: Item) -> list[Fault]:
        """The key must be one text and name one of the four options."""
        faults = faults_of_options(item, OPTION_COUNTS)
        if not isinstance(item.key, str):
            faults.append(Fault(f"{item.id}.key", Message(N_("A single-choice item has exactly one key"))))
        elif item.key not in {option.letter for option in item.options}:
            faults.append(Fault(f"{item.id}.key", Message(N_("The key %(key)s is not among the options"), {"key": item.key})))
        return faults

    def is_same(self, one: Response, other: Response) -> bool:
        """Equal option, equal response."""
        return one == other

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """All or nothing whatever the policy: one option cannot be half right."""
        return EVERYTHING if response is not None and self.is_same(key, response) else NOTHING

    def response_from(self, raw: object) -> Response:
        """A JSON string naming one option."""
        return require_text(raw)


SINGLE_CHOICE = SingleChoice()
