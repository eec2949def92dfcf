"""Drawn forms for those who approve them: the report in the standard's words, a form as candidates see it, and, on record, its key."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.form import LETTERS
from examsrv.domain.marking import key_of
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.paper import CASE, CASE_LABEL, kind_of, numbered, option_ids, read_paper
from examsrv.domain.specification import usual_overlap
from examsrv.rules.weights import section_marks
from examsrv.services.answers_in_words import key_in_words
from examsrv.services.auditing import record
from examsrv.services.paper_keys import paper_keys
from examsrv.services.papers import form_set
from examsrv.services.specifying import SpecificationLine
from examsrv.services.standards import standard_of
from examsrv.storage.tables import FormRow, FormSetRow, PaperRow
from question_bank.kinds import KINDS
from question_bank.kinds.blank import BLANK, GAP
from question_bank.message import N_, Message
from question_bank.standard import Component, ComponentKey, Level
from question_bank.text import for_staff

WITH_MARKED_OPTIONS = frozenset({"single_choice", "multiple_choice"})
TASK_LABEL = Message(N_("Task"))
SHOWN_APART = frozenset({"kind", "marks", "stem", "options", "ids"})


@dataclass(frozen=True, slots=True)
class SectionOfReport:
    """A section in the report: the marks it must have, and by form the marks it has and the points it asks of those in the bank."""

    name: str
    weight: int
    marks: tuple[str, ...]
    is_exact: bool
    points: tuple[int, ...]
    points_of_bank: int


@dataclass(frozen=True, slots=True)
class FormSetReport:
    """What a set of forms is like; all tuples stand in the order of `names`. `exposure`: how many items stand in 1, 2, 3 … forms."""

    names: tuple[str, ...]
    sections: tuple[SectionOfReport, ...]
    kinds: tuple[tuple[Message, tuple[int, ...]], ...]
    difficulty: tuple[tuple[int, tuple[int, ...]], ...]
    means: tuple[float, ...]
    largest_overlap: int
    allowed_overlap: int
    exposure: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SpecificationView:
    """What the standard fixes for a paper: duration and marks as a whole, and by section (key, name) the weight in percent and the marks."""

    component: Component
    level: Level
    sections: tuple[tuple[str, str, int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class PreviewOption:
    """An option with its letter in the paper; `is_key` is None where keys are not shown."""

    letter: str
    text: str
    is_key: bool | None


@dataclass(frozen=True, slots=True)
class PreviewItem:
    """An item of a paper. `stem` is sanitised HTML. `right` is the key in words, None where keys are not shown or options are marked as such.

    `shown` is what else a candidate sees, as the item's kind shows it (a table's columns and rows, prompts, a unit); it holds nothing of the key.
    """

    number: int
    kind: str
    label: Message
    marks: str
    stem: str
    options: tuple[PreviewOption, ...]
    shown: Mapping[str, Any]
    right: Message | None
    item: str | None


@dataclass(frozen=True, slots=True)
class PreviewGroup:
    """The items of one kind, or of one case with its title and text (sanitised HTML); a task has `marks` and `minutes` as a whole, and files."""

    label: Message
    items: tuple[PreviewItem, ...]
    case_title: str = ""
    case_text: str = ""
    marks: str = ""
    minutes: int = 0
    is_observed: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperPreview:
    """A form as a whole."""

    form_set: int
    form: int
    name: str
    title: str
    digest: str
    groups: tuple[PreviewGroup, ...]
    has_keys: bool


def report_of(session: Session, number: int) -> FormSetReport:
    """Return the report on a set of forms."""
    row = session.get_one(FormSetRow, number)
    report: dict[str, Any] = row.report
    forms: list[dict[str, Any]] = report["forms"]
    names = tuple(str(form["name"]) for form in forms)
    uses = list(report["exposure"].values())
    return FormSetReport(
        names=names,
        sections=_sections(session, row, forms),
        kinds=tuple((KINDS[kind].label, tuple(form["kinds"][kind] for form in forms)) for kind in forms[0]["kinds"]),
        difficulty=tuple((int(grade), tuple(form["difficulty"][grade] for form in forms)) for grade in forms[0]["difficulty"]),
        means=tuple(form["mean_difficulty"] for form in forms),
        largest_overlap=report["largest_overlap"],
        allowed_overlap=allowed_overlap(row, len(forms)),
        exposure=tuple((times, uses.count(times)) for times in sorted(set(uses))),
    )


def specification_view(session: Session, line: SpecificationLine) -> SpecificationView:
    """Return what the standard fixes for a specification."""
    standard, part = standard_of(session, line.pack), ComponentKey(line.specification.component)
    component, level = standard.component(part), standard.level(line.specification.level)
    marks = section_marks(standard, part, level.id, component.full_mark)
    sections = tuple((section.key, section.name, percent, marks[section.key]) for section, percent in standard.sections(part, level.id))
    return SpecificationView(component, level, sections)


def form_in_set(session: Session, number: int, form: int) -> bool:
    """Tell whether a form belongs to a set."""
    row = session.get(FormRow, form)
    return row is not None and row.form_set_id == number


def paper_preview(session: Session, number: int, form: int) -> PaperPreview:
    """Return a form as candidates see it, in the paper's own order; nothing of a key is read."""
    return _preview(session, number, form, None)


