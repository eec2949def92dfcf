"""Drawing forms: what is wanted, how far it is, and how it ended. A few forms are there at once; many are drawn beside the requests."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_papers import DrawForm
from blueprints.admin.refusing import done, refuse
from blueprints.admin.scopes import DatabaseSession
from blueprints.admin.scopes_marking import drawing_there
from examsrv.domain.roles import Role
from examsrv.services import drawings, papers, specifying, standards
from examsrv.services.drawing import Wanted
from examsrv.services.drawings import DrawingState, DrawingView, Phase, Progress
from examsrv.services.papers import FormSetView
from examsrv.services.specifying import SpecificationLine
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from examsrv.web.language import shown
from examsrv.web.numbers import whole_number
from question_bank.message import N_, ExamError, Message

FEW_FORMS = 10
PATIENCE_S, SHORT_PATIENCE_S = 8.0, 0.3
"""How long the page waits for a few forms, so that they are there at once, and for many, so that a refusal is told at once."""
PHASES = {
    Phase.WAITING: Message(N_("Waiting for another drawing to end")),
    Phase.CHOOSING: Message(N_("Choosing and checking items")),
    Phase.STORING: Message(N_("Composing and storing papers")),
}


@bp.route("/papers/draw", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def draw_papers() -> ResponseReturnValue:
    """Draw forms; when the bank cannot give them, every reason is said and what was entered stays."""
    with reading() as session:
        beside = _beside(session)
        offered = {line.id: line for line in specifying.specification_lines(session) if not line.is_retired and _fits(line, beside)}
        titles = {line.id: _title(session, line) for line in offered.values()}
    form = DrawForm(specification=request.args.get("specification", next(iter(offered), None), type=whole_number))
    form.specification.choices = list(titles.items())
    reasons: list[str] = []
    if form.validate_on_submit():
        try:
            ended = _drawn(_wanted(form, beside))
        except ExamError as error:
            refuse(form, error)
        else:
            if ended.form_set is not None:
                return _to_the_forms(ended.form_set)
            if ended.state is not DrawingState.REFUSED:
                return redirect(url_for("admin.drawing", drawing=ended.id))
            reasons = [shown(reason) for reason in ended.reasons]
    page = render_template("admin/papers_draw.html", form=form, reasons=reasons, has_any=bool(offered), beside=beside)
    return page, 422 if form.errors or form.form_errors or reasons else 200


@bp.get("/papers/drawings/<int:drawing>")
@allow(Role.ADMINISTRATOR, on=drawing_there)
def drawing(drawing: int) -> ResponseReturnValue:
    """A drawing that is worked on, or why it came to nothing; goes on to the forms once they are there."""
    with reading() as session:
        view = drawings.drawing(session, drawing)
        title = _title(session, view.line)
    if view.form_set is not None:
        return _to_the_forms(view.form_set)
    progress = _told(server().drawings.progress(drawing))
    return render_template("admin/papers_drawing.html", drawing=view, title=title, progress=progress)


@bp.get("/papers/drawings/<int:drawing>/progress")
@allow(Role.ADMINISTRATOR, on=drawing_there)
def drawing_progress(drawing: int) -> ResponseReturnValue:
    """Tell how far a drawing is, for the page that asks every second."""
    with reading() as session:
        view = drawings.drawing(session, drawing)
    return jsonify(running=view.is_running, progress=_told(server().drawings.progress(drawing)))


@bp.post("/papers/drawings/<int:drawing>/stop")
@allow(Role.ADMINISTRATOR, on=drawing_there)
def stop_drawing(drawing: int) -> ResponseReturnValue:
    """Stop a drawing."""
    done(lambda session: drawings.stop_drawing(session, drawing, actor(), now()))
    server().drawings.stop(drawing)
    return redirect(url_for("admin.drawing", drawing=drawing))


def _to_the_forms(number: int) -> ResponseReturnValue:
    flash(gettext("The forms have been drawn and checked. Look at them, then have them sealed."), "good")
    return redirect(url_for("admin.form_set", number=number))


def _drawn(wanted: Wanted) -> DrawingView:
    """Have forms drawn and return how that stands: a few forms are waited for."""
    with writing() as session:
        number = drawings.ask_for(session, wanted, actor(), now())
    server().drawings.begin(number, wanted, actor())
    server().drawings.wait(number, PATIENCE_S if wanted.forms <= FEW_FORMS else SHORT_PATIENCE_S)
    with reading() as session:
        return drawings.drawing(session, number)


def _wanted(form: DrawForm, beside: FormSetView | None) -> Wanted:
    seed = chance.seed() if form.seed.data is None else form.seed.data
    return Wanted(form.specification.data, form.forms.data, seed, form.is_disjoint.data, None if beside is None else beside.id)


def _beside(session: DatabaseSession) -> FormSetView | None:
    """Return the set that the address names, beside which reserve forms are wanted."""
    number = request.args.get("beside", type=whole_number)
    return papers.form_set(session, number) if number is not None and papers.form_set_exists(session, number) else None


def _fits(line: SpecificationLine, beside: FormSetView | None) -> bool:
    specification = line.specification
    return beside is None or (beside.pack, beside.level, beside.component) == (line.pack, specification.level, specification.component)


def _title(session: DatabaseSession, line: SpecificationLine) -> str:
    level = standards.standard_of(session, line.pack).level(line.specification.level)
    return f"{level.name} · {line.name}" if level.name else line.name


def _told(progress: Progress | None) -> dict[str, object]:
    """Return progress in words, for the page and for its script."""
    if progress is None:
        return {"phase": gettext("Starting"), "count": "", "pace": "", "share": None}
    pace = ""
    if progress.left_s is not None:
        pace = gettext("%(rate)s a second, %(left)s s left in this phase", rate=f"{progress.rate:.1f}", left=f"{progress.left_s:.0f}")
    count = gettext("%(done)d of %(total)d forms", done=progress.done, total=progress.total)
    return {"phase": shown(PHASES[progress.phase]), "count": count, "pace": pace, "share": progress.done / progress.total}
