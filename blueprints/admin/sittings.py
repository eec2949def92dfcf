"""Sittings: the list, the plan of one with what it still lacks, publishing."""

from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from blueprints.admin import bp
from blueprints.admin.forms_sittings import SittingForm
from blueprints.admin.refusing import refuse, refused, tell_refusal
from blueprints.admin.scopes import my_sites, sitting_of_my_site
from examsrv.domain.roles import Role
from examsrv.rules.timing import DurationError
from examsrv.services import batches, equipping, planning, publishing, sitting_plans
from examsrv.services.assessment_groups import EXAMINED, groups_of_sitting
from examsrv.services.distributing import without_group
from examsrv.services.group_lacks import cautions
from examsrv.services.planning import DayError, Examination, SittingDraft
from examsrv.services.publishing import Lack, Mending
from examsrv.services.sitting_plans import SittingState, SittingView
from examsrv.services.staffing_rooms import available_proctors
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, staff, writing
from examsrv.web.language import shown, zone
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError
from question_bank.standard import ComponentKey

MINUTE = timedelta(minutes=1)
STATES = {
    SittingState.DRAFT: ("idle", "dashed", lazy_gettext("Being planned")),
    SittingState.PUBLISHED: ("good", "check", lazy_gettext("Published")),
    SittingState.RUNNING: ("accent", "half", lazy_gettext("Running")),
    SittingState.DONE: ("idle", "disc", lazy_gettext("Finished")),
}
SORTS = {
    "planned": lambda view: (view.planned, view.id),
    "name": lambda view: view.name,
    "site": lambda view: view.site,
    "candidates": lambda view: view.candidates,
}
NEWEST_FIRST = "-planned"
FIELDS_AT_FAULT: dict[type[ExamError], str] = {DurationError: "minutes", DayError: "day"}


@bp.get("/sittings")
@allow(Role.ADMINISTRATOR)
def sittings() -> ResponseReturnValue:
    """All sittings of my sites; what is looked for stands in the address."""
    with reading() as session:
        found = sitting_plans.sittings(session, my_sites(staff()))
    order = request.args.get("sort", NEWEST_FIRST)
    wanted = sorted((view for view in found if _is_wanted(view)), key=SORTS.get(order.removeprefix("-"), SORTS["planned"]))
    if order.startswith("-"):
        wanted.reverse()
    return render_template("admin/sittings.html", sittings=wanted, total=len(found), order=order, states=STATES)


