"""The page of one hearing: clock, documents, questions; and its living part, which is fetched every two seconds."""

from datetime import timedelta
from urllib.parse import quote

from flask import Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.examiner import bp
from blueprints.examiner.panels import mark_of
from blueprints.examiner.scopes_panels import hearing_of_mine
from examsrv.domain.roles import Role
from examsrv.services import panel_questions, review_documents, sitting_down, viewing_hearings
from examsrv.services.hearings import LEFT_GROUNDS, NOTE_LONGEST, PAUSE_GROUNDS
from examsrv.services.panel_questions import QUESTION_LONGEST
from examsrv.services.showing_files import shown_file
from examsrv.services.viewing_hearings import EVENT_NAMES, ON, HearingView
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, staff, writing
from examsrv.web.language import clock_time, shown
from question_bank.message import ExamError

CONFLICT = 409
MILLISECOND = timedelta(milliseconds=1)
SPOKEN_BEFORE = timedelta(minutes=5)
"""So long before the minimum the page says aloud that the hearing may end soon."""
OPENED_IN_THE_BROWSER = frozenset({"pdf", "png", "jpg"})


@bp.get("/hearings/<attempt>")
@allow(Role.EXAMINER, on=hearing_of_mine)
def hearing(attempt: str) -> ResponseReturnValue:
    """Show one hearing."""
    view = _view(attempt)
    return render_template(
        "examiner/hearing.html",
        view=view,
        leads=view.panel.group.lead == staff().id,
        is_member=staff().id in view.panel.group.members,
        first=_living(view),
        spoken_before=SPOKEN_BEFORE // MILLISECOND,
        pause_grounds=PAUSE_GROUNDS,
        left_grounds=LEFT_GROUNDS,
        note_longest=NOTE_LONGEST,
        question_longest=QUESTION_LONGEST,
        opened=OPENED_IN_THE_BROWSER,
    )


@bp.get("/hearings/<attempt>/live")
@allow(Role.EXAMINER, on=hearing_of_mine)
def hearing_live(attempt: str) -> ResponseReturnValue:
    """Send where the clock stands and what was asked."""
    return jsonify(_living(_view(attempt)))


@bp.post("/hearings/<attempt>/api/questions")
@allow(Role.EXAMINER, on=hearing_of_mine)
def note_question(attempt: str) -> ResponseReturnValue:
    """Note a question; acknowledged when it is on disk."""
    said = request.get_json(silent=True)
    text = said.get("text") if isinstance(said, dict) else None
    if not isinstance(text, str):
        abort(400)
    try:
        with writing() as session:
            panel_questions.note_question(session, attempt, text, actor(), now())
    except ExamError as error:
        return jsonify(error="refused", message=shown(error.message)), CONFLICT
    return jsonify(_living(_view(attempt)))


@bp.get("/hearings/<attempt>/documents/<int:number>")
@allow(Role.EXAMINER, on=hearing_of_mine)
def document(attempt: str, number: int) -> ResponseReturnValue:
    """Send a document: to be looked at in the browser where that is safe, `?save=1` to be kept."""
    with reading() as session:
        found = review_documents.document_content(session, server().secret, attempt, number)
    if found is None:
        abort(404)
    about, content = found
    how = "inline" if about.type in OPENED_IN_THE_BROWSER and "save" not in request.args else "attachment"
    headers = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(about.name, safe='')}"}
    return Response(content, mimetype=review_documents.MIME_TYPES[about.type], headers=headers)


@bp.get("/hearings/<attempt>/documents/<int:number>/shown")
@allow(Role.EXAMINER, on=hearing_of_mine)
def document_shown(attempt: str, number: int) -> ResponseReturnValue:
    """Show the words or the tables of a document; a PDF or a picture is opened by the browser itself."""
    with reading() as session:
        found = review_documents.document_content(session, server().secret, attempt, number)
    if found is None:
        abort(404)
    return render_template("examiner/shown_document.html", document=found[0], shown=shown_file(found[1]), attempt=attempt)


@bp.get("/hearings/<attempt>/photo")
@allow(Role.EXAMINER, on=hearing_of_mine)
def photo(attempt: str) -> ResponseReturnValue:
    """Send the candidate's photo, to compare person and document."""
    with reading() as session:
        image = sitting_down.photo(session, server().secret, attempt)
    if image is None:
        abort(404)
    return Response(image, mimetype="image/jpeg")


@bp.get("/hearings/<attempt>/record")
@allow(Role.EXAMINER, on=hearing_of_mine)
def hearing_record(attempt: str) -> ResponseReturnValue:
    """Show the record of a hearing, to print and sign."""
    view = _view(attempt)
    with reading() as session:
        title = viewing_hearings.title_of(session, view.panel)
    back = url_for("examiner.hearing", attempt=attempt)
    return render_template("hearing_record.html", back=back, view=view, title=title, names=EVENT_NAMES, wall=now().wall)


def _view(attempt: str) -> HearingView:
    with reading() as session:
        return viewing_hearings.hearing_view(session, server().secret, attempt, staff().id, now())


def _living(view: HearingView) -> dict[str, object]:
    asked = [{"id": each.id, "name": each.name, "at": clock_time(each.wall), "text": each.text} for each in view.questions]
    return {
        "stage": view.line.stage,
        "runs": view.line.stage in ON and not view.line.state.paused,
        "elapsed": view.line.state.elapsed // MILLISECOND,
        "minimum": view.panel.minimum // MILLISECOND,
        "questions": asked,
        "notes": view.line.state.began is not None and not view.is_in,
        "mark": mark_of(view.panel, view.line.attempt),
    }
