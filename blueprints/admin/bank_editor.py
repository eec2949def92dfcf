"""Writing items: beginning one, its editor with the preview and what is wrong with it, the text of a case. Deciding on them is on their own pages."""

from http import HTTPStatus
from typing import Any

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.admin import bp
from blueprints.admin.editor_words import editor_words
from blueprints.admin.scopes_bank import case_there, item_there
from blueprints.admin.scopes_marking import pack_there
from examsrv.domain.item_life import STATE_NAMES, WRITERS
from examsrv.domain.specification import DIFFICULTIES
from examsrv.services import item_drafts, previewing_items, scoping, standards, writing_items
from examsrv.services.writing_items import StaleDraftError
from examsrv.web.access import allow
from examsrv.web.context import now, reading, staff, writing
from examsrv.web.language import clock_time, shown
from question_bank.kinds import KINDS
from question_bank.message import ExamError
from question_bank.standard import ComponentKey, Standard
from question_bank.text import FOR_STAFF, rendered

MOST_BYTES = 1_000_000
IMPORTANCE = ("X", "Y", "Z")


@bp.get("/bank/<pack>/new")
@allow(*WRITERS, on=pack_there)
def bank_new(pack: str) -> ResponseReturnValue:
    """Ask what kind of item is to be written, for which level and section."""
    return _new(pack)


@bp.post("/bank/<pack>/new")
@allow(*WRITERS, on=pack_there)
def bank_begin(pack: str) -> ResponseReturnValue:
    """Begin an item, or a case with its first item, and go to its editor."""
    asked = request.form
    level, _bar, section = asked.get("place", "").partition("|")
    where = (level, section, asked.get("kind", ""))
    try:
        with writing() as session:
            if asked.get("case") == "new":
                case, item = writing_items.new_case(session, pack, *where, staff(), now())
            else:
                case, item = "", writing_items.new_item(session, pack, *where, staff(), now(), asked.get("case") or None)
    except ExamError as error:
        return _new(pack, shown(error.message)), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("admin.bank_case_edit", pack=pack, case=case) if case else url_for("admin.bank_edit", pack=pack, item=item))


@bp.get("/bank/<pack>/items/<item>/edit")
@allow(*WRITERS, on=item_there)
def bank_edit(pack: str, item: str) -> ResponseReturnValue:
    """The editor of a draft."""
    with reading() as session:
        draft = item_drafts.draft_of(session, pack, item)
        standard = standards.standard_of(session, pack)
    if draft is None:
        return redirect(url_for("admin.bank_item", pack=pack, item=item))
    level, section = str(draft.record.get("level", "")), str(draft.record.get("section", ""))
    kind = KINDS[str(draft.record["kind"])]
    setup = {
        "record": draft.record,
        "revision": draft.revision,
        "scoring": kind.scoring,
        "texts": editor_words(),
        "urls": {
            "save": url_for("admin.bank_draft_saved", pack=pack, item=item),
            "preview": url_for("admin.bank_draft_preview", pack=pack, item=item),
            "pictures": url_for("admin.bank_picture_taken_in"),
        },
    }
    return render_template(
        "admin/bank_edit.html",
        pack=pack,
        draft=draft,
        kind=kind,
        setup=setup,
        points=[(point.id, f"{point.code} {point.name}") for point in standard.points(level) if point.weight_key == section],
        section_name=dict(sections_of(standard, level)).get(section, section),
        level_name=standard.level(level).name or level,
        difficulties=DIFFICULTIES,
        importance=IMPORTANCE,
    )


