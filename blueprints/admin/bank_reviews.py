"""A reviewer's pages: what waits for review, one draft with its key and its changes, and the decision."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.admin import bp
from blueprints.admin.bank_items import acted, item_page
from blueprints.admin.bank_words import STATES, waited
from blueprints.admin.refusing import REFUSED, tell_refusal
from blueprints.admin.scopes import DatabaseSession
from blueprints.admin.scopes_bank import item_there
from blueprints.admin.scopes_marking import pack_there
from examsrv.domain.item_life import Act, ItemState
from examsrv.domain.roles import Role
from examsrv.services import commenting, looking, reviewing_items, viewing_items
from examsrv.services.item_faults import FaultyItemError
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, staff, writing
from examsrv.web.numbers import whole_number
from question_bank.message import ExamError, Fault

REVIEWERS = (Role.ADMINISTRATOR, Role.REVIEWER)


@bp.get("/bank/<pack>/reviews")
@allow(*REVIEWERS, on=pack_there)
def bank_reviews(pack: str) -> ResponseReturnValue:
    """What waits for review, mine to decide on first, the oldest first."""
    with reading() as session:
        waiting = viewing_items.waiting_for_review(session, pack, staff())
    return render_template("admin/bank_reviews.html", pack=pack, waiting=waiting, now=now().wall, waited=waited)


@bp.get("/bank/<pack>/items/<item>/review")
@allow(*REVIEWERS, on=item_there)
def bank_review(pack: str, item: str) -> ResponseReturnValue:
    """A draft with key and samples, what it changes, and the decision. The look at the key is in the audit first."""
    with reading() as session:
        is_waiting = viewing_items.item_view(session, pack, item, staff()).line.state is ItemState.IN_REVIEW
    if not is_waiting:
        return redirect(url_for("admin.bank_item", pack=pack, item=item))
    with writing() as session:
        viewing_items.record_key_look(session, pack, item, actor(), now())
        looking.look(session, pack, [item], actor(), now(), with_key=True)
    return _review_page(pack, item)


@bp.post("/bank/<pack>/items/<item>/return")
@allow(*REVIEWERS, on=item_there)
def bank_return(pack: str, item: str) -> ResponseReturnValue:
    """Send a draft back to its author, with the reason."""
    reason = request.form.get("reason", "")
    return _decided(
        pack, item, lambda session: reviewing_items.send_back(session, pack, item, reason, staff(), now()), gettext("Sent back to the author.")
    )


@bp.post("/bank/<pack>/items/<item>/approve")
@allow(*REVIEWERS, on=item_there)
def bank_approve(pack: str, item: str) -> ResponseReturnValue:
    """Approve a draft as it was shown."""
    revision = request.form.get("revision", 0, type=whole_number)
    return _decided(
        pack,
        item,
        lambda session: reviewing_items.approve(session, pack, item, revision, staff(), now()),
        gettext("Approved: it counts from now on."),
    )


@bp.post("/bank/<pack>/items/<item>/retire")
@allow(*REVIEWERS, on=item_there)
def bank_retire(pack: str, item: str) -> ResponseReturnValue:
    """Let an item count no longer."""
    reason = request.form.get("reason", "")
    return acted(
        pack,
        item,
        lambda session: reviewing_items.retire(session, pack, item, reason, staff(), now()),
        gettext("Retired: no form is drawn with it any more."),
    )


@bp.post("/bank/<pack>/items/<item>/revive")
@allow(*REVIEWERS, on=item_there)
def bank_revive(pack: str, item: str) -> ResponseReturnValue:
    """Let a retired item count again."""
    reason = request.form.get("reason", "")
    return acted(pack, item, lambda session: reviewing_items.revive(session, pack, item, reason, staff(), now()), gettext("The item counts again."))


def _decided(pack: str, item: str, act: Callable[[DatabaseSession], object], said: str) -> ResponseReturnValue:
    """Do what was decided and lead on to what waits still; a refusal is told on the page of the review, with the reason that was typed."""
    try:
        with writing() as session:
            act(session)
    except FaultyItemError as error:
        tell_refusal(error)
        return _refused(pack, item, error.faults)
    except ExamError as error:
        tell_refusal(error)
        return _refused(pack, item, ())
    flash(said, "good")
    return redirect(url_for("admin.bank_reviews", pack=pack))


def _refused(pack: str, item: str, faults: Sequence[Fault]) -> ResponseReturnValue:
    with reading() as session:
        is_waiting = viewing_items.item_view(session, pack, item, staff()).line.state is ItemState.IN_REVIEW
    return (_review_page(pack, item, faults) if is_waiting else item_page(pack, item)), REFUSED


def _review_page(pack: str, item: str, faults: Sequence[Fault] = ()) -> str:
    with reading() as session:
        view = viewing_items.item_view(session, pack, item, staff())
        secret = viewing_items.item_secret(session, pack, item)
        changes = viewing_items.changes_of_draft(session, pack, item, with_key=True) if view.versions else []
        remarks = commenting.comments(session, pack, item)
    return render_template(
        "admin/bank_review.html",
        pack=pack,
        item=view,
        secret=secret,
        changes=changes,
        comments=remarks,
        faults=faults,
        states=STATES,
        acts=view.acts,
        Act=Act,
        pieces=viewing_items.stem_in_pieces,
        typed=request.form.to_dict(),
    )
