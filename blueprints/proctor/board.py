"""My rooms, and the board of a room: the page, and its living part that is fetched every two seconds."""

from flask import Response, abort, get_flashed_messages, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.proctor import bp
from blueprints.proctor.board_parts import told
from blueprints.proctor.forms import PIN_REFUSED, GrantForm, IncidentForm, MessageForm, NoteForm, PinForm, ReasonForm
from blueprints.proctor.scopes import WATCHERS, room_of_mine
from examsrv.services import sitting_down, watching
from examsrv.services.messaging import MESSAGE_LONGEST
from examsrv.services.watching import RoomView, SeatView
from examsrv.web import chance, readiness
from examsrv.web.access import allow
from examsrv.web.context import now, reading, server, staff
from examsrv.web.language import language, shown
from examsrv.web.living import LivingPage
from examsrv.web.numbers import whole_number

MOST_BOARDS = 1000


@bp.get("/")
@allow(*WATCHERS)
def rooms() -> ResponseReturnValue:
    """List the rooms the person is planned for."""
    with reading() as session:
        lines = watching.rooms_of(session, staff().id, now())
    return render_template("proctor/rooms.html", lines=lines)


@bp.get("/rooms/<int:room>")
@allow(*WATCHERS, on=room_of_mine)
def board(room: int) -> ResponseReturnValue:
    """Show the board of a room; `?seat=` chooses a seat."""
    view, first = looked_at(room)
    return render_template("proctor/board.html", **board_values(view), first=first)


@bp.get("/rooms/<int:room>/live")
@allow(*WATCHERS, on=room_of_mine)
def live(room: int) -> ResponseReturnValue:
    """Send what of the board is new to somebody who knows it up to an edition."""
    _view, news = looked_at(room, request.args.get("known", ""))
    return Response(news, mimetype="application/json")


@bp.get("/rooms/<int:room>/photo/<attempt>")
@allow(*WATCHERS, on=room_of_mine)
def photo(room: int, attempt: str) -> ResponseReturnValue:  # noqa: ARG001 -- the room is what the access rule looks at
    """Send the photo of a candidate in this room."""
    with reading() as session:
        image = sitting_down.photo(session, server().secret, attempt)
    if image is None:
        abort(404)
    return Response(image, mimetype="image/jpeg")


def view_of(room: int) -> RoomView:
    """Return what the board shows now."""
    here = server()
    with reading() as session:
        return watching.room_view(session, here.secret, room, here.now(), here.contact, here.settings.offline_after, here.standing)


def looked_at(room: int, known: str = "") -> tuple[RoomView, str]:
    """Return what the board shows now, and as JSON what of it is new to somebody who knows the edition `known`."""
    page = _living_page(room)
    with page.looked_at():
        view = view_of(room)
        alarms = tuple(shown(message) for message in readiness.storage_alarms(server()))
        return view, told(page, view, chosen_seat(view), alarms, known)


def _living_page(room: int) -> LivingPage:
    """Return the board as it is kept in the visitor's language; the oldest go when too many are."""
    boards, standing = server().boards, server().standing
    while len(boards) >= MOST_BOARDS:
        oldest = next(iter(boards))
        boards.pop(oldest, None)
        standing.pop(oldest[0], None)
    return boards.setdefault((room, language()), LivingPage(chance.public_id()))


def board_values(view: RoomView) -> dict[str, object]:
    """Return what the page around the living parts needs."""
    return {
        "view": view,
        "chosen": chosen_seat(view),
        "pin_form": _pin_form(view),
        "grant_form": GrantForm(formdata=None),
        "reason_form": ReasonForm(formdata=None),
        "note_form": NoteForm(formdata=None),
        "incident_form": IncidentForm(formdata=None),
        "message_form": MessageForm(formdata=None),
        "message_longest": MESSAGE_LONGEST,
        "free_seats": [seat.number for seat in view.seats if seat.attempt is None],
    }


def _pin_form(view: RoomView) -> PinForm:
    """Return the question for a PIN: after a refusal it says why, with the person still chosen."""
    form = PinForm.for_room(view)
    form.person.data = request.args.get("person", type=whole_number)
    form.pin.errors = get_flashed_messages(category_filter=[PIN_REFUSED])
    return form


def chosen_seat(view: RoomView) -> SeatView | None:
    """Return the seat that the address names."""
    wanted = request.args.get("seat", "")
    return next((seat for seat in view.seats if str(seat.number) == wanted and seat.attempt), None)
