"""Marking runs: a preview of all results of a sitting, applied by a second person or cancelled. Runs are numbered; none is ever changed.

A run's marks are many rows: they are written in small pieces, so that nobody who is answering elsewhere waits. A run that was cut off in the
middle stays in the state `marking` and counts for nothing.
"""

from collections.abc import Iterator

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.run import RunState, require_next
from examsrv.services import approving
from examsrv.services.auditing import record
from examsrv.services.judging import Judgement, basis_of, is_theory, judge, require_finished
from examsrv.services.using_items import refresh_figures
from examsrv.storage.database import Database
from examsrv.storage.tables import ItemMarkRow, ResultRow, RunRow, SittingRow
from question_bank.message import N_, ExamError, Message

APPLY, SET_ASIDE = "run.apply", "run.set_aside"
ROWS_PER_PIECE = 200
"""Rows written in one transaction: well under the 5 ms of DECISIONS 2."""
REASON_LONGEST = 200


def preview(database: Database, sitting: int, reason: str, by: Actor, at: Moment) -> int:
    """Mark all attempts of a sitting that were handed in and store marks and results as a new run; return the run's id.

    Refused while somebody may still answer, while another preview waits for a decision, and without a reason.
    """
    why = reason.strip()
    if not why or len(why) > REASON_LONGEST:
        raise ExamError(Message(N_("A reason has 1 to %(longest)d characters."), {"longest": REASON_LONGEST}))
    with database.reading() as session:
        require_finished(session, sitting, at)
        judgement = judge(session, sitting)
    with database.writing() as session:
        run = _begin(session, judgement, why, by, at)
    for table, piece in _pieces(run, judgement):
        with database.writing() as session:
            session.execute(insert(table), piece)
    with database.writing() as session:
        row = _run(session, run)
        row.state = RunState.PREVIEW
        record(session, "run.previewed", f"run/{run}", by, at, sitting=sitting, number=row.number, digest=row.digest)
    return run


def propose(session: Session, run: int, by: Actor, at: Moment) -> None:
    """Propose to apply a previewed run as it stands."""
    row = _run(session, run)
    require_next(RunState(row.state), RunState.APPLIED)
    approving.propose(session, APPLY, subject_of(run), row.digest, by, at)


def apply(database: Database, run: int, shown_digest: str, by: Actor, at: Moment) -> None:
    """Apply a proposed run: the second person's act, on exactly what was shown. An earlier applied run of the sitting is superseded by it.

    Everything is marked anew and must come out the same; refused when answers, keys or rules have changed since the preview.
    """
    with database.reading() as session:
        row = _run(session, run)
        require_next(RunState(row.state), RunState.APPLIED)
        require_finished(session, row.sitting_id, at)
        judgement = judge(session, row.sitting_id)
        if not row.digest == judgement.digest == shown_digest:
            raise ExamError(CHANGED)
    with database.writing() as session:
        row = _run(session, run)
        require_next(RunState(row.state), RunState.APPLIED)
        if basis_of(session, row.sitting_id) != judgement.basis:
            raise ExamError(CHANGED)
        approving.approve(session, APPLY, subject_of(run), row.digest, by, at)
        _supersede(session, row)
        row.state, row.applied_by, row.applied = RunState.APPLIED, by.person, at.wall
        record(session, "run.applied", subject_of(run), by, at, sitting=row.sitting_id, number=row.number, digest=row.digest)
        has_items = is_theory(session.get_one(SittingRow, judgement.sitting))
    if has_items:
        refresh_figures(database, judgement.sitting)


def cancel(session: Session, run: int, by: Actor, at: Moment) -> None:
    """Cancel a preview; its marks stay on record and count for nothing."""
    row = _run(session, run)
    require_next(RunState(row.state), RunState.CANCELLED)
    approving.withdraw(session, APPLY, subject_of(run), by, at)
    row.state = RunState.CANCELLED
    record(session, "run.cancelled", subject_of(run), by, at, sitting=row.sitting_id, number=row.number)