@bp.post("/bank/<pack>/items/<item>/draft")
@allow(*WRITERS, on=item_there)
def bank_draft_saved(pack: str, item: str) -> ResponseReturnValue:
    """Store a draft as it stands on the page."""
    sent = _sent()
    if not isinstance(sent.get("record"), dict) or not isinstance(sent.get("revision"), int):
        return jsonify(message=_("This could not be read. Please reload the page.")), HTTPStatus.BAD_REQUEST
    at = now()
    try:
        with writing() as session:
            revision = writing_items.save(session, pack, item, sent["record"], sent["revision"], staff(), at)
    except StaleDraftError as error:
        return jsonify(message=shown(error.message)), HTTPStatus.CONFLICT
    except ExamError as error:
        return jsonify(message=shown(error.message)), HTTPStatus.UNPROCESSABLE_ENTITY
    return jsonify(revision=revision, at=clock_time(at.wall))


@bp.post("/bank/<pack>/items/<item>/preview")
@allow(*WRITERS, on=item_there)
def bank_draft_preview(pack: str, item: str) -> ResponseReturnValue:
    """Tell how a draft would look and what is wrong with it; nothing is stored."""
    record = _sent().get("record")
    with reading() as session:
        draft = item_drafts.draft_of(session, pack, item)
        if draft is None or not isinstance(record, dict):
            return jsonify(message=_("Nobody is working on this item any more. Please reload the page.")), HTTPStatus.UNPROCESSABLE_ENTITY
        found = previewing_items.preview(session, draft, {"kind": draft.record["kind"], **record})
    return jsonify(item=found.item, case=found.case, faults=[{"place": place, "text": shown(message)} for place, message in found.faults])


@bp.get("/bank/<pack>/cases/<case>/edit")
@allow(*WRITERS, on=case_there)
def bank_case_edit(pack: str, case: str) -> ResponseReturnValue:
    """The text of a case, and its items."""
    return _case(pack, case)


@bp.post("/bank/<pack>/cases/<case>/edit")
@allow(*WRITERS, on=case_there)
def bank_case_saved(pack: str, case: str) -> ResponseReturnValue:
    """Store the text of a case."""
    asked = request.form
    title, text = asked.get("title", "").strip(), asked.get("text", "").replace("\r\n", "\n")
    try:
        with writing() as session:
            writing_items.save_case(session, pack, case, title, text, asked.get("revision", 0, type=int), staff(), now())
    except ExamError as error:
        return make_response(_case(pack, case, shown(error.message), (title, text)), HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(_("The text is saved."), "good")
    return redirect(url_for("admin.bank_case_edit", pack=pack, case=case))


def sections_of(standard: Standard, level: str) -> list[tuple[str, str]]:
    """Return key and name of the sections that theory asks at a level."""
    return [(section.key, section.name) for section, _percent in standard.sections(ComponentKey.THEORY, level)]


def _sent() -> dict[str, Any]:
    if (request.content_length or 0) > MOST_BYTES:
        return {}
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}


def _new(pack: str, refusal: str = "") -> str:
    asked = request.values
    with reading() as session:
        standard = standards.standard_of(session, pack)
        mine = scoping.scope_of(session, staff())
        places = [
            (level, [(key, name) for key, name in sections_of(standard, level.id) if mine.holds(pack, level.id, key)]) for level in standard.levels
        ]
    return render_template(
        "admin/bank_new.html",
        pack=pack,
        kinds=[(name, shown(kind.label)) for name, kind in KINDS.items()],
        places=[(level, sections) for level, sections in places if sections],
        asked=asked,
        refusal=refusal,
    )


def _case(pack: str, case: str, refusal: str = "", typed: tuple[str, str] | None = None) -> ResponseReturnValue:
    with reading() as session:
        draft = item_drafts.case_draft(session, pack, case)
        place = item_drafts.place_of_case(session, pack, case)
    if draft is None or place is None:
        flash(_("Nobody is working on this case: revise one of its items first."), "caution")
        return redirect(url_for("admin.bank", pack=pack, case=case))
    title, text = typed or (draft.title, draft.text)
    return render_template(
        "admin/bank_case_edit.html",
        pack=pack,
        draft=draft,
        title=title,
        text=text,
        html=rendered(text, FOR_STAFF),
        level=place[0],
        section=place[1],
        state_names=STATE_NAMES,
        refusal=refusal,
    )
