"""What there is to score, and one script: answers on the left, rubric on the right."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.examiner import bp
from blueprints.examiner.forms import RecusalForm
from blueprints.examiner.interface import told
from blueprints.examiner.scopes import script_of_mine
from examsrv.domain.roles import Role
from examsrv.services import scoring, viewing_scripts
from examsrv.services.script_answers import parts_proposed
from examsrv.services.viewing_scripts import ScriptView, TaskView
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, staff, writing
from examsrv.web.language import shown
from question_bank.kinds.blank import GAP
from question_bank.message import ExamError
from question_bank.task import Criterion, VetoScope

BUTTONS_MOST = 13
"""Marks of a criterion that stand as buttons: 0 and up to twelve steps. More are typed."""


@bp.get("/")
@allow(Role.EXAMINER)
def tasks() -> ResponseReturnValue:
    """List what the person has to score."""
    with reading() as session:
        found = viewing_scripts.tasks_of(session, staff().id)
    return render_template("examiner/tasks.html", groups=found, wall=now().wall)


@bp.get("/<int:sitting>/<int:number>")
@allow(Role.EXAMINER, on=script_of_mine)
def script(sitting: int, number: int) -> ResponseReturnValue:
    """Show a script with its sheet."""
    return _page(sitting, number, RecusalForm(formdata=None))


@bp.post("/<int:sitting>/<int:number>/recusal")
@allow(Role.EXAMINER, on=script_of_mine)
def recuse(sitting: int, number: int) -> ResponseReturnValue:
    """Declare that the person may not score this candidate."""
    form = RecusalForm()
    if not form.validate_on_submit():
        return _page(sitting, number, form), 422
    try:
        with writing() as session:
            found = scoring.require_own(session, sitting, number, staff().id)
            scoring.recuse(session, found, staff().id, form.ground.data, form.note.data or "", actor(), now())
    except ExamError as error:
        form.form_errors.append(shown(error.message))
        return _page(sitting, number, form), 409
    flash(gettext("Script %(number)s is no longer yours to score. The leader and the office see why.", number=f"{number:04}"), "good")
    return redirect(url_for("examiner.tasks"))


def _page(sitting: int, number: int, form: RecusalForm) -> str:
    with reading() as session:
        found = scoring.require_own(session, sitting, number, staff().id)
        view = viewing_scripts.script_view(session, found, staff().id)
    words = {"spelled": scoring.spelled, "pieces": GAP.split, "has_buttons": _has_buttons, "is_whole": _is_whole, "parts_proposed": parts_proposed}
    return render_template("examiner/script.html", view=view, form=form, sheet=_for_the_page(view), **words)


def _has_buttons(criterion: Criterion) -> bool:
    return len(criterion.allowed) <= BUTTONS_MOST


def _is_whole(scope: VetoScope) -> bool:
    return scope is VetoScope.WHOLE


def _for_the_page(view: ScriptView) -> dict[str, object]:
    """Return what the page's scripts need to know of the sheet and its rubric."""
    tasks = [_task_for_the_page(each) for each in view.tasks]
    about = {"person": view.person, "sitting": view.script.sitting, "number": view.script.number, "stage": view.stage, "tasks": tasks}
    return {**about, **told(view.sheet)}


def _task_for_the_page(view: TaskView) -> dict[str, object]:
    criteria = [
        {"id": each.id, "allowed": [scoring.spelled(mark) for mark in each.allowed], "proposal": _proposal(view, each)} for each in view.task.criteria
    ]
    vetoes = [{"id": veto.id, "whole": _is_whole(veto.scope)} for veto in view.task.vetoes]
    return {"id": view.task.id, "criteria": criteria, "vetoes": vetoes}


def _proposal(view: TaskView, criterion: Criterion) -> str | None:
    mark = view.proposals.get(criterion.id)
    return None if mark is None else scoring.spelled(mark)
