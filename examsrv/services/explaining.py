"""One attempt of a run, item by item: what was answered, what the key is, what it earned. For administrators; every look is in the audit."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.marking import key_of
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.order import candidate_order, ordered_option_ids
from examsrv.domain.paper import KeyLine, read_paper
from examsrv.domain.results import Decision
from examsrv.domain.steps import final_responses
from examsrv.services.answers_in_words import answer_in_words, key_in_words
from examsrv.services.attempt_logs import attempt_steps
from examsrv.services.auditing import record
from examsrv.services.candidates import candidate_of
from examsrv.services.marking_runs import subject_of
from examsrv.services.paper_keys import paper_keys
from examsrv.services.papers import paper_content
from examsrv.services.standards import standard_of
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, CandidateRow, ItemMarkRow, ResultRow, RunRow, SittingRow
from question_bank.kinds import KINDS
from question_bank.message import Message


@dataclass(frozen=True, slots=True)
class ExplainedItem:
    """An item as the candidate had it: place on the candidate's own sheet, letters as the candidate saw them, what it earned."""

    place: int
    number: int
    item: str
    kind: Message
    section: str
    response: Message
    key: Message
    fraction: Fraction
    mark: Fraction
    marks: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """An attempt in a run. No items: there was nothing to mark."""

    run: int
    number: int
    ticket: str
    name: str
    masked: str
    decision: Decision
    total: Fraction | None
    items: tuple[ExplainedItem, ...]


def is_in_run(session: Session, run: int, attempt: str) -> bool:
    """Tell whether a run has a result of this attempt."""
    return session.get(ResultRow, (run, attempt)) is not None


def record_look(session: Session, run: int, attempt: str, by: Actor, at: Moment) -> None:
    """Enter into the audit that somebody looks at an attempt with its key."""
    record(session, "run.explained", subject_of(run), by, at, attempt=attempt)


def explanation(session: Session, secret: Secret, run: int, attempt: str) -> Explanation:
    """Return what each response of an attempt earned in a run, in the order in which the candidate had the items."""
    result = session.get_one(ResultRow, (run, attempt))
    row = session.get_one(AttemptRow, attempt)
    details = candidate_of(secret, session.get_one(CandidateRow, row.candidate_id))
    marks = session.scalars(select(ItemMarkRow).where(ItemMarkRow.run_id == run, ItemMarkRow.attempt_id == attempt))
    earned = {mark.item: (Fraction(mark.fraction), Fraction(mark.mark)) for mark in marks}
    items = tuple(_items(session, row, earned)) if earned else ()
    total = None if result.total is None else Fraction(result.total)
    number = session.get_one(RunRow, run).number
    return Explanation(run, number, row.ticket, details.name, details.masked, Decision(result.decision), total, items)


def _items(session: Session, row: AttemptRow, earned: Mapping[int, tuple[Fraction, Fraction]]) -> list[ExplainedItem]:
    paper = str(row.paper)
    lines = paper_keys(session, [paper])[paper].lines
    content = read_paper(gzip.decompress(paper_content(session, paper)))
    order = candidate_order(content, row.order_seed)
    options = ordered_option_ids(content, order)
    responses = final_responses(attempt_steps(session.connection(), row.id))
    standard = standard_of(session, session.get_one(SittingRow, row.sitting_id).occupation)
    names = {section.key: section.name for table in standard.weights for section in table.sections}
    return [
        _explained(place, number, lines[number], responses.get(number), options[number], names, earned[number])
        for place, number in enumerate(order, start=1)
    ]


def _explained(
    place: int,
    number: int,
    line: KeyLine,
    response: object,
    options: Sequence[str],
    section_names: Mapping[str, str],
    earned: tuple[Fraction, Fraction],
) -> ExplainedItem:
    fraction, mark = earned
    kind, section = KINDS[line.kind].label, section_names.get(line.section, line.section)
    answer, key = answer_in_words(line.kind, response, options), key_in_words(line.kind, key_of(line), options)
    return ExplainedItem(place, number, line.item, kind, section, answer, key, fraction, mark, line.marks)
