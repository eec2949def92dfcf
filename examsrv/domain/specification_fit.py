"""Whether a specification fits the standard of its occupation."""

from datetime import timedelta
from decimal import Decimal

from examsrv.domain.specification import LOWER_LEVEL_SHARE_MOST, PERCENT, Specification
from examsrv.rules.timing import DurationError, require_duration
from question_bank.message import N_, ExamError, Fault, Message
from question_bank.standard import Component, ComponentKey, Standard


def misfits(specification: Specification, standard: Standard) -> list[Fault]:
    """Return where `specification` contradicts `standard`: occupation, level, component, duration, marks, share of lower levels."""
    faults = []
    if specification.lower_level_share > LOWER_LEVEL_SHARE_MOST:
        values = {"most": percent(LOWER_LEVEL_SHARE_MOST), "given": percent(specification.lower_level_share)}
        text = N_("Items of lower levels earn at most %(most)s %% of the marks, not %(given)s %%")
        faults.append(Fault("lower_level_share", Message(text, values)))
    if specification.occupation != standard.occupation.code:
        values = {"wanted": standard.occupation.code, "given": specification.occupation}
        faults.append(Fault("occupation", Message(N_("The standard is that of %(wanted)s, not of %(given)s"), values)))
    try:
        level = standard.level(specification.level)
    except ExamError as error:
        return [*faults, Fault("level", error.message)]
    if specification.component not in level.components:
        values = {"level": specification.level, "component": specification.component}
        return [*faults, Fault("component", Message(N_("The level %(level)s has no component %(component)s"), values))]
    return [*faults, *misfits_of_component(specification, standard.component(ComponentKey(specification.component)))]


def misfits_of_component(specification: Specification, component: Component) -> list[Fault]:
    """Return where duration and marks contradict the component's."""
    faults = []
    try:
        require_duration(component, timedelta(minutes=specification.minutes))
    except DurationError as error:
        faults.append(Fault("minutes", error.message))
    if specification.marks != component.full_mark:
        values = {"given": specification.marks, "full": component.full_mark}
        faults.append(Fault("kinds", Message(N_("The items give %(given)s marks, the full mark is %(full)s"), values)))
    return faults


def percent(share: Decimal) -> str:
    """Return a share as a figure in percent: 0.125 is 12.5."""
    return format((share * PERCENT).normalize(), "f")
