"""The pictures of item texts: shown to those who look after the bank, and taken in from an author's page."""

from http import HTTPStatus

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from blueprints.admin import bp
from blueprints.admin.scopes_marking import picture_there
from examsrv.domain.roles import Role
from examsrv.services import media
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, writing
from examsrv.web.language import shown
from question_bank.message import ExamError


@bp.get("/bank/media/<digest>")
@allow(Role.ADMINISTRATOR, Role.AUTHOR, Role.REVIEWER, on=picture_there)
def bank_picture(digest: str) -> ResponseReturnValue:
    """A picture, PNG."""
    with reading() as session:
        content = media.picture(session, digest)
    return Response(content, mimetype=media.PNG)


@bp.post("/bank/media")
@allow(Role.ADMINISTRATOR, Role.AUTHOR)
def bank_picture_taken_in() -> ResponseReturnValue:
    """Take a picture in; the answer is how a text names it."""
    sent = request.files.get("picture")
    try:
        picture = media.picture_from(sent.stream.read(media.BYTES_MOST + 1) if sent is not None else b"")
    except ExamError as error:
        return jsonify(message=shown(error.message)), HTTPStatus.UNPROCESSABLE_ENTITY
    with writing() as session:
        media.keep_picture(session, picture, actor(), now())
    return jsonify(digest=picture.digest, width=picture.width, height=picture.height)
