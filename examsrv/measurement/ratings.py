"""Marks as examiners gave them: one rating for each script, criterion and examiner, and what can be wrong with many of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from question_bank.message import N_, ExamError, Message

FAULTS_MOST = 100
"""Faults that are told at once."""


@dataclass(frozen=True, slots=True)
class Rating:
    """The exact `mark` out of `full` that an examiner gave a script in a criterion; `row` is its row in the file that it was read from."""

    script: str
    criterion: str
    examiner: str
    mark: Decimal
    full: Decimal
    row: int | None = None

    @property
    def place(self) -> Message:
        """Say where this rating stands: its row in the file, or what it is about."""
        if self.row is not None:
            return Message(N_("row %(row)d"), {"row": self.row})
        values = {"script": self.script, "criterion": self.criterion, "examiner": self.examiner}
        return Message(N_("script %(script)s, criterion %(criterion)s, examiner %(examiner)s"), values)


class FaultyRatingsError(ExamError):
    """Ratings that cannot be used; `faults` has a sentence for each of the first reasons, `is_cut` tells that there are more."""

    def __init__(self, faults: Iterable[Message]) -> None:
        """Take the first of `faults`, at least one."""
        found = tuple(islice(faults, FAULTS_MOST + 1))
        self.faults, self.is_cut = found[:FAULTS_MOST], len(found) > FAULTS_MOST
        super().__init__(self.faults[0])


def faults_of(ratings: Iterable[Rating]) -> Iterator[tuple[Rating, Message]]:
    """Say what is wrong with which rating: marks under 0 or over the maximum, maxima that differ within a criterion, the same mark given twice."""
    full_marks: dict[str, Rating] = {}
    seen: dict[tuple[str, str, str], Rating] = {}
    for rating in ratings:
        yield from ((rating, fault) for fault in _faults_alone(rating))
        yield from ((rating, fault) for fault in _fault_of_full(rating, full_marks.setdefault(rating.criterion, rating)))
        yield from ((rating, fault) for fault in _fault_of_twice(rating, seen.setdefault((rating.script, rating.criterion, rating.examiner), rating)))


def at_place(place: Message, what: Message) -> Message:
    """Say what is wrong at a place."""
    return Message(N_("%(place)s: %(what)s"), {"place": place, "what": what})


def _faults_alone(rating: Rating) -> Iterator[Message]:
    values = {"mark": f"{rating.mark:f}", "full": f"{rating.full:f}"}
    if rating.full <= 0:
        yield Message(N_("the maximum %(full)s is not more than 0"), values)
    if rating.mark < 0:
        yield Message(N_("the mark %(mark)s is less than 0"), values)
    if rating.mark > rating.full:
        yield Message(N_("the mark %(mark)s is more than the maximum %(full)s"), values)


def _fault_of_full(rating: Rating, first: Rating) -> Iterator[Message]:
    if rating.full != first.full:
        values = {"full": f"{rating.full:f}", "criterion": rating.criterion, "first": f"{first.full:f}", "place": first.place}
        yield Message(N_("the maximum of criterion %(criterion)s is %(full)s here and %(first)s in %(place)s"), values)


def _fault_of_twice(rating: Rating, first: Rating) -> Iterator[Message]:
    if rating is not first:
        values = {"script": rating.script, "criterion": rating.criterion, "examiner": rating.examiner, "place": first.place}
        yield Message(N_("script %(script)s has a mark of examiner %(examiner)s in criterion %(criterion)s already, in %(place)s"), values)
