"""Papers: looking at drawn forms, and sealing them with a second person."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.refusing import done
from blueprints.admin.scopes_marking import form_set_there, form_there
from blueprints.admin.second_person import AgainForm, again_page, approved_by
from examsrv.domain.roles import Role
from examsrv.services import approving, drawings, reviewing_papers, specifying, viewing_task_sets
from examsrv.services import papers as papers_of_forms
from examsrv.services.papers import SEAL, FormSetView
from examsrv.services.signing_in import StaffMember
from examsrv.services.task_sets import task_sets
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.numbers import whole_number

FORMS_PER_PAGE = 50
COLUMNS_MOST = 12
"""Sets of more forms show the fewest and the most instead of a column for each form."""


@bp.get("/papers")
@allow(Role.ADMINISTRATOR)
def papers() -> ResponseReturnValue:
    """All sets of forms, and the specifications that forms are drawn for."""
    with reading() as session:
        sets = papers_of_forms.form_sets(session)
        waiting = {view.id for view in sets if approving.open_proposal(session, SEAL, f"form_set/{view.id}") is not None}
        has_task_sets = bool(task_sets(session))
        running = drawings.open_drawings(session)
        in_use = [line for line in specifying.specification_lines(session) if not line.is_retired]
        titles = [papers_of_forms.paper_title(session, line.pack, line.specification.level, line.specification.component) for line in in_use]
        offered = list(zip(in_use, titles, strict=True))
    return render_template("admin/papers.html", sets=sets, waiting=waiting, specifications=offered, has_task_sets=has_task_sets, drawings=running)


@bp.get("/papers/<int:number>")
@allow(Role.ADMINISTRATOR, on=form_set_there)
def form_set(number: int) -> ResponseReturnValue:
    """A set of forms with the report on it."""
    with reading() as session:
        view = papers_of_forms.form_set(session, number)
        proposal = approving.open_proposal(session, SEAL, _subject(number))
        is_used = papers_of_forms.is_used(session, number)
        if viewing_task_sets.are_tasks(session, number):
            of_tasks = viewing_task_sets.report_on_tasks(session, number)
            return render_template("admin/papers_tasks.html", set=view, report=of_tasks, proposal=proposal, is_used=is_used)
        report = reviewing_papers.report_of(session, number)
    pages = -(-len(view.forms) // FORMS_PER_PAGE)
    page = min(max(1, request.args.get("page", 1, type=whole_number)), pages)
    listed = slice((page - 1) * FORMS_PER_PAGE, page * FORMS_PER_PAGE)
    return render_template(
        "admin/papers_set.html",
        set=view,
        report=report,
        proposal=proposal,
        is_used=is_used,
        forms=list(zip(view.forms[listed], report.means[listed], strict=True)),
        page=page,
        pages=pages,
        is_wide=len(view.forms) > COLUMNS_MOST,
    )


@bp.get("/papers/<int:number>/forms/<int:form>")
@allow(Role.ADMINISTRATOR, on=form_there)
def form_preview(number: int, form: int) -> ResponseReturnValue:
    """A form as candidates see it: without its key."""
    with reading() as session:
        preview = reviewing_papers.paper_preview(session, number, form)
    return render_template("admin/papers_preview.html", preview=preview)


@bp.post("/papers/<int:number>/forms/<int:form>/key")
@allow(Role.ADMINISTRATOR, on=form_there)
def form_key(number: int, form: int) -> ResponseReturnValue:
    """A form with its key; the look is in the audit first."""
    with writing() as session:
        reviewing_papers.record_key_look(session, number, form, actor(), now())
    with reading() as session:
        preview = reviewing_papers.paper_with_key(session, number, form)
    return render_template("admin/papers_preview.html", preview=preview)


@bp.post("/papers/<int:number>/propose")
@allow(Role.ADMINISTRATOR, on=form_set_there)
def propose_seal(number: int) -> ResponseReturnValue:
    """Propose to seal; goes on to the page on which the second person signs in."""
    is_proposed = done(lambda session: papers_of_forms.propose_seal(session, number, actor(), now()))
    return redirect(url_for("admin.seal_papers" if is_proposed else "admin.form_set", number=number))


@bp.route("/papers/<int:number>/seal", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=form_set_there)
def seal_papers(number: int) -> ResponseReturnValue:
    """The second person signs in anew and seals what is shown."""
    form = AgainForm()
    if approved_by(form, None, lambda member, digest: _seal(number, digest, member)):
        flash(gettext("The papers are sealed. Nobody can change them any more."), "good")
        return redirect(url_for("admin.form_set", number=number))
    with reading() as session:
        view = papers_of_forms.form_set(session, number)
        proposal = approving.open_proposal(session, SEAL, _subject(number))
    if proposal is None:
        flash(gettext("These papers are not proposed for sealing."), "alarm")
        return redirect(url_for("admin.form_set", number=number))
    return again_page(
        form,
        title=gettext("Seal papers"),
        sentence=gettext("%(count)d papers are sealed: their content can never be changed, and sittings may use them.", count=len(view.forms)),
        facts=[
            (gettext("Paper"), view.title),
            (gettext("Forms"), gettext("%(count)d (%(names)s)", count=len(view.forms), names=_names(view))),
            (gettext("Seed"), str(view.seed)),
            (gettext("Proposed by"), proposal.proposer),
        ],
        digest=view.digest,
        back_url=url_for("admin.form_set", number=number),
        here="admin.papers",
    )


@bp.post("/papers/<int:number>/withdraw")
@allow(Role.ADMINISTRATOR, on=form_set_there)
def withdraw_seal(number: int) -> ResponseReturnValue:
    """Take the proposal back or refuse it."""
    done(lambda session: approving.withdraw(session, SEAL, _subject(number), actor(), now()), gettext("The proposal has been taken back."))
    return redirect(url_for("admin.form_set", number=number))


@bp.post("/papers/<int:number>/discard")
@allow(Role.ADMINISTRATOR, on=form_set_there)
def discard_papers(number: int) -> ResponseReturnValue:
    """Remove a set that is not sealed."""
    if not done(lambda session: papers_of_forms.discard_forms(session, number, actor(), now())):
        return redirect(url_for("admin.form_set", number=number))
    server().drawings.remove(number)
    flash(gettext("The forms have been removed."), "good")
    return redirect(url_for("admin.papers"))


def _seal(number: int, digest: str, member: StaffMember) -> None:
    with writing() as session:
        papers_of_forms.seal(session, number, digest, member.actor, now())


def _names(view: FormSetView) -> str:
    names = [form.name for form in view.forms]
    return names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"


def _subject(number: int) -> str:
    return f"form_set/{number}"
