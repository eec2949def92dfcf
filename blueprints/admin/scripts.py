"""Scripts that groups score, for the office: how far they are, sheets side by side once all are in, reopening by two persons, agreement."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_scripts import ReopenForm
from blueprints.admin.scopes_groups import group_of_my_site
from blueprints.admin.scopes_marking import entry_of_my_site, script_of_my_site
from blueprints.admin.second_person import AgainForm, again_page, approved_by
from examsrv.domain.combining_rule import ADJUDICATION_NAMES
from examsrv.domain.roles import Role
from examsrv.services import agreement as agreeing
from examsrv.services import assessment_groups, comparing_sheets, reopening, scripts, settling
from examsrv.services.absences import absent_of_group
from examsrv.services.comparing_sheets import OFFICE
from examsrv.services.signing_in import StaffMember
from examsrv.web.access import allow
from examsrv.web.agreement_plot import agreement_plot
from examsrv.web.attachments import attachment
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.language import shown
from examsrv.web.marks import written_mark
from examsrv.web.script_words import ASIDES, looks_of
from question_bank.message import ExamError

CSV = "text/csv"


@bp.get("/results/groups/<int:group>")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def scripts_of_group(group: int) -> ResponseReturnValue:
    """The scripts of a group with how far each is."""
    with reading() as session:
        view = assessment_groups.group(session, group)
        lines = comparing_sheets.overview(session, group, OFFICE)
        looks = looks_of(lines, absent_of_group(session, group, now()))
    is_settled = comparing_sheets.is_all_settled(lines)
    return render_template("admin/scripts.html", group=view, lines=lines, looks=looks, mark=written_mark, is_all_settled=is_settled)


@bp.get("/results/groups/<int:group>/scripts/<int:number>")
@allow(Role.ADMINISTRATOR, on=script_of_my_site)
def script(group: int, number: int) -> ResponseReturnValue:
    """One script: its sheets side by side once all are in, how its mark comes about, and what was done."""
    with reading() as session:
        attempt = comparing_sheets.script_in_group(session, group, number) or ""
        view = assessment_groups.group(session, group)
        line = next(each for each in comparing_sheets.overview(session, group, OFFICE) if each.number == number)
        looks = looks_of([line], absent_of_group(session, group, now()))
        sides = comparing_sheets.side_by_side(session, attempt, OFFICE)
        proposed = [found for sheet in (sides.sheets if sides else ()) if (found := reopening.open_reopening(session, sheet.entry)) is not None]
        way = settling.way_to_settle(session, server().secret, attempt)
        called = scripts.calls(session, attempt)
    return render_template(
        "admin/script.html",
        group=view,
        line=line,
        sides=sides,
        proposed={each.entry: each for each in proposed},
        way=str(way),
        way_in_words=ADJUDICATION_NAMES[way],
        called=sorted(called),
        form=ReopenForm(),
        looks=looks,
        asides=ASIDES,
        mark=written_mark,
    )


@bp.post("/results/groups/<int:group>/scripts/<int:number>/reserves")
@allow(Role.ADMINISTRATOR, on=script_of_my_site)
def call_reserves(group: int, number: int) -> ResponseReturnValue:
    """Call two reserves to a disputed script, in the leader's place."""
    try:
        with writing() as session:
            attempt = comparing_sheets.script_in_group(session, group, number) or ""
            called = settling.call_reserves(session, server().secret, attempt, actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
    else:
        flash(gettext("%(count)d reserves have been called; they score without seeing any other sheet.", count=len(called)), "good")
    return redirect(url_for("admin.script", group=group, number=number))


@bp.post("/results/groups/<int:group>/scripts/<int:number>/stand-in")
@allow(Role.ADMINISTRATOR, on=script_of_my_site)
def call_stand_in(group: int, number: int) -> ResponseReturnValue:
    """Call a reserve onto one place of one script."""
    place = request.form.get("place", 0, type=int)
    try:
        with writing() as session:
            attempt = comparing_sheets.script_in_group(session, group, number) or ""
            settling.call_stand_in(session, server().secret, attempt, place, actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
    else:
        flash(gettext("A reserve scores this script at place %(place)d.", place=place), "good")
    return redirect(url_for("admin.script", group=group, number=number))


@bp.post("/results/entries/<int:entry>/reopen")
@allow(Role.ADMINISTRATOR, on=entry_of_my_site)
def propose_reopening(entry: int) -> ResponseReturnValue:
    """Propose to reopen a sheet; goes on to the page on which the second person signs in."""
    form = ReopenForm()
    try:
        with writing() as session:
            reopening.propose_reopening(session, entry, form.reason.data or "", actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(_script_of(entry))
    return redirect(url_for("admin.approve_reopening", entry=entry))


@bp.route("/results/entries/<int:entry>/approve", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=entry_of_my_site)
def approve_reopening(entry: int) -> ResponseReturnValue:
    """The second person signs in anew and reopens the sheet that is shown."""
    form = AgainForm()
    with reading() as session:
        site = assessment_groups.site_of_group(session, reopening.group_of_entry(session, entry) or 0)
    if approved_by(form, site, lambda member, digest: _reopen(entry, digest, member)):
        flash(gettext("The sheet has been reopened. It stays on record; its examiner hands in anew."), "good")
        return redirect(_script_of(entry))
    with reading() as session:
        view = reopening.open_reopening(session, entry)
    if view is None:
        flash(gettext("It is not proposed to reopen this sheet."), "alarm")
        return redirect(_script_of(entry))
    place = gettext("Leader's decision") if view.place == scripts.LEADER else gettext("Place %(place)d", place=view.place)
    return again_page(
        form,
        title=gettext("Reopen a sheet"),
        sentence=gettext("The sheet stays on record and counts no more. The script waits until its examiner has handed in anew."),
        facts=[
            (gettext("Script"), f"{view.number:04}"),
            (gettext("Sheet"), f"{place}, {view.examiner}"),
            (gettext("Reason"), view.reason),
            (gettext("Proposed by"), view.proposal.proposer),
        ],
        digest=view.digest,
        back_url=_script_of(entry),
        here="admin.results",
    )


@bp.post("/results/entries/<int:entry>/withdraw")
@allow(Role.ADMINISTRATOR, on=entry_of_my_site)
def withdraw_reopening(entry: int) -> ResponseReturnValue:
    """Take the proposal back or refuse it."""
    with writing() as session:
        reopening.withdraw_reopening(session, entry, actor(), now())
    flash(gettext("The proposal has been taken back."), "good")
    return redirect(_script_of(entry))


@bp.get("/results/groups/<int:group>/agreement")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def agreement(group: int) -> ResponseReturnValue:
    """How far the examiners of a group agree, once all its scripts are settled."""
    try:
        with reading() as session:
            view, found = assessment_groups.group(session, group), agreeing.agreement(session, group)
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.scripts_of_group", group=group))
    plot = agreement_plot(agreeing.differences(found))
    return render_template("admin/agreement.html", group=view, found=found, plot=plot, forms=agreeing.form_names())


@bp.post("/results/groups/<int:group>/agreement.csv")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def agreement_csv(group: int) -> ResponseReturnValue:
    """The marks as a file; that they leave the house is in the audit."""
    try:
        with writing() as session:
            content, view = agreeing.agreement_csv(session, group), assessment_groups.group(session, group)
            agreeing.record_export(session, group, actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.scripts_of_group", group=group))
    return attachment(content, CSV, (view.sitting_name, view.name, gettext("Agreement of the examiners")), "csv")


def _script_of(entry: int) -> str:
    with reading() as session:
        group, number = reopening.script_of_entry(session, entry)
    return url_for("admin.script", group=group, number=number)


def _reopen(entry: int, digest: str, member: StaffMember) -> None:
    with writing() as session:
        reopening.approve_reopening(session, entry, digest, member.actor, now())
