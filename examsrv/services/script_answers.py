"""What a candidate answered in a script, part by part, and what the machine makes of it: for those who score, never for what delivers a paper."""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.form import LETTERS
from examsrv.domain.marking import ExaminersDecideError, fraction_of
from examsrv.domain.order import candidate_order, ordered_option_ids
from examsrv.domain.paper import KeyLine, numbered, option_ids, read_paper
from examsrv.domain.steps import Step, StepKind, final_responses, is_answer
from examsrv.services.answers_in_words import answer_in_words
from examsrv.services.attempt_logs import attempt_steps
from examsrv.services.handed_files import TEXT, TEXTS
from examsrv.services.paper_keys import paper_keys
from examsrv.services.papers import paper_content
from examsrv.storage.tables import AttemptRow, UploadRow
from question_bank.item import Item
from question_bank.kinds import KINDS, PartialCredit, Scoring
from question_bank.message import Message
from question_bank.task import Criterion, Task, TaskSet
from question_bank.text import FOR_STAFF, rendered

EVERYTHING = Fraction(1)


@dataclass(frozen=True, slots=True)
class Value:
    """What was given for one part of an item. `is_right` None: only an examiner can say."""

    text: str
    is_right: bool | None


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file under its number in the script; the name that the candidate gave it may name the candidate, so nobody sees it here."""

    number: int
    digest: str
    type: str
    size: int
    came: datetime


@dataclass(frozen=True, slots=True)
class AnsweredPart:
    """A part of a task and what was answered. `values` by gap, cell or prompt; `options` with the letters that the candidate saw.

    `fraction` is what the machine makes of it; None where only examiners can say. Of files those in `files` count, `earlier` were replaced.
    """

    number: int
    kind: str
    stem: str
    shown: Mapping[str, Any]
    options: tuple[tuple[str, str, bool], ...]
    answer: Message
    is_answered: bool
    text: str | None
    values: Mapping[str, Value]
    files: tuple[HandedFile, ...]
    earlier: tuple[HandedFile, ...]
    fraction: Fraction | None


def script_answers(session: Session, attempt: str, task_set: TaskSet) -> dict[str, tuple[AnsweredPart, ...]]:
    """Return what was answered in an attempt that works on `task_set`, by task, part by part."""
    row = session.get_one(AttemptRow, attempt)
    paper = str(row.paper)
    lines = paper_keys(session, [paper])[paper].lines
    content = read_paper(gzip.decompress(paper_content(session, paper)))
    options = ordered_option_ids(content, candidate_order(content, row.order_seed))
    items = {number: item for number, _group, item in numbered(content)}
    steps = attempt_steps(session.connection(), attempt)
    responses, files = final_responses(steps), _Files(session, attempt, steps)
    number = 0
    found: dict[str, tuple[AnsweredPart, ...]] = {}
    for task in task_set.tasks:
        parts = []
        for place, part in enumerate(task.parts, start=1):
            number += 1
            texts = _option_texts(items[number], options[number], responses.get(number))
            parts.append(_answered(place, part.item, lines[number], responses.get(number), options[number], texts, files.of(number)))
        found[task.id] = tuple(parts)
    return found


def proposed_marks(task_set: TaskSet, answers: Mapping[str, Sequence[AnsweredPart]]) -> dict[str, Decimal]:
    """Return by criterion the mark that the machine proposes: the mean of its parts' fractions × its marks, down to the next step."""
    found = {}
    for task in task_set.tasks:
        for criterion in task.criteria:
            mark = _proposed(criterion, answers[task.id]) if criterion.is_proposed else None
            if mark is not None:
                found[criterion.id] = mark
    return found


def handed_file(answers: Mapping[str, Sequence[AnsweredPart]], digest: str) -> HandedFile | None:
    """Return the file of a script with this digest, whether it counts or was replaced."""
    every = (file for parts in answers.values() for part in parts for file in (*part.files, *part.earlier))
    return next((file for file in every if file.digest == digest), None)


def parts_proposed(task: Task) -> frozenset[int]:
    """Return the parts of a task from which marks are proposed."""
    return frozenset(part for criterion in task.criteria if criterion.is_proposed for part in criterion.parts)