def record_key_look(session: Session, number: int, form: int, by: Actor, at: Moment) -> None:
    """Enter into the audit that somebody looks at a form with its key."""
    record(session, "paper.key_shown", f"form_set/{number}", by, at, form=form)


def paper_with_key(session: Session, number: int, form: int) -> PaperPreview:
    """Return a form with its key and the ids of its items: after `record_key_look` only."""
    paper = session.scalars(select(PaperRow.digest).where(PaperRow.form_id == form)).one()
    return _preview(session, number, form, {n: (line.item, key_of(line)) for n, line in paper_keys(session, [paper])[paper].lines.items()})


def _preview(session: Session, number: int, form: int, keys: Mapping[int, tuple[str, object]] | None) -> PaperPreview:
    view = form_set(session, number)
    paper = session.scalars(select(PaperRow).where(PaperRow.form_id == form)).one()
    content = read_paper(gzip.decompress(paper.content))
    by_group: dict[int, list[PreviewItem]] = {}
    for number_of_item, group, item in numbered(content):
        by_group.setdefault(id(group), []).append(_item(number_of_item, group, item, keys))
    groups = tuple(_group(group, by_group[id(group)]) for group in content["groups"])
    name = next(each.name for each in view.forms if each.id == form)
    return PaperPreview(number, form, name, view.title, paper.digest, groups, keys is not None)


def _group(group: Mapping[str, Any], items: Sequence[PreviewItem]) -> PreviewGroup:
    if group["kind"] == CASE:
        case = group["case"]
        task = (group.get("marks", ""), group.get("minutes", 0), group.get("observed", False))
        label = TASK_LABEL if "minutes" in group else CASE_LABEL
        return PreviewGroup(label, tuple(items), case["title"], for_staff(case["text"]), *task, tuple(file["name"] for file in case.get("files", ())))
    return PreviewGroup(KINDS[group["kind"]].label, tuple(items))


def _item(number: int, group: Mapping[str, Any], raw: Mapping[str, Any], keys: Mapping[int, tuple[str, object]] | None) -> PreviewItem:
    kind, ids = kind_of(group, raw), option_ids(raw)
    item, key = keys[number] if keys is not None else (None, None)
    marked = set() if kind not in WITH_MARKED_OPTIONS else {key} if isinstance(key, str) else set(key) if isinstance(key, tuple) else set()
    options = tuple(
        PreviewOption(letter, text, None if keys is None else name in marked)
        for letter, name, text in zip(LETTERS, ids, raw.get("options", ()), strict=False)
    )
    right = None if keys is None or kind in WITH_MARKED_OPTIONS else key_in_words(kind, key, ids)
    shown = {name: value for name, value in raw.items() if name not in SHOWN_APART}
    stem = for_staff(raw["stem"])
    if kind == BLANK.name:
        stem = GAP.sub(r"____(\1)", stem)
    return PreviewItem(
        number, kind, KINDS[kind].label, raw.get("marks") or ("" if group["kind"] == CASE else group["marks"]), stem, options, shown, right, item
    )


def allowed_overlap(row: FormSetRow, forms: int) -> int:
    """Return the most items that two forms were allowed to share; sets of earlier releases tell it by their specification alone."""
    limit = row.specification["overlap_max"] if row.overlap_max is None else row.overlap_max
    return usual_overlap(forms) if limit is None else int(limit)


def _sections(session: Session, row: FormSetRow, forms: list[dict[str, Any]]) -> tuple[SectionOfReport, ...]:
    found = []
    for section, weight in standard_of(session, row.pack).sections(ComponentKey(row.component), row.level):
        marks = tuple(str(form["marks"][section.key]) for form in forms)
        points = tuple(int(form["points"][section.key]) for form in forms)
        of_bank = int(forms[0]["points_of_bank"][section.key])
        found.append(SectionOfReport(section.name, weight, marks, all(Decimal(each) == weight for each in marks), points, of_bank))
    return tuple(found)
