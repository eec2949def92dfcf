"""A sheet: one examiner's marks for one script by the rubric of a task set, and what it comes to. How several sheets meet stands elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from question_bank.message import N_, ExamError, Message
from question_bank.task import Criterion, TaskSet, VetoScope

NOTHING = Fraction(0)


class SheetError(ExamError):
    """A sheet that cannot be handed in as it is."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the holder of `place` gave for every criterion, and the vetoes that were claimed. It keeps its marks whatever a veto costs."""

    place: int
    marks: Mapping[str, Decimal]
    vetoes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Totals:
    """What a sheet comes to under the vetoes in force; `criteria` add up to `sections`, and these to `total`, exactly."""

    criteria: Mapping[str, Fraction]
    sections: Mapping[str, Fraction]
    total: Fraction


def require_sheet(task_set: TaskSet, marks: Mapping[str, object], vetoes: Collection[str]) -> None:
    """Refuse with `SheetError` unless every criterion of the set, and nothing else, has a mark in its steps, and every veto is one of the set's."""
    criteria = {criterion.id: criterion for criterion in task_set.criteria}
    known_vetoes = {veto.id for veto in task_set.vetoes}
    _refuse_any(N_("There are no criteria called %(names)s"), [name for name in marks if name not in criteria])
    _refuse_any(N_("There are no vetoes called %(names)s"), [name for name in vetoes if name not in known_vetoes])
    _refuse_any(N_("Not marked yet: %(names)s"), [name for name in criteria if name not in marks])
    for name, criterion in criteria.items():
        _require_mark(criterion, marks[name])


def totals_of(task_set: TaskSet, sheet: Sheet, vetoes: Collection[str] = ()) -> Totals:
    """Return what `sheet` comes to with `vetoes` in force: the criteria of a vetoed task earn 0, all of them under a veto of the whole.

    Sections stand in the order of the set. In a review, whose criteria have no weight key, the tasks stand in for sections under their ids.
    """
    in_force = [veto for veto in task_set.vetoes if veto.id in vetoes]
    nothing_counts = any(veto.scope is VetoScope.WHOLE for veto in in_force)
    criteria: dict[str, Fraction] = {}
    sections: dict[str, Fraction] = {}
    for task in task_set.tasks:
        counts = not nothing_counts and not any(veto in in_force for veto in task.vetoes)
        for criterion in task.criteria:
            mark = Fraction(sheet.marks[criterion.id]) if counts else NOTHING
            section = criterion.section or task.id
            criteria[criterion.id] = mark
            sections[section] = sections.get(section, NOTHING) + mark
    return Totals(criteria, sections, sum(sections.values(), NOTHING))


def _require_mark(criterion: Criterion, mark: object) -> None:
    if isinstance(mark, Decimal) and mark.is_finite() and mark in criterion.allowed:
        return
    values = {"criterion": criterion.id, "given": str(mark), "full": f"{criterion.marks:f}", "step": f"{criterion.step:f}"}
    raise SheetError(Message(N_("%(criterion)s is marked from 0 to %(full)s in steps of %(step)s, not %(given)s"), values))


def _refuse_any(text: str, names: list[str]) -> None:
    if names:
        raise SheetError(Message(text, {"names": ", ".join(names)}))
