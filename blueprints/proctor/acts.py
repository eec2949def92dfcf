"""What a proctor does on the board. Each act comes back to the board with a sentence, done or refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from blueprints.proctor import bp
from blueprints.proctor.board import view_of
from blueprints.proctor.forms import PIN_REFUSED, GrantForm, IncidentForm, MessageForm, NoteForm, PinForm, ReasonForm, SeatForm
from blueprints.proctor.scopes import WATCHERS, room_of_mine
from examsrv.services import messaging, proctoring, reseating, stations
from examsrv.services.proctoring import WrongPin
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.language import shown
from examsrv.web.sessions import forget_candidate
from question_bank.message import ExamError

MINUTE = timedelta(minutes=1)
ROOM = "/rooms/<int:room>"
SEAT = "/rooms/<int:room>/seats/<attempt>"


@bp.post(f"{ROOM}/present")
@allow(*WATCHERS, on=room_of_mine)
def sign_in(room: int) -> ResponseReturnValue:
    """A proctor of this room enters as present, with the PIN."""
    form = PinForm.for_room(view_of(room), request.form)
    if not form.validate():
        return _asked_again(room, *(error for errors in form.errors.values() for error in errors))
    person = int(form.person.data)
    try:
        with reading() as session:
            proctoring.check_pin(session, room, person, form.pin.data or "", now())
        with writing() as session:
            proctoring.sign_in_on_board(session, room, person, now())
    except ExamError as error:
        if isinstance(error, WrongPin):
            with writing() as session:
                proctoring.count_pin_miss(session, person, now())
        return _asked_again(room, shown(error.message))
    flash(gettext("Entered as present."))
    return _back(room)


@bp.post(f"{ROOM}/left/<int:person>")
@allow(*WATCHERS, on=room_of_mine)
def sign_out(room: int, person: int) -> ResponseReturnValue:
    """A proctor leaves the room."""
    return _do(room, lambda session: proctoring.sign_out_from_board(session, room, person, now()), gettext("Entered as left."))


@bp.post(f"{ROOM}/start")
@allow(*WATCHERS, on=room_of_mine)
def start(room: int) -> ResponseReturnValue:
    """Start the room."""
    return _do(room, lambda session: proctoring.start_room(session, room, actor(), now()), gettext("The room has been started."))


@bp.post(f"{ROOM}/stations")
@allow(*WATCHERS, on=room_of_mine)
def draw_stations(room: int) -> ResponseReturnValue:
    """Draw the stations of the room's candidates."""
    return _do(room, lambda session: _drawn(session, room), gettext("The stations have been drawn."))


@bp.post(f"{ROOM}/pause")
@allow(*WATCHERS, on=room_of_mine)
def pause_room(room: int) -> ResponseReturnValue:
    """Stop the room's time."""
    return _pause(room, None)


@bp.post(f"{ROOM}/resume")
@allow(*WATCHERS, on=room_of_mine)
def resume_room(room: int) -> ResponseReturnValue:
    """Let the room's time run on."""
    return _do(room, lambda session: proctoring.resume(session, room, None, actor(), now()), gettext("The time runs on."))


@bp.post(f"{ROOM}/time")
@allow(*WATCHERS, on=room_of_mine)
def give_room(room: int) -> ResponseReturnValue:
    """Give the whole room time."""
    return _give(room, None)


