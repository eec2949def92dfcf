"""Files that a candidate hands over, and the pictures and case files of the own paper."""

import io
import threading
from typing import Annotated

from flask import Response, abort, jsonify, request, send_file
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from blueprints.candidate import bp
from blueprints.candidate.interface import CONFLICT, MALFORMED, refusal
from blueprints.candidate.messages import LARGEST_PLACE, Device
from examsrv.domain.attempt import Phase
from examsrv.services import handed_files, media, sitting_down
from examsrv.services.answering import Stale
from examsrv.services.handed_files import MEGABYTE, Kept
from examsrv.services.task_sets import case_file
from examsrv.web import chance
from examsrv.web.access import candidates_only
from examsrv.web.context import candidate, now, reading, server, writing
from examsrv.web.language import shown
from examsrv.web.ready import case_file_name, item_of, shows_picture
from question_bank.kinds.upload import LONGEST_NAME, MOST_MEGABYTES
from question_bank.message import ExamError

TAKEN_AT_ONCE = threading.BoundedSemaphore(6)
"""Files are held in memory while they are looked at and sealed."""


class FileAbout(BaseModel):
    """What is said of a file that comes."""

    model_config = ConfigDict(extra="forbid")

    device: Device
    epoch: Annotated[int, Field(ge=0, le=LARGEST_PLACE)]
    item: Annotated[int, Field(ge=1, le=LARGEST_PLACE)]
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


@bp.post("/api/files")
@candidates_only
def hand_over_file() -> ResponseReturnValue:
    """Keep a file; the answer names it by digest and size, and only then a step may name it."""
    try:
        about = FileAbout.model_validate(request.args.to_dict())
    except ValidationError:
        return jsonify(error="malformed"), MALFORMED
    attempt = candidate().attempt
    with reading() as session:
        state, paper = sitting_down.own_state(session, attempt, now()), sitting_down.own_paper(session, attempt)
    if (state.device, state.epoch) != (about.device, about.epoch):
        return refusal(Stale())
    item = item_of(server(), paper, about.item)
    if item is None or "megabytes" not in item:
        return jsonify(error="malformed"), MALFORMED
    try:
        with TAKEN_AT_ONCE:
            outcome = _kept(attempt, about, item)
    except ExamError as error:
        return jsonify(error="refused", message=shown(error.message)), CONFLICT
    if not isinstance(outcome, Kept):
        return refusal(outcome)
    server().hear(attempt)
    return jsonify(digest=outcome.digest, size=outcome.size)


@bp.get("/api/files/<digest>")
@candidates_only
def own_file(digest: str) -> Response:
    """Give a candidate back what was handed over."""
    with reading() as session:
        content = handed_files.own_file(session, server().secret, candidate().attempt, digest)
    if content is None:
        abort(404)
    return Response(content, mimetype="application/octet-stream", headers={"Content-Disposition": "attachment", "Cache-Control": "no-store"})


@bp.get("/media/<digest>")
@candidates_only
def picture(digest: str) -> Response:
    """Send a picture of the own paper, once it is open."""
    attempt = candidate().attempt
    with reading() as session:
        state, paper = sitting_down.own_state(session, attempt, now()), sitting_down.own_paper(session, attempt)
        content = media.picture(session, digest)
    if state.phase is not Phase.RUNNING or content is None or not shows_picture(server(), paper, digest):
        abort(404)
    return Response(content, mimetype=media.PNG)


@bp.get("/case-files/<digest>")
@candidates_only
def file_of_case(digest: str) -> Response:
    """Send a file that goes with a task of the own paper, once it is open and as long as it is not handed in."""
    attempt = candidate().attempt
    with reading() as session:
        state, paper = sitting_down.own_state(session, attempt, now()), sitting_down.own_paper(session, attempt)
        content = case_file(session, digest) if state.phase is Phase.RUNNING else None
    name = case_file_name(server(), paper, digest)
    if content is None or name is None:
        abort(404)
    sent = send_file(io.BytesIO(content), "application/octet-stream", as_attachment=True, download_name=name, max_age=0)
    sent.headers["Cache-Control"] = "no-store"
    return sent


def _kept(attempt: str, about: FileAbout, item: dict[str, object]) -> object:
    """Read the file as far as the item allows, look at it, seal it, keep it. One beyond what any item takes is told the limit of this one."""
    request.max_content_length = (MOST_MEGABYTES + 1) * MEGABYTE
    try:
        content = request.stream.read(int(str(item["megabytes"])) * MEGABYTE + 1)
    except RequestEntityTooLarge:
        raise handed_files.too_large(item["megabytes"]) from None
    found = handed_files.require_taken(content, item)
    with reading() as session:
        sealed = handed_files.seal_for(session, server().secret, attempt, content, chance.key)
    with writing() as session:
        return handed_files.keep_file(session, attempt, about.device, about.epoch, content, found, sealed, now(), server().settings.grace)
