"""My rooms, and the board of a room: the page, and its living part that is fetched every two seconds."""

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from blueprints.proctor import bp
from blueprints.proctor.forms import GrantForm, IncidentForm, NoteForm, PinForm, ReasonForm
from blueprints.proctor.scopes import room_of_mine
from examsrv.domain.roles import Role
from examsrv.services import sitting_down, watching
from examsrv.services.watching import RoomView, SeatState, SeatView
from examsrv.web.access import allow
from examsrv.web.context import now, reading, server, staff

LOOKS = {
    SeatState.SPARE: ("idle", "ring", "spare", lazy_gettext("Spare machine")),
    SeatState.ABSENT: ("idle", "dashed", "absent", lazy_gettext("Not arrived")),
    SeatState.SIGNED_IN: ("idle", "half", "", lazy_gettext("Checking details")),
    SeatState.DISPUTED: ("alarm", "warn", "alarm", lazy_gettext("Details wrong")),
    SeatState.CONFIRMED: ("caution", "half", "", lazy_gettext("To be checked in")),
    SeatState.CHECKED_IN: ("good", "check", "", lazy_gettext("Checked in")),
    SeatState.ANSWERING: ("accent", "disc", "", lazy_gettext("Answering")),
    SeatState.UNSAVED: ("caution", "warn", "caution", lazy_gettext("Not saved")),
    SeatState.OFFLINE: ("alarm", "warn", "alarm", lazy_gettext("Offline")),
    SeatState.OTHER_MACHINE: ("alarm", "turn", "alarm", lazy_gettext("Other machine")),
    SeatState.LOCKED: ("alarm", "lock", "alarm", lazy_gettext("Sign-in locked")),
    SeatState.PAUSED: ("caution", "pause", "caution", lazy_gettext("Paused")),
    SeatState.SUBMITTED: ("good", "check", "done", lazy_gettext("Handed in")),
    SeatState.VOIDED: ("idle", "stop", "done", lazy_gettext("Voided")),
}
"""A state's judgement, shape, look of its tile, and word."""

COUNTED = {
    SeatState.ANSWERING: (SeatState.ANSWERING,),
    SeatState.SUBMITTED: (SeatState.SUBMITTED,),
    SeatState.CHECKED_IN: (SeatState.CHECKED_IN,),
    SeatState.CONFIRMED: (SeatState.CONFIRMED, SeatState.SIGNED_IN),
    SeatState.ABSENT: (SeatState.ABSENT,),
}
"""What the line above the plan counts; with the seats in trouble the counts add up to those assigned."""


@bp.get("/")
@allow(Role.PROCTOR)
def rooms() -> ResponseReturnValue:
    """List the rooms the person is planned for."""
    with reading() as session:
        lines = watching.rooms_of(session, staff().id, now())
    return render_template("proctor/rooms.html", lines=lines)


@bp.get("/rooms/<int:room>")
@allow(Role.PROCTOR, on=room_of_mine)
def board(room: int) -> ResponseReturnValue:
    """Show the board of a room; `?seat=` chooses a seat."""
    view = view_of(room)
    return render_template("proctor/board.html", **board_values(view))


@bp.get("/rooms/<int:room>/live")
@allow(Role.PROCTOR, on=room_of_mine)
def live(room: int) -> ResponseReturnValue:
    """Send the living parts of the board alone."""
    return render_template("proctor/live.html", **live_values(view_of(room)))


@bp.get("/rooms/<int:room>/photo/<attempt>")
@allow(Role.PROCTOR, on=room_of_mine)
def photo(room: int, attempt: str) -> ResponseReturnValue:  # noqa: ARG001 -- the room is what the access rule looks at
    """Send the photo of a candidate in this room."""
    with reading() as session:
        image = sitting_down.photo(session, server().secret, attempt)
    if image is None:
        abort(404)
    return Response(image, mimetype="image/jpeg")


def view_of(room: int) -> RoomView:
    """Return what the board shows now."""
    with reading() as session:
        return watching.room_view(session, server().secret, room, now(), server().contact, server().settings.offline_after)


def board_values(view: RoomView) -> dict[str, object]:
    """Return what the whole board needs."""
    return live_values(view) | {
        "pin_form": PinForm.for_room(view),
        "grant_form": GrantForm(formdata=None),
        "reason_form": ReasonForm(formdata=None),
        "note_form": NoteForm(formdata=None),
        "incident_form": IncidentForm(formdata=None),
    }


def live_values(view: RoomView) -> dict[str, object]:
    """Return what the living parts of the board need: they are asked for every two seconds."""
    looks = {state: (*look[:-1], str(look[-1])) for state, look in LOOKS.items()}
    return {
        "view": view,
        "chosen": chosen_seat(view),
        "now": now().wall,
        "looks": looks,
        "board": url_for("proctor.board", room=view.id),
        "counts": [(looks[state], view.count(*states)) for state, states in COUNTED.items() if view.count(*states)],
    }


def chosen_seat(view: RoomView) -> SeatView | None:
    """Return the seat that the address names."""
    wanted = request.args.get("seat", "")
    return next((seat for seat in view.seats if str(seat.number) == wanted and seat.attempt), None)
