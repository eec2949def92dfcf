"""Batches: the list, and one with how the marks of several examiners are combined."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_batches import BatchForm, values_of
from blueprints.admin.refusing import refuse
from blueprints.admin.scopes import administers_all
from blueprints.admin.scopes_groups import batch_there
from examsrv.domain.combining_rule import ADJUDICATION_NAMES, CombiningRule, CombiningRuleError
from examsrv.domain.roles import Role
from examsrv.services import batches as all_batches
from examsrv.services.batches import BatchView
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, staff, writing
from examsrv.web.language import shown
from question_bank.message import ExamError


@bp.get("/batches")
@allow(Role.ADMINISTRATOR)
def batches() -> ResponseReturnValue:
    """All batches."""
    with reading() as session:
        found = all_batches.batches(session)
    return render_template(
        "admin/batches.html",
        batches=[(each, shown(ADJUDICATION_NAMES[each.rule.adjudication]), values_of(each.rule)) for each in found],
        may_change=administers_all(None, staff()),
    )


@bp.route("/batches/new", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=administers_all)
def new_batch() -> ResponseReturnValue:
    """Add a batch."""
    form = BatchForm(data=values_of(CombiningRule()))
    form.offer()
    if form.validate_on_submit():
        try:
            rule = form.rule(CombiningRule())
            with writing() as session:
                all_batches.create_batch(session, form.name.data, rule, skills_need_proctors=form.skills_need_proctors.data, by=actor(), at=now())
        except ExamError as error:
            refuse(form, error, _field_of(error))
        else:
            flash(gettext("The batch has been added. It can be chosen for sittings now."), "good")
            return redirect(url_for("admin.batches"))
    return render_template("admin/batch_form.html", form=form, batch=None), 422 if form.errors else 200


@bp.route("/batches/<int:batch>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=batch_there)
def batch(batch: int) -> ResponseReturnValue:
    """Show a batch and change it."""
    with reading() as session:
        view = all_batches.batch(session, batch)
    form = _form(view)
    if form.validate_on_submit():
        needs = view.skills_need_proctors if view.was_scored else form.skills_need_proctors.data
        try:
            rule = form.rule(view.rule)
            with writing() as session:
                all_batches.change_batch(session, batch, form.name.data, rule, skills_need_proctors=needs, by=actor(), at=now())
        except ExamError as error:
            refuse(form, error, _field_of(error))
        else:
            flash(gettext("The changes have been saved."), "good")
            return redirect(url_for("admin.batches"))
    page = render_template(
        "admin/batch_form.html", form=form, batch=view, adjudication=shown(ADJUDICATION_NAMES[view.rule.adjudication]), values=values_of(view.rule)
    )
    return page, 422 if form.errors else 200


def _form(view: BatchView) -> BatchForm:
    form = BatchForm(data={"name": view.name, "skills_need_proctors": view.skills_need_proctors, **values_of(view.rule)})
    if view.was_scored:
        form.settle()
    else:
        form.offer()
    return form


def _field_of(error: ExamError) -> str | None:
    return None if isinstance(error, CombiningRuleError) else "name"
