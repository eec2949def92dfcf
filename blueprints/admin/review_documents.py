"""The documents of a review's candidate, which the panel reads: brought in, looked at and taken out by the office before the hearing begins."""

import threading
from typing import Any
from urllib.parse import quote

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from blueprints.admin import bp
from blueprints.admin.refusing import refused, tell_refusal
from blueprints.admin.scopes_reviews import review_of_my_site
from examsrv.domain.roles import Role
from examsrv.services import review_documents, viewing_hearings
from examsrv.services.handed_files import MEGABYTE
from examsrv.services.review_documents import DOCUMENT_MEGABYTES, DOCUMENTS_MOST, MIME_TYPES
from examsrv.web import chance
from examsrv.web.access import allow
from examsrv.web.context import actor, now, reading, server, writing
from question_bank.message import ExamError

LARGEST_UPLOAD = (5 * DOCUMENT_MEGABYTES + 1) * MEGABYTE
"""Several files are sent at once; each is looked at by itself."""
LOOKED_AT_ONCE = threading.BoundedSemaphore(2)
"""Files are held in memory while they are looked at and sealed."""


@bp.url_value_preprocessor
def allow_large_documents(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let this one page take more than others may, before the request's body is read."""
    if endpoint == "admin.add_documents":
        request.max_content_length = LARGEST_UPLOAD


@bp.get("/candidates/<attempt>/documents")
@allow(Role.ADMINISTRATOR, on=review_of_my_site)
def candidate_documents(attempt: str) -> ResponseReturnValue:
    """List a candidate's documents."""
    return _page(attempt)


@bp.post("/candidates/<attempt>/documents")
@allow(Role.ADMINISTRATOR, on=review_of_my_site)
def add_documents(attempt: str) -> ResponseReturnValue:
    """Bring documents in; what is not taken is named with the reason, the others are kept."""
    sent = [file for file in request.files.getlist("documents") if file.filename]
    if not sent:
        flash(gettext("Choose one or more files first."), "alarm")
        return refused(_page(attempt))
    kept = 0
    for file in sent:
        try:
            with LOOKED_AT_ONCE:
                _keep(attempt, file.filename or "", file.stream.read(DOCUMENT_MEGABYTES * MEGABYTE + 1))
        except ExamError as error:
            tell_refusal(error)
        else:
            kept += 1
    if kept:
        flash(ngettext("%(num)d document kept.", "%(num)d documents kept.", kept), "good")
    return redirect(url_for("admin.candidate_documents", attempt=attempt)) if kept == len(sent) else refused(_page(attempt))


@bp.get("/candidates/<attempt>/documents/<int:number>")
@allow(Role.ADMINISTRATOR, on=review_of_my_site)
def candidate_document(attempt: str, number: int) -> ResponseReturnValue:
    """Send a document to be kept."""
    with reading() as session:
        found = review_documents.document_content(session, server().secret, attempt, number)
    if found is None:
        abort(404)
    about, content = found
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(about.name, safe='')}"}
    return Response(content, mimetype=MIME_TYPES[about.type], headers=headers)


@bp.post("/candidates/<attempt>/documents/<int:number>/remove")
@allow(Role.ADMINISTRATOR, on=review_of_my_site)
def remove_document(attempt: str, number: int) -> ResponseReturnValue:
    """Take a document out."""
    try:
        with writing() as session:
            review_documents.remove_document(session, attempt, number, actor(), now())
    except ExamError as error:
        tell_refusal(error)
        return refused(_page(attempt))
    flash(gettext("The document has been removed."), "good")
    return redirect(url_for("admin.candidate_documents", attempt=attempt))


def _keep(attempt: str, name: str, content: bytes) -> None:
    name, found = review_documents.take_in(name, content)
    with reading() as session:
        sealed = review_documents.seal_document(session, server().secret, attempt, content, chance.key)
    with writing() as session:
        review_documents.keep_document(session, attempt, name, found, content, sealed, actor(), now())


def _page(attempt: str) -> str:
    with reading() as session:
        view = viewing_hearings.hearing_view(session, server().secret, attempt, None, now())
    limits = {"types": " / ".join(MIME_TYPES), "megabytes": DOCUMENT_MEGABYTES, "most": DOCUMENTS_MOST}
    accept = ",".join(f".{each}" for each in MIME_TYPES)
    return render_template("admin/review_documents.html", view=view, limits=limits, accept=accept)
