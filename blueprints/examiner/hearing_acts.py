"""What who leads a panel does with its clock. Each act comes back to the hearing with a sentence, done or refused."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.examiner import bp
from blueprints.examiner.scopes_panels import hearing_i_lead
from examsrv.domain.roles import Role
from examsrv.services import hearings
from examsrv.web.access import allow
from examsrv.web.context import actor, now, writing
from examsrv.web.language import shown
from question_bank.message import ExamError


@bp.post("/hearings/<attempt>/begin")
@allow(Role.EXAMINER, on=hearing_i_lead)
def begin_hearing(attempt: str) -> ResponseReturnValue:
    """Begin the hearing of a candidate whose identity was compared."""
    identified, reason = request.form.get("identified") == "yes", _said("note")
    act = lambda session: hearings.begin_hearing(session, attempt, identified, reason, actor(), now())  # noqa: E731
    return _do(attempt, act, gettext("The hearing has begun; the clock runs."))


@bp.post("/hearings/<attempt>/pause")
@allow(Role.EXAMINER, on=hearing_i_lead)
def pause_hearing(attempt: str) -> ResponseReturnValue:
    """Stop the clock, with a reason."""
    ground, note = _said("ground"), _said("note")
    act = lambda session: hearings.pause_hearing(session, attempt, ground, note, actor(), now())  # noqa: E731
    return _do(attempt, act, gettext("The clock stands still."))


@bp.post("/hearings/<attempt>/resume")
@allow(Role.EXAMINER, on=hearing_i_lead)
def resume_hearing(attempt: str) -> ResponseReturnValue:
    """Let the clock run on."""
    return _do(attempt, lambda session: hearings.resume_hearing(session, attempt, actor(), now()), gettext("The clock runs on."))


@bp.post("/hearings/<attempt>/end")
@allow(Role.EXAMINER, on=hearing_i_lead)
def end_hearing(attempt: str) -> ResponseReturnValue:
    """End the hearing."""
    done = gettext("The hearing is over. The sheets can be handed in now.")
    return _do(attempt, lambda session: hearings.end_hearing(session, attempt, actor(), now()), done)


@bp.post("/hearings/<attempt>/left")
@allow(Role.EXAMINER, on=hearing_i_lead)
def candidate_left(attempt: str) -> ResponseReturnValue:
    """End the hearing of a candidate who has left."""
    ground, note = _said("ground"), _said("note")
    act = lambda session: hearings.end_for_who_left(session, attempt, ground, note, actor(), now())  # noqa: E731
    return _do(attempt, act, gettext("The hearing is over: the candidate has left."))


@bp.post("/hearings/<attempt>/absent")
@allow(Role.EXAMINER, on=hearing_i_lead)
def enter_absence(attempt: str) -> ResponseReturnValue:
    """Enter that the candidate did not come."""
    note = _said("note")
    return _do(attempt, lambda session: hearings.enter_absence(session, attempt, note, actor(), now()), gettext("Entered as absent."))


def _said(name: str) -> str:
    return request.form.get(name, "")


def _do(attempt: str, act: Callable[[Any], object], done: str) -> ResponseReturnValue:
    """Do an act in one transaction and come back with a sentence."""
    try:
        with writing() as session:
            act(session)
    except ExamError as error:
        flash(shown(error.message), "alarm")
    else:
        flash(done, "good")
    return redirect(url_for("examiner.hearing", attempt=attempt))
