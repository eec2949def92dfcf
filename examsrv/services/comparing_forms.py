"""How alike the forms of a set are, worked out from the forms as they are stored: for those who approve them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.assembly.requirements import most_uses
from examsrv.domain.specification import Specification
from examsrv.domain.specification_stored import specification_stored
from examsrv.services.reviewing_papers import allowed_overlap
from examsrv.services.standards import standard_of
from examsrv.services.viewing_task_sets import are_tasks
from examsrv.storage.tables import FormRow, FormSetRow, ItemRow, ItemVersionRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component, ComponentKey

if TYPE_CHECKING:
    from examsrv.measurement.parallel_forms import FormItem, ParallelForms


@dataclass(frozen=True, slots=True)
class TargetPoint:
    """An ability with the information that every form should have there."""

    ability: float
    information: float


@dataclass(frozen=True, slots=True)
class AtPassMark:
    """Where the mean form earns the pass mark: the ability, and the least, mean and largest information of the forms there."""

    ability: float
    least: float
    mean: float
    largest: float

    @property
    def spread(self) -> float:
        """Return how far the forms are from their mean at most, as a share of it."""
        return max(self.largest - self.mean, self.mean - self.least) / self.mean


@dataclass(frozen=True, slots=True)
class FormsCompared:
    """The forms of a set side by side, with what the specification asks of them. `never_used`: items of today's bank that stand in none."""

    names: tuple[str, ...]
    section_names: Mapping[str, str]
    figures: "ParallelForms"
    component: Component
    at_pass_mark: AtPassMark | None
    target: tuple[TargetPoint, ...]
    allowed_overlap: int
    allowed_uses: int
    never_used: int
    measured: int
    """Items that were calibrated; for the others the author's difficulty stands in."""


def compared(session: Session, number: int) -> FormsCompared:
    """Return how the forms of a set compare. Refused for papers that were made of task sets: nothing is drawn there."""
    from examsrv.measurement.parallel_forms import compare_forms  # numpy takes a second that no other page should pay

    if are_tasks(session, number):
        raise ExamError(Message(N_("Papers made of task sets are not drawn; there is nothing to compare.")))
    row = session.get_one(FormSetRow, number)
    specification, component = specification_stored(row.specification), standard_of(session, row.pack).component(ComponentKey(row.component))
    stored = session.execute(select(FormRow.name, FormRow.items).where(FormRow.form_set_id == number).order_by(FormRow.id)).all()
    items = _items(session, specification, {digest for _name, digests in stored for digest in digests})
    forms = [[items[digest] for digest in digests] for _name, digests in stored]
    sections = _sections(session, row)
    figures = compare_forms(forms, list(sections))
    return FormsCompared(
        names=tuple(name for name, _digests in stored),
        section_names=sections,
        figures=figures,
        component=component,
        at_pass_mark=_at_pass_mark(forms, component),
        target=_target(row.report),
        allowed_overlap=allowed_overlap(row, len(forms)),
        allowed_uses=most_uses(specification.exposure_max, len(forms)),
        never_used=_never_used(session, row, specification, sections, figures.uses.keys()),
        measured=sum(item.b is not None for item in items.values()),
    )


def _items(session: Session, specification: Specification, digests: Collection[str]) -> "dict[str, FormItem]":
    from examsrv.measurement.parallel_forms import FormItem

    columns = (ItemVersionRow.digest, ItemVersionRow.item_id, ItemVersionRow.section, ItemVersionRow.difficulty, ItemVersionRow.kind)
    marks = {kind: float(worth) for kind, worth in specification.marks_per_item.items()}
    rows = session.execute(select(*columns).where(ItemVersionRow.digest.in_(digests)))
    return {row.digest: FormItem(row.item_id, row.section, row.difficulty, marks[row.kind]) for row in rows}


def _sections(session: Session, row: FormSetRow) -> dict[str, str]:
    """Return the names of the sections with marks, in the order of the standard."""
    sections = standard_of(session, row.pack).sections(ComponentKey(row.component), row.level)
    return {section.key: section.name for section, weight in sections if weight}


def _at_pass_mark(forms: "Sequence[Sequence[FormItem]]", component: Component) -> AtPassMark | None:
    from examsrv.measurement.parallel_forms import ability_at, information_at

    everything = [item for form in forms for item in form]
    ability = ability_at(everything, float(component.pass_mark) * len(forms))
    if ability is None:
        return None
    told = [information_at(form, ability) for form in forms]
    return AtPassMark(ability, min(told), sum(told) / len(told), max(told))


def _target(report: Mapping[str, Any]) -> tuple[TargetPoint, ...]:
    """Return what every form was to tell, as it was when the forms were drawn; nothing without a target."""
    asked = report.get("target")
    return () if asked is None else tuple(TargetPoint(*each) for each in zip(asked["theta"], asked["information"], strict=True))


def _never_used(session: Session, row: FormSetRow, specification: Specification, sections: Collection[str], used: Collection[str]) -> int:
    kinds = specification.marks_per_item.keys()
    there = session.scalars(
        select(ItemRow.item_id).where(
            ItemRow.pack == row.pack, ItemRow.level == row.level, ItemRow.digest.is_not(None), ItemRow.section.in_(sections), ItemRow.kind.in_(kinds)
        )
    )
    return len(set(there) - set(used))
