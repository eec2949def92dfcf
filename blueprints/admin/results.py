"""Results: marking a sitting as a preview, having it applied by a second person, exporting, explaining."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from blueprints.admin import bp
from blueprints.admin.forms_results import MarkForm
from blueprints.admin.histogram import histogram
from blueprints.admin.refusing import done, refuse
from blueprints.admin.scopes import my_sites, sitting_of_my_site
from blueprints.admin.scopes_marking import attempt_of_run, run_of_my_site
from blueprints.admin.second_person import AgainForm, again_page, approved_by
from examsrv.domain.results import DECISION_NAMES, Decision
from examsrv.domain.roles import Role
from examsrv.domain.run import RunState
from examsrv.exports.results_xlsx import results_workbook
from examsrv.services import approving, comparing_sheets, explaining, explaining_sheets, level_results, marking_runs, viewing_runs
from examsrv.services.marking_runs import APPLY, SET_ASIDE
from examsrv.services.signing_in import StaffMember
from examsrv.services.viewing_runs import RunLine, RunView
from examsrv.web.access import allow
from examsrv.web.attachments import attachment
from examsrv.web.context import actor, now, reading, server, staff, writing
from examsrv.web.language import local_time, shown
from examsrv.web.marks import written_mark
from examsrv.web.numbers import whole_number
from examsrv.web.script_words import ASIDES
from question_bank.message import ExamError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 50
STATES = {
    "planned": ("idle", "dashed", lazy_gettext("Not begun")),
    "running": ("accent", "disc", lazy_gettext("Running")),
    "waiting": ("caution", "half", lazy_gettext("Waits for marking")),
    "preview": ("caution", "half", lazy_gettext("Preview waits for a decision")),
    "applied": ("good", "check", lazy_gettext("Applied")),
}
RUN_STATES = {
    RunState.PREVIEW: ("caution", "half", lazy_gettext("Not in force yet")),
    RunState.APPLIED: ("good", "check", lazy_gettext("In force")),
    RunState.SUPERSEDED: ("idle", "turn", lazy_gettext("Superseded")),
    RunState.CANCELLED: ("idle", "stop", lazy_gettext("Cancelled")),
}
DECISIONS = {
    Decision.PASS: ("good", "check"),
    Decision.FAIL: ("alarm", "stop"),
    Decision.ABSENT: ("idle", "dashed"),
    Decision.VOIDED: ("caution", "flag"),
}


@bp.get("/results")
@allow(Role.ADMINISTRATOR)
def results() -> ResponseReturnValue:
    """The sittings of my sites with how far their marking is, and the batches in which their results meet."""
    with reading() as session:
        sites = my_sites(staff())
        found = viewing_runs.markings(session, sites)
        batches, alone = level_results.batch_labels(session, sites), level_results.sittings_without_batch(session, sites)
    return render_template("admin/results.html", markings=found, batches=batches, alone=alone, states=STATES, run_states=RUN_STATES)


@bp.route("/results/sittings/<int:sitting>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def results_sitting(sitting: int) -> ResponseReturnValue:
    """The runs of a sitting, and marking it as a new preview."""
    form = MarkForm()
    if form.validate_on_submit():
        try:
            run = marking_runs.preview(server().database, sitting, form.reason.data or "", actor(), now())
        except ExamError as error:
            refuse(form, error)
        else:
            flash(gettext("The sitting has been marked. Nothing is in force before a second person applies it."), "good")
            return redirect(url_for("admin.run", run=run))
    with reading() as session:
        view = viewing_runs.marking(session, sitting)
        too_early = viewing_runs.absences_too_early(session, sitting, now())
        groups = comparing_sheets.group_counts(session, sitting)
    page = render_template(
        "admin/results_sitting.html",
        marking=view,
        groups=groups,
        too_early=too_early,
        form=form,
        states=STATES,
        run_states=RUN_STATES,
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/results/runs/<int:run>")
@allow(Role.ADMINISTRATOR, on=run_of_my_site)
def run(run: int) -> ResponseReturnValue:
    """A run: sums, candidates, the picture of the totals, and what can be done with it."""
    view = _view(run)
    with reading() as session:
        too_early = viewing_runs.absences_too_early(session, view.sitting, now())
    changed, crossing = [line for line in view.lines if line.is_changed], [line for line in view.lines if line.is_crossing]
    lists = {"crossing": crossing, "changed": changed, "all": list(view.lines)}
    chosen = request.args.get("show", "crossing" if crossing else "all")
    lines = lists.get(chosen, lists["all"])
    pages = max(1, -(-len(lines) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=whole_number)), pages)
    return render_template(
        "admin/run.html",
        run=view,
        too_early=too_early,
        lines=lines[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(lines),
        page=page,
        pages=pages,
        chosen=chosen if chosen in lists else "all",
        counts={name: len(found) for name, found in lists.items()},
        states=RUN_STATES,
        decisions=DECISIONS,
        names=DECISION_NAMES,
        Decision=Decision,
        plot=histogram(view.component, view.totals),
        **_crossings(crossing),
    )


@bp.post("/results/runs/<int:run>/propose")
@allow(Role.ADMINISTRATOR, on=run_of_my_site)
def propose_run(run: int) -> ResponseReturnValue:
    """Propose to apply a run; goes on to the page on which the second person signs in."""
    is_proposed = done(lambda session: marking_runs.propose(session, run, actor(), now()))
    return redirect(url_for("admin.apply_run" if is_proposed else "admin.run", run=run))


@bp.route("/results/runs/<int:run>/apply", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=run_of_my_site)
def apply_run(run: int) -> ResponseReturnValue:
    """The second person signs in anew and applies the run that is shown."""
    form = AgainForm()
    with reading() as session:
        site = marking_runs.site_of_run(session, run)
    if approved_by(form, site, lambda member, digest: _apply(run, digest, member)):
        flash(gettext("The results are in force now."), "good")
        return redirect(url_for("admin.run", run=run))
    view = _view(run)
    if view.state is not RunState.PREVIEW or view.proposal is None:
        flash(gettext("This run is not proposed for applying."), "alarm")
        return redirect(url_for("admin.run", run=run))
    return again_page(
        form,
        title=gettext("Apply marking run %(number)d", number=view.number),
        sentence=gettext(
            "The results of %(candidates)d candidates come into force: %(passed)d passed, %(failed)d failed, %(absent)d absent.",
            candidates=len(view.lines),
            passed=view.count(Decision.PASS),
            failed=view.count(Decision.FAIL),
            absent=view.count(Decision.ABSENT),
        ),
        facts=[
            (gettext("Sitting"), view.sitting_name),
            (gettext("Examination"), view.title),
            (gettext("Reason"), view.reason),
            (gettext("Proposed by"), view.proposal.proposer),
        ],
        digest=view.digest,
        back_url=url_for("admin.run", run=run),
        here="admin.results",
    )


@bp.post("/results/runs/<int:run>/withdraw")
@allow(Role.ADMINISTRATOR, on=run_of_my_site)
def withdraw_run(run: int) -> ResponseReturnValue:
    """Take the proposal back or refuse it; the preview stays."""
    return _withdrawn(run, APPLY)


@bp.post("/results/runs/<int:run>/cancel")
@allow(Role.ADMINISTRATOR, on=run_of_my_site)
def cancel_run(run: int) -> ResponseReturnValue:
    """Cancel a preview."""
    done(lambda session: marking_runs.cancel(session, run, actor(), now()), gettext("The preview has been cancelled."))
    return redirect(url_for("admin.run", run=run))


@bp.post("/results/runs/<int:run>/aside")
@allow(Role.ADMINISTRATOR, on=run_of_my_site)
def propose_setting_aside(run: int) -> ResponseReturnValue:
    """Propose to set a run of examiners' marks aside; goes on to the page of the second person."""
    is_proposed = done(lambda session: marking_runs.propose_setting_aside(session, run, actor(), now()))
    return redirect(url_for("admin.set_run_aside" if is_proposed else "admin.run", run=run))


