"""The hearing of a candidate by the panel of a review (综合评审): begun, paused and ended by who leads the panel, one candidate at a time.

The candidate's attempt runs from begin to end; no machine holds it. What a panel and one hearing look like is in `viewing_hearings`.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.hearing import HearingError, HearingKind, HearingState, require_absence, require_begin, require_end, require_pause, require_resume
from examsrv.domain.moment import Actor, Moment
from examsrv.services import answering
from examsrv.services.assessment_groups import GroupView, group
from examsrv.services.hearing_clock import add_hearing_entry, hearing_states
from examsrv.services.reasons import OUTAGE
from examsrv.services.scripts import Script, script_of, scripts_of_group
from examsrv.services.standards import standard_of
from examsrv.storage.tables import AttemptRow, SittingRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component, ComponentKey

NOTE_LONGEST = 500
OUT_OF_TURN, OTHER = "out_of_turn", "other"
PAUSE_GROUNDS = {
    "break": Message(N_("Break")),
    "illness": Message(N_("Illness")),
    "disturbance": Message(N_("Disturbance in the room")),
    "power": Message(N_("Power cut")),
    "document": Message(N_("A document is lacking or cannot be read")),
    OTHER: Message(N_("Other reason")),
}
LEFT_GROUNDS = {
    "withdrew": Message(N_("Breaks off of their own accord")),
    "illness": Message(N_("Illness")),
    "misconduct": Message(N_("Breach of the rules")),
    OTHER: Message(N_("Other reason")),
}
SERVER_GROUND = "outage"
GROUNDS = {**PAUSE_GROUNDS, **LEFT_GROUNDS, OUT_OF_TURN: Message(N_("Out of turn")), SERVER_GROUND: OUTAGE}
"""The words for whatever an entry of the clock gives as its ground."""


def begin_hearing(session: Session, attempt: str, is_identified: bool, reason: str, by: Actor, at: Moment) -> None:
    """Begin a candidate's hearing, which checks the candidate in: `is_identified` says that the lead compared person and document.

    Refused: before the panel has started, while it hears somebody else, and out of turn unless a `reason` is written.
    """
    script, view, row = _led(session, attempt, by)
    require_begin(_state(session, attempt, at))
    if row.paper is None:
        raise HearingError(Message(N_("No review sheet is dealt to this candidate. An administrator has to publish the sitting.")))
    if not is_identified:
        raise HearingError(Message(N_("Compare the candidate with the identity document first, and confirm it.")))
    other = _somebody_heard(session, view.id, at)
    if other is not None:
        raise HearingError(Message(N_("The panel is hearing candidate no. %(position)d; end that hearing first."), {"position": other.position}))
    is_next = _next_in_turn(session, view.id, at) == attempt
    if not is_next:
        _require_note(reason, N_("It is not this candidate's turn. Write down why the order is left."))
    row.checked_in, row.confirmed = row.checked_in or at.wall, row.confirmed or at.wall
    session.flush()
    answering.begin_hearing(session.connection(), script.attempt, by, at)
    session.refresh(row)
    add_hearing_entry(session, attempt, HearingKind.BEGIN, by, at, ground="" if is_next else OUT_OF_TURN, note="" if is_next else reason)


def pause_hearing(session: Session, attempt: str, ground: str, note: str, by: Actor, at: Moment) -> None:
    """Stop the panel's clock, with a reason."""
    _led(session, attempt, by)
    require_pause(_state(session, attempt, at))
    _require_ground(ground, PAUSE_GROUNDS)
    _require_short(note)
    if ground == OTHER:
        _require_note(note, N_("Write down why."))
    add_hearing_entry(session, attempt, HearingKind.PAUSE, by, at, ground=ground, note=note)


def resume_hearing(session: Session, attempt: str, by: Actor, at: Moment) -> None:
    """Let the panel's clock run on."""
    _led(session, attempt, by)
    require_resume(_state(session, attempt, at))
    add_hearing_entry(session, attempt, HearingKind.RESUME, by, at)


def end_hearing(session: Session, attempt: str, by: Actor, at: Moment) -> None:
    """End a hearing, and with it the candidate's attempt. Refused before the component's minimum (RULE-DURATION)."""
    _led(session, attempt, by)
    require_end(component_of(session, attempt), _state(session, attempt, at))
    _end(session, attempt, "", "", by, at)


