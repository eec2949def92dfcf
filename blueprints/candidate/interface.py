"""The interface of the candidate's page. The saving route parses, appends through the journal and answers: nothing else."""

from datetime import timedelta
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import ValidationError

from blueprints.candidate import bp
from blueprints.candidate.messages import Beat, HandIn, Open, Steps
from blueprints.candidate.telling import MILLISECOND, opening_told, receipt_told, time_told
from examsrv.domain.attempt import Phase
from examsrv.domain.time_ledger import TimeState
from examsrv.services import answering, sitting_down
from examsrv.services.sitting_down import OwnState
from examsrv.web.access import candidates_only
from examsrv.web.context import candidate, now, reading, server
from examsrv.web.language import shown, zone
from examsrv.web.ready import opening

MALFORMED, CONFLICT, GONE = 400, 409, 410


@bp.get("/api/state")
@candidates_only
def state() -> ResponseReturnValue:
    """Tell the waiting page how far the room is."""
    attempt = candidate().attempt
    server().hear(attempt)
    with reading() as session:
        found = sitting_down.own_state(session, attempt, now())
        told = _told(session, found, attempt)
    if found.is_checked_in and found.time.started is not None:
        server().led_on.add(attempt)
    wall = now().wall
    return jsonify(
        phase=found.phase,
        checked_in=found.is_checked_in,
        started=found.time.started is not None,
        paused=found.time.paused,
        other_machine=found.wants_other_machine,
        station=found.station,
        planned=found.planned.astimezone(zone()).isoformat(),
        server_time=wall.astimezone(zone()).isoformat(),
        opens_in_ms=max(0, (found.planned - wall) // MILLISECOND),
        attempt=attempt,
        notices=told,
    )


@bp.post("/api/open")
@candidates_only
def open_paper() -> ResponseReturnValue:
    """Open the paper on this device, or go on: the answer holds the whole paper."""
    try:
        message = Open.model_validate_json(request.get_data())
    except ValidationError:
        return jsonify(error="malformed"), MALFORMED
    own = candidate()
    server().hear(own.attempt)
    at = now()
    outcome = _journal(answering.Open(own.attempt, message.device, own.seat, at))
    if isinstance(outcome, answering.Finished):
        return jsonify(error="submitted", attempt=own.attempt, receipt=_receipt(outcome.receipt)), GONE
    if not isinstance(outcome, answering.Opened):
        return refusal(outcome)
    told = opening_told(outcome, now().wall.astimezone(zone()))
    answer = opening(server(), outcome, told, request.headers.get("Accept-Encoding", ""))
    return Response(answer.body, headers=answer.headers)


@bp.post("/api/steps")
@candidates_only
def steps() -> ResponseReturnValue:
    """Append steps; acknowledged when they are on disk."""
    try:
        message = Steps.model_validate_json(request.get_data())
    except ValidationError:
        return jsonify(error="malformed"), MALFORMED
    attempt, at, grace = candidate().attempt, now(), server().settings.grace
    found = message.as_steps()
    outcome = _journal(answering.Save(attempt, message.device, found, at, grace))
    if not isinstance(outcome, answering.Stale):  # that is not the machine the board asks after
        server().hear(attempt)
    if not isinstance(outcome, answering.Acknowledged):
        return refusal(outcome)
    return jsonify(acknowledged=outcome.seq, time=_time(outcome.time, outcome.leave_in))


@bp.post("/api/beat")
@candidates_only
def beat() -> ResponseReturnValue:
    """Hear that the page lives; tell it the time and what the room has to say. Nothing is written."""
    try:
        message = Beat.model_validate_json(request.get_data())
    except ValidationError:
        return jsonify(error="malformed"), MALFORMED
    attempt = candidate().attempt
    with reading() as session:
        found = sitting_down.own_state(session, attempt, now())
        told = _told(session, found, attempt)
    if found.phase is Phase.RUNNING and (found.device, found.epoch) != (message.device, message.epoch):
        return refusal(answering.Stale())
    server().hear(attempt, message.unsaved)
    return jsonify(time=_own_time(found), phase=found.phase, notices=told)


@bp.post("/api/hand-in")
@candidates_only
def hand_in() -> ResponseReturnValue:
    """Hand in what the page shows, when it is stored just so."""
    try:
        message = HandIn.model_validate_json(request.get_data())
    except ValidationError:
        return jsonify(error="malformed"), MALFORMED
    attempt, at, grace = candidate().attempt, now(), server().settings.grace
    found = message.as_steps()
    outcome = _journal(answering.HandIn(attempt, message.device, message.epoch, found, message.answers, at, grace))
    if isinstance(outcome, answering.Finished):
        return jsonify(receipt=_receipt(outcome.receipt))
    return refusal(outcome)


def _journal(request: answering.Request) -> object:
    """Carry the request out in the journal's next transaction, with all that have gathered; the answer comes after the commit."""
    return server().journal.write(request)


def refusal(outcome: object) -> ResponseReturnValue:
    """Return what is said of an outcome that is none of the good ones."""
    match outcome:
        case answering.Finished(receipt):
            return jsonify(error="submitted", receipt=_receipt(receipt)), GONE
        case answering.Stale():
            text = gettext("Another machine has taken over this examination. What was entered here is kept for the proctor.")
            return jsonify(error="stale", message=text), CONFLICT
        case answering.OtherMachine():
            text = gettext("This examination is open on another machine. Please raise your hand: the proctor has to confirm this one.")
            return jsonify(error="other_machine", message=text), CONFLICT
        case answering.Conflict(seq):
            return jsonify(error="conflict", seq=seq), CONFLICT
        case answering.Gap(expected):
            return jsonify(error="gap", expected=expected), CONFLICT
        case answering.Differs(items):
            return jsonify(error="differs", items=list(items)), CONFLICT
        case answering.TooEarly(allowed_in):
            minutes = -(-allowed_in // timedelta(minutes=1))
            text = gettext("Handing in is not allowed yet; it is in %(minutes)d minutes.", minutes=minutes)
            return jsonify(error="too_early", message=text, allowed_in_ms=allowed_in // MILLISECOND), CONFLICT
        case answering.NotOpen(why):
            return jsonify(error=why, message=gettext("The paper is not open.")), CONFLICT
    raise TypeError(outcome)


def _told(session: Any, found: OwnState, attempt: str) -> list[dict[str, str]]:
    """Return what the room has to say; whole rooms ask at once, and mostly there is nothing."""
    notices = sitting_down.notices(session, attempt) if found.is_told else []
    return [{"id": each.id, "kind": each.kind, "text": shown(each.text), "at": each.wall.astimezone(zone()).isoformat()} for each in notices]


def _own_time(found: OwnState) -> dict[str, Any]:
    return _time(found.time, answering.leave_wait(found.time, found.leave_after, now()))


def _time(time: TimeState, leave_in: timedelta) -> dict[str, Any]:
    return time_told(time, leave_in, now().wall.astimezone(zone()))


def _receipt(receipt: answering.Receipt) -> dict[str, Any]:
    return receipt_told(receipt, receipt.handed_in.astimezone(zone()))
