"""Score records and summaries of groups, for the office: as print view, PDF and workbook. Never for examiners."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.form_files import handed_out, imprint, pdf_lack, wanted_form
from blueprints.admin.scopes_groups import group_of_my_site
from examsrv.domain.roles import Role
from examsrv.exports.score_forms import ScoredGroup, group_summary, score_records
from examsrv.services import assessment_groups, printing_scores
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.language import local_time, shown
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError

ALL = 0
"""The number that no script has: all of the group."""


@bp.get("/results/groups/<int:group>/forms")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def group_forms(group: int) -> ResponseReturnValue:
    """The scripts of a group and what can be printed of them."""
    with reading() as session:
        sitting = assessment_groups.group(session, group).sitting
    return render_template("admin/group_forms.html", group=_scored(group), number=group, sitting=sitting, pdf_lack=pdf_lack())


@bp.post("/results/groups/<int:group>/forms/summary")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def print_summary(group: int) -> ResponseReturnValue:
    """The summary of a group."""
    view = _scored(group)
    form = group_summary(view, imprint(), shown)
    try:
        answer = handed_out([form], form.title, (view.sitting, view.name, form.title), wanted_form())
    except ExamError as error:
        return _refused(group, error)
    _record(group, f"summary {wanted_form()}", len(view.scripts))
    return answer


@bp.post("/results/groups/<int:group>/forms/records")
@allow(Role.ADMINISTRATOR, on=group_of_my_site)
def print_records(group: int) -> ResponseReturnValue:
    """The score records of one script, or of all that are settled."""
    view, number = _scored(group), request.form.get("script", ALL, type=whole_number)
    chosen = [script for script in view.scripts if number in (ALL, script.number)]
    forms = [form for script in chosen for form in score_records(view, script, imprint(), shown)]
    if not forms:
        flash(gettext("Nothing of this is settled yet: there is no score record to print."), "alarm")
        return redirect(url_for("admin.group_forms", group=group))
    words = (view.sitting, view.name, forms[0].title, *([] if number == ALL else [f"{number:04d}"]))
    try:
        answer = handed_out(forms, forms[0].title, words, wanted_form())
    except ExamError as error:
        return _refused(group, error)
    _record(group, f"records {wanted_form()}", sum(script.combination is not None for script in chosen))
    return answer


def _scored(group: int) -> ScoredGroup:
    with reading() as session:
        return printing_scores.scored_group(session, server().secret, group, now(), local_time)


def _record(group: int, form: str, scripts: int) -> None:
    with writing() as session:
        printing_scores.record_print(session, group, form, scripts, actor(), now())


def _refused(group: int, error: ExamError) -> ResponseReturnValue:
    flash(shown(error.message), "alarm")
    return redirect(url_for("admin.group_forms", group=group))