def end_for_who_left(session: Session, attempt: str, ground: str, note: str, by: Actor, at: Moment) -> None:
    """End the hearing of a candidate who has left, also before the minimum; ground and note say why."""
    _led(session, attempt, by)
    _require_ground(ground, LEFT_GROUNDS)
    _require_note(note, N_("Write down what happened."))
    require_end(component_of(session, attempt), _state(session, attempt, at), note)
    _end(session, attempt, ground, note, by, at)


def enter_absence(session: Session, attempt: str, note: str, by: Actor, at: Moment) -> None:
    """Enter that a candidate did not come, with a note. The attempt is not begun; one who comes after all is heard out of turn."""
    _led(session, attempt, by)
    require_absence(_state(session, attempt, at))
    _require_note(note, N_("Write down that the candidate was called and did not come."))
    add_hearing_entry(session, attempt, HearingKind.ABSENT, by, at, note=note)


def component_of(session: Session, attempt: str) -> Component:
    """Return the component that an attempt is about, as its standard has it."""
    row = session.get_one(SittingRow, session.get_one(AttemptRow, attempt).sitting_id)
    return standard_of(session, row.occupation).component(ComponentKey(row.component))


def waiting_scripts(session: Session, group_id: int, at: Moment) -> list[Script]:
    """Return the scripts of a panel whose candidates are still to be heard, in their order; nobody who is absent or voided."""
    scripts = scripts_of_group(session, group_id)
    names = [script.attempt for script in scripts]
    created = set(session.scalars(select(AttemptRow.id).where(AttemptRow.id.in_(names), AttemptRow.phase == Phase.CREATED)))
    states = hearing_states(session, names, at.exam)
    return [
        script for script in scripts if script.attempt in created and states[script.attempt].began is None and not states[script.attempt].is_absent
    ]


def require_panel(view: GroupView) -> None:
    """Refuse a group that is no panel of a review."""
    if not view.is_panel:
        raise ExamError(Message(N_("%(group)s is not the panel of a review."), {"group": view.name}))


def _led(session: Session, attempt: str, by: Actor) -> tuple[Script, GroupView, AttemptRow]:
    """Return what an attempt belongs to; refuse whoever does not lead its panel, a panel that has not started, and a voided attempt."""
    script = script_of(session, attempt)
    view = group(session, script.group)
    require_panel(view)
    if by.person is None or view.lead != by.person:
        raise ExamError(Message(N_("Only who leads the panel does this.")))
    if view.started is None:
        raise HearingError(Message(N_("%(group)s has not started. The office starts it when all its members are there."), {"group": view.name}))
    row = session.get_one(AttemptRow, attempt)
    if Phase(row.phase) is Phase.VOIDED:
        raise HearingError(Message(N_("The candidate's examination is voided.")))
    return script, view, row


def _end(session: Session, attempt: str, ground: str, note: str, by: Actor, at: Moment) -> None:
    add_hearing_entry(session, attempt, HearingKind.END, by, at, ground=ground, note=note)
    answering.close(session.connection(), attempt, "panel", by, at)
    session.refresh(session.get_one(AttemptRow, attempt))


def _somebody_heard(session: Session, group_id: int, at: Moment) -> Script | None:
    """Return the script of whom a panel hears now; None: nobody. A voided attempt keeps nobody waiting."""
    scripts = {script.attempt: script for script in scripts_of_group(session, group_id)}
    running = session.scalars(select(AttemptRow.id).where(AttemptRow.id.in_(scripts), AttemptRow.phase == Phase.RUNNING)).all()
    states = hearing_states(session, running, at.exam)
    return next((scripts[attempt] for attempt in running if states[attempt].is_on), None)


def _next_in_turn(session: Session, group_id: int, at: Moment) -> str | None:
    return next((script.attempt for script in waiting_scripts(session, group_id, at)), None)


def _state(session: Session, attempt: str, at: Moment) -> HearingState:
    return hearing_states(session, [attempt], at.exam)[attempt]


def _require_ground(ground: str, allowed: dict[str, Message]) -> None:
    if ground not in allowed:
        raise ExamError(Message(N_("Please choose a reason.")))


def _require_note(note: str, sentence: str) -> None:
    if not note.strip():
        raise ExamError(Message(sentence))
    _require_short(note)


def _require_short(note: str) -> None:
    if len(note.strip()) > NOTE_LONGEST:
        raise ExamError(Message(N_("A note has at most %(longest)d characters."), {"longest": NOTE_LONGEST}))
