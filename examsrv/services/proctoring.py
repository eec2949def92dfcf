"""What a proctor does in a room. Each act has a reason where the rules ask for one, a name, and an audit entry."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.time_ledger import EntryKind, TimeState, time_state
from examsrv.services import answering
from examsrv.services.auditing import record
from examsrv.services.batches import needs_proctors
from examsrv.services.board_watchers import may_watch, require_at_board
from examsrv.services.ledger import add_entry, room_ledger
from examsrv.services.reasons import DETAILS_SETTLED, FORCED, GRANT_REASONS, MACHINE_CONFIRMED, UNLOCKED, WITHOUT_PROCTORS
from examsrv.services.room_log import add_incident
from examsrv.services.signing_in import count_miss, password_fits, require_not_throttled, token_digest
from examsrv.services.stations import require_observers
from examsrv.storage.tables import (
    AttemptRow,
    PersonRow,
    PresenceRow,
    SittingRoomRow,
    SittingRow,
    ThrottleRow,
)
from question_bank.message import N_, ExamError, Message

LONGEST_GRANT = timedelta(minutes=60)
NOTE_LONGEST = 500


class WrongPin(ExamError):
    """The PIN does not fit. The caller keeps the miss."""


def room_of_attempt(session: Session, attempt: str) -> int | None:
    """Return the sitting room that an attempt is in."""
    return session.scalars(select(AttemptRow.sitting_room_id).where(AttemptRow.id == attempt)).one_or_none()


def check_pin(session: Session, sitting_room: int, person: int, pin: str, at: Moment) -> None:
    """Refuse somebody who is no proctor of this room, or a PIN that does not fit. Reads only: checking takes time that no writer should wait for."""
    require_not_throttled(session, pin_throttle(person), at)
    row = _proctor(session, sitting_room, person)
    if row.pin_hash is None:
        raise ExamError(Message(N_("%(name)s has no PIN yet. It is set on the page of the own account."), {"name": row.name}))
    if not password_fits(row.pin_hash, pin):
        raise WrongPin(Message(N_("The PIN is not right.")))


def sign_in_on_board(session: Session, sitting_room: int, person: int, at: Moment) -> None:
    """Enter that a proctor of this room, whose PIN was checked, is present; several can be on one device, nobody is in two rooms."""
    row = _proctor(session, sitting_room, person)
    if _presence(session, sitting_room, person) is not None:
        raise ExamError(Message(N_("%(name)s is already entered as present."), {"name": row.name}))
    session.execute(delete(ThrottleRow).where(ThrottleRow.key == pin_throttle(person)))
    for elsewhere in session.scalars(select(PresenceRow.sitting_room_id).where(PresenceRow.person_id == person, PresenceRow.until.is_(None))).all():
        sign_out_from_board(session, elsewhere, person, at)
    session.add(PresenceRow(sitting_room_id=sitting_room, person_id=person, since=at.wall))
    session.flush()
    record(session, "proctor.present", f"sitting_room/{sitting_room}", Actor(person, row.name), at)


def count_pin_miss(session: Session, person: int, at: Moment) -> None:
    """Keep a wrong PIN, so that guessing gets slow."""
    count_miss(session, pin_throttle(person), at)


def pin_throttle(person: int) -> str:
    """Return the key under which a proctor's misses are counted."""
    return token_digest(f"pin/{person}")


def sign_out_from_board(session: Session, sitting_room: int, person: int, at: Moment) -> None:
    """Enter that a proctor left the room. The ratio is watched all the while and shown; leaving is never refused."""
    row = _presence(session, sitting_room, person)
    if row is None:
        raise ExamError(Message(N_("This person is not entered as present.")))
    row.until = at.wall
    record(session, "proctor.left", f"sitting_room/{sitting_room}", Actor(person, ""), at)


