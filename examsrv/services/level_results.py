"""Where theory, skills and review meet: what the candidates of a batch have reached for their level, from the runs in force of its sittings.

Sittings without a batch are not in it. What decides is `domain/level_outcome`; here the results are gathered that it decides on.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.level_outcome import LevelDecision, LevelOutcome, outcome_of
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.results import Decision, Result, shown_total
from examsrv.domain.run import RunState
from examsrv.services.auditing import record
from examsrv.services.batches import batch
from examsrv.services.candidates import candidate_of, shown_details
from examsrv.services.standards import standard_of
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, CandidateRow, ResultRow, RunRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component, ComponentKey, Standard


@dataclass(frozen=True, slots=True)
class Source:
    """Where a component's result comes from: an attempt at a sitting, and the run in force there; `run` None: there is none yet."""

    attempt: str
    sitting: int
    sitting_name: str
    site: int
    planned: datetime
    ticket: str
    run: int | None
    run_number: int | None
    result: Result | None


@dataclass(frozen=True, slots=True)
class ComponentResult:
    """A component of somebody's level. `source` None: no sitting of the batch has the person. `others` do not count, the latest first.

    `lack` says in words why there is no result.
    """

    component: Component
    source: Source | None
    others: tuple[Source, ...]
    lack: Message | None

    @property
    def result(self) -> Result | None:
        """Return the result that counts."""
        return None if self.source is None else self.source.result

    @property
    def shown(self) -> str:
        """Return the mark as it is shown; empty where there is none."""
        return "" if self.result is None else shown_total(self.component, self.result.total)


@dataclass(frozen=True, slots=True)
class LevelResult:
    """What somebody has reached for a level of an occupation. `masked` stands for the ID number; `components` are those of the level, in order."""

    candidate: int
    occupation: str
    occupation_name: str
    level: str
    level_name: str
    name: str
    masked: str
    components: tuple[ComponentResult, ...]
    outcome: LevelOutcome

    @property
    def decision(self) -> LevelDecision:
        """Return what is decided."""
        return self.outcome.decision

    @property
    def tickets(self) -> tuple[str, ...]:
        """Return the ticket numbers of the sittings that count."""
        return tuple(dict.fromkeys(each.source.ticket for each in self.components if each.source is not None))

    def component(self, key: ComponentKey) -> ComponentResult | None:
        """Return one component; None: the level does not have it."""
        return next((each for each in self.components if each.component.key is key), None)


@dataclass(frozen=True, slots=True)
class BatchResults:
    """The candidates of a batch, by occupation, level and name. `unmarked` names its sittings that have no results in force."""

    id: int
    name: str
    sittings: int
    unmarked: tuple[str, ...]
    lines: tuple[LevelResult, ...]

    def count(self, decision: LevelDecision) -> int:
        """Return for how many this is decided."""
        return sum(line.decision is decision for line in self.lines)


@dataclass(frozen=True, slots=True)
class BatchLabel:
    """A batch in a list: how many of its sittings have results in force."""

    id: int
    name: str
    sittings: int
    applied: int


def batch_labels(session: Session, sites: Collection[int] | None) -> list[BatchLabel]:
    """Return the batches that have published sittings at `sites` (None: anywhere), newest first."""
    query = select(SittingRow.batch_id, SittingRow.id).where(SittingRow.is_published, SittingRow.batch_id.is_not(None))
    if sites is not None:
        query = query.where(SittingRow.site_id.in_(sites))
    numbers = sorted({row.batch_id for row in session.execute(query) if row.batch_id is not None}, reverse=True)
    return [_label(session, number) for number in numbers]


def sittings_without_batch(session: Session, sites: Collection[int] | None) -> int:
    """Return how many published sittings of `sites` belong to no batch: their results meet no others."""
    query = select(func.count()).select_from(SittingRow).where(SittingRow.is_published, SittingRow.batch_id.is_(None))
    return session.scalar(query if sites is None else query.where(SittingRow.site_id.in_(sites))) or 0


