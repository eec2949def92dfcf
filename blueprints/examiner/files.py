"""Files of a script and of its case: shown in the page as far as that is safe, and always to be downloaded."""

from urllib.parse import quote

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.examiner import bp
from blueprints.examiner.scopes import script_of_mine
from examsrv.domain.roles import Role
from examsrv.services import handed_files, scoring, viewing_scripts
from examsrv.services.script_answers import HandedFile
from examsrv.services.showing_files import picture_type, shown_file
from examsrv.web.access import allow
from examsrv.web.context import reading, server, staff
from question_bank.task import CaseFile


@bp.get("/<int:sitting>/<int:number>/files/<digest>")
@allow(Role.EXAMINER, on=script_of_mine)
def handed_file(sitting: int, number: int, digest: str) -> Response:
    """Send a file of the script, under its number."""
    file, content = _handed(sitting, number, digest)
    return _sent(content, f"{number:04}-{file.number}.{file.type}")


@bp.get("/<int:sitting>/<int:number>/files/<digest>/shown")
@allow(Role.EXAMINER, on=script_of_mine)
def handed_file_shown(sitting: int, number: int, digest: str) -> ResponseReturnValue:
    """Show what is in a file of the script."""
    _file, content = _handed(sitting, number, digest)
    picture = url_for("examiner.handed_picture", sitting=sitting, number=number, digest=digest)
    return render_template("examiner/shown_file.html", shown=shown_file(content), picture=picture)


@bp.get("/<int:sitting>/<int:number>/files/<digest>/picture")
@allow(Role.EXAMINER, on=script_of_mine)
def handed_picture(sitting: int, number: int, digest: str) -> Response:
    """Send a file of the script that is a picture as one."""
    _file, content = _handed(sitting, number, digest)
    found = picture_type(content)
    if found is None:
        abort(404)
    return Response(content, mimetype=found)


@bp.get("/<int:sitting>/<int:number>/case/<digest>")
@allow(Role.EXAMINER, on=script_of_mine)
def case_file(sitting: int, number: int, digest: str) -> Response:
    """Send a file that candidates were given with a task."""
    file, content = _of_the_case(sitting, number, digest)
    return _sent(content, file.name)


@bp.get("/<int:sitting>/<int:number>/case/<digest>/shown")
@allow(Role.EXAMINER, on=script_of_mine)
def case_file_shown(sitting: int, number: int, digest: str) -> ResponseReturnValue:
    """Show what is in a file that candidates were given."""
    _file, content = _of_the_case(sitting, number, digest)
    return render_template("examiner/shown_file.html", shown=shown_file(content), picture="")


def _handed(sitting: int, number: int, digest: str) -> tuple[HandedFile, bytes]:
    with reading() as session:
        script = scoring.require_own(session, sitting, number, staff().id)
        file = viewing_scripts.file_of_script(session, script, staff().id, digest)
        content = None if file is None else handed_files.own_file(session, server().secret, script.attempt, digest)
    if file is None or content is None:
        abort(404)
    return file, content


def _of_the_case(sitting: int, number: int, digest: str) -> tuple[CaseFile, bytes]:
    with reading() as session:
        script = scoring.require_own(session, sitting, number, staff().id)
        found = viewing_scripts.file_of_case(session, script, staff().id, digest)
    if found is None:
        abort(404)
    return found


def _sent(content: bytes, name: str) -> Response:
    """Return a file to be kept, never opened by the browser as something of ours."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, mimetype="application/octet-stream", headers={"Content-Disposition": disposition})