@bp.route("/results/runs/<int:run>/aside/approve", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=run_of_my_site)
def set_run_aside(run: int) -> ResponseReturnValue:
    """The second person signs in anew and sets the run aside."""
    form = AgainForm()
    with reading() as session:
        site = marking_runs.site_of_run(session, run)
    if approved_by(form, site, lambda member, digest: _set_aside(run, digest, member)):
        flash(gettext("The run has been set aside. Nothing of this sitting is in force until it is marked and applied anew."), "good")
        return redirect(url_for("admin.run", run=run))
    view = _view(run)
    if view.state is not RunState.APPLIED or view.setting_aside is None:
        flash(gettext("It is not proposed to set this run aside."), "alarm")
        return redirect(url_for("admin.run", run=run))
    return again_page(
        form,
        title=gettext("Set marking run %(number)d aside", number=view.number),
        sentence=gettext(
            "The results of %(candidates)d candidates are no longer in force. Sheets can be reopened then; the sitting is marked anew afterwards.",
            candidates=len(view.lines),
        ),
        facts=[
            (gettext("Sitting"), view.sitting_name),
            (gettext("Examination"), view.title),
            (gettext("Proposed by"), view.setting_aside.proposer),
        ],
        digest=view.digest,
        back_url=url_for("admin.run", run=run),
        here="admin.results",
    )


