"""What every kind of item can do. A kind is found by its name in `KINDS`; nothing else in the program asks which kind it has."""

from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from question_bank.item import Item, Response
from question_bank.message import N_, ExamError, Fault, Message

NOTHING = Fraction(0)
EVERYTHING = Fraction(1)


class PartialCredit(StrEnum):
    """What a response that is neither wholly right nor wholly wrong earns; a specification stores the name."""

    ALL_OR_NOTHING = "all_or_nothing"
    EACH_RIGHT = "each_right"
    """少选得部分分, 错选不得分: each right option chosen counts its share of the key; one wrong option leaves nothing."""


class NotAResponseError(ExamError):
    """What was sent is not a response that the kind of item knows."""


class KindOfItem(Protocol):
    """One kind of item. Responses and keys name options by any text, letters or the random ids of a form."""

    @property
    def name(self) -> str:
        """The word used in files and tables, such as `single_choice`."""
        ...

    @property
    def label(self) -> Message:
        """The name shown to people."""
        ...

    def validate(self, item: Item) -> list[Fault]:
        """Return what keeps `item` from being answered and marked as this kind."""
        ...

    def is_same(self, one: Response, other: Response) -> bool:
        """Tell whether two responses say the same."""
        ...

    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction:
        """Return what `response` earns, 0 to 1; None (no answer) earns 0, and nothing is ever deducted."""
        ...

    def response_from(self, raw: object) -> Response:
        """Return the response that a JSON value holds; raise `NotAResponseError` for any other value."""
        ...


def require_text(raw: object) -> str:
    """Return `raw` if it is a text that can name an option; raise `NotAResponseError` otherwise."""
    if not isinstance(raw, str) or not raw:
        raise NotAResponseError(Message(N_("This is not an answer to a question of this kind")))
    return raw
