"""Stations (工位) of tasks that are watched while they are done (现场操作): drawn for the candidates of a room before it starts."""

import gzip
import random
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.paper import read_paper
from examsrv.domain.task_paper import has_observed_tasks
from examsrv.domain.time_ledger import EntryKind
from examsrv.services.auditing import record
from examsrv.services.ledger import room_ledger
from examsrv.storage.tables import AssessmentGroupRow, AttemptRow, FormRow, PaperRow, ScriptRow, SittingRoomRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey

OBSERVED = frozenset({ComponentKey.SKILLS})
"""The components whose papers may have observed tasks."""


def is_observed(session: Session, sitting: int) -> bool:
    """Tell whether a paper of a sitting has a task that is watched while it is done."""
    row = session.get_one(SittingRow, sitting)
    if ComponentKey(row.component) not in OBSERVED or row.form_set_id is None:
        return False
    papers = select(PaperRow.content).join(FormRow, FormRow.id == PaperRow.form_id).where(FormRow.form_set_id == row.form_set_id)
    return any(has_observed_tasks(read_paper(gzip.decompress(content))) for content in session.scalars(papers))


def draw_stations(session: Session, sitting_room: int, seed: int, by: Actor, at: Moment) -> Sequence[str]:
    """Draw a station for every candidate of a room, anew if there were some already; return the attempts.

    Stations count from 1; `seed` is in the audit, and the attempts stand in the order of tickets, so that anybody can draw the same again.
    """
    sitting = session.get_one(SittingRoomRow, sitting_room).sitting_id
    if not is_observed(session, sitting):
        raise ExamError(Message(N_("No task of this sitting is watched while it is done; it needs no stations.")))
    if any(entry.kind is EntryKind.START for entry in room_ledger(session, sitting_room)):
        raise ExamError(Message(N_("The room has been started; the stations stay as they were drawn.")))
    attempts = _attempts(session, sitting_room)
    scripts = {row.attempt_id: row for row in session.scalars(select(ScriptRow).where(ScriptRow.attempt_id.in_(attempts)))}
    _require_groups(attempts, scripts.keys())
    stations = list(range(1, len(attempts) + 1))
    random.Random(seed).shuffle(stations)  # noqa: S311 -- from a recorded seed; no secret
    for attempt, station in zip(attempts, stations, strict=True):
        scripts[attempt].station = station
    session.flush()
    record(session, "stations.drawn", f"sitting_room/{sitting_room}", by, at, seed=str(seed), candidates=len(attempts))
    return attempts


def require_observers(session: Session, sitting: int, sitting_room: int) -> None:
    """Refuse the start of a room whose observed tasks nobody could score: no station, no group, or a group that has not started."""
    if not is_observed(session, sitting):
        return
    attempts = _attempts(session, sitting_room)
    scripts = session.scalars(select(ScriptRow).where(ScriptRow.attempt_id.in_(attempts))).all()
    _require_groups(attempts, {script.attempt_id for script in scripts})
    waiting = select(AssessmentGroupRow.name).where(
        AssessmentGroupRow.started.is_(None), AssessmentGroupRow.id.in_({each.group_id for each in scripts})
    )
    name = session.scalars(waiting.order_by(AssessmentGroupRow.id)).first()
    if name is not None:
        raise ExamError(Message(N_("%(group)s has not started: its examiners have to watch the tasks from the beginning."), {"group": name}))
    lacking = sum(script.station is None for script in scripts)
    if lacking:
        raise ExamError(Message(N_("%(count)d candidates have no station yet. Draw the stations first."), {"count": lacking}))


def _attempts(session: Session, sitting_room: int) -> Sequence[str]:
    query = select(AttemptRow.id).where(AttemptRow.sitting_room_id == sitting_room, AttemptRow.phase != Phase.VOIDED)
    return session.scalars(query.order_by(AttemptRow.ticket)).all()


def _require_groups(attempts: Sequence[str], placed: Collection[str]) -> None:
    lacking = len(set(attempts) - set(placed))
    if lacking:
        raise ExamError(Message(N_("%(count)d candidates are in no group."), {"count": lacking}))
