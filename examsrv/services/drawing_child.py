"""Choosing items takes up to seconds of processor time: it runs in a process of its own, which gets plain values and never opens the database."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing import get_context

from examsrv.domain.form import Form
from examsrv.domain.specification import Specification
from examsrv.services.placing import on_any_core
from question_bank.item import Item
from question_bank.message import N_, ExamError, Message


class ShortBankError(ExamError):
    """No forms can be made; `reasons` says everything that stands against it."""

    def __init__(self, reasons: Sequence[Message]) -> None:
        super().__init__(reasons[0])
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn: from which items (without keys), for which specification; marks and names by section as the standard has them."""

    items: tuple[Item, ...]
    specification: Specification
    sections: Mapping[str, Decimal]
    section_names: Mapping[str, str]
    lower_levels: frozenset[str]
    forms: int
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Forms that the independent checker passed with the report on them, or the reasons why there are none."""

    forms: tuple[Form, ...]
    report: dict[str, object]
    refused: tuple[Message, ...] = ()


def drawn_apart(order: Order) -> Outcome:
    """Draw in a process of its own; raise `ShortBankError` with every reason when the order cannot be met."""
    with on_any_core(), ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        try:
            outcome = pool.submit(drawn_here, order).result()
        except BrokenProcessPool as error:
            raise ExamError(Message(N_("The drawing was cut off by the machine. Nothing was stored; please try again."))) from error
    if outcome.refused:
        raise ShortBankError(outcome.refused)
    return outcome


def drawn_here(order: Order) -> Outcome:
    """Draw in this process and have the forms checked. A refusal is returned, not raised: errors lose their values between processes."""
    from examsrv.assembly.checker import violations
    from examsrv.assembly.engine import assemble
    from examsrv.assembly.shortages import ShortageError

    levels, names = order.lower_levels, order.section_names
    try:
        made = assemble(order.items, order.specification, order.sections, order.forms, order.seed, lower_levels=levels, section_names=names)
    except ShortageError as error:
        return Outcome((), {}, error.shortages)
    except ExamError as error:
        return Outcome((), {}, (error.message,))
    faults = violations(made.forms, order.items, order.specification, order.sections, levels, names)
    return Outcome(made.forms, made.report.plain(), tuple(fault.message for fault in faults))
