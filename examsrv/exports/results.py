"""The results of a run as they leave the house: what a line holds, and what stands over the lines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from question_bank.message import N_, Message

Translate = Callable[[Message], str]
Mark = Fraction | Decimal | int


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A candidate's line. `sections` are exact marks in the order of the section names, None without a script; `id_number` is masked.

    `shown` is the exact `total` as it may be shown (RULE-MARK-SHOWN): no spreadsheet may round 59.96 to a pass.
    """

    ticket: str
    name: str
    id_number: str
    sections: tuple[Mark | None, ...]
    total: Mark | None
    shown: str
    decision: Message


@dataclass(frozen=True, slots=True)
class ResultsHead:
    """What stands over the lines. `held` is the sitting's day and time as it is shown there; `made` (aware) only enters the file's properties."""

    title: str
    sitting: str
    held: str
    run: int
    digest: str
    made: datetime


def head_lines(head: ResultsHead) -> tuple[Message, ...]:
    """Return the sentences under the title."""
    return (
        Message(N_("Sitting: %(sitting)s"), {"sitting": head.sitting}),
        Message(N_("Held: %(held)s"), {"held": head.held}),
        Message(N_("Marking run %(run)d, digest %(digest)s"), {"run": head.run, "digest": head.digest}),
    )


def text_titles() -> tuple[Message, ...]:
    """Return the titles of the columns of text before the marks."""
    return (Message(N_("Ticket number")), Message(N_("Name")), Message(N_("ID number")))


def mark_titles(section_names: Sequence[str], translate: Translate) -> Iterator[str]:
    """Yield the titles of the columns of marks: the sections and the total."""
    yield from section_names
    yield translate(Message(N_("Total")))


def decision_title() -> Message:
    """Return the title of the last column."""
    return Message(N_("Decision"))
