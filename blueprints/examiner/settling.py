"""The leader's pages: how far each script of the group is, a disputed one with its sheets side by side, and the way to settle it."""

from decimal import Decimal, InvalidOperation

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.examiner import bp
from blueprints.examiner.scopes_settling import group_i_lead, script_of_group_i_lead
from examsrv.domain.combining_rule import ADJUDICATION_NAMES
from examsrv.domain.panel_marking import State
from examsrv.domain.roles import Role
from examsrv.services import agreement, assessment_groups, comparing_sheets, scripts, settling
from examsrv.services.absences import absent_of_group
from examsrv.web.access import allow
from examsrv.web.agreement_plot import agreement_plot
from examsrv.web.attachments import attachment
from examsrv.web.context import actor, now, reading, server, staff, writing
from examsrv.web.language import shown
from examsrv.web.marks import written_mark
from examsrv.web.script_words import ASIDES, looks_of
from question_bank.message import ExamError

REFUSED = 422
CSV = "text/csv"


@bp.get("/groups/<int:group>")
@allow(Role.EXAMINER, on=group_i_lead)
def group_scripts(group: int) -> ResponseReturnValue:
    """The scripts of the group, those in dispute first."""
    with reading() as session:
        view = assessment_groups.group(session, group)
        lines = comparing_sheets.overview(session, group, staff().id)
        looks = looks_of(lines, absent_of_group(session, group, now()))
    first = sorted(lines, key=lambda line: line.state is not State.DISPUTED)
    is_settled = comparing_sheets.is_all_settled(lines)
    return render_template("examiner/group.html", group=view, lines=first, looks=looks, mark=written_mark, is_all_settled=is_settled)


@bp.get("/groups/<int:group>/scripts/<int:number>")
@allow(Role.EXAMINER, on=script_of_group_i_lead)
def group_script(group: int, number: int) -> ResponseReturnValue:
    """One script: its sheets side by side once they may be seen, and what can be done."""
    return _script_page(group, number)


@bp.post("/groups/<int:group>/scripts/<int:number>/reserves")
@allow(Role.EXAMINER, on=script_of_group_i_lead)
def call_reserves(group: int, number: int) -> ResponseReturnValue:
    """Call two reserves to a disputed script."""
    attempt = _attempt(group, number)
    try:
        with writing() as session:
            called = settling.call_reserves(session, server().secret, attempt, actor(), now())
    except ExamError as error:
        return _refused(group, number, error)
    flash(gettext("%(count)d reserves have been called; they score without seeing any other sheet.", count=len(called)), "good")
    return redirect(url_for("examiner.group_script", group=group, number=number))


@bp.post("/groups/<int:group>/scripts/<int:number>/stand-in")
@allow(Role.EXAMINER, on=script_of_group_i_lead)
def call_stand_in(group: int, number: int) -> ResponseReturnValue:
    """Call a reserve onto one place of the script, for somebody who may not score it."""
    attempt = _attempt(group, number)
    place = request.form.get("place", 0, type=int)
    try:
        with writing() as session:
            settling.call_stand_in(session, server().secret, attempt, place, actor(), now())
    except ExamError as error:
        return _refused(group, number, error)
    flash(gettext("A reserve scores this script at place %(place)d.", place=place), "good")
    return redirect(url_for("examiner.group_script", group=group, number=number))


@bp.post("/groups/<int:group>/scripts/<int:number>/decide")
@allow(Role.EXAMINER, on=script_of_group_i_lead)
def decide_script(group: int, number: int) -> ResponseReturnValue:
    """Settle a disputed script by the leader's own sheet, with reasons."""
    attempt = _attempt(group, number)
    marks = {
        name.removeprefix("mark-"): mark for name in request.form if name.startswith("mark-") and (mark := _mark(request.form[name])) is not None
    }
    vetoes, reasons = request.form.getlist("veto"), request.form.get("reasons", "")
    try:
        with writing() as session:
            settling.leader_decides(session, server().secret, attempt, actor(), marks, vetoes, reasons, now())
    except ExamError as error:
        return _refused(group, number, error)
    flash(gettext("The script is settled by your decision; it is signed with your name."), "good")
    return redirect(url_for("examiner.group_script", group=group, number=number))


@bp.post("/groups/<int:group>/scripts/<int:number>/discussion")
@allow(Role.EXAMINER, on=script_of_group_i_lead)
def open_discussion(group: int, number: int) -> ResponseReturnValue:
    """Let the panel discuss a disputed script: every place hands in anew."""
    attempt = _attempt(group, number)
    try:
        with writing() as session:
            settling.open_discussion(session, attempt, actor(), request.form.get("reasons", ""), now())
    except ExamError as error:
        return _refused(group, number, error)
    flash(gettext("The discussion is open. Every place hands in anew; the sheets so far stay on record."), "good")
    return redirect(url_for("examiner.group_script", group=group, number=number))


@bp.get("/groups/<int:group>/agreement")
@allow(Role.EXAMINER, on=group_i_lead)
def group_agreement(group: int) -> ResponseReturnValue:
    """How far the examiners of the group agree, once all its scripts are settled."""
    try:
        with reading() as session:
            view, found = assessment_groups.group(session, group), agreement.agreement(session, group)
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("examiner.group_scripts", group=group))
    return render_template(
        "examiner/agreement.html", group=view, found=found, plot=agreement_plot(agreement.differences(found)), forms=agreement.form_names()
    )


@bp.post("/groups/<int:group>/agreement.csv")
@allow(Role.EXAMINER, on=group_i_lead)
def group_agreement_csv(group: int) -> ResponseReturnValue:
    """The marks as a file; that they leave the house is in the audit."""
    try:
        with writing() as session:
            content, view = agreement.agreement_csv(session, group), assessment_groups.group(session, group)
            agreement.record_export(session, group, actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("examiner.group_scripts", group=group))
    return attachment(content, CSV, (view.sitting_name, view.name, gettext("Agreement of the examiners")), "csv")


def _script_page(group: int, number: int) -> str:
    attempt = _attempt(group, number)
    with reading() as session:
        view = assessment_groups.group(session, group)
        line = next(each for each in comparing_sheets.overview(session, group, staff().id) if each.number == number)
        looks = looks_of([line], absent_of_group(session, group, now()))
        sides = comparing_sheets.side_by_side(session, attempt, staff().id)
        way = settling.way_to_settle(session, server().secret, attempt)
        called = scripts.calls(session, attempt)
    return render_template(
        "examiner/settle.html",
        group=view,
        line=line,
        sides=sides,
        way=str(way),
        way_in_words=ADJUDICATION_NAMES[way],
        called=sorted(called),
        typed=request.form,
        looks=looks,
        asides=ASIDES,
        mark=written_mark,
    )


def _refused(group: int, number: int, error: ExamError) -> ResponseReturnValue:
    flash(shown(error.message), "alarm")
    return _script_page(group, number), REFUSED


def _attempt(group: int, number: int) -> str:
    with reading() as session:
        return comparing_sheets.script_in_group(session, group, number) or ""


def _mark(text: str) -> Decimal | None:
    """Return what was typed as a mark; None for nothing and for what is no number (the sheet is then not complete, which is told)."""
    try:
        mark = Decimal(text.strip())
    except InvalidOperation:
        return None
    return mark if mark.is_finite() else None
