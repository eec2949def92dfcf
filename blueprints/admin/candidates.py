"""One candidate of a sitting: another seat, or out of the sitting, before it begins."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_roster import MoveForm
from blueprints.admin.refusing import refuse
from blueprints.admin.scopes import attempt_of_my_site
from examsrv.domain.roles import Role
from examsrv.services import seating, sitting_plans
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.language import shown
from question_bank.message import ExamError

BETWEEN = "-"


@bp.route("/candidates/<attempt>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=attempt_of_my_site)
def candidate(attempt: str) -> ResponseReturnValue:
    """Show a candidate's place and change it."""
    with reading() as session:
        view = seating.seated_candidate(session, server().secret, attempt)
        sitting = sitting_plans.sitting(session, seating.sitting_of_attempt(session, attempt))
        free = seating.free_seats(session, sitting.id)
    form = MoveForm()
    form.place.choices = [(f"{room}{BETWEEN}{seat}", gettext("Room %(room)s, seat %(seat)s", room=name, seat=seat)) for room, name, seat in free]
    if form.validate_on_submit():
        sitting_room, seat = (int(number) for number in form.place.data.split(BETWEEN))
        try:
            with writing() as session:
                seating.move_candidate(session, attempt, sitting_room, seat, actor(), now())
        except ExamError as error:
            refuse(form, error, "place")
        else:
            flash(gettext("%(name)s has another seat now.", name=view.name), "good")
            return redirect(url_for("admin.roster", sitting=sitting.id))
    page = render_template("admin/roster_candidate.html", candidate=view, sitting=sitting, form=form)
    return page, 422 if form.errors else 200


@bp.post("/candidates/<attempt>/remove")
@allow(Role.ADMINISTRATOR, on=attempt_of_my_site)
def remove_candidate(attempt: str) -> ResponseReturnValue:
    """Take a candidate out of the sitting."""
    with reading() as session:
        sitting = seating.sitting_of_attempt(session, attempt)
    try:
        with writing() as session:
            seating.remove_candidate(session, attempt, actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.candidate", attempt=attempt))
    flash(gettext("The candidate has been removed from the sitting."), "good")
    return redirect(url_for("admin.roster", sitting=sitting))
