"""The panels of reviews in which a person is a member, and one panel: its candidates in the order of speaking."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.examiner import bp
from blueprints.examiner.scopes_panels import hearing_i_lead, panel_i_lead, panel_of_mine
from examsrv.domain.roles import Role
from examsrv.services import scripts, speaking_order, viewing_hearings
from examsrv.services.viewing_hearings import CandidateLine, PanelView
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, staff, writing
from examsrv.web.language import shown
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError


@bp.get("/panels")
@allow(Role.EXAMINER)
def panels() -> ResponseReturnValue:
    """List the panels in which the person is a member."""
    with reading() as session:
        found = viewing_hearings.panels_of(session, server().secret, staff().id, now())
    return render_template("examiner/panels.html", panels=found, me=staff().id)


@bp.get("/panels/<int:group>")
@allow(Role.EXAMINER, on=panel_of_mine)
def panel(group: int) -> ResponseReturnValue:
    """Show the candidates of a panel in their order, with the state of each."""
    view = _panel(group)
    return render_template("examiner/panel.html", panel=view, leads=view.group.lead == staff().id, mark=mark_of(view))


@bp.get("/panels/<int:group>/live")
@allow(Role.EXAMINER, on=panel_of_mine)
def panel_live(group: int) -> ResponseReturnValue:
    """Tell by a mark whether the panel is still as the page shows it."""
    return jsonify(mark=mark_of(_panel(group)))


@bp.post("/panels/<int:group>/order")
@allow(Role.EXAMINER, on=panel_i_lead)
def draw_order(group: int) -> ResponseReturnValue:
    """Draw the order of speaking by chance."""
    try:
        with writing() as session:
            speaking_order.draw_order(session, group, chance.seed(), actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
    else:
        flash(gettext("The order of speaking has been drawn."), "good")
    return redirect(url_for("examiner.panel", group=group))


@bp.post("/hearings/<attempt>/position")
@allow(Role.EXAMINER, on=hearing_i_lead)
def move(attempt: str) -> ResponseReturnValue:
    """Let a candidate speak at another position."""
    position = request.form.get("position", 0, type=whole_number)
    with reading() as session:
        group = scripts.script_of(session, attempt).group
    try:
        with writing() as session:
            speaking_order.move_in_order(session, attempt, position, request.form.get("note", ""), actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
    else:
        flash(gettext("The order of speaking has been changed."), "good")
    return redirect(url_for("examiner.panel", group=group))


def mark_of(view: PanelView, within: str | None = None) -> str:
    """Return what differs whenever a page has to be shown anew: the panel's, or that of the hearing `within`, which follows its own clock."""
    places = ",".join(f"{place.person}" for place in view.group.places)
    lines = " ".join(f"{line.number}:{_stage(line, within)}:{line.documents}" for line in view.lines)
    return f"{view.group.started} {view.group.lead} {places} {lines}"


def _stage(line: CandidateLine, within: str | None) -> str:
    return "heard" if line.attempt == within and line.state.began is not None else line.stage


def _panel(group: int) -> PanelView:
    with reading() as session:
        return viewing_hearings.panel_view(session, server().secret, group, now())
