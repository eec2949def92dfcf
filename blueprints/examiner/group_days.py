"""A group or a panel on the day, as its lead runs it: who is there, who drops out, which reserve steps in, and the start."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.examiner import bp
from blueprints.examiner.scopes_settling import group_i_lead
from examsrv.domain.roles import Role
from examsrv.services import assessment_groups, group_day
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.language import shown
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError

REFUSED = 422


@bp.get("/groups/<int:group>/day")
@allow(Role.EXAMINER, on=group_i_lead)
def group_day_page(group: int) -> ResponseReturnValue:
    """Show who is there."""
    return _page(group)


@bp.post("/groups/<int:group>/day/arrive")
@allow(Role.EXAMINER, on=group_i_lead)
def group_arrive(group: int) -> ResponseReturnValue:
    """Enter that a member or a reserve is there."""
    return _act(group, gettext("Entered as present."), lambda session: group_day.arrive(session, group, _number("person"), actor(), now()))


@bp.post("/groups/<int:group>/day/withdraw")
@allow(Role.EXAMINER, on=group_i_lead)
def group_withdraw(group: int) -> ResponseReturnValue:
    """Enter that a member or a reserve drops out. A lead who does so leads no more: the office names another one."""
    ground, note = request.form.get("ground", ""), request.form.get("note", "")
    done = gettext("The person has left the group.")
    return _act(group, done, lambda session: group_day.withdraw(session, group, _number("person"), ground, note, actor(), now()))


@bp.post("/groups/<int:group>/day/step-in")
@allow(Role.EXAMINER, on=group_i_lead)
def group_step_in(group: int) -> ResponseReturnValue:
    """Let a reserve take a vacant place."""
    secret, reserve, place = server().secret, _number("reserve"), _number("place")
    done = gettext("The reserve has taken the place.")
    return _act(group, done, lambda session: group_day.step_in(session, secret, group, reserve, place, actor(), now()))


@bp.post("/groups/<int:group>/day/start")
@allow(Role.EXAMINER, on=group_i_lead)
def group_start(group: int) -> ResponseReturnValue:
    """Let the group begin to score."""
    secret = server().secret
    return _act(group, gettext("The group has started."), lambda session: group_day.start_group(session, secret, group, actor(), now()))


def _act(group: int, done: str, act: Callable[[Any], None]) -> ResponseReturnValue:
    try:
        with writing() as session:
            act(session)
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return _page(group), REFUSED
    flash(done, "good")
    with reading() as session:
        leads = assessment_groups.group(session, group).lead == actor().person
    return redirect(url_for("examiner.group_day_page", group=group) if leads else url_for("examiner.tasks"))


def _page(number: int) -> str:
    secret = server().secret
    with reading() as session:
        view = assessment_groups.group(session, number)
        faults = group_day.start_faults(session, secret, view) if view.is_published else []
    return render_template(
        "examiner/group_day.html",
        desk="examiner",
        group=view,
        choices=[],
        leaving=[(ground, shown(words)) for ground, words in group_day.LEAVING_GROUNDS.items()],
        leaving_names={ground: shown(words) for ground, words in group_day.ALL_GROUNDS.items()},
        start_faults=[shown(fault) for fault in faults],
    )


def _number(name: str) -> int:
    return request.form.get(name, 0, type=whole_number)
