"""What every kind of item can do. A kind is found by its name in `KINDS`; nothing else in the program asks which kind it has."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import ValidationError

from question_bank.formats.shape import Shape
from question_bank.item import Item, Response
from question_bank.message import N_, ExamError, Fault, Message

NOTHING = Fraction(0)
EVERYTHING = Fraction(1)


class PartialCredit(StrEnum):
    """What a response that is neither wholly right nor wholly wrong earns; a specification stores the name."""

    ALL_OR_NOTHING = "all_or_nothing"
    EACH_RIGHT = "each_right"
    """少选得部分分, 错选不得分: each right part counts its share. Where options are chosen, one wrong option leaves nothing."""
    RIGHT_LESS_WRONG = "right_less_wrong"
    """Each right option chosen counts its share, each wrong one takes a share away again; never below nothing."""
    NEIGHBOURS = "neighbours"
    """Of an order: the share of the neighbouring pairs that stand next to each other in the right order."""


class Scoring(StrEnum):
    """Who says what a response earns."""

    MACHINE = "machine"
    PROPOSED = "proposed"
    """The machine proposes, examiners decide."""
    EXAMINER = "examiner"


class NotAResponseError(ExamError):
    """What was sent is not a response that the kind of item knows."""


class Kind(ABC):
    """One kind of item. Responses and keys name options by any text, letters of the bank or ids of a paper."""

    name: ClassVar[str]
    """The word used in files and tables, such as `single_choice`."""
    label: ClassVar[Message]
    """The name shown to people."""
    scoring: ClassVar[Scoring] = Scoring.MACHINE
    policies: ClassVar[tuple[PartialCredit, ...]] = (PartialCredit.ALL_OR_NOTHING,)
    """The policies that a specification may name for the kind."""
    sample_policy: ClassVar[PartialCredit] = PartialCredit.ALL_OR_NOTHING
    """The policy by which an item's sample responses are marked."""
    option_counts: ClassVar[range | None] = None
    """How many options an item has; None where it has none."""
    Body: ClassVar[type[Shape] | None] = None
    """The shape of an item's body; None where it has none."""
    Key: ClassVar[type[Shape] | None] = None
    """The shape of a key that is more than a truth value, a letter or some letters."""

    @abstractmethod
    def validate(self, item: Item) -> list[Fault]:
        """Return what keeps `item`, whose body and key have the kind's shape, from being answered and marked as this kind."""
        ...

    def is_same(self, one: Response, other: Response) -> bool:
        """Tell whether two responses say the same."""
        return one == other

    @abstractmethod
    def fraction(self, key: Response, response: Response | None, policy: PartialCredit = PartialCredit.ALL_OR_NOTHING) -> Fraction | None:
        """Return what `response` earns, 0 to 1; None where only an examiner can say. No answer earns 0, and nothing is ever deducted.

        `key` is what `marking_key` gives; a policy that the kind does not have is taken as all or nothing.
        """
        ...

    @abstractmethod
    def response_from(self, raw: object) -> Response:
        """Return the response that a JSON value holds, in one spelling for equal responses; raise `NotAResponseError` for any other value."""
        ...

    def marking_key(self, item: Item, ids: Mapping[str, str]) -> Response:
        """Return all that marking needs, with the letters of options as the paper's `ids`."""
        return in_ids(item.key, ids)

    def shown(self, item: Item) -> dict[str, object]:
        """Return what a candidate sees of the body, in JSON types."""
        return dict(item.body)

    def parts(self, item: Item) -> tuple[str, ...]:
        """Return the names of the parts that are answered each by itself (gaps, cells, prompts); none where the item is answered as one."""
        return ()


def in_ids(letters: Response, ids: Mapping[str, str]) -> Response:
    """Return a letter, or several (sorted by id), as the paper's ids; anything else as it is."""
    if isinstance(letters, tuple):
        return tuple(sorted(ids[str(letter)] for letter in letters))
    return ids[letters] if isinstance(letters, str) else letters


def require_text(raw: object) -> str:
    """Return `raw` if it is a text that can name an option; raise `NotAResponseError` otherwise."""
    if not isinstance(raw, str) or not raw:
        raise not_an_answer()
    return raw


def require_texts_by_part(raw: object) -> dict[str, Response]:
    """Return a JSON object of texts without those that are empty, by part in order; raise `NotAResponseError` for any other value."""
    if not isinstance(raw, dict):
        raise not_an_answer()
    texts = {str(part): text for part, text in sorted(raw.items()) if text != ""}
    if not all(isinstance(text, str) for text in texts.values()):
        raise not_an_answer()
    return texts


def not_an_answer() -> NotAResponseError:
    """Return the refusal of a value of another kind."""
    return NotAResponseError(Message(N_("This is not an answer to a question of this kind")))


def share_of(hits: int, parts: int, policy: PartialCredit) -> Fraction:
    """Return what `hits` right ones of `parts` earn: their share where each counts, else all or nothing."""
    if hits == parts:
        return EVERYTHING
    return Fraction(hits, parts) if policy is PartialCredit.EACH_RIGHT else NOTHING


def fields(value: object, shape: type[Shape]) -> Any:
    """Return `value`, which was checked when it was read, as the shape it has; raise `NotAResponseError` if a key was spoilt since."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise not_an_answer() from error
