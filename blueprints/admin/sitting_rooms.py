"""The rooms of a sitting and their proctors."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.refusing import refused, tell_refusal
from blueprints.admin.scopes import sitting_of_my_site, sitting_room_of_my_site
from blueprints.admin.sittings import sitting_page
from examsrv.domain.roles import Role
from examsrv.services import planning, staffing_rooms
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, writing
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError


@bp.post("/sittings/<int:sitting>/rooms")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def add_sitting_room(sitting: int) -> ResponseReturnValue:
    """Hold the sitting in a further room."""
    try:
        with writing() as session:
            number = planning.add_room(session, sitting, request.form.get("room", 0, type=whole_number), actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("The room has been added."), "good")
    return redirect(url_for("admin.sitting", sitting=sitting, _anchor=f"room-{number}"))


@bp.post("/sitting-rooms/<int:sitting_room>/remove")
@allow(Role.ADMINISTRATOR, on=sitting_room_of_my_site)
def remove_sitting_room(sitting_room: int) -> ResponseReturnValue:
    """Hold the sitting no longer in this room."""
    sitting = _sitting_of(sitting_room)
    try:
        with writing() as session:
            planning.remove_room(session, sitting_room, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("The room has been removed from the sitting."), "good")
    return redirect(url_for("admin.sitting", sitting=sitting, _anchor="rooms"))


@bp.post("/sitting-rooms/<int:sitting_room>/proctors")
@allow(Role.ADMINISTRATOR, on=sitting_room_of_my_site)
def set_proctors(sitting_room: int) -> ResponseReturnValue:
    """Plan exactly the ticked proctors."""
    sitting = _sitting_of(sitting_room)
    chosen, lead = request.form.getlist("proctor", type=whole_number), request.form.get("lead", type=whole_number)
    try:
        with writing() as session:
            staffing_rooms.set_duties(session, sitting_room, chosen, lead, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("The proctors have been saved."), "good")
    return redirect(url_for("admin.sitting", sitting=sitting, _anchor=f"room-{sitting_room}"))


def _sitting_of(sitting_room: int) -> int:
    with reading() as session:
        return planning.sitting_of_room(session, sitting_room) or 0
