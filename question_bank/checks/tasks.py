"""Objections to a task set: marks that do not follow the standard, criteria that cannot be judged by, parts that cannot be answered or marked."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import get_args

from question_bank.checks.records import faults_of_samples
from question_bank.kinds import KINDS, Scoring
from question_bank.kinds.upload import FileType
from question_bank.message import N_, Fault, Message
from question_bank.pack import Pack
from question_bank.standard import ComponentKey, Section, Standard
from question_bank.task import Criterion, Task, TaskSet, Veto
from question_bank.text import faults_of_text, media_of

PERCENT = 100
FILE_TYPES: tuple[str, ...] = get_args(FileType)
MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 5


def check_task_set(task_set: TaskSet, standard: Standard, media: Collection[str] = ()) -> list[Fault]:
    """Return every fault of a task set; `media` are the digests of the pictures that are there. A place is the set's id and the place inside it."""
    found = [*_faults_of_level(task_set, standard)]
    if not found:
        found += [fault for check in (_faults_of_sums, _faults_of_tags) for fault in check(task_set, standard)]
    found += [fault for check in CHECKS for fault in check(task_set)]
    found += _faults_of_texts(task_set, media)
    return [Fault(f"{task_set.id}: {fault.place}", fault.message) for fault in found]


def check_task_sets(pack: Pack) -> list[Fault]:
    """Every task set of the pack is without fault; no id names two sets, or a part and an item."""
    faults = [fault for task_set in pack.task_sets for fault in check_task_set(task_set, pack.standard, pack.media)]
    counts = Counter(task_set.id for task_set in pack.task_sets)
    faults += [Fault(each, Message(N_("%(count)d task sets have this id"), {"count": count})) for each, count in counts.items() if count > 1]
    parts = {part.item.id for task_set in pack.task_sets for task in task_set.tasks for part in task.parts}
    return faults + [Fault(item.id, Message(N_("A part of a task has this id too"))) for item in pack.items if item.id in parts]


# ---------------------------------------------------------------- what the standard says


def _faults_of_level(task_set: TaskSet, standard: Standard) -> Iterator[Fault]:
    level = next((level for level in standard.levels if level.id == task_set.level), None)
    if level is None:
        yield Fault("level", Message(N_("The standard has no level %(level)s"), {"level": task_set.level}))
    elif task_set.component not in level.components or task_set.component is ComponentKey.THEORY:
        names = {component.key: component.name for component in standard.components}
        values = {"level": level.id, "component": names.get(task_set.component, task_set.component)}
        yield Fault("component", Message(N_("The level %(level)s has no %(component)s that is judged by tasks"), values))


def _faults_of_sums(task_set: TaskSet, standard: Standard) -> Iterator[Fault]:
    """Each section has exactly the marks of its weight; without a table of weights the whole makes the full mark."""
    full_mark = standard.component(task_set.component).full_mark
    weights = _weights(task_set, standard)
    for section, percent in weights:
        given = sum((each.marks for each in task_set.criteria if each.section == section.key), Decimal(0))
        if given * PERCENT != full_mark * percent:
            values = {"section": section.name, "wanted": _shown(full_mark * percent / PERCENT), "given": _shown(given)}
            yield Fault("criteria", Message(N_("%(section)s must have %(wanted)s marks, its criteria add up to %(given)s"), values))
    if not weights and task_set.marks != full_mark:
        values = {"wanted": _shown(full_mark), "given": _shown(task_set.marks)}
        yield Fault("criteria", Message(N_("The criteria must add up to %(wanted)s marks, they add up to %(given)s"), values))


def _faults_of_tags(task_set: TaskSet, standard: Standard) -> Iterator[Fault]:
    """A criterion names a section that carries marks and a point of it that this level assesses; without a table of weights it names neither."""
    sections = {section.key for section, _percent in _weights(task_set, standard)}
    points = {point.id: point for point in standard.points_of(task_set.component, task_set.level)}
    for criterion in task_set.criteria:
        if not sections:
            if criterion.section is not None or criterion.point is not None:
                yield Fault(criterion.id, Message(N_("This component has no weights: a criterion names neither section nor point")))
            continue
        if criterion.section not in sections:
            values = {"given": criterion.section or "", "expected": ", ".join(sorted(sections))}
            yield Fault(f"{criterion.id}.section", Message(N_("“%(given)s” is no section with marks here; these are: %(expected)s"), values))
        if criterion.point not in points:
            values = {"given": criterion.point or "", "level": task_set.level}
            yield Fault(f"{criterion.id}.point", Message(N_("“%(given)s” is no point that the level %(level)s assesses here"), values))
        elif points[criterion.point].weight_key != criterion.section:
            values = {"point": criterion.point, "section": points[criterion.point].weight_key}
            yield Fault(f"{criterion.id}.point", Message(N_("The point %(point)s belongs to the section %(section)s"), values))


