"""The order in which a panel hears its candidates: drawn by chance before the first one, moved with a reason."""

import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.services.assessment_groups import group
from examsrv.services.auditing import keep_note, record
from examsrv.services.hearings import NOTE_LONGEST, require_panel, waiting_scripts
from examsrv.services.scripts import scripts_of_group
from examsrv.storage.tables import AttemptRow, ScriptRow
from question_bank.message import N_, ExamError, Message


def draw_order(session: Session, number: int, seed: int, by: Actor, at: Moment) -> int:
    """Draw the order of a panel's candidates anew; return how many there are. Refused once anybody was heard or entered as absent.

    `seed` is chance; the order itself is written down.
    """
    view = group(session, number)
    require_panel(view)
    scripts = scripts_of_group(session, number)
    names = [script.attempt for script in scripts]
    voided = set(session.scalars(select(AttemptRow.id).where(AttemptRow.id.in_(names), AttemptRow.phase == Phase.VOIDED)))
    if len(waiting_scripts(session, number, at)) < len(scripts) - len(voided):
        raise ExamError(Message(N_("The first candidate has been called already; move single candidates instead, with a reason.")))
    random.Random(seed).shuffle(scripts)  # noqa: S311 -- the seed itself is drawn from the machine
    for position, script in enumerate(scripts, start=1):
        session.get_one(ScriptRow, script.attempt).position = position
    session.flush()
    record(session, "panel.order_drawn", f"group/{number}", by, at, order=" ".join(str(script.number) for script in scripts))
    return len(scripts)


def move_in_order(session: Session, attempt: str, position: int, reason: str, by: Actor, at: Moment) -> None:
    """Let a candidate who is still waiting speak at another position, with a reason; the others close up. Nobody gets before those who were heard."""
    row = session.get_one(ScriptRow, attempt)
    require_panel(group(session, row.group_id))
    if not reason.strip() or len(reason.strip()) > NOTE_LONGEST:
        raise ExamError(Message(N_("Write down why the order is changed, in at most %(longest)d characters."), {"longest": NOTE_LONGEST}))
    order = [script.attempt for script in scripts_of_group(session, row.group_id)]
    waiting = {script.attempt for script in waiting_scripts(session, row.group_id, at)}
    if attempt not in waiting:
        raise ExamError(Message(N_("Only a candidate who is still waiting can be moved.")))
    before = order.index(attempt)
    if not 1 <= position <= len(order) or (order[position - 1] not in waiting):
        raise ExamError(Message(N_("Choose the position of somebody who is still waiting.")))
    order.insert(position - 1, order.pop(before))
    for place, each in enumerate(order, start=1):
        session.get_one(ScriptRow, each).position = place
    session.flush()
    record(session, "panel.order_moved", f"group/{row.group_id}", by, at, attempt=attempt, position=position, note=keep_note(session, reason))