def present_proctors(session: Session, sitting_room: int) -> list[tuple[int, str]]:
    """Return number and name of the proctors present."""
    query = (
        select(PersonRow.id, PersonRow.name)
        .join(PresenceRow, PresenceRow.person_id == PersonRow.id)
        .where(PresenceRow.sitting_room_id == sitting_room, PresenceRow.until.is_(None))
        .order_by(PresenceRow.id)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def start_room(session: Session, sitting_room: int, by: Actor, at: Moment) -> None:
    """Start the room's time. Refused while the proctors present are fewer than RULE-PROCTORS asks for the candidates assigned.

    In skills for which the batch asks for no proctors one person at the board is enough; groups that watch tasks have to have started.
    """
    sitting = _sitting(session, sitting_room)
    if _state(session, sitting_room, sitting, at).started is not None:
        raise ExamError(Message(N_("The room has been started already.")))
    assigned = session.execute(
        select(func.count(), func.count(AttemptRow.paper)).where(AttemptRow.sitting_room_id == sitting_room, AttemptRow.phase != Phase.VOIDED)
    ).one()
    if assigned[0] == 0:
        raise ExamError(Message(N_("Nobody is assigned to this room.")))
    if assigned[0] != assigned[1]:
        raise ExamError(Message(N_("The papers have not been dealt out. An administrator has to publish the sitting.")))
    require_at_board(session, sitting, assigned[0], len(present_proctors(session, sitting_room)))
    require_observers(session, sitting.id, sitting_room)
    add_entry(session, sitting_room, EntryKind.START, by, at, reason="" if needs_proctors(session, sitting) else WITHOUT_PROCTORS)


def pause(session: Session, sitting_room: int, attempt: str | None, reason: str, note: str, by: Actor, at: Moment) -> None:
    """Stop the time of a room, or of one seat in it."""
    _require_reason(reason)
    if _is_own_paused(session, sitting_room, attempt, at):
        raise ExamError(Message(N_("The time is stopped already.")))
    add_entry(session, sitting_room, EntryKind.PAUSE, by, at, attempt=attempt, reason=reason, note=_note(note))


def resume(session: Session, sitting_room: int, attempt: str | None, by: Actor, at: Moment) -> None:
    """Let the time of a room, or of one seat, run on. The time between counts for nobody. A seat stands still as long as its room does."""
    if not _is_own_paused(session, sitting_room, attempt, at):
        raise ExamError(Message(N_("The time is running already.")))
    add_entry(session, sitting_room, EntryKind.RESUME, by, at, attempt=attempt)


def give_time(session: Session, sitting_room: int, attempt: str | None, amount: timedelta, reason: str, note: str, by: Actor, at: Moment) -> None:
    """Give a seat, or the whole room, `amount` more time, with the reason."""
    _require_reason(reason)
    if not timedelta() < amount <= LONGEST_GRANT:
        raise ExamError(Message(N_("At most %(minutes)d minutes can be given at once."), {"minutes": LONGEST_GRANT // timedelta(minutes=1)}))
    _room_state(session, sitting_room, attempt, at)
    if attempt is not None and _phase(session, attempt) not in (Phase.CREATED, Phase.RUNNING):
        raise ExamError(Message(N_("The attempt is handed in; time cannot be given any more.")))
    add_entry(session, sitting_room, EntryKind.GRANT, by, at, attempt=attempt, amount=amount, reason=reason, note=_note(note))


def check_in(session: Session, attempt: str, by: Actor, at: Moment, *, admits_late: bool = False, note: str = "") -> None:
    """Enter that the candidate was seen with ticket and document. After the late limit only with `admits_late` and a note that says why."""
    row = session.get_one(AttemptRow, attempt)
    sitting = session.get_one(SittingRow, row.sitting_id)
    if row.checked_in is not None:
        raise ExamError(Message(N_("The candidate is checked in already.")))
    if row.confirmed is None:
        raise ExamError(Message(N_("The candidate has not yet signed in and confirmed the details.")))
    state = _state(session, row.sitting_room_id, sitting, at)
    is_late = state.started is not None and at.exam - state.started > sitting.late_limit
    if is_late and not (admits_late and note.strip()):
        minutes = sitting.late_limit // timedelta(minutes=1)
        text = N_("The room was started more than %(minutes)d minutes ago. A late comer is only admitted with a written reason.")
        raise ExamError(Message(text, {"minutes": minutes}))
    row.checked_in = at.wall
    session.flush()
    record(session, "attempt.checked_in", f"attempt/{attempt}", by, at, late=is_late)
    if is_late:
        write_incident(session, row.sitting_room_id, attempt, "admitted_late", note, by, at)


def check_in_everybody(session: Session, sitting_room: int, by: Actor, at: Moment) -> int:
    """Check in all who have confirmed their details and are not late; return how many."""
    waiting = session.scalars(
        select(AttemptRow.id).where(
            AttemptRow.sitting_room_id == sitting_room,
            AttemptRow.checked_in.is_(None),
            AttemptRow.confirmed.is_not(None),
            AttemptRow.disputed.is_(None),
        )
    ).all()
    for attempt in waiting:
        check_in(session, attempt, by, at)
    return len(waiting)


def unlock(session: Session, attempt: str, by: Actor, at: Moment) -> None:
    """Forget the missed sign-ins of a candidate."""
    session.execute(delete(ThrottleRow).where(ThrottleRow.attempt_id == attempt))
    _note_act(session, attempt, UNLOCKED, by, at)
    record(session, "attempt.unlocked", f"attempt/{attempt}", by, at)


def settle_dispute(session: Session, attempt: str, by: Actor, at: Moment) -> None:
    """Enter that the details were looked at together and stand."""
    row = session.get_one(AttemptRow, attempt)
    row.disputed, row.confirmed = None, at.wall
    _note_act(session, attempt, DETAILS_SETTLED, by, at)
    record(session, "attempt.details_settled", f"attempt/{attempt}", by, at)


def confirm_machine(session: Session, attempt: str, by: Actor, at: Moment) -> None:
    """Let the machine that asks for it go on with the attempt; the one before is cut off."""
    if not answering.take_over(session.connection(), attempt, by, at):
        raise ExamError(Message(N_("No other machine asks for this attempt.")))
    _note_act(session, attempt, MACHINE_CONFIRMED, by, at)
    record(session, "attempt.machine_confirmed", f"attempt/{attempt}", by, at)


def force_hand_in(session: Session, attempt: str, reason: str, note: str, by: Actor, at: Moment) -> None:
    """Hand a candidate's attempt in, with a reason. It cannot be undone."""
    _require_reason(reason)
    if not note.strip():
        raise ExamError(Message(N_("Write down why.")))
    if not answering.close(session.connection(), attempt, "proctor", by, at):
        raise ExamError(Message(N_("The candidate is not answering.")))
    room = session.scalars(select(AttemptRow.sitting_room_id).where(AttemptRow.id == attempt)).one()
    write_incident(session, room, attempt, FORCED, note, by, at, reason=reason)


def write_incident(
    session: Session, sitting_room: int, attempt: str | None, kind: str, note: str, by: Actor, at: Moment, *, reason: str | None = None
) -> None:
    """Write down what happened, at a seat or in the room."""
    add_incident(session, sitting_room, attempt, kind, _note(note), by, at, reason=reason)
    record(session, "incident", f"sitting_room/{sitting_room}", by, at, kind=kind, attempt=attempt, reason=reason)


def confirm_details(session: Session, attempt: str, at: Moment, *, are_right: bool) -> None:
    """Keep what the candidate said of the details shown: right, or wrong, which calls the proctor."""
    values = {"confirmed": at.wall} if are_right else {"disputed": at.wall}
    unsaid = update(AttemptRow).where(AttemptRow.id == attempt, AttemptRow.confirmed.is_(None)).values(**values).returning(AttemptRow.id)
    if session.scalars(unsaid).one_or_none() is None:
        return
    record(session, "attempt.details_confirmed" if are_right else "attempt.details_disputed", f"attempt/{attempt}", Actor(None, "candidate"), at)


def _note_act(session: Session, attempt: str, kind: str, by: Actor, at: Moment) -> None:
    """Enter into the room's log what was done for somebody. The audit entry is the caller's."""
    room = session.scalars(select(AttemptRow.sitting_room_id).where(AttemptRow.id == attempt)).one()
    add_incident(session, room, attempt, kind, "", by, at)


def _proctor(session: Session, sitting_room: int, person: int) -> PersonRow:
    row = session.get(PersonRow, person)
    if row is None or not row.is_active or not may_watch(session, person, sitting_room):
        raise ExamError(Message(N_("This person is not a proctor of this room.")))
    return row


def _presence(session: Session, sitting_room: int, person: int) -> PresenceRow | None:
    query = select(PresenceRow).where(PresenceRow.sitting_room_id == sitting_room, PresenceRow.person_id == person, PresenceRow.until.is_(None))
    return session.scalars(query).one_or_none()


def _sitting(session: Session, sitting_room: int) -> SittingRow:
    return session.get_one(SittingRow, session.get_one(SittingRoomRow, sitting_room).sitting_id)


def _state(session: Session, sitting_room: int, sitting: SittingRow, at: Moment, attempt: str | None = None) -> TimeState:
    return time_state(room_ledger(session, sitting_room), sitting.limit, at.exam, attempt)


def _room_state(session: Session, sitting_room: int, attempt: str | None, at: Moment) -> TimeState:
    """Return the state of a room that was started; refuses one that was not."""
    state = _state(session, sitting_room, _sitting(session, sitting_room), at, attempt)
    if state.started is None:
        raise ExamError(Message(N_("The room has not been started.")))
    return state


def _is_own_paused(session: Session, sitting_room: int, attempt: str | None, at: Moment) -> bool:
    """Tell whether the room (`attempt` None) or the seat itself is paused, whatever the other is; refuses a room that was not started."""
    _room_state(session, sitting_room, attempt, at)
    own = [entry for entry in room_ledger(session, sitting_room) if entry.attempt == attempt]
    return time_state(own, timedelta(), at.exam, attempt).paused


def _phase(session: Session, attempt: str) -> Phase:
    return Phase(session.scalars(select(AttemptRow.phase).where(AttemptRow.id == attempt)).one())


def _require_reason(reason: str) -> None:
    if reason not in GRANT_REASONS:
        raise ExamError(Message(N_("Choose a reason.")))


def _note(note: str) -> str:
    if len(note) > NOTE_LONGEST:
        raise ExamError(Message(N_("At most %(longest)d characters."), {"longest": NOTE_LONGEST}))
    return note
