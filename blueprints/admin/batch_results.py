"""The results of a batch: where theory, skills and review meet, for everybody and for one."""

from collections.abc import Callable, Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin import bp
from blueprints.admin.form_files import XLSX, file_of, handed_out, imprint, pdf_lack, wanted_form
from blueprints.admin.scopes import my_sites
from blueprints.admin.scopes_batches import batch_of_my_sites, person_of_batch
from examsrv.domain.level_outcome import LEVEL_DECISION_NAMES, LevelDecision
from examsrv.domain.results import DECISION_NAMES, Decision, shown_total
from examsrv.domain.roles import Role
from examsrv.exports.level_forms import LevelLine, level_list, level_workbook
from examsrv.services import level_results
from examsrv.services.level_results import BatchResults, ComponentResult, LevelResult, Source
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, staff, writing
from examsrv.web.language import local_time, shown
from examsrv.web.numbers import whole_number
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component, ComponentKey

PER_PAGE = 50
LEVEL_DECISIONS = {
    LevelDecision.PASS: ("good", "check"),
    LevelDecision.FAIL: ("alarm", "stop"),
    LevelDecision.INCOMPLETE: ("idle", "dashed"),
}
COMPONENT_DECISIONS = {
    Decision.PASS: ("good", "check"),
    Decision.FAIL: ("alarm", "stop"),
    Decision.ABSENT: ("idle", "dashed"),
    Decision.VOIDED: ("caution", "flag"),
}


def _mark(key: ComponentKey) -> Callable[[LevelResult], tuple[bool, float]]:
    """Return what sorts by a component's mark; who has none stands below all who have."""

    def rank(line: LevelResult) -> tuple[bool, float]:
        found = line.component(key)
        total = None if found is None or found.result is None else found.result.total
        return total is not None, float(total or 0)

    return rank


SORTS: Mapping[str, Callable[[LevelResult], object]] = {
    "name": lambda line: (line.name, line.candidate),
    "level": lambda line: (line.occupation, line.level, line.name),
    "decision": lambda line: (list(LevelDecision).index(line.decision), line.name),
    "theory": _mark(ComponentKey.THEORY),
    "skills": _mark(ComponentKey.SKILLS),
    "review": _mark(ComponentKey.REVIEW),
}
BY_LEVEL = "level"
NO_RESULT = Message(N_("No result yet"))
WHOLE = "whole"
"""What the office answers to have ID numbers unmasked."""


@bp.get("/results/batches/<int:batch>")
@allow(Role.ADMINISTRATOR, on=batch_of_my_sites)
def batch_results(batch: int) -> ResponseReturnValue:
    """Everybody's result for the level; what is looked for and how it is sorted stands in the address."""
    view = results_of(batch)
    order = request.args.get("sort", BY_LEVEL)
    lines = sorted((line for line in view.lines if _is_wanted(line)), key=SORTS.get(order.removeprefix("-"), SORTS[BY_LEVEL]))  # type: ignore[arg-type]  # each orders by one kind of value
    if order.startswith("-"):
        lines.reverse()
    pages = max(1, -(-len(lines) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=whole_number)), pages)
    return render_template(
        "admin/batch_results.html",
        batch=view,
        lines=lines[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(lines),
        page=page,
        pages=pages,
        order=order,
        keys=_keys(view),
        levels=sorted({(line.level, line.level_name) for line in view.lines}),
        decisions=LEVEL_DECISIONS,
        names=LEVEL_DECISION_NAMES,
        component_decisions=COMPONENT_DECISIONS,
        component_names=DECISION_NAMES,
        LevelDecision=LevelDecision,
        pdf_lack=pdf_lack(),
    )


@bp.get("/results/batches/<int:batch>/<occupation>/<level>/<int:candidate>")
@allow(Role.ADMINISTRATOR, on=person_of_batch)
def batch_person(batch: int, occupation: str, level: str, candidate: int) -> ResponseReturnValue:
    """One person's components: each mark with its run and sitting, and how it all came about."""
    with reading() as session:
        line = level_results.level_result(session, server().secret, batch, candidate, occupation, level)
        label = level_results.batch_name(session, batch)
    if line is None:
        abort(404)
    return render_template(
        "admin/batch_person.html",
        batch=batch,
        batch_name=label,
        line=line,
        my_places=my_sites(staff()),
        component_marks=_shown_mark,
        decisions=LEVEL_DECISIONS,
        names=LEVEL_DECISION_NAMES,
        component_decisions=COMPONENT_DECISIONS,
        component_names=DECISION_NAMES,
    )


@bp.post("/results/batches/<int:batch>/file")
@allow(Role.ADMINISTRATOR, on=batch_of_my_sites)
def batch_file(batch: int) -> ResponseReturnValue:
    """The results of a batch as print view, PDF or workbook. ID numbers are masked unless the office asks for them whole; both are in the audit."""
    view, form, is_whole = results_of(batch), wanted_form(), request.form.get("ids") == WHOLE
    with reading() as session:
        numbers = level_results.id_numbers(session, server().secret, {line.candidate for line in view.lines}) if is_whole else {}
    lines = [_level_line(line, numbers.get(line.candidate, line.masked)) for line in view.lines]
    sheet = level_list(lines, view.name, imprint(), shown)
    words = (view.name, sheet.title)
    try:
        if form == XLSX:
            answer = file_of(level_workbook(lines, view.name, imprint(), now().wall, shown), words, XLSX)
        else:
            answer = handed_out([sheet], sheet.title, words, form)
    except ExamError as error:
        flash(shown(error.message), "alarm")
        return redirect(url_for("admin.batch_results", batch=batch))
    with writing() as session:
        level_results.record_export(session, batch, form, len(lines), actor(), now(), whole_ids=is_whole)
    return answer


def results_of(batch: int) -> BatchResults:
    """Return the results of a batch as far as they concern the sites of who asks."""
    with reading() as session:
        return level_results.level_results(session, server().secret, batch, my_sites(staff()))


def _level_line(line: LevelResult, id_number: str) -> LevelLine:
    theory, skills, review = (_mark_or_word(line.component(key)) for key in ComponentKey)
    days = [each.source.planned for each in line.components if each.source is not None]
    held = local_time(max(days)).split(" ")[0]
    ticket, names = " ".join(line.tickets), (line.occupation_name, line.occupation, line.level_name)
    return LevelLine(line.name, id_number, ticket, *names, (theory, skills, review), LEVEL_DECISION_NAMES[line.decision], held)


def _mark_or_word(part: ComponentResult | None) -> str | Message:
    if part is None:
        return ""
    if part.result is None:
        return NO_RESULT
    return part.shown or DECISION_NAMES[part.result.decision]


def _shown_mark(component: Component, source: Source) -> str:
    return "" if source.result is None else shown_total(component, source.result.total)


def _is_wanted(line: LevelResult) -> bool:
    text, decision, level = (request.args.get(name, "") for name in ("text", "decision", "level"))
    is_found = not text or any(text in part for part in (line.name, line.masked, *line.tickets))
    return is_found and decision in ("", line.decision) and level in ("", line.level)


def _keys(view: BatchResults) -> list[tuple[ComponentKey, str]]:
    """Return the components that anybody's level has, in the order of an examination, with their names."""
    names = {each.component.key: each.component.name for line in view.lines for each in line.components}
    return [(key, names[key]) for key in ComponentKey if key in names]