def is_batch_at(session: Session, number: int, sites: Collection[int] | None) -> bool:
    """Tell whether a batch has a published sitting at one of `sites` (None: anywhere)."""
    return any(row.site_id in sites if sites is not None else True for row in _sittings(session, number))


def is_person_at(session: Session, number: int, candidate: int, occupation: str, level: str, sites: Collection[int] | None) -> bool:
    """Tell whether a sitting of a batch at one of `sites` (None: anywhere) has a person for this level."""
    mine = [
        row.id for row in _sittings(session, number) if (row.occupation, row.level) == (occupation, level) and (sites is None or row.site_id in sites)
    ]
    query = select(AttemptRow.id).where(AttemptRow.candidate_id == candidate, AttemptRow.sitting_id.in_(mine))
    return session.scalars(query.limit(1)).first() is not None


def batch_name(session: Session, number: int) -> str:
    """Return what a batch is called."""
    return batch(session, number).name


def level_results(session: Session, secret: Secret, number: int, sites: Collection[int] | None = None) -> BatchResults:
    """Return the results of a batch: of everybody who has a sitting of it at `sites` (None: anywhere), with all that they reached elsewhere in it."""
    sittings = _sittings(session, number)
    runs = _runs_in_force(session, [row.id for row in sittings])
    sources = list(_sources(session, sittings, runs))
    mine = {_key(row, candidate.id) for row, candidate, _source in sources if sites is None or row.site_id in sites}
    people = {candidate.id: candidate for _row, candidate, _source in sources}
    gathered: dict[tuple[int, str, str], dict[ComponentKey, list[Source]]] = {key: {} for key in mine}
    for row, candidate, source in sources:
        if (key := _key(row, candidate.id)) in mine:
            gathered[key].setdefault(ComponentKey(row.component), []).append(source)
    lines = [_line(session, secret, people[key[0]], key, found) for key, found in gathered.items()]
    lines.sort(key=lambda line: (line.occupation, line.level, line.name, line.candidate))
    unmarked = tuple(row.name for row in sittings if row.id not in runs)
    return BatchResults(number, batch(session, number).name, len(sittings), unmarked, tuple(lines))


def level_result(session: Session, secret: Secret, number: int, candidate: int, occupation: str, level: str) -> LevelResult | None:
    """Return one person's result for a level in a batch; None: no sitting of it has the person for that level."""
    sittings = [row for row in _sittings(session, number) if (row.occupation, row.level) == (occupation, level)]
    runs = _runs_in_force(session, [row.id for row in sittings])
    found: dict[ComponentKey, list[Source]] = {}
    for row, _candidate, source in _sources(session, sittings, runs, candidate):
        found.setdefault(ComponentKey(row.component), []).append(source)
    if not found:
        return None
    return _line(session, secret, session.get_one(CandidateRow, candidate), (candidate, occupation, level), found)


def id_numbers(session: Session, secret: Secret, candidates: Collection[int]) -> dict[int, str]:
    """Return the whole ID numbers of some candidates: for an export that the office chose so, entered into the audit as such."""
    rows = session.scalars(select(CandidateRow).where(CandidateRow.id.in_(candidates)))
    return {row.id: candidate_of(secret, row).id_number for row in rows}


def record_export(session: Session, number: int, form: str, candidates: int, by: Actor, at: Moment, *, whole_ids: bool) -> None:
    """Enter into the audit that a batch's results leave the house, and whether with whole ID numbers."""
    record(session, "batch.exported", f"batch/{number}", by, at, form=form, candidates=candidates, ids="whole" if whole_ids else "masked")


def _label(session: Session, number: int) -> BatchLabel:
    sittings = [row.id for row in _sittings(session, number)]
    return BatchLabel(number, batch(session, number).name, len(sittings), len(_runs_in_force(session, sittings)))


def _sittings(session: Session, number: int) -> Sequence[SittingRow]:
    query = select(SittingRow).where(SittingRow.batch_id == number, SittingRow.is_published)
    return session.scalars(query.order_by(SittingRow.planned, SittingRow.id)).all()


