"""Where an item is used, and what came of it: forms, sittings, and figures from applied marking runs. Figures need enough candidates."""

import gzip
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from statistics import StatisticsError, correlation, mean
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select, update
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.paper import numbered, option_ids, read_paper
from examsrv.domain.run import RunState
from examsrv.domain.steps import StepKind
from examsrv.services.paper_keys import paper_keys
from examsrv.services.planning import was_started
from examsrv.storage.database import Database
from examsrv.storage.tables import (
    AttemptRow,
    FormRow,
    FormSetRow,
    ItemMarkRow,
    ItemRow,
    ItemVersionRow,
    PaperRow,
    ResultRow,
    RunRow,
    SittingRow,
    StepRow,
)
from question_bank.kinds.multiple_choice import MULTIPLE_CHOICE
from question_bank.kinds.single_choice import SINGLE_CHOICE

FEWEST_CANDIDATES = 20
"""Below this many candidates figures say nothing of an item."""
CHOSEN = frozenset({SINGLE_CHOICE.name, MULTIPLE_CHOICE.name})
"""The kinds of which it is told how many chose which option."""
ITEMS_PER_PIECE = 25
"""Items whose figures are written in one transaction (DECISIONS 2)."""


@dataclass(frozen=True, slots=True)
class FormUse:
    """A form that holds a version of an item."""

    form_set: int
    form: str
    digest: str
    sealed: datetime | None


@dataclass(frozen=True, slots=True)
class SittingUse:
    """A sitting whose papers hold an item; `candidates` handed in a paper that held it."""

    sitting: int
    name: str
    planned: datetime
    is_started: bool
    candidates: int


@dataclass(frozen=True, slots=True)
class Uses:
    """Where an item is used, newest first."""

    forms: tuple[FormUse, ...]
    sittings: tuple[SittingUse, ...]

    @property
    def candidates(self) -> int:
        """Return how many candidates had the item before them and handed in."""
        return sum(sitting.candidates for sitting in self.sittings)

    @property
    def planned(self) -> tuple[SittingUse, ...]:
        """Return the sittings that are still to come."""
        return tuple(sitting for sitting in self.sittings if not sitting.is_started)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a version of an item did with `candidates` who had it. None: too few of them, or no difference between them to correlate.

    `facility` (P): the mean share of its marks, 0 to 1. `discrimination`: the correlation of its mark with the rest of the paper's total, -1 to 1.
    """

    candidates: int
    facility: float | None
    discrimination: float | None


def uses(session: Session, pack: str, item: str) -> Uses:
    """Return the forms and sittings that hold any version of an item."""
    digests = session.scalars(select(ItemVersionRow.digest).where(ItemVersionRow.pack == pack, ItemVersionRow.item_id == item)).all()
    if not digests:
        return Uses((), ())
    rows = session.execute(_forms_with(digests).order_by(FormRow.form_set_id.desc(), FormRow.id)).all()
    forms = tuple(FormUse(row.form_set_id, row.name, held, row.sealed) for row in rows for held in digests if held in row.items)
    return Uses(forms, tuple(_sittings(session, {row.form_set_id for row in rows}, {row.digest for row in rows})))


def planned_with(session: Session, pack: str, item: str) -> tuple[SittingUse, ...]:
    """Return the sittings to come whose papers hold an item: what somebody who retires it has to know."""
    return uses(session, pack, item).planned


def figures(session: Session, digests: Collection[str]) -> dict[str, Figures]:
    """Return the figures of item versions over all applied marking runs."""
    seen: dict[str, list[tuple[float, float, float]]] = {digest: [] for digest in digests}
    for digest, fraction, mark, rest in _marks(session, digests):
        seen[digest].append((fraction, mark, rest))
    return {digest: _figures(marks) for digest, marks in seen.items()}


def option_shares(session: Session, digest: str) -> dict[str, float]:
    """Return for each option of a choice item the share of candidates who chose it, by its letter in the bank; none with too few candidates."""
    row = session.get_one(ItemVersionRow, digest)
    if row.kind not in CHOSEN:
        return {}
    letters = {text: letter for letter, text in row.options}
    chosen: Counter[str] = Counter()
    candidates = 0
    for paper, numbers in _numbers(session, [digest]).items():
        content = read_paper(gzip.decompress(session.get_one(PaperRow, paper).content))
        number = next(iter(numbers))
        item = next(item for each, _group, item in numbered(content) if each == number)
        names = {each: letters.get(text, "") for each, text in zip(option_ids(item), item.get("options", ()), strict=True)}
        responses = _responses(session, paper, number)
        candidates += len(responses)
        chosen.update(names.get(each, "") for response in responses for each in ([response] if isinstance(response, str) else response or ()))
    if candidates < FEWEST_CANDIDATES:
        return {}
    return {letter: chosen[letter] / candidates for letter, _text in row.options}


def refresh_figures(database: Database, sitting: int) -> None:
    """Write the figures of all items in a sitting's papers on the list, after a run was applied. In pieces: nobody who answers elsewhere waits."""
    with database.reading() as session:
        given = session.scalars(select(AttemptRow.paper).where(AttemptRow.sitting_id == sitting).distinct())
        papers = {paper for paper in given if paper is not None}
        digests = sorted({line.digest for key in paper_keys(session, papers).values() for line in key.lines.values()} if papers else set())
        found = figures(session, digests)
    for start in range(0, len(digests), ITEMS_PER_PIECE):
        with database.writing() as session:
            for digest in digests[start : start + ITEMS_PER_PIECE]:
                has = found[digest]
                values = {"candidates": has.candidates, "facility": has.facility, "discrimination": has.discrimination}
                session.execute(update(ItemRow).where(ItemRow.digest == digest).values(**values))