@bp.route("/sittings/new", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def new_sitting() -> ResponseReturnValue:
    """Plan a sitting."""
    form, offered = _form(None)
    if form.validate_on_submit():
        try:
            with writing() as session:
                number = planning.create_sitting(session, _draft(form, offered, None), actor(), now())
        except ExamError as error:
            refuse(form, error, _field_of(error))
        else:
            flash(gettext("The sitting has been created. Plan its rooms next."), "good")
            return redirect(url_for("admin.sitting", sitting=number))
    page = render_template("admin/sitting_form.html", form=form, sitting=None, offered=offered, has_sites=bool(form.site.choices))
    return page, 422 if form.errors else 200


@bp.get("/sittings/<int:sitting>")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def sitting(sitting: int) -> ResponseReturnValue:
    """The plan of a sitting."""
    return sitting_page(sitting)


def sitting_page(sitting: int) -> str:
    """Return the page of a sitting's plan."""
    with reading() as session:
        view = sitting_plans.sitting(session, sitting)
        planned = {room.room_id for room in view.rooms}
        batch = batches.batch_of_sitting(session, sitting)
        is_examined = ComponentKey(view.component) in EXAMINED
        return render_template(
            "admin/sitting.html",
            sitting=view,
            lacks=[(shown(lack.message), mending_place(view, lack)) for lack in publishing.lacking(session, view, server().secret)],
            cautions=[shown(each.message) for each in cautions(session, sitting, batch)] if is_examined else [],
            batch=batch,
            is_examined=is_examined,
            is_review=view.component == ComponentKey.REVIEW,
            groups=groups_of_sitting(session, sitting) if is_examined else [],
            waiting=len(without_group(session, sitting)) if is_examined else 0,
            states=STATES,
            form_sets=planning.suitable_form_sets(session, sitting),
            free_rooms=[room for room in equipping.rooms(session, {view.site_id}) if room.id not in planned],
            proctors=available_proctors(session, view.site_id),
        )


@bp.route("/sittings/<int:sitting>/edit", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def edit_sitting(sitting: int) -> ResponseReturnValue:
    """Change what a sitting is and when."""
    with reading() as session:
        view = sitting_plans.sitting(session, sitting)
    form, offered = _form(view)
    if form.validate_on_submit():
        try:
            with writing() as session:
                planning.change_sitting(session, sitting, _draft(form, offered, view), actor(), now())
        except ExamError as error:
            refuse(form, error, _field_of(error))
        else:
            flash(gettext("The changes have been saved."), "good")
            return redirect(url_for("admin.sitting", sitting=sitting))
    page = render_template("admin/sitting_form.html", form=form, sitting=view, offered=offered, has_sites=True)
    return page, 422 if form.errors else 200


@bp.post("/sittings/<int:sitting>/forms")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def choose_forms(sitting: int) -> ResponseReturnValue:
    """Choose the papers."""
    try:
        with writing() as session:
            planning.choose_forms(session, sitting, request.form.get("form_set", 0, type=whole_number), actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("The papers have been chosen."), "good")
    return redirect(url_for("admin.sitting", sitting=sitting))


@bp.post("/sittings/<int:sitting>/publish")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def publish(sitting: int) -> ResponseReturnValue:
    """Publish a sitting; what it lacks stands on its page."""
    try:
        with writing() as session:
            publishing.publish(session, sitting, actor(), now(), server().secret)
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("The sitting is published: the papers are dealt out, and everybody on duty sees it."), "good")
    return redirect(url_for("admin.sitting", sitting=sitting))


@bp.post("/sittings/<int:sitting>/unpublish")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def unpublish(sitting: int) -> ResponseReturnValue:
    """Take a publication back."""
    try:
        with writing() as session:
            publishing.unpublish(session, sitting, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("The publication has been taken back."), "good")
    return redirect(url_for("admin.sitting", sitting=sitting))


@bp.post("/sittings/<int:sitting>/discard")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def discard_sitting(sitting: int) -> ResponseReturnValue:
    """Remove a sitting without candidates."""
    try:
        with writing() as session:
            planning.discard_sitting(session, sitting, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(sitting_page(sitting))
    flash(gettext("The sitting has been removed."), "good")
    return redirect(url_for("admin.sittings"))


def mending_place(view: SittingView, lack: Lack) -> str:
    """Return the address where something lacking is mended."""
    if lack.mending is Mending.SITTING:
        return url_for("admin.edit_sitting", sitting=view.id)
    if lack.mending is Mending.ROSTER:
        return url_for("admin.roster", sitting=view.id)
    if lack.group is not None:
        return url_for("admin.group", group=lack.group)
    anchor = f"room-{lack.sitting_room}" if lack.sitting_room else lack.mending.value
    return url_for("admin.sitting", sitting=view.id, _anchor=anchor)


def _form(view: SittingView | None) -> tuple[SittingForm, dict[str, Examination]]:
    """Return the form, filled from `view`, with what can be examined by its key. A published sitting's fixed fields are left out."""
    mine = my_sites(staff())
    with reading() as session:
        offered = {each.key: each for each in planning.examinations(session)}
        offered_batches = [(str(each.id), each.name) for each in batches.batches(session)]
        sites = [(site.id, site.name) for site in equipping.sites(session) if mine is None or site.id in mine]
    form = SittingForm(data=_values(view) if view else {"minutes": min((each.minimum // MINUTE for each in offered.values()), default=None)})
    form.examination.choices = [(key, each.title) for key, each in offered.items()]
    form.batch.choices = [("", gettext("None")), *offered_batches]
    form.site.choices = sites
    if view is not None and view.is_published:
        for name in SittingForm.FIXED:
            del form[name]
    return form, offered


def _values(view: SittingView) -> dict[str, object]:
    local = view.planned.astimezone(zone())
    return {
        "name": view.name,
        "examination": f"{view.occupation}/{view.level}/{view.component}",
        "batch": "" if view.batch_id is None else str(view.batch_id),
        "site": view.site_id,
        "day": local.date(),
        "time": local.time(),
        "minutes": view.limit // MINUTE,
        "late": view.late_limit // MINUTE,
        "leave": view.leave_after // MINUTE,
        "shows_mark": view.shows_mark,
    }


def _draft(form: SittingForm, offered: dict[str, Examination], view: SittingView | None) -> SittingDraft:
    """Return what was entered; what a published sitting's form leaves out comes from the sitting."""
    about = offered[form.examination.data] if "examination" in form else view
    if about is None:
        raise LookupError("a form without an examination belongs to a sitting")
    return SittingDraft(
        name=form.name.data,
        site_id=form.site.data if "site" in form or view is None else view.site_id,
        occupation=about.occupation,
        level=about.level,
        component=about.component,
        planned=datetime.combine(form.day.data, form.time.data, tzinfo=zone()),
        limit=MINUTE * form.minutes.data if "minutes" in form or view is None else view.limit,
        late_limit=MINUTE * form.late.data,
        leave_after=MINUTE * form.leave.data,
        shows_mark=form.shows_mark.data,
        batch_id=_batch(form) if "batch" in form or view is None else view.batch_id,
    )


def _batch(form: SittingForm) -> int | None:
    return int(form.batch.data) if form.batch.data else None


def _field_of(error: ExamError) -> str | None:
    return next((field for kind, field in FIELDS_AT_FAULT.items() if isinstance(error, kind)), None)


def _is_wanted(view: SittingView) -> bool:
    text, state = request.args.get("text", "").strip().casefold(), request.args.get("state", "")
    is_named = text in view.name.casefold() or text in view.title.casefold() or text in view.site.casefold()
    return is_named and state in ("", view.state)
