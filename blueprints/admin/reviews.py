"""A review as the office sees it: its panels with their candidates in the order of speaking, and the record of each hearing."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.refusing import refused, tell_refusal
from blueprints.admin.scopes import sitting_of_my_site
from blueprints.admin.scopes_groups import group_of_my_site
from blueprints.admin.scopes_reviews import review_of_my_site
from examsrv.domain.roles import Role
from examsrv.services import assessment_groups, seating, sitting_plans, speaking_order, viewing_hearings
from examsrv.services.viewing_hearings import EVENT_NAMES
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError


@bp.get("/sittings/<int:sitting>/review")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def review(sitting: int) -> ResponseReturnValue:
    """Show the panels of a review with their candidates."""
    return _page(sitting)


@bp.post("/groups/<int:group>/speaking-order")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def draw_speaking_order(group: int) -> ResponseReturnValue:
    """Draw the order in which a panel hears its candidates."""
    with reading() as session:
        sitting = assessment_groups.group(session, group).sitting
    done = gettext("The order of speaking has been drawn.")
    return _act(sitting, done, lambda session: speaking_order.draw_order(session, group, chance.seed(), actor(), now()))


@bp.post("/candidates/<attempt>/position")
@allow(Role.ADMINISTRATOR, on=review_of_my_site)
def move_in_order(attempt: str) -> ResponseReturnValue:
    """Let a candidate speak at another position."""
    with reading() as session:
        sitting = seating.sitting_of_attempt(session, attempt)
    position, reason = request.form.get("position", 0, type=whole_number), request.form.get("note", "")
    done = gettext("The order of speaking has been changed.")
    return _act(sitting, done, lambda session: speaking_order.move_in_order(session, attempt, position, reason, actor(), now()))


@bp.get("/candidates/<attempt>/hearing-record")
@allow(Role.ADMINISTRATOR, on=review_of_my_site)
def hearing_record(attempt: str) -> ResponseReturnValue:
    """Show the record of a hearing, to print and sign."""
    with reading() as session:
        view = viewing_hearings.hearing_view(session, server().secret, attempt, None, now())
        title = viewing_hearings.title_of(session, view.panel)
    back = url_for("admin.review", sitting=view.panel.group.sitting)
    return render_template("hearing_record.html", back=back, view=view, title=title, names=EVENT_NAMES, wall=now().wall)


def _act(sitting: int, done: str, act: Callable[[Any], object]) -> ResponseReturnValue:
    try:
        with writing() as session:
            act(session)
    except ExamError as error:
        tell_refusal(error)
        return refused(_page(sitting))
    flash(done, "good")
    return redirect(url_for("admin.review", sitting=sitting))


def _page(sitting: int) -> str:
    with reading() as session:
        view = sitting_plans.sitting(session, sitting)
        panels = [each for each in viewing_hearings.panels_of_sitting(session, server().secret, sitting, now()) if each.group.is_panel]
    return render_template("admin/review.html", sitting=view, panels=panels)
