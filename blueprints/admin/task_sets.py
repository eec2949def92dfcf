"""Task sets of skills and reviews: which there are, each with its rubric, and papers made of those that are chosen."""

import io

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.scopes import DatabaseSession
from blueprints.admin.scopes_marking import task_set_there
from examsrv.domain.roles import Role
from examsrv.services import planning, task_sets, viewing_task_sets
from examsrv.services.viewing_task_sets import WholeTaskSet
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, writing
from examsrv.web.language import shown
from question_bank.kinds import KINDS
from question_bank.message import ExamError


@bp.get("/papers/task-sets")
@allow(Role.ADMINISTRATOR)
def task_set_list() -> ResponseReturnValue:
    """All task sets by examination; papers are made of those that are ticked."""
    with reading() as session:
        found = task_sets.task_sets(session)
        titles = [(each, [one for one in found if (one.pack, one.level, one.component) == each[:3]]) for each in _examinations(session)]
    return render_template("admin/task_sets.html", examinations=titles)


@bp.post("/papers/task-sets/compose")
@allow(Role.ADMINISTRATOR)
def compose_papers() -> ResponseReturnValue:
    """Make one paper of each set that was ticked."""
    pack, level, component = (request.form.get(name, "") for name in ("pack", "level", "component"))
    try:
        with writing() as session:
            number = task_sets.compose_sets(session, pack, level, component, request.form.getlist("sets"), chance.seed(), actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.task_set_list"))
    flash(gettext("The papers have been made. Look at them, then have them sealed."), "good")
    return redirect(url_for("admin.form_set", number=number))


@bp.get("/papers/task-sets/<digest>")
@allow(Role.ADMINISTRATOR, on=task_set_there)
def task_set(digest: str) -> ResponseReturnValue:
    """A task set as candidates get it, with its rubric; without model answers and keys."""
    with reading() as session:
        view = viewing_task_sets.view_task_set(session, digest)
    return _page(view)


@bp.post("/papers/task-sets/<digest>/key")
@allow(Role.ADMINISTRATOR, on=task_set_there)
def task_set_key(digest: str) -> ResponseReturnValue:
    """A task set with model answers and keys; the look is in the audit first."""
    with writing() as session:
        viewing_task_sets.record_task_set_look(session, digest, actor(), now())
    with reading() as session:
        view = viewing_task_sets.view_task_set_with_keys(session, digest)
    return _page(view)


@bp.get("/papers/task-sets/<digest>/files/<file>")
@allow(Role.ADMINISTRATOR, on=task_set_there)
def task_set_file(digest: str, file: str) -> Response:
    """Send a file that goes with a task of the set."""
    with reading() as session:
        name, content = viewing_task_sets.gives_file(session, digest, file), task_sets.case_file(session, file)
    if name is None or content is None:
        abort(404)
    return send_file(io.BytesIO(content), "application/octet-stream", as_attachment=True, download_name=name, max_age=0)


def _page(view: WholeTaskSet) -> str:
    return render_template("admin/task_set.html", set=view, kinds={name: shown(kind.label) for name, kind in KINDS.items()})


def _examinations(session: DatabaseSession) -> list[tuple[str, str, str, str]]:
    """Return occupation, level, component and title of each examination that has task sets."""
    of_sets = {(each.pack, each.level, each.component) for each in task_sets.task_sets(session)}
    offered = [(each.occupation, each.level, each.component, each.title) for each in planning.examinations(session)]
    return [each for each in offered if each[:3] in of_sets]
