"""The interface of a script's page: the draft is saved, the sheet is handed in."""

from collections.abc import Callable

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from blueprints.examiner import bp
from blueprints.examiner.messages import SheetMessage
from blueprints.examiner.scopes import script_of_mine
from examsrv.domain.roles import Role
from examsrv.services import scoring
from examsrv.services.scoring import HandedIn, NewerDraft, Saved
from examsrv.web.access import allow
from examsrv.web.context import actor, now, server, staff, writing
from examsrv.web.language import clock_time, shown
from question_bank.message import ExamError

MALFORMED, CONFLICT = 400, 409


@bp.post("/<int:sitting>/<int:number>/api/draft")
@allow(Role.EXAMINER, on=script_of_mine)
def save_draft(sitting: int, number: int) -> ResponseReturnValue:
    """Store the sheet as it is filled in so far; acknowledged when it is on disk."""

    def save(message: SheetMessage) -> Saved | NewerDraft:
        with writing() as session:
            script = scoring.require_own(session, sitting, number, staff().id)
            return scoring.save_draft(session, script, staff().id, message.revision, message.as_content(), now())

    return _answered(save)


@bp.post("/<int:sitting>/<int:number>/api/hand-in")
@allow(Role.EXAMINER, on=script_of_mine)
def hand_in(sitting: int, number: int) -> ResponseReturnValue:
    """Hand the sheet in, when it is complete."""

    def give(message: SheetMessage) -> HandedIn | NewerDraft:
        with writing() as session:
            script = scoring.require_own(session, sitting, number, staff().id)
            return scoring.hand_in(session, server().secret, script, staff().id, message.revision, message.as_content(), actor(), now())

    return _answered(give)


def _answered(act: Callable[[SheetMessage], Saved | HandedIn | NewerDraft]) -> ResponseReturnValue:
    try:
        message = SheetMessage.model_validate_json(request.get_data())
    except ValidationError:
        return jsonify(error="malformed"), MALFORMED
    try:
        outcome = act(message)
    except ExamError as error:
        return jsonify(error="refused", message=shown(error.message)), CONFLICT
    if isinstance(outcome, NewerDraft):
        return jsonify(error="newer", **told(outcome.draft)), CONFLICT
    if isinstance(outcome, HandedIn):
        return jsonify(edition=outcome.edition, at=clock_time(outcome.at))
    return jsonify(revision=outcome.revision, at=clock_time(outcome.changed))


def told(draft: scoring.Draft) -> dict[str, object]:
    """Return a sheet as the page has it."""
    return {"revision": draft.revision, "at": clock_time(draft.changed) if draft.changed else "", "sheet": draft.content.plain()}
