"""A group on the day, as the office sees it: who is there, who drops out, who steps in, and the start."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.groups import group_page
from blueprints.admin.refusing import refused, tell_refusal
from blueprints.admin.scopes_groups import group_of_my_site
from examsrv.domain.roles import Role
from examsrv.services import group_day
from examsrv.web.access import allow
from examsrv.web.context import actor, now, server, writing
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError


@bp.post("/groups/<int:group>/arrive")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def group_arrive(group: int) -> ResponseReturnValue:
    """Enter that a member or a reserve is there."""
    return _act(group, gettext("Entered as present."), lambda session: group_day.arrive(session, group, _number("person"), actor(), now()))


@bp.post("/groups/<int:group>/withdraw")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def group_withdraw(group: int) -> ResponseReturnValue:
    """Enter that a member or a reserve drops out."""
    ground, note = request.form.get("ground", ""), request.form.get("note", "")
    done = gettext("The person has left the group.")
    return _act(group, done, lambda session: group_day.withdraw(session, group, _number("person"), ground, note, actor(), now()))


@bp.post("/groups/<int:group>/step-in")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def group_step_in(group: int) -> ResponseReturnValue:
    """Let a reserve take a vacant place."""
    secret, reserve, place = server().secret, _number("reserve"), _number("place")
    done = gettext("The reserve has taken the place.")
    return _act(group, done, lambda session: group_day.step_in(session, secret, group, reserve, place, actor(), now()))


@bp.post("/groups/<int:group>/lead")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def group_lead(group: int) -> ResponseReturnValue:
    """Let another member lead after the lead has dropped out."""
    return _act(group, gettext("The group has a lead again."), lambda session: group_day.name_lead(session, group, _number("person"), actor(), now()))


@bp.post("/groups/<int:group>/reserve")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def group_reserve(group: int) -> ResponseReturnValue:
    """Name a further reserve."""
    secret, done = server().secret, gettext("The reserve has been named.")
    return _act(group, done, lambda session: group_day.name_reserve(session, secret, group, _number("person"), actor(), now()))


@bp.post("/groups/<int:group>/start")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def group_start(group: int) -> ResponseReturnValue:
    """Let the group begin to score."""
    secret = server().secret
    return _act(group, gettext("The group has started."), lambda session: group_day.start_group(session, secret, group, actor(), now()))


def _act(group: int, done: str, act: Callable[[Any], None]) -> ResponseReturnValue:
    try:
        with writing() as session:
            act(session)
    except ExamError as error:
        tell_refusal(error)
        return refused(group_page(group))
    flash(done, "good")
    return redirect(url_for("admin.group", group=group, _anchor="day"))


def _number(name: str) -> int:
    return request.form.get(name, 0, type=whole_number)
