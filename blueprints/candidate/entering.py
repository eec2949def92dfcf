"""Binding the machine to its seat, and signing in with ticket and identity number."""

from datetime import datetime, time, timedelta

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from blueprints.candidate import bp
from blueprints.candidate.forms import SeatForm, TicketForm
from examsrv.services import signing_in
from examsrv.services.signing_in import BoundSeat, SignInFailed, Throttled
from examsrv.web import chance
from examsrv.web.access import candidates_only, open_to_all
from examsrv.web.context import now, reading, server, writing
from examsrv.web.language import shown, zone
from examsrv.web.sessions import CANDIDATE, SEAT, cookie, forget_candidate, give_cookie, seat_here, take_cookie

DAY = timedelta(days=1)
REFUSED, SLOW_DOWN = 422, 429


@bp.route("/seat", methods=["GET", "POST"])
@open_to_all
def seat() -> ResponseReturnValue:
    """Bind this machine to a seat, by the code on the desk."""
    form = SeatForm()
    if not form.validate_on_submit():
        return _seat_page(form), REFUSED if form.errors else 200
    key = signing_in.token_digest(f"seat code/{request.remote_addr}")  # one machine's misses do not keep the others from being set up
    token = chance.token()
    try:
        with writing() as session:
            signing_in.require_not_throttled(session, key, now())
            signing_in.bind_seat(session, form.code.data or "", token, now())
            signing_in.forget_misses(session, key)
    except SignInFailed as error:
        with writing() as session:
            signing_in.count_miss(session, key, now())
        return _seat_page(form, shown(error.message)), REFUSED
    except Throttled as error:
        return _seat_page(form, shown(error.message)), SLOW_DOWN
    response = make_response(redirect(url_for("candidate.sign_in")))
    give_cookie(response, SEAT, token)
    return response


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> ResponseReturnValue:
    """Let a candidate in who sits at the right place."""
    place = seat_here()
    if place is None:
        return redirect(url_for("candidate.seat"))
    form = TicketForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, place), REFUSED if form.errors else 200
    ticket, id_number = (form.ticket.data or "").strip(), form.id_number.data or ""
    try:
        with reading() as session:
            attempt = signing_in.check_candidate(session, server().secret, ticket, id_number, place, now())
    except SignInFailed as error:
        with writing() as session:
            signing_in.count_miss(session, signing_in.candidate_throttle(ticket, place), now(), ticket)
        return _sign_in_page(form, place, shown(error.message)), REFUSED
    except Throttled as error:
        return _sign_in_page(form, place, shown(error.message)), SLOW_DOWN
    token = chance.token()
    with writing() as session:
        signing_in.begin_candidate_session(session, attempt, ticket, place, token, now())
    forget_candidate(attempt)
    response = make_response(redirect(url_for("candidate.details")))
    give_cookie(response, CANDIDATE, token)
    return response


@bp.post("/sign-out")
@candidates_only
def sign_out() -> ResponseReturnValue:
    """End the candidate's session and clear what the browser kept for this origin's pages."""
    token = cookie(CANDIDATE)
    if token:
        with writing() as session:
            signing_in.end_candidate_session(session, token)
        forget_candidate(token=token)
    response = make_response(redirect(url_for("candidate.sign_in")))
    take_cookie(response, CANDIDATE)
    return response


def _seat_page(form: SeatForm, failure: str | None = None) -> str:
    return _door("candidate/seat.html", form, seat_here(), failure)


def _sign_in_page(form: TicketForm, place: BoundSeat, failure: str | None = None) -> str:
    return _door("candidate/sign_in.html", form, place, failure)


def _door(template: str, form: FlaskForm, place: BoundSeat | None, failure: str | None) -> str:
    """Show a way in: the place on one side, the form on the other, with one sentence for whatever was refused."""
    if failure is not None:
        form.form_errors.append(failure)
    wall = now().wall
    start = datetime.combine(wall.astimezone(zone()).date(), time(), tzinfo=zone())
    sittings = []
    if place is not None:
        with reading() as session:
            sittings = signing_in.todays_sittings(session, place.room_id, start, start + DAY)
    shown_place = {"room": place.room, "seat": f"{place.number:02}"} if place else None
    return render_template(template, form=form, bound=shown_place, sittings=sittings, now=wall)
