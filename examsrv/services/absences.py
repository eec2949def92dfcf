"""Who is absent: never opened the paper, or was never heard, and cannot be any more. Derived wherever it is shown, never stored."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Moment
from examsrv.domain.run import RunState
from examsrv.domain.time_ledger import time_state
from examsrv.services.hearing_clock import hearing_states
from examsrv.services.ledger import room_ledgers
from examsrv.storage.tables import AssessmentGroupRow, AttemptRow, ResultRow, RunRow, ScriptRow, SittingRow


def absent_of_group(session: Session, group: int, at: Moment) -> frozenset[str]:
    """Return the attempts of a group that are absent: time ran out before they were opened, the panel entered it, or a result in force says so."""
    query = select(AttemptRow).join(ScriptRow, ScriptRow.attempt_id == AttemptRow.id)
    unopened = session.scalars(query.where(ScriptRow.group_id == group, AttemptRow.phase == Phase.CREATED)).all()
    names = [attempt.id for attempt in unopened]
    limit = session.scalars(select(SittingRow.limit).join(AssessmentGroupRow).where(AssessmentGroupRow.id == group)).one()
    ledgers = room_ledgers(session, {attempt.sitting_room_id for attempt in unopened})
    late = {attempt.id for attempt in unopened if time_state(ledgers[attempt.sitting_room_id], limit, at.exam, attempt.id).is_over}
    entered = {attempt for attempt, state in hearing_states(session, names, at.exam).items() if state.is_absent}
    judged = select(ResultRow.attempt_id).join(RunRow, RunRow.id == ResultRow.run_id)
    in_force = session.scalars(judged.where(ResultRow.attempt_id.in_(names), RunRow.state == RunState.APPLIED))
    return frozenset(late | entered | set(in_force))
