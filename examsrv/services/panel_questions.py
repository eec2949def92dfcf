"""Questions that the members of a panel put to a candidate, with what was answered: noted during the hearing, shown to the whole panel at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.hearing import HearingError
from examsrv.domain.moment import Actor, Moment
from examsrv.services.assessment_groups import group
from examsrv.services.auditing import keep_note, record
from examsrv.services.hearing_clock import hearing_states
from examsrv.services.hearings import require_panel
from examsrv.services.scripts import counted_entries, holders, script_of
from examsrv.services.writable import require_text
from examsrv.storage.tables import NoteRow, PanelQuestionRow, PersonRow
from question_bank.message import N_, ExamError, Message

QUESTION_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class PanelQuestion:
    """A question as it was noted."""

    id: int
    person: int
    name: str
    text: str
    wall: datetime


def note_question(session: Session, attempt: str, text: str, by: Actor, at: Moment) -> int:
    """Note a question of a member; return its number. The same words of the same person, sent again over a bad line, are noted once.

    From the begin of the hearing until the member's own sheet is in, so that nobody loses what was being written as the hearing ended.
    """
    script = script_of(session, attempt)
    require_panel(group(session, script.group))
    place = next((place for place, person in holders(session, script.group).items() if person == by.person), None)
    if by.person is None or place is None:
        raise ExamError(Message(N_("Only members of the panel note questions.")))
    if hearing_states(session, [attempt], at.exam)[attempt].began is None:
        raise HearingError(Message(N_("The hearing has not begun yet.")))
    if place in counted_entries(session, attempt):
        raise HearingError(Message(N_("Your sheet for this candidate is handed in; nothing can be noted any more.")))
    words = text.strip()
    if not words or len(words) > QUESTION_LONGEST:
        raise ExamError(Message(N_("Enter 1 to %(longest)d characters."), {"longest": QUESTION_LONGEST}))
    require_text(words)
    note = keep_note(session, words) or ""
    same = select(PanelQuestionRow.id).where(PanelQuestionRow.attempt_id == attempt, PanelQuestionRow.person_id == by.person)
    known = session.scalars(same.where(PanelQuestionRow.note == note)).first()
    if known is not None:
        return known
    row = PanelQuestionRow(attempt_id=attempt, person_id=by.person, note=note, wall=at.wall)
    session.add(row)
    session.flush()
    record(session, "panel.question", f"attempt/{attempt}", by, at, question=row.id, note=note)
    return row.id


def questions(session: Session, attempt: str) -> list[PanelQuestion]:
    """Return the questions put to a candidate, in the order in which they were noted."""
    query = (
        select(PanelQuestionRow, PersonRow.name, NoteRow.text)
        .join(PersonRow, PersonRow.id == PanelQuestionRow.person_id)
        .join(NoteRow, NoteRow.digest == PanelQuestionRow.note)
        .where(PanelQuestionRow.attempt_id == attempt)
        .order_by(PanelQuestionRow.id)
    )
    return [PanelQuestion(row.id, row.person_id, name, text, row.wall) for row, name, text in session.execute(query)]
