"""Choosing items takes seconds of processor time or more: it runs in a process of its own, which gets plain values and never opens the database."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from multiprocessing import get_context
from multiprocessing.connection import Connection

from examsrv.domain.form import Form
from examsrv.domain.specification import Specification
from examsrv.services.placing import on_any_core
from question_bank.item import Item
from question_bank.message import N_, ExamError, Message

ASKED_EVERY_S = 0.1
"""How often it is looked whether a drawing is to be stopped."""
OVERLAPS_KEPT_OF = 100
"""Forms up to which the report tells what every two of them share."""
CUT_OFF = Message(N_("The drawing was cut off by the machine. Nothing was stored; please try again."))


class ShortBankError(ExamError):
    """No forms can be made; `reasons` says everything that stands against it."""

    def __init__(self, reasons: Sequence[Message]) -> None:
        super().__init__(reasons[0])
        self.reasons = tuple(reasons)


class DrawingStoppedError(ExamError):
    """Somebody stopped the drawing."""

    def __init__(self) -> None:
        super().__init__(Message(N_("The drawing was stopped. Nothing was stored.")))


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn: from which items (without keys), for which specification; marks and names by section as the standard has them.

    `beside`: the ids of the items of each earlier form that counts too.
    """

    items: tuple[Item, ...]
    specification: Specification
    sections: Mapping[str, Decimal]
    section_names: Mapping[str, str]
    lower_levels: frozenset[str]
    forms: int
    seed: int
    is_disjoint: bool = False
    beside: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Forms that the independent checker passed with the report on them, or the reasons why there are none."""

    forms: tuple[Form, ...]
    report: dict[str, object]
    refused: tuple[Message, ...] = ()


def drawn_apart(order: Order, tell: Callable[[int], None] | None = None, stopping: Callable[[], bool] | None = None) -> Outcome:
    """Draw in a process of its own; raise `ShortBankError` with every reason when the order cannot be met.

    `tell` is called with the number of forms finished so far; as soon as `stopping` says so the process is ended and `DrawingStoppedError` raised.
    """
    spawning = get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    child = spawning.Process(target=_draw_there, args=(theirs, order), name="drawing", daemon=True)
    with on_any_core(), contextlib.closing(ours):
        child.start()
        theirs.close()
        try:
            outcome = _outcome(ours, tell or (lambda _finished: None), stopping or (lambda: False))
        finally:
            child.kill()
            child.join()
            child.close()
    if outcome.refused:
        raise ShortBankError(outcome.refused)
    return outcome


def _outcome(ours: Connection, tell: Callable[[int], None], stopping: Callable[[], bool]) -> Outcome:
    while True:
        if stopping():
            raise DrawingStoppedError
        if not ours.poll(ASKED_EVERY_S):
            continue
        try:
            said = ours.recv()
        except (EOFError, OSError) as error:
            raise ExamError(CUT_OFF) from error
        if isinstance(said, Outcome):
            return said
        tell(said)


def _draw_there(theirs: Connection, order: Order) -> None:
    """Draw in the child: every number of finished forms is sent, at last the outcome. A parent that is gone ends it."""

    def told(finished: int) -> bool:
        theirs.send(finished)
        return True

    with contextlib.suppress(BrokenPipeError):
        theirs.send(drawn_here(order, told))


def drawn_here(order: Order, watch: Callable[[int], bool] | None = None) -> Outcome:
    """Draw in this process and have the forms checked. A refusal is returned, not raised: errors lose their values between processes."""
    from examsrv.assembly.checker import violations
    from examsrv.assembly.engine import assemble
    from examsrv.assembly.shortages import ShortageError

    levels, names = order.lower_levels, order.section_names
    try:
        made = assemble(
            order.items,
            order.specification,
            order.sections,
            order.forms,
            order.seed,
            lower_levels=levels,
            section_names=names,
            disjoint=order.is_disjoint,
            beside=order.beside,
            watch=watch,
        )
    except ShortageError as error:
        return Outcome((), {}, error.shortages)
    except ExamError as error:
        return Outcome((), {}, (error.message,))
    of_order = (order.items, order.specification, order.sections, levels, names)
    faults = violations(made.forms, *of_order, disjoint=order.is_disjoint, beside=order.beside)
    report = made.report if order.forms <= OVERLAPS_KEPT_OF else replace(made.report, overlap=())
    return Outcome(made.forms, report.plain(), tuple(fault.message for fault in faults))
