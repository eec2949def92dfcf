"""Batches (批次): rounds of examinations with their settings, above all how the marks of several examiners are combined."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.storage.tables import BatchRow, EntryRow, ScriptRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey

NAME_LONGEST = 60


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch. Once a sheet `was_scored` in one of its sittings, its settings stay."""

    id: int
    name: str
    rule: CombiningRule
    skills_need_proctors: bool
    sittings: int
    was_scored: bool


def batches(session: Session) -> list[BatchView]:
    """Return all batches, newest first."""
    return [_view(session, row) for row in session.scalars(select(BatchRow).order_by(BatchRow.id.desc())).all()]


def batch(session: Session, number: int) -> BatchView:
    """Return one batch; refuses a number that none has."""
    return _view(session, _row(session, number))


def batch_exists(session: Session, number: int) -> bool:
    """Tell whether a batch has this number."""
    return session.get(BatchRow, number) is not None


def batch_of_sitting(session: Session, sitting: int) -> BatchView | None:
    """Return the batch that a sitting belongs to; None: to none."""
    row = session.get_one(SittingRow, sitting)
    return None if row.batch_id is None else batch(session, row.batch_id)


def create_batch(session: Session, name: str, rule: CombiningRule, *, skills_need_proctors: bool, by: Actor, at: Moment) -> int:
    """Add a batch and return its number."""
    row = BatchRow(name=_free_name(session, name, None), combining=rule.plain(), skills_need_proctors=skills_need_proctors, wall=at.wall)
    session.add(row)
    session.flush()
    record(session, "batch.created", f"batch/{row.id}", by, at, adjudication=str(rule.adjudication), near=str(rule.near))
    return row.id


def change_batch(session: Session, number: int, name: str, rule: CombiningRule, *, skills_need_proctors: bool, by: Actor, at: Moment) -> None:
    """Change a batch. Once a sheet was handed in, only the name: marks may not come to something else by a setting."""
    row = _row(session, number)
    is_other = rule.plain() != row.combining or skills_need_proctors != row.skills_need_proctors
    if is_other and _was_scored(session, number):
        raise ExamError(Message(N_("Sheets of this batch have been handed in; its settings stay. The name may be changed.")))
    row.name = _free_name(session, name, number)
    row.combining, row.skills_need_proctors = rule.plain(), skills_need_proctors
    session.flush()
    record(session, "batch.changed", f"batch/{number}", by, at, adjudication=str(rule.adjudication), near=str(rule.near))


def needs_proctors(session: Session, sitting: SittingRow) -> bool:
    """Tell whether proctors watch a sitting's rooms: in theory always, in skills if the batch says so, in reviews never (DECISIONS 27)."""
    match ComponentKey(sitting.component):
        case ComponentKey.THEORY:
            return True
        case ComponentKey.SKILLS:
            return sitting.batch_id is not None and session.get_one(BatchRow, sitting.batch_id).skills_need_proctors
        case ComponentKey.REVIEW:
            return False


def _was_scored(session: Session, number: int) -> bool:
    query = select(EntryRow.id).join(ScriptRow, ScriptRow.attempt_id == EntryRow.attempt_id).join(SittingRow, SittingRow.id == ScriptRow.sitting_id)
    return session.scalars(query.where(SittingRow.batch_id == number).limit(1)).first() is not None


def _row(session: Session, number: int) -> BatchRow:
    row = session.get(BatchRow, number)
    if row is None:
        raise ExamError(Message(N_("There is no such batch.")))
    return row


def _view(session: Session, row: BatchRow) -> BatchView:
    sittings = session.scalar(select(func.count()).where(SittingRow.batch_id == row.id)) or 0
    rule = CombiningRule.from_plain(row.combining)
    return BatchView(row.id, row.name, rule, row.skills_need_proctors, sittings, _was_scored(session, row.id))


def _free_name(session: Session, name: str, own: int | None) -> str:
    """Return a name as it is kept; refuses one that is too long or that another batch has."""
    name = name.strip()
    if not name or len(name) > NAME_LONGEST:
        raise ExamError(Message(N_("A name has 1 to %(longest)d characters."), {"longest": NAME_LONGEST}))
    taken = session.scalars(select(BatchRow.id).where(BatchRow.name == name)).first()
    if taken is not None and taken != own:
        raise ExamError(Message(N_("Another batch is called %(name)s."), {"name": name}))
    return name
