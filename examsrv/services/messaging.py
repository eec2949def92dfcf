"""What a proctor tells the candidates, in words of the own: it reaches their pages beside the notices of their time."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.services.auditing import record
from examsrv.services.reasons import MESSAGE
from examsrv.services.room_log import add_incident
from examsrv.services.writable import require_text
from examsrv.storage.tables import AttemptRow
from question_bank.message import N_, ExamError, Message

MESSAGE_LONGEST = 200
READING = (Phase.CREATED, Phase.RUNNING)
"""Whose page still shows what it is told."""


def send_message(session: Session, sitting_room: int, attempt: str | None, text: str, by: Actor, at: Moment) -> None:
    """Tell everybody in a room, or one seat in it, `text` on one line. Refused where nobody would read it."""
    words = " ".join(text.split())
    if not words:
        raise ExamError(Message(N_("Write the message.")))
    if len(words) > MESSAGE_LONGEST:
        raise ExamError(Message(N_("At most %(longest)d characters."), {"longest": MESSAGE_LONGEST}))
    require_text(words)
    readers = select(AttemptRow.id).where(AttemptRow.sitting_room_id == sitting_room, AttemptRow.phase.in_(READING))
    if attempt is not None and session.scalars(readers.where(AttemptRow.id == attempt)).first() is None:
        raise ExamError(Message(N_("This candidate's paper is closed; a message would no longer be read.")))
    if session.scalars(readers.limit(1)).first() is None:
        raise ExamError(Message(N_("All papers of this room are closed; a message would no longer be read.")))
    note = add_incident(session, sitting_room, attempt, MESSAGE, words, by, at)
    record(session, "message.sent", f"sitting_room/{sitting_room}", by, at, attempt=attempt, text=note)
