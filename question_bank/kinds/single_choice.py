"""单项选择题: several options, exactly one of them right."""

from fractions import Fraction

from question_bank.item import Item, Response
from question_bank.kinds.kind import EVERYTHING, NOTHING, Kind, PartialCredit, require_text
from question_bank.kinds.options import faults_of_options, unknown_letters
from question_bank.message import N_, Fault, Message


class SingleChoice(Kind):
    """The key and a response are the id of one option. Four options: the custom of machine examinations of this kind."""

    name = "single_choice"
    label = Message(N_("Single choice"))
    option_counts = range(4, 5)

    def validate(self, item: Item) -> list[Fault]:
        """The key must be one text and name one of the four options."""
        faults = faults_of_options(item, self.option_counts)
        if not isinstance(item.key, str):
            return [*faults, Fault(f"{item.id}.key", Message(N_("A single-choice item has exactly one key")))]
        return faults + unknown_letters(item, {item.key}, f"{item.id}.key")

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """All or nothing whatever the policy: one option cannot be half right."""
        return EVERYTHING if response is not None and self.is_same(key, response) else NOTHING

    def response_from(self, raw: object) -> Response:
        """A JSON string naming one option."""
        return require_text(raw)


SINGLE_CHOICE = SingleChoice()