def _weights(task_set: TaskSet, standard: Standard) -> tuple[tuple[Section, int], ...]:
    return standard.sections(task_set.component, task_set.level)


# ---------------------------------------------------------------- what stands in the set


def _faults_of_ids(task_set: TaskSet) -> Iterator[Fault]:
    """No id stands twice, and what a task judges by is called after it."""
    tasks = Counter(task.id for task in task_set.tasks)
    inside = Counter(each.id for task in task_set.tasks for each in _entries(task))
    for each, count in [*tasks.items(), *inside.items()]:
        if count > 1:
            yield Fault(each, Message(N_("The id stands %(count)d times in the set"), {"count": count}))
    for task in task_set.tasks:
        for entry in _entries(task):
            if not entry.id.startswith(f"{task.id}."):
                yield Fault(entry.id, Message(N_("The id must begin with that of its task: %(beginning)s"), {"beginning": f"{task.id}."}))


def _faults_of_marks(task_set: TaskSet) -> Iterator[Fault]:
    """The marks of a criterion are a multiple of its step; its grades descend from them, each in steps."""
    for criterion in task_set.criteria:
        if criterion.marks % criterion.step:
            values = {"marks": _shown(criterion.marks), "step": _shown(criterion.step)}
            yield Fault(f"{criterion.id}.marks", Message(N_("%(marks)s marks are no multiple of the step %(step)s"), values))
        yield from _faults_of_grades(criterion)


def _faults_of_grades(criterion: Criterion) -> Iterator[Fault]:
    place = f"{criterion.id}.grades"
    marks = [grade.marks for grade in criterion.grades]
    if not marks or marks[0] != criterion.marks:
        yield Fault(place, Message(N_("The first grade must earn all %(marks)s marks"), {"marks": _shown(criterion.marks)}))
    if any(lower >= higher for higher, lower in pairwise(marks)):
        yield Fault(place, Message(N_("The grades must go down, each to fewer marks")))
    for index, mark in enumerate(marks):
        if mark % criterion.step:
            values = {"marks": _shown(mark), "step": _shown(criterion.step)}
            yield Fault(f"{place}[{index}]", Message(N_("%(marks)s marks are no multiple of the step %(step)s"), values))


def _faults_of_parts(task_set: TaskSet) -> Iterator[Fault]:
    """Criteria name parts that are there, each once; every part is judged; only observed tasks and reviews do without parts."""
    for task in task_set.tasks:
        numbers = range(1, len(task.parts) + 1)
        if not task.parts and not task.is_observed and task_set.component is ComponentKey.SKILLS:
            yield Fault(task.id, Message(N_("There is nothing to answer: a task that is not observed needs a part")))
        for criterion in task.criteria:
            place = f"{criterion.id}.parts"
            for number in sorted(set(criterion.parts) - set(numbers)):
                yield Fault(place, Message(N_("The task has no part %(number)d, it has %(count)d"), {"number": number, "count": len(numbers)}))
            if len(set(criterion.parts)) < len(criterion.parts):
                yield Fault(place, Message(N_("A part is named twice")))
        judged = {number for criterion in task.criteria for number in criterion.parts}
        for number in sorted(set(numbers) - judged):
            yield Fault(_place_of_part(task, number), Message(N_("No criterion judges this part (number %(number)d)"), {"number": number}))