@bp.post(f"{ROOM}/check-in")
@allow(*WATCHERS, on=room_of_mine)
def check_in_everybody(room: int) -> ResponseReturnValue:
    """Check in everybody who has confirmed the details."""
    try:
        with writing() as session:
            count = proctoring.check_in_everybody(session, room, actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
    else:
        flash(ngettext("%(num)d candidate checked in.", "%(num)d candidates checked in.", count))
    return _back(room)


@bp.post(f"{ROOM}/incident")
@allow(*WATCHERS, on=room_of_mine)
def incident(room: int) -> ResponseReturnValue:
    """Write down what happened in the room."""
    return _incident(room, None)


@bp.post(f"{ROOM}/message")
@allow(*WATCHERS, on=room_of_mine)
def message(room: int) -> ResponseReturnValue:
    """Tell everybody in the room something."""
    return _tell(room, None)


@bp.post(f"{SEAT}/check-in")
@allow(*WATCHERS, on=room_of_mine)
def check_in(room: int, attempt: str) -> ResponseReturnValue:
    """Check a candidate in; a late comer with a written reason."""
    form = NoteForm()
    if not form.validate():
        return _refused(room, form)
    note = form.note.data or ""
    act = lambda session: proctoring.check_in(session, attempt, actor(), now(), admits_late=bool(note), note=note)  # noqa: E731
    return _do(room, act, gettext("Checked in."))


@bp.post(f"{SEAT}/settle")
@allow(*WATCHERS, on=room_of_mine)
def settle(room: int, attempt: str) -> ResponseReturnValue:
    """The disputed details were looked at and stand."""
    return _do(room, lambda session: proctoring.settle_dispute(session, attempt, actor(), now()), gettext("The details stand."))


@bp.post(f"{SEAT}/time")
@allow(*WATCHERS, on=room_of_mine)
def give_seat(room: int, attempt: str) -> ResponseReturnValue:
    """Give one seat time."""
    return _give(room, attempt)


@bp.post(f"{SEAT}/pause")
@allow(*WATCHERS, on=room_of_mine)
def pause_seat(room: int, attempt: str) -> ResponseReturnValue:
    """Stop one seat's time."""
    return _pause(room, attempt)


@bp.post(f"{SEAT}/resume")
@allow(*WATCHERS, on=room_of_mine)
def resume_seat(room: int, attempt: str) -> ResponseReturnValue:
    """Let one seat's time run on."""
    return _do(room, lambda session: proctoring.resume(session, room, attempt, actor(), now()), gettext("The time runs on."))


@bp.post(f"{SEAT}/unlock")
@allow(*WATCHERS, on=room_of_mine)
def unlock(room: int, attempt: str) -> ResponseReturnValue:
    """Forget the missed sign-ins of a candidate."""
    return _do(room, lambda session: proctoring.unlock(session, attempt, actor(), now()), gettext("The sign-in is unlocked."))


@bp.post(f"{SEAT}/machine")
@allow(*WATCHERS, on=room_of_mine)
def confirm_machine(room: int, attempt: str) -> ResponseReturnValue:
    """Confirm the machine that asks for the attempt."""
    return _do(room, lambda session: proctoring.confirm_machine(session, attempt, actor(), now()), gettext("The other machine goes on."))


@bp.post(f"{SEAT}/hand-in")
@allow(*WATCHERS, on=room_of_mine)
def force_hand_in(room: int, attempt: str) -> ResponseReturnValue:
    """Hand an attempt in for its candidate."""
    form = ReasonForm()
    if not form.validate():
        return _refused(room, form)
    act = lambda session: proctoring.force_hand_in(session, attempt, form.reason.data, form.note.data or "", actor(), now())  # noqa: E731
    return _do(room, act, gettext("Handed in."))


@bp.post(f"{SEAT}/incident")
@allow(*WATCHERS, on=room_of_mine)
def seat_incident(room: int, attempt: str) -> ResponseReturnValue:
    """Write down what happened at a seat."""
    return _incident(room, attempt)


@bp.post(f"{SEAT}/message")
@allow(*WATCHERS, on=room_of_mine)
def seat_message(room: int, attempt: str) -> ResponseReturnValue:
    """Tell one candidate something."""
    return _tell(room, attempt)


@bp.post(f"{SEAT}/move")
@allow(*WATCHERS, on=room_of_mine)
def move(room: int, attempt: str) -> ResponseReturnValue:
    """Move a candidate to another seat of the room; the machine before is cut off at once."""
    form = SeatForm()
    if not form.validate():
        return _refused(room, form)
    seat = form.to_seat.data
    try:
        with writing() as session:
            reseating.move_to_seat(session, attempt, seat, form.note.data or "", actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return _back(room)
    forget_candidate(attempt)
    server().cut_off(attempt)
    flash(gettext("Moved to seat %(seat)s. The candidate signs in there with the ticket number and goes on.", seat=f"{seat:02}"))
    return redirect(url_for("proctor.board", room=room, seat=seat))


def _drawn(session: Any, room: int) -> None:
    """Draw the stations; what was held ready for the start with others counts no more."""
    for attempt in stations.draw_stations(session, room, chance.seed(), actor(), now()):
        server().held_ready.pop(attempt, None)


def _give(room: int, attempt: str | None) -> ResponseReturnValue:
    form = GrantForm()
    if not form.validate():
        return _refused(room, form)
    amount = MINUTE * float(form.minutes.data)
    act = lambda session: proctoring.give_time(session, room, attempt, amount, form.reason.data, form.note.data or "", actor(), now())  # noqa: E731
    return _do(room, act, gettext("%(minutes)s minutes given.", minutes=f"{form.minutes.data.normalize():f}"))


def _pause(room: int, attempt: str | None) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _refused(room, form)
    act = lambda session: proctoring.pause(session, room, attempt, form.reason.data, form.note.data or "", actor(), now())  # noqa: E731
    return _do(room, act, gettext("The time stands still."))


def _incident(room: int, attempt: str | None) -> ResponseReturnValue:
    form = IncidentForm()
    if not form.validate():
        return _refused(room, form)
    act = lambda session: proctoring.write_incident(session, room, attempt, form.kind.data, form.note.data or "", actor(), now())  # noqa: E731
    return _do(room, act, gettext("Written down."))


def _tell(room: int, attempt: str | None) -> ResponseReturnValue:
    form = MessageForm()
    if not form.validate():
        return _refused(room, form)
    act = lambda session: messaging.send_message(session, room, attempt, form.text.data or "", actor(), now())  # noqa: E731
    return _do(room, act, gettext("The message has been sent."))


def _do(room: int, act: Callable[[Any], object], done: str) -> ResponseReturnValue:
    """Do an act in one transaction and come back with a sentence."""
    try:
        with writing() as session:
            act(session)
    except ExamError as error:
        flash(shown(error.message), "alarm")
    else:
        flash(done)
    return _back(room)


def _refused(room: int, form: Any) -> ResponseReturnValue:
    for errors in form.errors.values():
        for error in errors:
            flash(error, "alarm")
    return _back(room)


def _asked_again(room: int, *sentences: str) -> ResponseReturnValue:
    """Come back to the open question for the PIN, which says why; the person stays chosen."""
    for sentence in sentences:
        flash(sentence, PIN_REFUSED)
    return redirect(url_for("proctor.board", room=room, person=request.form.get("person")))


def _back(room: int) -> ResponseReturnValue:
    seat = request.form.get("seat", "")
    return redirect(url_for("proctor.board", room=room, seat=seat if seat.isdecimal() else None))