def _figures(marks: Sequence[tuple[float, float, float]]) -> Figures:
    if len(marks) < FEWEST_CANDIDATES:
        return Figures(len(marks), None, None)
    fractions, own, rest = zip(*marks, strict=True)
    try:
        discrimination: float | None = correlation(own, rest)
    except StatisticsError:  # everybody earned the same
        discrimination = None
    return Figures(len(marks), mean(fractions), discrimination)


def _marks(session: Session, digests: Collection[str]) -> Iterator[tuple[str, float, float, float]]:
    """Yield for each candidate and item the item's digest, the fraction, the mark, and the rest of the total."""
    for paper, numbers in _numbers(session, digests).items():
        query = (
            select(ItemMarkRow.item, ItemMarkRow.fraction, ItemMarkRow.mark, ResultRow.total)
            .join(ResultRow, (ResultRow.run_id == ItemMarkRow.run_id) & (ResultRow.attempt_id == ItemMarkRow.attempt_id))
            .join(RunRow, RunRow.id == ItemMarkRow.run_id)
            .join(AttemptRow, AttemptRow.id == ItemMarkRow.attempt_id)
            .where(RunRow.state == RunState.APPLIED, AttemptRow.paper == paper, ItemMarkRow.item.in_(numbers), ResultRow.total.is_not(None))
        )
        for row in session.execute(query):
            mark = Fraction(row.mark)
            yield numbers[row.item], float(Fraction(row.fraction)), float(mark), float(Fraction(row.total or 0) - mark)


def _responses(session: Session, paper: str, number: int) -> list[Any]:
    """Return what each candidate of an applied run answered last to an item of a paper; None where nothing was."""
    judged = (
        select(AttemptRow.id)
        .join(ResultRow, ResultRow.attempt_id == AttemptRow.id)
        .join(RunRow, RunRow.id == ResultRow.run_id)
        .where(RunRow.state == RunState.APPLIED, AttemptRow.paper == paper, ResultRow.total.is_not(None))
    )
    last: dict[str, Any] = dict.fromkeys(session.scalars(judged))
    steps = select(StepRow.attempt_id, StepRow.value).where(StepRow.attempt_id.in_(judged), StepRow.item == number, StepRow.kind == StepKind.ANSWERED)
    for step in session.execute(steps.order_by(StepRow.epoch, StepRow.seq)):
        last[step.attempt_id] = json.loads(step.value)
    return list(last.values())


def _numbers(session: Session, digests: Collection[str]) -> dict[str, Mapping[int, str]]:
    """Return the papers that hold the versions: by paper, the digest of each by its number there."""
    papers = {row.digest for row in session.execute(_forms_with(digests))} if digests else set()
    wanted = frozenset(digests)
    keys = paper_keys(session, papers) if papers else {}
    return {paper: {number: line.digest for number, line in key.lines.items() if line.digest in wanted} for paper, key in keys.items()}


def _forms_with(digests: Collection[str]) -> Select[int, str, list[Any], str, datetime | None]:
    """Ask for the forms that hold any of the versions. Many versions at once would make a long condition: then every form is looked at."""
    query = select(FormRow.form_set_id, FormRow.name, FormRow.items, PaperRow.digest, FormSetRow.sealed)
    joined = query.join(PaperRow, PaperRow.form_id == FormRow.id).join(FormSetRow, FormSetRow.id == FormRow.form_set_id)
    return joined.where(or_(*map(_holds, digests))) if len(digests) <= ITEMS_PER_PIECE else joined


def _holds(digest: str) -> ColumnElement[bool]:
    """Return the condition that a form holds a version. A digest is hexadecimal: it cannot be read as a wildcard, nor stand in anything else."""
    return cast(FormRow.items, String).contains(digest)


def _sittings(session: Session, form_sets: set[int], papers: set[str]) -> Iterator[SittingUse]:
    for row in session.scalars(select(SittingRow).where(SittingRow.form_set_id.in_(form_sets)).order_by(SittingRow.planned.desc())):
        own = (AttemptRow.sitting_id == row.id, AttemptRow.paper.in_(papers), AttemptRow.phase == Phase.SUBMITTED)
        count = session.scalar(select(func.count()).select_from(AttemptRow).where(*own)) or 0
        yield SittingUse(row.id, row.name, row.planned, was_started(session, row.id), count)