def _faults_of_proposals(task_set: TaskSet) -> Iterator[Fault]:
    """A proposal comes from parts that the machine marks, and each of them proposes to one criterion."""
    for task in task_set.tasks:
        proposed = [criterion for criterion in task.criteria if criterion.is_proposed]
        counts = Counter(number for criterion in proposed for number in set(criterion.parts))
        for criterion in proposed:
            place = f"{criterion.id}.proposed"
            if not criterion.parts:
                yield Fault(place, Message(N_("A mark cannot be proposed without parts to compute it from")))
            for number in criterion.parts:
                if number <= len(task.parts) and KINDS[task.parts[number - 1].item.kind].scoring is not Scoring.MACHINE:
                    yield Fault(place, Message(N_("A mark cannot be proposed: examiners score part %(number)d"), {"number": number}))
        for number, count in sorted(counts.items()):
            if count > 1:
                text = N_("Part %(number)d proposes to %(count)d criteria; it may propose to one")
                yield Fault(_place_of_part(task, number), Message(text, {"number": number, "count": count}))


def _faults_of_items(task_set: TaskSet) -> Iterator[Fault]:
    """Each part can be answered and marked as its kind, and its samples earn what they say under its policy."""
    for task in task_set.tasks:
        for number, part in enumerate(task.parts, start=1):
            kind = KINDS[part.item.kind]
            found = kind.validate(part.item)
            if kind.scoring is not Scoring.PROPOSED or part.item.samples:
                found += faults_of_samples(part.item, part.policy)
            for fault in found:
                yield Fault(_place_of_part(task, number) + fault.place.removeprefix(part.item.id), fault.message)


def _faults_of_files(task_set: TaskSet) -> Iterator[Fault]:
    """Files are of a type that every candidate's machine opens, not empty, not too large, and named once in a task."""
    for task in task_set.tasks:
        counts = Counter(file.name for file in task.files)
        for name, count in counts.items():
            if count > 1:
                yield Fault(f"{task.id}.files", Message(N_("%(name)s is named %(count)d times"), {"name": name, "count": count}))
        for index, file in enumerate(task.files):
            place = f"{task.id}.files[{index}]"
            if file.name.rpartition(".")[2] not in FILE_TYPES:
                values = {"name": file.name, "types": ", ".join(FILE_TYPES)}
                yield Fault(place, Message(N_("%(name)s is none of these types: %(types)s"), values))
            if not 0 < file.size <= MOST_MEGABYTES * MEGABYTE:
                yield Fault(place, Message(N_("%(name)s is empty or larger than %(most)d MB"), {"name": file.name, "most": MOST_MEGABYTES}))


def _faults_of_blanks(task_set: TaskSet) -> Iterator[Fault]:
    """No text consists of blanks alone."""
    texts = {"title": task_set.title}
    for task in task_set.tasks:
        texts |= {f"{task.id}.title": task.title, f"{task.id}.text": task.case.text, f"{task.id}.model": task.model}
        texts |= {f"{task.id}.files[{index}].title": file.title for index, file in enumerate(task.files)}
        texts |= {f"{entry.id}.text": entry.text for entry in _entries(task)}
        texts |= {f"{each.id}.grades[{index}].text": grade.text for each in task.criteria for index, grade in enumerate(each.grades)}
    for place, text in texts.items():
        if not text.strip():
            yield Fault(place, Message(N_("The text may not be empty")))


CHECKS: tuple[Callable[[TaskSet], Iterator[Fault]], ...] = (
    _faults_of_ids,
    _faults_of_marks,
    _faults_of_parts,
    _faults_of_proposals,
    _faults_of_items,
    _faults_of_files,
    _faults_of_blanks,
)


def _faults_of_texts(task_set: TaskSet, media: Collection[str]) -> Iterator[Fault]:
    """What candidates and examiners read as Markdown is shown whole: every formula can be read, every picture is there."""
    texts: dict[str, str] = {}
    for task in task_set.tasks:
        texts |= {f"{task.id}.text": task.case.text, f"{task.id}.model": task.model}
        texts |= {f"{_place_of_part(task, number)}.stem": part.item.stem for number, part in enumerate(task.parts, start=1)}
    for place, text in texts.items():
        yield from (Fault(place, message) for message in faults_of_text(text))
        for digest in sorted(set(media_of(text)).difference(media)):
            yield Fault(place, Message(N_("The picture %(digest)s is not there"), {"digest": digest}))


def _entries(task: Task) -> tuple[Criterion | Veto, ...]:
    """Return what stands on an examiner's sheet for the task."""
    return (*task.criteria, *task.vetoes)


def _place_of_part(task: Task, number: int) -> str:
    """Return the place of a part, whose number counts from 1, as it stands in the file."""
    return f"{task.id}.parts[{number - 1}]"


def _shown(marks: Decimal) -> str:
    return format(marks.normalize(), "f")
