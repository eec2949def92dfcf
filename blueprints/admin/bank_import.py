"""Files of items in and out: looked over item by item before they come in, and told what they cannot hold before they go out."""

import io
from dataclasses import replace
from typing import Any

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.bank import IMPORTANCE, asked_filter, kept_conditions
from blueprints.admin.forms_bank_import import PARTED, ItemFileForm
from blueprints.admin.refusing import refuse, refused, tell_refusal
from blueprints.admin.scopes_bank_files import import_of_mine
from blueprints.admin.scopes_marking import pack_there
from examsrv.domain.roles import Role
from examsrv.domain.specification import DIFFICULTIES
from examsrv.services import browsing_bank, exporting_items, importing_items, media, scoping, standards
from examsrv.services.exporting_items import Export, Order
from examsrv.services.item_import_plan import Change, Plan, PlannedItem
from examsrv.web.access import allow
from examsrv.web.context import now, reading, staff, writing
from examsrv.web.language import shown
from examsrv.web.numbers import whole_number
from question_bank.formats import FORMATS
from question_bank.kinds import KINDS
from question_bank.message import ExamError
from question_bank.standard import ComponentKey, Standard

WRITERS = (Role.ADMINISTRATOR, Role.AUTHOR)
READERS = (Role.ADMINISTRATOR, Role.AUTHOR, Role.REVIEWER)
PER_PAGE = 25
LARGEST_UPLOAD = 34 * 1024 * 1024
"""A file of the largest size that is read, and what a form adds to it."""
BY_THE_FILE = ""
ALL = "all"
BY_ID = "id"


