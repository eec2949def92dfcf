"""A sitting's candidates from a file: first looked at row by row, then imported whole."""

import io
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.forms_roster import RosterForm
from blueprints.admin.refusing import refuse, refused, tell_refusal
from blueprints.admin.scopes import sitting_of_my_site
from blueprints.admin.uploads import Upload, Uploads
from examsrv.domain.roles import Role
from examsrv.services import publishing, rostering, seating, sitting_plans
from examsrv.services.rostering import RosterChange
from examsrv.services.seating import SeatedCandidate
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, staff, writing
from examsrv.web.language import language
from examsrv.web.numbers import whole_number
from examsrv.web.translation import translator
from question_bank.message import ExamError

PER_PAGE = 50
LARGEST_UPLOAD = 48 * 1024 * 1024  # a roster and the photos of a large sitting
SORTS = {
    "seat": lambda each: (each.room, each.seat),
    "ticket": lambda each: each.ticket,
    "name": lambda each: each.name,
}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.url_value_preprocessor
def allow_large_rosters(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let this one page take more than others may, before the request's body is read."""
    if endpoint == "admin.look_at_roster":
        request.max_content_length = LARGEST_UPLOAD


@bp.get("/sittings/<int:sitting>/candidates")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def roster(sitting: int) -> ResponseReturnValue:
    """The candidates of a sitting, and where to import more."""
    return _page(sitting, RosterForm(formdata=None))


@bp.post("/sittings/<int:sitting>/candidates")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def look_at_roster(sitting: int) -> ResponseReturnValue:
    """Read a file and go to its preview; nothing is imported."""
    form = RosterForm()
    if not form.validate_on_submit():
        return _page(sitting, form)
    photos = form.photos.data.read() if form.photos.data else None
    try:
        read = rostering.read_roster(form.roster.data.filename, form.roster.data.read(), photos)
    except ExamError as error:
        refuse(form, error, "roster")
        return _page(sitting, form)
    token = _uploads().keep(Upload(staff().id, sitting, form.roster.data.filename, read, now().exam), chance.token)
    return redirect(url_for("admin.roster_preview", sitting=sitting, token=token))


@bp.get("/sittings/<int:sitting>/roster/<token>")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def roster_preview(sitting: int, token: str) -> ResponseReturnValue:
    """What importing the file would do, row by row."""
    upload = _uploads().find(token, staff().id, sitting, now().exam)
    return _gone(sitting) if upload is None else _preview_page(sitting, token, upload)


def _preview_page(sitting: int, token: str, upload: Upload) -> str:
    with reading() as session:
        view = sitting_plans.sitting(session, sitting)
        preview = rostering.preview(session, server().secret, sitting, upload.roster)
    rows = preview.bad_rows if request.args.get("rows", "bad" if preview.bad_rows else "all") == "bad" else preview.rows
    page, pages = _place(len(rows))
    return render_template(
        "admin/roster_preview.html",
        sitting=view,
        preview=preview,
        token=token,
        file=upload.name,
        rows=rows[(page - 1) * PER_PAGE :][:PER_PAGE],
        shows_bad=rows is not preview.rows and bool(preview.bad_rows),
        counts={change.value: preview.count(change) for change in RosterChange},
        page=page,
        pages=pages,
        total=len(rows),
    )


@bp.post("/sittings/<int:sitting>/roster/<token>")
@allow(Role.ADMINISTRATOR, on=sitting_of_my_site)
def import_roster(sitting: int, token: str) -> ResponseReturnValue:
    """Import exactly what was looked at; a published sitting's newcomers get a paper at once."""
    upload = _uploads().find(token, staff().id, sitting, now().exam)
    if upload is None:
        return _gone(sitting)
    try:
        with writing() as session:
            done = rostering.import_roster(
                session,
                server().secret,
                sitting,
                upload.roster,
                request.form.get("digest", ""),
                actor(),
                now(),
                chance.public_id,
                chance.seed,
                chance.key,
            )
            publishing.deal_out(session, sitting)
    except ExamError as error:
        tell_refusal(error)
        return refused(_preview_page(sitting, token, upload))
    server().held_ready.clear()  # names and seats may be others now: what opens the paper is worked out anew
    _uploads().drop(token)
    words = gettext("Imported: %(new)d new, %(changed)d changed, %(same)d as before.", new=done.new, changed=done.changed, same=done.same)
    flash(words, "good")
    return redirect(url_for("admin.roster", sitting=sitting))


@bp.get("/roster-template.xlsx")
@allow(Role.ADMINISTRATOR)
def roster_template() -> Response:
    """The empty workbook to fill in."""
    content = rostering.roster_template(translator(language()))
    return send_file(io.BytesIO(content), WORKBOOK, as_attachment=True, download_name=gettext("Candidates of the sitting") + ".xlsx")


def _page(sitting: int, form: RosterForm) -> ResponseReturnValue:
    with reading() as session:
        view = sitting_plans.sitting(session, sitting)
        everybody = seating.seated_candidates(session, server().secret, sitting)
    found = [each for each in everybody if _is_wanted(each)]
    order = request.args.get("sort", "seat")
    found.sort(key=SORTS.get(order.removeprefix("-"), SORTS["seat"]), reverse=order.startswith("-"))
    page, pages = _place(len(found))
    content = render_template(
        "admin/roster.html",
        sitting=view,
        form=form,
        candidates=found[(page - 1) * PER_PAGE :][:PER_PAGE],
        found=len(found),
        total=len(everybody),
        order=order,
        page=page,
        pages=pages,
    )
    return content, 422 if form.errors else 200


def _place(count: int) -> tuple[int, int]:
    """Return which page is asked for and how many there are."""
    pages = max(1, -(-count // PER_PAGE))
    return min(max(1, request.args.get("page", 1, type=whole_number)), pages), pages


def _is_wanted(each: SeatedCandidate) -> bool:
    text, room = request.args.get("text", "").strip().casefold(), request.args.get("room", type=whole_number)
    is_named = text in each.name.casefold() or text in each.ticket.casefold()
    return is_named and room in (None, each.sitting_room)


def _gone(sitting: int) -> ResponseReturnValue:
    flash(gettext("The file is no longer kept. Please choose it again."), "caution")
    return redirect(url_for("admin.roster", sitting=sitting))


def _uploads() -> Uploads:
    found = current_app.extensions.setdefault("examsrv.rosters", Uploads())
    if not isinstance(found, Uploads):
        raise TypeError("the application keeps rosters here")
    return found