@bp.post("/results/runs/<int:run>/aside/withdraw")
@allow(Role.ADMINISTRATOR, on=run_of_my_site)
def withdraw_setting_aside(run: int) -> ResponseReturnValue:
    """Take the proposal to set a run aside back, or refuse it."""
    return _withdrawn(run, SET_ASIDE)


@bp.post("/results/runs/<int:run>/results.xlsx")
@allow(Role.ADMINISTRATOR, on=run_of_my_site)
def export_run(run: int) -> ResponseReturnValue:
    """The results of an applied run as a workbook; that it leaves the house is in the audit."""
    view = _view(run)
    try:
        with reading() as session:
            exported = viewing_runs.export_run(session, server().secret, run, local_time(view.planned), now())
        with writing() as session:
            viewing_runs.record_export(session, run, len(exported.lines), actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.run", run=run))
    content = results_workbook(exported.lines, exported.section_names, exported.head, shown)
    return attachment(content, XLSX, (view.sitting_name, gettext("Results"), gettext("Run %(number)d", number=view.number)), "xlsx")


@bp.post("/results/runs/<int:run>/attempts/<attempt>")
@allow(Role.ADMINISTRATOR, on=attempt_of_run)
def explain_attempt(run: int, attempt: str) -> ResponseReturnValue:
    """One attempt item by item, with the key, or sheet by sheet; the look is in the audit first."""
    with writing() as session:
        explaining.record_look(session, run, attempt, actor(), now())
    with reading() as session:
        if explaining_sheets.is_by_examiners(session, run):
            sheets = explaining_sheets.explanation(session, server().secret, run, attempt)
            texts = {"explained": sheets, "decisions": DECISIONS, "names": DECISION_NAMES, "asides": ASIDES, "mark": written_mark}
            return render_template("admin/results_sheets.html", run=_view(run), **texts)
        found = explaining.explanation(session, server().secret, run, attempt)
    view = _view(run)
    return render_template("admin/results_attempt.html", explained=found, run=view, decisions=DECISIONS, names=DECISION_NAMES)


def _view(run: int) -> RunView:
    with reading() as session:
        return viewing_runs.run_view(session, server().secret, run)


def _withdrawn(run: int, act: str) -> ResponseReturnValue:
    subject = marking_runs.subject_of(run)
    done(lambda session: approving.withdraw(session, act, subject, actor(), now()), gettext("The proposal has been taken back."))
    return redirect(url_for("admin.run", run=run))


def _apply(run: int, digest: str, member: StaffMember) -> None:
    marking_runs.apply(server().database, run, digest, member.actor, now())


def _set_aside(run: int, digest: str, member: StaffMember) -> None:
    with writing() as session:
        marking_runs.set_aside(session, run, digest, member.actor, now())


def _crossings(lines: list[RunLine]) -> dict[str, int]:
    return {
        "risen": sum(line.decision is Decision.PASS for line in lines),
        "fallen": sum(line.decision is Decision.FAIL for line in lines),
    }
