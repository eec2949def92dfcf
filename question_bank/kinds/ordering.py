"""排序题: the options are put into their order."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from question_bank.item import Item, Response
from question_bank.kinds.kind import EVERYTHING, NOTHING, Kind, NotAResponseError, PartialCredit, not_an_answer, require_text, share_of
from question_bank.kinds.options import LETTERS, faults_of_options
from question_bank.message import N_, Fault, Message


class Ordering(Kind):
    """The key and a response are all options' ids in order."""

    name = "ordering"
    label = Message(N_("Ordering"))
    policies = (PartialCredit.ALL_OR_NOTHING, PartialCredit.EACH_RIGHT, PartialCredit.NEIGHBOURS)
    option_counts = range(3, len(LETTERS) + 1)

    def validate(self, item: Item) -> list[Fault]:
        """The key is a list of all options, each once."""
        faults = faults_of_options(item, self.option_counts)
        if not isinstance(item.key, tuple) or sorted(map(str, item.key)) != sorted(option.letter for option in item.options):
            faults.append(Fault(f"{item.id}.key", Message(N_("The key must be all letters in their right order"))))
        return faults

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """Each right place counts its share under EACH_RIGHT, each right pair of neighbours under NEIGHBOURS."""
        if not isinstance(key, tuple) or not isinstance(response, tuple) or len(response) > len(key):
            return NOTHING
        if policy is PartialCredit.NEIGHBOURS and len(key) > 1:
            right = set(pairwise(key))
            return EVERYTHING if key == response else Fraction(len(right & set(pairwise(response))), len(right))
        return share_of(sum(mine == theirs for mine, theirs in zip(key, response, strict=False)), len(key), policy)

    def response_from(self, raw: object) -> Response:
        """A JSON list of different strings, in the order given."""
        if not isinstance(raw, list):
            raise not_an_answer()
        order = tuple(require_text(each) for each in raw)
        if len(set(order)) < len(order):
            raise NotAResponseError(Message(N_("An option is named twice in the answer")))
        return order

    def marking_key(self, item: Item, ids: Mapping[str, str]) -> Response:
        """The ids in the right order."""
        return tuple(ids[str(letter)] for letter in item.key) if isinstance(item.key, tuple) else item.key


ORDERING = Ordering()
