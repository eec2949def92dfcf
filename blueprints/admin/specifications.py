"""Specifications: several for each level, written here within what the standard fixes, and held against the bank while somebody types."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_specifications import ASKED_KINDS, MANY_FORMS, CopyForm, SpecificationForm, entered_from, kinds_in_order
from blueprints.admin.refusing import REFUSED, done, refuse
from blueprints.admin.scopes import DatabaseSession
from blueprints.admin.scopes_marking import level_there, specification_known
from examsrv.domain.roles import Role
from examsrv.domain.specification import FaultySpecificationError, Specification
from examsrv.services import comparing_specifications, holding_specifications, papers, reviewing_papers, specifying, standards
from examsrv.services.holding_child import Holding
from examsrv.services.specifying import SavedMeanwhileError, SpecificationLine
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.language import shown
from question_bank.kinds import KINDS
from question_bank.message import ExamError
from question_bank.standard import ComponentKey


@bp.get("/specifications")
@allow(Role.ADMINISTRATOR)
def specifications() -> ResponseReturnValue:
    """The specifications of every level, and a new one for a level."""
    with reading() as session:
        lines = specifying.specification_lines(session)
        levels = [
            (code, level, [line for line in lines if (line.pack, line.specification.level) == (code, level.id)])
            for code, _name in standards.occupations(session)
            for level in standards.standard_of(session, code).levels
            if ComponentKey.THEORY in level.components
        ]
        titles = {(code, level.id): papers.paper_title(session, code, level.id, ComponentKey.THEORY) for code, level, _lines in levels}
    return render_template("admin/specifications.html", levels=levels, titles=titles, kinds=KINDS)


@bp.post("/specifications/new/<pack>/<level>")
@allow(Role.ADMINISTRATOR, on=level_there)
def new_specification(pack: str, level: str) -> ResponseReturnValue:
    """Begin a specification that is copied from none."""
    form = CopyForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                first = specifying.first_specification(session, pack, level, form.name.data)
                number = specifying.add_specification(session, pack, first, actor(), now())
        except ExamError as error:
            flash(shown(error.message), "alarm")
        else:
            return redirect(url_for("admin.specification", number=number))
    else:
        flash(gettext("Enter a name."), "alarm")
    return redirect(url_for("admin.specifications"))


@bp.route("/specifications/<int:number>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=specification_known)
def specification(number: int) -> ResponseReturnValue:
    """A specification as a form; saving makes a new version. What the bank cannot fill may be saved, what contradicts the standard may not."""
    with reading() as session:
        line = specifying.line_of(session, number)
    form = _form(line)
    if not form.is_submitted():
        server().holding.warm_up()
        return _page(line, form, line.specification)
    if not form.validate():
        return _page(line, form, None), 422
    wanted, status = form.specification(line.specification), 422
    try:
        with writing() as session:
            saved = specifying.save_specification(session, number, form.worked_on.data or 0, wanted, actor(), now())
    except FaultySpecificationError as error:
        form.blame(error.faults)
    except SavedMeanwhileError as error:
        refuse(form, error)
        status = REFUSED
    except ExamError as error:
        refuse(form, error)
    else:
        _tell_saved(wanted, line, saved)
        return redirect(url_for("admin.specification", number=number))
    return _page(line, form, wanted), status


@bp.post("/specifications/<int:number>/check")
@allow(Role.ADMINISTRATOR, on=specification_known)
def check_specification(number: int) -> ResponseReturnValue:
    """The same form with what was entered held against the bank: asked by the page's script while somebody types, or by a button."""
    with reading() as session:
        line = specifying.line_of(session, number)
    form = _form(line)
    return _page(line, form, form.specification(line.specification) if form.validate() else None)


@bp.get("/specifications/<int:number>/versions")
@allow(Role.ADMINISTRATOR, on=specification_known)
def specification_versions(number: int) -> ResponseReturnValue:
    """All versions of a specification, each with what it changed."""
    with reading() as session:
        line = specifying.line_of(session, number)
        versions = specifying.versions_of(session, number)
    before = [*versions[1:], None]
    told = [
        (version, [] if earlier is None else comparing_specifications.differences(earlier.specification, version.specification))
        for version, earlier in zip(versions, before, strict=True)
    ]
    return render_template("admin/specification_versions.html", line=line, versions=told)


