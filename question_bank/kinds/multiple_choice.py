"""多项选择题: several options, at least two of them right; 错选、多选、漏选不得分 unless the specification says otherwise."""

from fractions import Fraction

from question_bank.item import Item, Response
from question_bank.kinds.kind import EVERYTHING, NOTHING, Kind, NotAResponseError, PartialCredit, not_an_answer, require_text
from question_bank.kinds.options import faults_of_options, unknown_letters
from question_bank.message import N_, Fault, Message

KEY_COUNTS = range(2, 5)
"""Two to four right options among four or five."""


class MultipleChoice(Kind):
    """The key and a response are the ids of options; their order says nothing."""

    name = "multiple_choice"
    label = Message(N_("Multiple choice"))
    option_counts = range(4, 6)
    policies = (PartialCredit.ALL_OR_NOTHING, PartialCredit.EACH_RIGHT, PartialCredit.RIGHT_LESS_WRONG)

    def validate(self, item: Item) -> list[Fault]:
        """The key must be a list of two to four different options."""
        place = f"{item.id}.key"
        faults = faults_of_options(item, self.option_counts)
        if not isinstance(item.key, tuple):
            return [*faults, Fault(place, Message(N_("A multiple-choice item has a list of keys")))]
        if len(set(item.key)) < len(item.key):
            faults.append(Fault(place, Message(N_("A key is named twice"))))
        if len(item.key) not in KEY_COUNTS:
            values = {"least": KEY_COUNTS.start, "most": KEY_COUNTS.stop - 1, "given": len(item.key)}
            faults.append(Fault(place, Message(N_("%(least)d to %(most)d keys are wanted, %(given)d are given"), values)))
        return faults + unknown_letters(item, {str(letter) for letter in item.key}, place)

    def is_same(self, one: Response, other: Response) -> bool:
        """The same options chosen, in whatever order."""
        return isinstance(one, tuple) and isinstance(other, tuple) and set(one) == set(other)

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """Exactly the key earns 1; part of it earns its share under EACH_RIGHT, right ones less wrong ones under RIGHT_LESS_WRONG."""
        if not isinstance(key, tuple) or not isinstance(response, tuple):
            return NOTHING
        if self.is_same(key, response):
            return EVERYTHING
        right, wrong = len(set(response) & set(key)), len(set(response) - set(key))
        if policy is PartialCredit.RIGHT_LESS_WRONG:
            return max(NOTHING, Fraction(right - wrong, len(set(key))))
        return Fraction(right, len(set(key))) if policy is PartialCredit.EACH_RIGHT and not wrong else NOTHING

    def response_from(self, raw: object) -> Response:
        """A JSON list of different strings; it may be empty (everything unchosen again). Sorted, so that equal choices are equal values."""
        if not isinstance(raw, list):
            raise not_an_answer()
        chosen = [require_text(each) for each in raw]
        if len(set(chosen)) < len(chosen):
            raise NotAResponseError(Message(N_("An option is named twice in the answer")))
        return tuple(sorted(chosen))


MULTIPLE_CHOICE = MultipleChoice()
