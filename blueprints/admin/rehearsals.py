"""Rehearsals on this machine: start one beside the installation, follow it, stop it, look at what earlier ones came to."""

from pathlib import Path

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_rehearsal import RehearsalForm
from blueprints.admin.refusing import refuse
from blueprints.admin.rehearsal_plots import ability_plot, latency_plot, saves_plot
from blueprints.admin.scopes import administers_all
from examsrv.domain.roles import Role
from examsrv.services import rehearsal_child
from examsrv.services.rehearsal_child import Progress
from examsrv.services.rehearsal_reports import PHASES
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.language import shown
from question_bank.message import ExamError

FOLDER = "rehearsals"


@bp.route("/rehearsals", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=administers_all)
def rehearsals() -> ResponseReturnValue:
    """Start a rehearsal; the one that runs; the earlier ones."""
    form = RehearsalForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                rehearsal_child.begin(session, _folder(), form.candidates.data, form.minutes.data, form.kills.data, actor(), now())
        except ExamError as error:
            refuse(form, error)
        else:
            return redirect(url_for("admin.rehearsals"))
    found = rehearsal_child.rehearsals(_folder())
    running = next((each for each in found if each.is_running), None)
    page = render_template(
        "admin/rehearsals.html",
        form=form,
        running=running,
        progress=_told(rehearsal_child.progress(_folder(), running.name)) if running else None,
        hindrance=None if running else _hindrance(),
        earlier=[each for each in found if not each.is_running],
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/rehearsals/progress")
@allow(Role.ADMINISTRATOR, on=administers_all)
def rehearsal_progress() -> ResponseReturnValue:
    """Tell how far the running rehearsal is, for the page that asks every second."""
    running = rehearsal_child.running(_folder())
    return jsonify(running=running is not None, progress=_told(rehearsal_child.progress(_folder(), running.name)) if running else None)


@bp.post("/rehearsals/stop")
@allow(Role.ADMINISTRATOR, on=administers_all)
def stop_rehearsal() -> ResponseReturnValue:
    """End the running rehearsal."""
    try:
        with writing() as session:
            rehearsal_child.stop(session, _folder(), actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
    else:
        flash(gettext("The rehearsal is being stopped; nothing of it stays but this line in the list."))
    return redirect(url_for("admin.rehearsals"))


@bp.get("/rehearsals/report")
@allow(Role.ADMINISTRATOR, on=administers_all)
def rehearsal_report() -> ResponseReturnValue:
    """What the rehearsal that `of` names came to; without a name the newest one that came to an end."""
    ended = [each for each in rehearsal_child.rehearsals(_folder()) if each.report is not None]
    wanted = request.args.get("of")
    if wanted is None and not ended:
        return redirect(url_for("admin.rehearsals"))
    found = ended[0] if wanted is None else next((each for each in ended if each.name == wanted), None)
    if found is None or found.report is None:
        abort(404)
    report = found.report
    return render_template(
        "admin/rehearsal.html",
        rehearsal=found,
        report=report,
        latencies=latency_plot(report.acts),
        saves=saves_plot(report.saves),
        abilities=ability_plot(report.pairs, report.expected),
    )


def _folder() -> Path:
    return server().settings.data_folder / FOLDER


def _hindrance() -> str | None:
    """Return why no rehearsal can be started now."""
    try:
        with reading() as session:
            rehearsal_child.require_quiet(session, now())
    except ExamError as error:
        return shown(error.message)
    return None


def _told(progress: Progress | None) -> dict[str, object]:
    """Return progress in words, for the page and for its script."""
    if progress is None:
        return {"phase": gettext("Starting"), "count": "", "pace": "", "share": None}
    total = max(progress.total, 1)
    pace = gettext("%(rate)s a second", rate=f"{progress.rate:.1f}")
    if progress.left_s is not None:
        pace = gettext("%(rate)s a second, %(left)s s left in this phase", rate=f"{progress.rate:.1f}", left=f"{progress.left_s:.0f}")
    place = list(PHASES).index(progress.phase) + 1
    phase = gettext("%(place)d of %(all)d: %(phase)s", place=place, all=len(PHASES), phase=shown(PHASES[progress.phase]))
    return {"phase": phase, "count": f"{progress.done} / {progress.total}", "pace": pace, "share": progress.done / total}
