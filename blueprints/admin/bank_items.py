"""An item's page: what candidates see, its life, remarks, versions, use; and the acts of its authors. Every look at it is on record."""

from collections.abc import Callable, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.bank import READERS
from blueprints.admin.bank_words import ACT_NAMES, STATES, two_decimals
from blueprints.admin.refusing import REFUSED, tell_refusal
from blueprints.admin.scopes import DatabaseSession
from blueprints.admin.scopes_bank import case_there, comment_there, item_there
from blueprints.admin.scopes_marking import pack_there
from examsrv.domain.item_life import Act
from examsrv.domain.roles import Role
from examsrv.services import commenting, item_events, looking, tagging, using_items, viewing_items, writing_items
from examsrv.services.item_faults import FaultyItemError
from examsrv.services.viewing_items import Secret
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, staff, writing
from question_bank.message import ExamError, Fault

AUTHORS = (Role.ADMINISTRATOR, Role.AUTHOR)
EDITOR = "admin.bank_edit"


@bp.get("/bank/<pack>/items/<item>")
@allow(*READERS, on=item_there)
def bank_item(pack: str, item: str) -> ResponseReturnValue:
    """An item as candidates see it, and all that is known of it; without its key."""
    with writing() as session:
        looking.look(session, pack, [item], actor(), now())
    return item_page(pack, item)


@bp.post("/bank/<pack>/items/<item>/key")
@allow(*READERS, on=item_there)
def bank_item_key(pack: str, item: str) -> ResponseReturnValue:
    """An item with key, rationale and samples; the look is in the audit first."""
    with writing() as session:
        viewing_items.record_key_look(session, pack, item, actor(), now())
        looking.look(session, pack, [item], actor(), now(), with_key=True)
    with reading() as session:
        secret = viewing_items.item_secret(session, pack, item)
    return item_page(pack, item, secret)


@bp.get("/bank/<pack>/items/<item>/changes")
@allow(*READERS, on=item_there)
def bank_changes(pack: str, item: str) -> ResponseReturnValue:
    """What differs between two versions, or (without any named) what the draft changes; without the key."""
    old, new = request.args.get("old"), request.args.get("new")
    with writing() as session:
        looking.look(session, pack, [item], actor(), now())
    with reading() as session:
        try:
            found = (
                viewing_items.changes_between(session, pack, item, old, new, with_key=False)
                if old and new
                else viewing_items.changes_of_draft(session, pack, item, with_key=False)
            )
        except KeyError:
            abort(404)
        numbers = {version.digest: version.number for version in viewing_items.versions_of(session, pack, item)}
    return render_template("admin/bank_changes.html", pack=pack, item=item, changes=found, old=numbers.get(old or ""), new=numbers.get(new or ""))


@bp.post("/bank/<pack>/items/<item>/send")
@allow(*AUTHORS, on=item_there)
def bank_send(pack: str, item: str) -> ResponseReturnValue:
    """Send a draft to review; what is wrong with it is told whole."""
    return acted(pack, item, lambda session: writing_items.send(session, pack, item, staff(), now()), gettext("Sent to review."))


@bp.post("/bank/<pack>/items/<item>/take-back")
@allow(*AUTHORS, on=item_there)
def bank_take_back(pack: str, item: str) -> ResponseReturnValue:
    """Take a draft back from review."""
    return acted(
        pack, item, lambda session: writing_items.take_back(session, pack, item, staff(), now()), gettext("Taken back: it is a draft again.")
    )


@bp.post("/bank/<pack>/items/<item>/revise")
@allow(*AUTHORS, on=item_there)
def bank_revise(pack: str, item: str) -> ResponseReturnValue:
    """Begin the next version."""
    return acted(
        pack, item, lambda session: writing_items.revise(session, pack, item, staff(), now()), gettext("A draft of the next version was made.")
    )


