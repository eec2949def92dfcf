"""A specification held against the bank: reckoned in a process that stays for a while, so that whoever types is answered at once.

The process gets plain values, items without keys, and never opens the database. It ends by itself when nobody has asked for some minutes.
"""

import contextlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from examsrv.domain.specification import Specification
from examsrv.services.placing import on_any_core
from question_bank.item import Item
from question_bank.message import N_, ExamError, Message

PATIENCE_S = 8.0
"""So long an answer is waited for; then the process is ended, and the next question starts another."""
IDLE_S = 300.0
TRIED_WITH_SEED = 1
ATTEMPTS = 2
NO_ANSWER = Message(N_("Holding the specification against the bank took too long and was given up. Please try again."))


@dataclass(frozen=True, slots=True)
class Question:
    """A specification, the items of the bank (without keys), what the standard fixes, and of how many forms the overlap is to be told."""

    items: tuple[Item, ...]
    specification: Specification
    sections: Mapping[str, Decimal]
    section_names: Mapping[str, str]
    lower_levels: frozenset[str]
    forms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What a form needs of something and what the bank has: figures in words. `section`, `kind`, `difficulty` say of what, None of any."""

    section: str | None
    kind: str | None
    difficulty: int | None
    least: str
    most: str
    available: str
    is_short: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many items two of so many forms share at least, by counting, and how many the specification allows."""

    forms: int
    least: int
    allowed: int

    @property
    def is_too_much(self) -> bool:
        """Tell whether so many forms cannot be had."""
        return self.least > self.allowed


@dataclass(frozen=True, slots=True)
class Holding:
    """What the bank gives for a specification. `reasons` say why it cannot give a single form; none: one was drawn to see."""

    lines: tuple[Line, ...]
    reasons: tuple[Message, ...]
    overlaps: tuple[Overlap, ...]

    def line(self, section: str | None = None, kind: str | None = None, difficulty: int | None = None) -> Line | None:
        """Return what is needed of the items of a section, kind and difficulty; None where nothing is fixed."""
        wanted = (section, kind, difficulty)
        return next((line for line in self.lines if (line.section, line.kind, line.difficulty) == wanted), None)


class HoldingChild:
    """The process that reckons: started by the first question, or before it by `warm_up`; asked one question at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: BaseProcess | None = None
        self._ours: Connection | None = None

    def warm_up(self) -> None:
        """Start the process, so that the first question is answered as quickly as the others."""
        if self._lock.acquire(blocking=False):
            try:
                self._started()
            finally:
                self._lock.release()

    def ask(self, question: Question) -> Holding:
        """Return what is reckoned; raise `ExamError` when that takes too long or the process ends."""
        with self._lock:
            for _attempt in range(ATTEMPTS):
                try:
                    ours = self._started()
                    ours.send(question)
                    if ours.poll(PATIENCE_S):
                        answer: Holding = ours.recv()
                        return answer
                except (EOFError, OSError):
                    self._end()  # it had ended, being asked nothing for long: another one answers
                    continue
                break
            self._end()
            raise ExamError(NO_ANSWER)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _started(self) -> Connection:
        if self._ours is not None and self._child is not None and self._child.is_alive():
            return self._ours
        self._end()
        spawning = get_context("spawn")
        self._ours, theirs = spawning.Pipe()
        self._child = spawning.Process(target=_answer_there, args=(theirs,), name="holding", daemon=True)
        with on_any_core():
            self._child.start()
        theirs.close()
        return self._ours

    def _end(self) -> None:
        if self._ours is not None:
            self._ours.close()
        if self._child is not None:
            self._child.kill()
            self._child.join()
            self._child.close()
        self._ours = self._child = None


def _answer_there(theirs: Connection) -> None:
    """Answer in the child until nobody asks any more, or whoever asks is gone."""
    import examsrv.assembly.engine  # noqa: F401 -- takes most of a second, and now nobody waits for it

    with contextlib.suppress(EOFError, OSError):
        while theirs.poll(IDLE_S):
            theirs.send(held_here(theirs.recv()))


def held_here(question: Question) -> Holding:
    """Reckon in this process: what is needed and there, whether one form can be drawn, and what more forms share at least."""
    from examsrv.assembly.bank_item import bank_items
    from examsrv.assembly.engine import assemble
    from examsrv.assembly.overlap import least_overlap
    from examsrv.assembly.pool import pool_of
    from examsrv.assembly.requirements import figure, requirements
    from examsrv.assembly.shortages import ShortageError

    asked, names = question.specification, question.section_names
    bank = bank_items(question.items, asked.marks_per_item)
    demands = requirements(asked, question.sections, 1, question.lower_levels, names)
    admitted = [item for item in bank if demands.admits(item)]
    lines = []
    for quota in demands.quotas:
        has = demands.held(quota, admitted)
        values = (quota.section, quota.kind, quota.difficulty, figure(quota.least), figure(quota.most), figure(has), has < quota.least)
        lines += [Line(*values)] if quota.lower is None else []
    reasons: tuple[Message, ...] = ()
    try:
        assemble(question.items, asked, question.sections, 1, TRIED_WITH_SEED, lower_levels=question.lower_levels, section_names=names)
    except ShortageError as error:
        reasons = error.shortages
    except ExamError as error:
        reasons = (error.message,)
    pool = pool_of(bank, demands)
    counted = () if reasons else question.forms
    return Holding(
        tuple(lines), reasons, tuple(Overlap(forms, least_overlap(pool, demands, forms), asked.largest_overlap(forms)) for forms in counted)
    )
