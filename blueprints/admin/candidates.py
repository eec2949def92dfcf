"""One candidate of a sitting: another seat, or out of the sitting, before it begins."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_roster import MoveForm
from blueprints.admin.refusing import refuse, refused, tell_refusal
from blueprints.admin.scopes import attempt_of_my_site
from examsrv.domain.roles import Role
from examsrv.services import seating, sitting_plans
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.sessions import forget_candidate
from question_bank.message import ExamError

BETWEEN = "-"
SEAT = "{:02}"


@bp.route("/candidates/<attempt>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=attempt_of_my_site)
def candidate(attempt: str) -> ResponseReturnValue:
    """Show a candidate's place and change it."""
    form = _form(attempt)
    if form.validate_on_submit():
        sitting_room, seat = (int(number) for number in form.place.data.split(BETWEEN))
        try:
            with writing() as session:
                seating.move_candidate(session, attempt, sitting_room, seat, actor(), now())
        except ExamError as error:
            refuse(form, error, "place")
        else:
            forget_candidate(attempt)
            flash(gettext("The candidate has been moved."), "good")
            return redirect(url_for("admin.roster", sitting=_sitting_of(attempt)))
    return _page(attempt, form), 422 if form.errors else 200


@bp.post("/candidates/<attempt>/remove")
@allow(Role.ADMINISTRATOR, on=attempt_of_my_site)
def remove_candidate(attempt: str) -> ResponseReturnValue:
    """Take a candidate out of the sitting."""
    sitting = _sitting_of(attempt)
    try:
        with writing() as session:
            seating.remove_candidate(session, attempt, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(_page(attempt, _form(attempt)))
    forget_candidate(attempt)
    flash(gettext("The candidate has been removed from the sitting."), "good")
    return redirect(url_for("admin.roster", sitting=sitting))


def _form(attempt: str) -> MoveForm:
    """Return the form with the seats that are free."""
    with reading() as session:
        free = seating.free_seats(session, seating.sitting_of_attempt(session, attempt))
    form = MoveForm()
    form.place.choices = [
        (f"{room}{BETWEEN}{seat}", gettext("Room %(room)s, seat %(seat)s", room=name, seat=SEAT.format(seat))) for room, name, seat in free
    ]
    return form


def _page(attempt: str, form: MoveForm) -> str:
    with reading() as session:
        view = seating.seated_candidate(session, server().secret, attempt)
        sitting = sitting_plans.sitting(session, seating.sitting_of_attempt(session, attempt))
    return render_template("admin/roster_candidate.html", candidate=view, sitting=sitting, form=form)


def _sitting_of(attempt: str) -> int:
    with reading() as session:
        return seating.sitting_of_attempt(session, attempt)
