"""The log of an attempt: steps are appended, never changed; everything about an attempt follows from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from examsrv.domain.canonical import chained, digest

FIRST_HEAD = ""
MASK_BASE = 16


class StepKind(StrEnum):
    """Who writes it: the server opens, takes over, moves and closes; the candidate answers, marks and hands in."""

    OPENED = "opened"
    TAKEN_OVER = "taken_over"
    MOVED = "moved"
    ANSWERED = "answered"
    MARKED = "marked"
    HANDED_IN = "handed_in"
    CLOSED = "closed"


CANDIDATE_KINDS = frozenset({StepKind.ANSWERED, StepKind.MARKED, StepKind.HANDED_IN})


@dataclass(frozen=True, slots=True)
class Step:
    """One entry. `seq` counts from 0 within an `epoch`; `item` is the item's number in the paper, None where it concerns no item."""

    epoch: int
    seq: int
    kind: StepKind
    item: int | None
    value: object
    client_ms: int

    @property
    def digest(self) -> str:
        """Return the digest of the whole content: the same step sent twice has the same."""
        return digest([self.epoch, self.seq, self.kind, self.item, self.value, self.client_ms])


def next_head(head: str, step: str) -> str:
    """Return the head of an attempt's chain after the step with the digest `step`."""
    return chained(head, step)


def final_responses(steps: Iterable[Step]) -> dict[int, object]:
    """Return each item's last saved response by item number, in the order the log was written; None and empty are left out."""
    responses: dict[int, object] = {}
    for step in steps:
        if step.kind is StepKind.ANSWERED and step.item is not None:
            responses.pop(step.item, None)
            if is_answer(step.value):
                responses[step.item] = step.value
    return responses


def marked_items(steps: Iterable[Step]) -> set[int]:
    """Return the numbers of the items that are marked for review."""
    marked: set[int] = set()
    for step in steps:
        if step.kind is StepKind.MARKED and step.item is not None:
            (marked.add if step.value else marked.discard)(step.item)
    return marked


def with_answer(answered: str, item: int, *, is_answered: bool) -> str:
    """Return the set of answered items (a hexadecimal bit mask) after item number `item` was answered or cleared."""
    bit = 1 << item
    mask = int(answered, base=MASK_BASE)
    return format(mask | bit if is_answered else mask & ~bit, "x")


def answered_count(answered: str) -> int:
    """Return how many items the set holds."""
    return int(answered, base=MASK_BASE).bit_count()


def is_answer(value: object) -> bool:
    """Tell whether a saved value answers anything: None, an empty text and an empty list or object do not."""
    return value is not None and value not in ("", [], {})
