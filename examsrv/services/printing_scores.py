"""What the forms of scored groups hold, for the office. Marks only of scripts that are settled, names only once the results are in force."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.panel_marking import Combination, State
from examsrv.domain.results import DECISION_NAMES, Decision
from examsrv.domain.run import RunState
from examsrv.exports.score_forms import Examinee, ScoredGroup, ScoredScript, ScoredSheet
from examsrv.services.absences import absent_of_group
from examsrv.services.auditing import record
from examsrv.services.candidates import candidate_of
from examsrv.services.papers import paper_title
from examsrv.services.scripts import Script, combination, counted_entries, holders, scripts_of_group, sheet_of
from examsrv.services.standards import standard_of
from examsrv.services.task_sets import task_set_of_attempt
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AssessmentGroupRow, AttemptRow, CandidateRow, EntryRow, NoteRow, PersonRow, ResultRow, RunRow, SittingRow
from question_bank.message import N_, Message
from question_bank.standard import ComponentKey

LocalTime = Callable[[datetime], str]
WAITS = Message(N_("The sheets are not all in"))
DISPUTED = Message(N_("In dispute"))
SETTLED = Message(N_("Settled"))
NOTHING_YET = Message(N_("Nothing handed in"))
NOT_BEGUN = Message(N_("Not begun"))
"""Somebody is absent once nothing can be begun any more; before, the candidate may still come."""


def scored_group(session: Session, secret: Secret, number: int, at: Moment, local_time: LocalTime) -> ScoredGroup:
    """Return a group with its scripts in their order, as they stand at a moment; `local_time` writes an instant as it is shown.

    An administrator may be an examiner too: what others gave is left out of every script that is not settled.
    """
    group = session.get_one(AssessmentGroupRow, number)
    sitting = session.get_one(SittingRow, group.sitting_id)
    standard = standard_of(session, sitting.occupation)
    key = ComponentKey(sitting.component)
    names = {row.id: row.name for row in session.execute(select(PersonRow.id, PersonRow.name))}
    absent = absent_of_group(session, number, at)
    is_panel = key is ComponentKey.REVIEW
    sections = {} if is_panel else {section.key: section.name for section, _percent in standard.sections(key, sitting.level)}
    return ScoredGroup(
        name=group.name,
        sitting=sitting.name,
        title=paper_title(session, sitting.occupation, sitting.level, sitting.component),
        held=local_time(sitting.planned),
        component=standard.component(key),
        is_panel=is_panel,
        examiners={place: names[person] for place, person in sorted(holders(session, number).items())},
        sections=sections,
        scripts=[
            _scored(session, secret, script, names, local_time, is_absent=script.attempt in absent) for script in scripts_of_group(session, number)
        ],
    )


def record_print(session: Session, number: int, form: str, scripts: int, by: Actor, at: Moment) -> None:
    """Enter into the audit that forms of a group were printed."""
    record(session, "group.printed", f"group/{number}", by, at, form=form, scripts=scripts)


def _scored(session: Session, secret: Secret, script: Script, names: Mapping[int, str], local_time: LocalTime, *, is_absent: bool) -> ScoredScript:
    attempt = session.get_one(AttemptRow, script.attempt)
    who = _examinee(session, secret, attempt)
    match Phase(attempt.phase):
        case Phase.VOIDED:
            return ScoredScript(script.number, who, None, (), None, DECISION_NAMES[Decision.VOIDED])
        case Phase.CREATED:
            return ScoredScript(script.number, who, None, (), None, DECISION_NAMES[Decision.ABSENT] if is_absent else NOT_BEGUN)
        case Phase.RUNNING:
            return ScoredScript(script.number, who, None, (), None, NOTHING_YET)
        case _:
            made = combination(session, script.attempt)
    if made.state is not State.SETTLED:
        return ScoredScript(script.number, who, None, (), None, WAITS if made.state is State.WAITING else DISPUTED)
    entries = counted_entries(session, script.attempt)
    sheets = [_sheet(session, entries[place], made, names, local_time) for place in sorted(entries)]
    return ScoredScript(script.number, who, task_set_of_attempt(session, script.attempt), sheets, made, SETTLED)


def _sheet(session: Session, entry: EntryRow, made: Combination, names: Mapping[int, str], local_time: LocalTime) -> ScoredSheet:
    digests = [str(note) for note in entry.comments.values()]
    notes = {row.digest: row.text for row in session.scalars(select(NoteRow).where(NoteRow.digest.in_(digests)))}
    comments = {criterion: notes.get(str(note), "") for criterion, note in entry.comments.items()}
    return ScoredSheet(names[entry.person_id], sheet_of(entry), local_time(entry.wall), entry.place in made.counted, comments)


def _examinee(session: Session, secret: Secret, attempt: AttemptRow) -> Examinee | None:
    """Return whose attempt it is, once a run that has its result is in force."""
    query = select(ResultRow.attempt_id).join(RunRow, RunRow.id == ResultRow.run_id)
    if session.scalars(query.where(ResultRow.attempt_id == attempt.id, RunRow.state == RunState.APPLIED)).first() is None:
        return None
    details = candidate_of(secret, session.get_one(CandidateRow, attempt.candidate_id))
    return Examinee(details.name, attempt.ticket, details.employer)