@bp.url_value_preprocessor
def allow_large_banks(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let this one page take more than others may, before the request's body is read."""
    if endpoint == "admin.bank_read_file":
        request.max_content_length = LARGEST_UPLOAD


@bp.get("/bank/<pack>/import")
@allow(*WRITERS, on=pack_there)
def bank_import(pack: str) -> ResponseReturnValue:
    """Where to choose a file."""
    return _choosing_page(pack, _form(pack, formdata=None))


@bp.post("/bank/<pack>/import")
@allow(*WRITERS, on=pack_there)
def bank_read_file(pack: str) -> ResponseReturnValue:
    """Read a file and go to what it would do; nothing is brought in."""
    form = _form(pack)
    if not form.validate_on_submit():
        return _choosing_page(pack, form)
    try:
        file = importing_items.prepared(form.file.data.filename, form.file.data.read(), form.format.data or None, form.tags())
        for picture in file.pictures:
            with writing() as session:
                media.keep_picture(session, picture, staff().actor, now())
        with writing() as session:
            number = importing_items.keep(session, pack, file, staff(), now())
    except ExamError as error:
        refuse(form, error, "file")
        return _choosing_page(pack, form)
    return redirect(url_for("admin.bank_import_preview", number=number))


@bp.get("/bank/imports/<int:number>")
@allow(*WRITERS, on=import_of_mine)
def bank_import_preview(number: int) -> ResponseReturnValue:
    """What bringing the file in would do, item by item, as the bank is now."""
    return _preview_page(number)


@bp.post("/bank/imports/<int:number>/bring-in")
@allow(*WRITERS, on=import_of_mine)
def bank_bring_in(number: int) -> ResponseReturnValue:
    """Make drafts of everything new and changed that was looked at, or of nothing."""
    try:
        with writing() as session:
            file = importing_items.import_of(session, number)
            done = importing_items.bring_in(session, number, request.form.get("digest", ""), staff(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(_preview_page(number))
    words = gettext("Brought in as drafts: %(new)d new, %(changed)d changed; %(same)d the same.", new=done.new, changed=done.changed, same=done.same)
    flash(words, "good")
    return redirect(url_for("admin.bank", pack=file.pack if file is not None else None))


@bp.post("/bank/imports/<int:number>/discard")
@allow(*WRITERS, on=import_of_mine)
def bank_discard_import(number: int) -> ResponseReturnValue:
    """Throw the file away."""
    with writing() as session:
        file = importing_items.import_of(session, number)
        importing_items.discard(session, number)
    return redirect(url_for("admin.bank_import", pack=file.pack if file is not None else ""))


@bp.get("/bank/<pack>/template.xlsx")
@allow(*WRITERS, on=pack_there)
def bank_template(pack: str) -> Response:
    """The empty workbook to fill in, with the standard's sections and points for choice."""
    with reading() as session:
        content = exporting_items.empty_workbook(standards.standard_of(session, pack))
    return _sent(content, gettext("Item bank"), ".xlsx")


@bp.post("/bank/<pack>/export")
@allow(*READERS, on=pack_there)
def bank_export(pack: str) -> ResponseReturnValue:
    """What is to be exported, and, once a format is chosen, what the file cannot hold."""
    asked, chosen = _asked_for(pack), request.form.get("format", "")
    if not chosen:
        return _export_page(pack, asked)
    try:
        file = exporting_items.written(_order(pack, asked, chosen))
    except ExamError as error:
        tell_refusal(error)
        return refused(_export_page(pack, asked))
    return _export_page(pack, asked, chosen, file)


@bp.post("/bank/<pack>/export/file")
@allow(*READERS, on=pack_there)
def bank_export_file(pack: str) -> ResponseReturnValue:
    """The file, keys and all; that it is taken is on record before."""
    asked = _asked_for(pack)
    try:
        order = _order(pack, asked, request.form.get("format", ""))
        file = exporting_items.written(order)
        with writing() as session:
            exporting_items.enter_export(session, pack, order, staff().actor, now())
    except ExamError as error:
        tell_refusal(error)
        return refused(_export_page(pack, asked))
    return _sent(file.content, gettext("Item bank"), file.suffix)


def _form(pack: str, **values: Any) -> ItemFileForm:
    form = ItemFileForm(**values)
    with reading() as session:
        points = _points(standards.standard_of(session, pack))
    nothing = ("", gettext("As the file says"))
    form.point.choices = {"": [nothing], **points}
    form.difficulty.choices = [nothing, *((str(grade), str(grade)) for grade in DIFFICULTIES)]
    form.importance.choices = [nothing, *((letter, letter) for letter in IMPORTANCE)]
    form.format.choices = [(BY_THE_FILE, gettext("By the file’s name")), *((name, shown(each.label)) for name, each in FORMATS.items())]
    return form


def _points(standard: Standard) -> dict[str, list[tuple[str, str]]]:
    """Return the points that theory asks, by level; a choice holds level, section and point."""
    points = {}
    for level in standard.levels:
        asked = standard.points_of(ComponentKey.THEORY, level.id)
        points[level.name or level.id] = [(PARTED.join((level.id, point.weight_key, point.id)), f"{point.code} {point.name}") for point in asked]
    return {level: found for level, found in points.items() if found}


def _choosing_page(pack: str, form: ItemFileForm) -> ResponseReturnValue:
    suffixes = sorted({suffix for each in FORMATS.values() for suffix in each.suffixes})
    return render_template("admin/bank_import.html", pack=pack, form=form, suffixes=suffixes), 422 if form.errors else 200


def _preview_page(number: int) -> str:
    with reading() as session:
        file = importing_items.import_of(session, number)
        plan = importing_items.planned(session, number, staff())
    wanted = request.args.get("show", Change.FAULTY if plan.count(Change.FAULTY) else ALL)
    found = [each for each in plan.items if wanted in (ALL, each.change)]
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=whole_number)), pages)
    rows = found[(page - 1) * PER_PAGE :][:PER_PAGE]
    _enter_looks(number, plan, rows)
    return render_template(
        "admin/bank_import_preview.html",
        number=number,
        file=file,
        plan=plan,
        counts={change.value: plan.count(change) for change in Change},
        rows=rows,
        shows=wanted,
        page=page,
        pages=pages,
        total=len(found),
        kinds={name: shown(kind.label) for name, kind in KINDS.items()},
    )


def _enter_looks(number: int, plan: Plan, rows: list[PlannedItem]) -> None:
    """Enter that the keys of approved items are shown, those on this page."""
    if any(each.differences for each in rows):
        shown_now = Plan(tuple(rows), plan.faults, plan.notes)
        with writing() as session:
            importing_items.look_at_changes(session, number, shown_now, staff(), now())


def _asked_for(pack: str) -> list[str]:
    """Return the ticked items, or all those that the list finds by the conditions in the address."""
    ticked = request.form.getlist("items")
    if ticked:
        return ticked
    with reading() as session:
        return browsing_bank.found_ids(session, pack, replace(asked_filter(), sort=BY_ID), scoping.scope_of(session, staff()))


def _order(pack: str, items: list[str], format_name: str) -> Order:
    with reading() as session:
        return exporting_items.order(session, pack, items, format_name, staff())


def _export_page(pack: str, items: list[str], chosen: str = "", file: Export | None = None) -> str:
    formats = [(name, shown(each.label), " ".join(each.suffixes)) for name, each in FORMATS.items()]
    ticked = request.form.getlist("items")
    about = {"count": len(items), "ticked": ticked, "kept": kept_conditions()}
    return render_template("admin/bank_export.html", pack=pack, formats=formats, chosen=chosen, file=file, **about)


def _sent(content: bytes, name: str, suffix: str) -> Response:
    return send_file(io.BytesIO(content), "application/octet-stream", as_attachment=True, download_name=name + suffix, max_age=0)