@bp.post("/bank/<pack>/items/<item>/discard")
@allow(*AUTHORS, on=item_there)
def bank_discard(pack: str, item: str) -> ResponseReturnValue:
    """Throw a draft away."""
    return acted(pack, item, lambda session: writing_items.discard(session, pack, item, staff(), now()), gettext("The draft was thrown away."))


@bp.post("/bank/<pack>/cases/<case>/discard")
@allow(*AUTHORS, on=case_there)
def bank_discard_case(pack: str, case: str) -> ResponseReturnValue:
    """Throw the drafts of a case away, its text and all its items'."""
    try:
        with writing() as session:
            writing_items.discard_case(session, pack, case, staff(), now())
    except ExamError as error:
        tell_refusal(error)
    else:
        flash(gettext("The drafts of the case were thrown away."), "good")
    return redirect(url_for("admin.bank", pack=pack, case=case))


@bp.post("/bank/<pack>/items/<item>/comments")
@allow(*READERS, on=item_there)
def bank_comment(pack: str, item: str) -> ResponseReturnValue:
    """Put a remark on an item."""
    text = request.form.get("text", "")
    return acted(pack, item, lambda session: commenting.comment(session, pack, item, text, actor(), now()), gettext("The comment has been added."))


@bp.post("/bank/<pack>/items/<item>/comments/<int:number>/settle")
@allow(*READERS, on=comment_there)
def bank_settle(pack: str, item: str, number: int) -> ResponseReturnValue:
    """Settle a remark."""
    return acted(pack, item, lambda session: commenting.settle(session, pack, item, number, actor(), now()), gettext("The comment is settled."))


@bp.get("/bank/<pack>/drafts")
@allow(*AUTHORS, on=pack_there)
def bank_drafts(pack: str) -> ResponseReturnValue:
    """What I have begun and not finished."""
    with reading() as session:
        mine = viewing_items.drafts_of(session, pack, staff())
    return render_template("admin/bank_drafts.html", pack=pack, drafts=mine, states=STATES)


def acted(pack: str, item: str, act: Callable[[DatabaseSession], object], said: str) -> ResponseReturnValue:
    """Do an act on an item and lead back to its page, or to the list if it is gone; a refusal is told on the page, with everything that was typed."""
    try:
        with writing() as session:
            act(session)
    except FaultyItemError as error:
        tell_refusal(error)
        return item_page(pack, item, faults=error.faults), REFUSED
    except ExamError as error:
        tell_refusal(error)
        return item_page(pack, item), REFUSED
    flash(said, "good")
    with reading() as session:
        is_left = item_there(session, staff(), pack, item)
    return redirect(url_for("admin.bank_item", pack=pack, item=item) if is_left else url_for("admin.bank", pack=pack))


def item_page(pack: str, item: str, secret: Secret | None = None, faults: Sequence[Fault] = ()) -> str:
    """Return an item's page, with its key where `secret` has it."""
    with reading() as session:
        view = viewing_items.item_view(session, pack, item, staff())
        uses = using_items.uses(session, pack, item)
        figures = using_items.figures(session, [version.digest for version in view.versions])
        values = {
            "comments": commenting.comments(session, pack, item),
            "events": item_events.events(session, pack, item),
            "looks": looking.looks(session, pack, item) if staff().has(Role.ADMINISTRATOR) else None,
            "tags": tagging.tags_of(session, pack, [item]).get(item, ()),
            "shares": using_items.option_shares(session, view.digest) if view.digest is not None else {},
        }
    return render_template(
        "admin/bank_item.html",
        pack=pack,
        item=view,
        secret=secret,
        faults=[*faults, *(() if faults else view.faults)],
        uses=uses,
        figures=figures,
        figure=two_decimals,
        states=STATES,
        act_names=ACT_NAMES,
        acts=view.acts,
        Act=Act,
        pieces=viewing_items.stem_in_pieces,
        typed=request.form.to_dict(),
        is_reader_of_keys=secret is not None,
        **values,
    )
