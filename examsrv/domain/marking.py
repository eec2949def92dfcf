"""Marking one attempt by the key of its paper: fraction, mark, sums. Exact throughout; whatever a machine stored, marking ends with a mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from examsrv.domain.paper import KeyLine
from examsrv.domain.steps import is_answer
from question_bank.item import Response
from question_bank.kinds import KINDS, NotAResponseError, PartialCredit, Scoring
from question_bank.message import N_, ExamError, Message

NOTHING = Fraction(0)


class ExaminersDecideError(ExamError):
    """A response whose marks are for examiners to give."""


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """What the response to item number `item` earned: `fraction` from 0 to 1, `mark` = fraction × marks available."""

    item: int
    section: str
    fraction: Fraction
    mark: Fraction


@dataclass(frozen=True, slots=True)
class MarkedAttempt:
    """All items of a paper in order, the sum of each of its sections, and the sum of all."""

    items: tuple[MarkedItem, ...]
    sections: Mapping[str, Fraction]
    total: Fraction


def mark_attempt(key: Mapping[int, KeyLine], responses: Mapping[int, object]) -> MarkedAttempt:
    """Mark final responses (item number to JSON value as stored) by a paper's key. Every item of the key gets a mark; an unanswered one earns 0.

    Responses to items that the paper does not have are left out.
    """
    items = tuple(_marked(number, line, responses.get(number)) for number, line in sorted(key.items()))
    sections: dict[str, Fraction] = {}
    for item in items:
        sections[item.section] = sections.get(item.section, NOTHING) + item.mark
    return MarkedAttempt(items, sections, sum(sections.values(), NOTHING))


def fraction_of(line: KeyLine, value: object) -> Fraction:
    """Return what a stored value earns, 0 to 1. A value that is no response of the item's kind, or names an unknown option, is simply wrong.

    Raises `ExaminersDecideError` for a response that no machine can judge, or only propose a mark for.
    """
    kind = KINDS[line.kind]
    if not is_answer(value):
        return NOTHING
    try:
        response = kind.response_from(value)
    except NotAResponseError:
        return NOTHING
    fraction = kind.fraction(key_of(line), response, PartialCredit(line.policy))
    if fraction is None or kind.scoring is Scoring.PROPOSED:
        raise ExaminersDecideError(Message(N_("An item of the kind %(kind)s is scored by examiners"), {"kind": kind.label}))
    return fraction


def key_of(line: KeyLine) -> Response:
    """Return a line's key as a response: the list that JSON gives back is a tuple again."""
    key = line.key
    if isinstance(key, (list, tuple)):
        return tuple(str(option) for option in key)
    return key if isinstance(key, (bool, dict)) else str(key)


def _marked(number: int, line: KeyLine, value: object) -> MarkedItem:
    fraction = fraction_of(line, value)
    return MarkedItem(number, line.section, fraction, fraction * Fraction(line.marks))