def _runs_in_force(session: Session, sittings: Sequence[int]) -> dict[int, RunRow]:
    """Return the newest applied run of each sitting that has one."""
    query = select(RunRow).where(RunRow.sitting_id.in_(sittings), RunRow.state == RunState.APPLIED).order_by(RunRow.number)
    return {row.sitting_id: row for row in session.scalars(query)}


def _key(sitting: SittingRow, candidate: int) -> tuple[int, str, str]:
    return candidate, sitting.occupation, sitting.level


def _sources(
    session: Session, sittings: Sequence[SittingRow], runs: Mapping[int, RunRow], candidate: int | None = None
) -> Iterator[tuple[SittingRow, CandidateRow, Source]]:
    """Yield every attempt at the sittings, or one person's, with its result in the run in force."""
    of_runs = select(ResultRow).where(ResultRow.run_id.in_([run.id for run in runs.values()]))
    query = (
        select(AttemptRow.id, AttemptRow.sitting_id, AttemptRow.ticket, CandidateRow)
        .join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
        .where(AttemptRow.sitting_id.in_([row.id for row in sittings]))
        .order_by(AttemptRow.id)
    )
    if candidate is not None:
        query = query.where(AttemptRow.candidate_id == candidate)
        of_runs = of_runs.join(AttemptRow, AttemptRow.id == ResultRow.attempt_id).where(AttemptRow.candidate_id == candidate)
    results = {row.attempt_id: _result(row) for row in session.scalars(of_runs)}
    by_id = {row.id: row for row in sittings}
    for attempt, sitting_id, ticket, person in session.execute(query):
        sitting, run = by_id[sitting_id], runs.get(sitting_id)
        held = (sitting.id, sitting.name, sitting.site_id, sitting.planned)
        yield sitting, person, Source(attempt, *held, ticket, run.id if run else None, run.number if run else None, results.get(attempt))


def _result(row: ResultRow) -> Result:
    sections = {name: Fraction(mark) for name, mark in row.sections.items()}
    return Result(Decision(row.decision), sections, None if row.total is None else Fraction(row.total))


def _line(
    session: Session, secret: Secret, person: CandidateRow, key: tuple[int, str, str], found: Mapping[ComponentKey, Sequence[Source]]
) -> LevelResult:
    candidate, occupation, level = key
    standard = standard_of(session, occupation)
    name, masked = shown_details(secret, person.person_key, person.sealed)
    components = tuple(_component(standard.component(each), found.get(each, ())) for each in standard.level(level).components)
    outcome = _outcome(standard, level, components)
    level_name = standard.level(level).name or level
    return LevelResult(candidate, occupation, standard.occupation.name, level, level_name, name, masked, components, outcome)


def _component(component: Component, sources: Sequence[Source]) -> ComponentResult:
    """Return what counts of a component: a sitting that was passed goes before any other, a later one before an earlier one, marked or not."""
    if not sources:
        lack = Message(N_("%(component)s: no sitting of this batch has the candidate"), {"component": component.name})
        return ComponentResult(component, None, (), lack)
    ranked = sorted(sources, key=_rank, reverse=True)
    first = ranked[0]
    values = {"component": component.name, "sitting": first.sitting_name}
    waits = Message(N_("%(component)s: “%(sitting)s” has no result in force for the candidate yet"), values)
    return ComponentResult(component, first, tuple(ranked[1:]), waits if first.result is None else None)


def _rank(source: Source) -> tuple[bool, datetime, int]:
    is_passed = source.result is not None and source.result.decision is Decision.PASS
    return is_passed, source.planned, source.sitting


def _outcome(standard: Standard, level: str, components: Sequence[ComponentResult]) -> LevelOutcome:
    """Return what is decided; a result that the standard as it is now does not bear out leaves all open, and says so."""
    results = {each.component.key: each.result for each in components if each.result is not None}
    try:
        return outcome_of(standard, level, results)
    except ExamError as error:
        remedy = Message(N_("Mark the sitting anew: its result does not fit the standard."))
        return LevelOutcome(LevelDecision.INCOMPLETE, (), (), (error.message, remedy))