def propose_setting_aside(session: Session, run: int, by: Actor, at: Moment) -> None:
    """Propose to set an applied run of examiners' marks aside, so that sheets can be reopened. Theory is marked anew without that."""
    row = _applied_by_examiners(session, run)
    approving.propose(session, SET_ASIDE, subject_of(run), row.digest, by, at)


def set_aside(session: Session, run: int, shown_digest: str, by: Actor, at: Moment) -> None:
    """Set a run aside: the second person's act. Its results are no longer in force, and none are until the sitting is marked and applied anew."""
    row = _applied_by_examiners(session, run)
    if row.digest != shown_digest:
        raise ExamError(CHANGED)
    approving.approve(session, SET_ASIDE, subject_of(run), row.digest, by, at)
    row.state = RunState.SUPERSEDED
    record(session, "run.was_set_aside", subject_of(run), by, at, sitting=row.sitting_id, number=row.number, digest=row.digest)


def subject_of(run: int) -> str:
    """Return what names a run in approvals and in the audit."""
    return f"run/{run}"


def site_of_run(session: Session, run: int) -> int | None:
    """Return the site at which a run's sitting is held; None when there is no such run, or it was cut off."""
    query = select(SittingRow.site_id).join(RunRow, RunRow.sitting_id == SittingRow.id)
    return session.scalars(query.where(RunRow.id == run, RunRow.state != RunState.MARKING)).one_or_none()


CHANGED = Message(N_("Answers, keys, rules or examiners' sheets have changed since the preview. Cancel it and mark anew."))


def _run(session: Session, run: int) -> RunRow:
    row = session.get(RunRow, run)
    if row is None:
        raise ExamError(Message(N_("There is no such marking run.")))
    return row


def _applied_by_examiners(session: Session, run: int) -> RunRow:
    row = _run(session, run)
    if row.state != RunState.APPLIED or is_theory(session.get_one(SittingRow, row.sitting_id)):
        raise ExamError(Message(N_("Only a run of examiners' marks that is in force is set aside.")))
    return row


def _begin(session: Session, judgement: Judgement, reason: str, by: Actor, at: Moment) -> int:
    waiting = select(RunRow.number).where(RunRow.sitting_id == judgement.sitting, RunRow.state == RunState.PREVIEW)
    number = session.scalars(waiting).first()
    if number is not None:
        raise ExamError(Message(N_("Marking run %(number)d still waits: apply or cancel it first."), {"number": number}))
    last = session.scalar(select(func.max(RunRow.number)).where(RunRow.sitting_id == judgement.sitting)) or 0
    row = RunRow(
        sitting_id=judgement.sitting,
        number=last + 1,
        reason=reason,
        key_digest=judgement.basis.keys,
        rules_digest=judgement.basis.rules,
        digest=judgement.digest,
        state=RunState.MARKING,
        made_by=by.person,
        made=at.wall,
    )
    session.add(row)
    session.flush()
    return row.id


def _pieces(run: int, judgement: Judgement) -> Iterator[tuple[type[ItemMarkRow] | type[ResultRow], list[dict[str, object]]]]:
    """Yield the rows of a run, table by table, few at a time."""
    marks: list[dict[str, object]] = [
        {"run_id": run, "attempt_id": each.attempt, "item": item.item, "fraction": str(item.fraction), "mark": str(item.mark)}
        for each in judgement.attempts
        for item in each.items
    ]
    results: list[dict[str, object]] = [
        {
            "run_id": run,
            "attempt_id": each.attempt,
            "sections": {section: str(mark) for section, mark in each.result.sections.items()},
            "total": None if each.result.total is None else str(each.result.total),
            "decision": str(each.result.decision),
        }
        for each in judgement.attempts
    ]
    for start in range(0, len(marks), ROWS_PER_PIECE):
        yield ItemMarkRow, marks[start : start + ROWS_PER_PIECE]
    for start in range(0, len(results), ROWS_PER_PIECE):
        yield ResultRow, results[start : start + ROWS_PER_PIECE]


def _supersede(session: Session, run: RunRow) -> None:
    """Set the run that was applied before aside."""
    query = select(RunRow).where(RunRow.sitting_id == run.sitting_id, RunRow.state == RunState.APPLIED)
    for earlier in session.scalars(query):
        earlier.state = RunState.SUPERSEDED