def _proposed(criterion: Criterion, parts: Sequence[AnsweredPart]) -> Decimal | None:
    fractions = [parts[number - 1].fraction for number in criterion.parts]
    judged = [fraction for fraction in fractions if fraction is not None]
    if not judged or len(judged) < len(fractions):
        return None
    steps = sum(judged, Fraction(0)) / len(judged) * Fraction(criterion.marks) / Fraction(criterion.step)
    return criterion.step * (steps.numerator // steps.denominator)


def _answered(
    number: int,
    item: Item,
    line: KeyLine,
    value: object,
    options: Sequence[str],
    texts: tuple[tuple[str, str, bool], ...],
    files: tuple[tuple[HandedFile, ...], tuple[HandedFile, ...]],
) -> AnsweredPart:
    kind = KINDS[item.kind]
    return AnsweredPart(
        number=number,
        kind=item.kind,
        stem=rendered(item.stem, FOR_STAFF),
        shown=kind.shown(item),
        options=texts,
        answer=answer_in_words(item.kind, value, options),
        is_answered=is_answer(value),
        text=value if isinstance(value, str) and kind.scoring is not Scoring.MACHINE else None,
        values=_values(item, line, value, options),
        files=files[0],
        earlier=files[1],
        fraction=_fraction(line, value),
    )


def _values(item: Item, line: KeyLine, value: object, options: Sequence[str]) -> dict[str, Value]:
    """Return what was given part by part, each judged by itself."""
    names = KINDS[item.kind].parts(item)
    if not names or not isinstance(value, dict):
        return {}
    letters = dict(zip(options, LETTERS, strict=False))
    given = {name: value[name] for name in names if isinstance(value.get(name), str) and value[name] != ""}
    return {name: Value(letters.get(text, text), _is_right(line, name, text)) for name, text in given.items()}


def _is_right(line: KeyLine, name: str, text: str) -> bool | None:
    """Judge one part as if the item had no other."""
    if not isinstance(line.key, dict):
        return None
    for field, right in line.key.items():
        if isinstance(right, dict) and name in right:
            alone = replace(line, key={field: {name: right[name]}}, policy=str(PartialCredit.ALL_OR_NOTHING))
            return _fraction(alone, {name: text}) == EVERYTHING
    return None


def _fraction(line: KeyLine, value: object) -> Fraction | None:
    if KINDS[line.kind].scoring is not Scoring.MACHINE:
        return None
    try:
        return fraction_of(line, value)
    except ExaminersDecideError:
        return None


def _option_texts(item: Mapping[str, Any], ids: Sequence[str], value: object) -> tuple[tuple[str, str, bool], ...]:
    """Return the options as the candidate saw them: letter, text, whether it was chosen."""
    texts = dict(zip(option_ids(item), item.get("options", ()), strict=False))
    chosen = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple((letter, str(texts[each]), each in chosen) for letter, each in zip(LETTERS, ids, strict=False))


class _Files:
    """The files of an attempt, numbered in the order in which they came."""

    def __init__(self, session: Session, attempt: str, steps: Sequence[Step]) -> None:
        rows = session.execute(
            select(UploadRow.digest, UploadRow.type, UploadRow.size, UploadRow.wall)
            .where(UploadRow.attempt_id == attempt)
            .order_by(UploadRow.wall, UploadRow.digest)
        ).all()
        names: dict[str, str] = {}
        self._named: dict[int, list[str]] = {}
        self._counted: dict[int, list[str]] = {}
        for step in steps:
            if step.kind is StepKind.ANSWERED and step.item is not None:
                entries = list(_file_entries(step.value))
                digests = [digest for digest, _name in entries]
                names |= dict(entries)
                self._counted[step.item] = digests
                self._named.setdefault(step.item, []).extend(digests)
        self._files = {
            row.digest: HandedFile(number, row.digest, _ending(row.type, names.get(row.digest, "")), row.size, row.wall)
            for number, row in enumerate(rows, start=1)
        }

    def of(self, item: int) -> tuple[tuple[HandedFile, ...], tuple[HandedFile, ...]]:
        """Return the files of an item that count, and those that were replaced."""
        counted = self._counted.get(item, [])
        earlier = [digest for digest in dict.fromkeys(self._named.get(item, [])) if digest not in counted]
        return self._known(counted), self._known(earlier)

    def _known(self, digests: Sequence[str]) -> tuple[HandedFile, ...]:
        return tuple(self._files[digest] for digest in digests if digest in self._files)


def _file_entries(value: object) -> Iterator[tuple[str, str]]:
    """Yield digest and name of each file that a stored value names."""
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict) and isinstance(each.get("digest"), str):
            yield each["digest"], str(each.get("name", ""))


def _ending(kept_type: str, name: str) -> str:
    """Return the ending of a file by its content; only which of the kinds of text it is, its name says."""
    if kept_type != TEXT:
        return kept_type
    ending = PurePath(name).suffix[1:].lower()
    return ending if ending in TEXTS else "txt"