@bp.post("/specifications/<int:number>/copy")
@allow(Role.ADMINISTRATOR, on=specification_known)
def copy_specification(number: int) -> ResponseReturnValue:
    """Copy a specification under another name."""
    form = CopyForm()
    if not form.validate_on_submit():
        flash(gettext("Enter a name."), "alarm")
        return redirect(url_for("admin.specification", number=number))
    try:
        with writing() as session:
            copy = specifying.copy_specification(session, number, form.name.data, actor(), now())
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.specification", number=number))
    return redirect(url_for("admin.specification", number=copy))


@bp.post("/specifications/<int:number>/usual")
@allow(Role.ADMINISTRATOR, on=specification_known)
def usual_specification(number: int) -> ResponseReturnValue:
    """Make a specification the usual one of its level."""
    return _done(number, specifying.make_usual, gettext("This is the usual specification of its level now."))


@bp.post("/specifications/<int:number>/retire")
@allow(Role.ADMINISTRATOR, on=specification_known)
def retire_specification(number: int) -> ResponseReturnValue:
    """Take a specification out of use."""
    return _done(number, specifying.retire_specification, gettext("The specification is out of use now."))


@bp.post("/specifications/<int:number>/revive")
@allow(Role.ADMINISTRATOR, on=specification_known)
def revive_specification(number: int) -> ResponseReturnValue:
    """Take a retired specification into use again."""
    return _done(number, specifying.revive_specification, gettext("The specification is in use again."))


def _done(number: int, act: Callable[..., object], words: str) -> ResponseReturnValue:
    done(lambda session: act(session, number, actor(), now()), words)
    return redirect(url_for("admin.specification", number=number))


def _form(line: SpecificationLine) -> SpecificationForm:
    form = SpecificationForm(data=entered_from(line.specification) | {"worked_on": line.version, "forms": MANY_FORMS})
    form.offer()
    return form


def _page(line: SpecificationLine, form: SpecificationForm, wanted: Specification | None) -> str:
    """Return the page with what was entered, held against the bank if it says something (None: it does not)."""
    held, refusal = (None, None) if wanted is None else _held(line.pack, form, wanted)
    with reading() as session:
        view = reviewing_papers.specification_view(session, line)
        title = _title(session, line)
    return render_template(
        "admin/specification.html",
        line=line,
        title=title,
        view=view,
        form=form,
        kinds=[(KINDS[kind], kind in {each.kind for each in line.specification.kinds}) for kind in kinds_in_order(line.specification)],
        asked=[kind for kind in kinds_in_order(line.specification) if form[f"items_{kind}"].data],
        held=held,
        refusal=refusal,
        all_kinds=KINDS,
        machine_kinds=ASKED_KINDS,
    )


def _held(pack: str, form: SpecificationForm, wanted: Specification) -> tuple[Holding | None, str | None]:
    """Return what the bank has for what was entered, or the sentence that says why it cannot be told."""
    try:
        with reading() as session:
            sound = specifying.read_again(wanted)
            question = holding_specifications.question_about(session, pack, sound, form.forms.data or MANY_FORMS)
        return server().holding.ask(question), None
    except FaultySpecificationError as error:
        if request.endpoint == "admin.check_specification":
            form.blame(error.faults)
        return None, gettext("; ").join(shown(fault.message) for fault in error.faults)
    except ExamError as error:
        return None, shown(error.message)


def _tell_saved(wanted: Specification, line: SpecificationLine, saved: int) -> None:
    if saved == line.version:
        flash(gettext("Nothing was changed."))
    else:
        flash(gettext("Version %(version)d of %(name)s has been saved.", version=saved, name=wanted.name), "good")


def _title(session: DatabaseSession, line: SpecificationLine) -> str:
    return papers.paper_title(session, line.pack, line.specification.level, line.specification.component)
