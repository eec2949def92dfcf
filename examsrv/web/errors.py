"""Refusals and faults as pages or JSON, in the product's own look and the person's language. Nothing else knows status codes."""

import structlog
from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from examsrv.storage.database import OUT_OF_ORDER
from examsrv.web.language import shown
from question_bank.message import ExamError

log = structlog.get_logger()
BAD_REQUEST = 400
SERVER_ERROR = 500
MEGABYTE = 1024 * 1024
CONFLICT = 409
UNAVAILABLE, AGAIN_AFTER_SECONDS = 503, 5
PAGES = {
    400: (lazy_gettext("This request could not be read"), lazy_gettext("Go back and try again; what was saved before is safe.")),
    403: (
        lazy_gettext("You may not do this"),
        lazy_gettext("Your account does not have the role for it."),
    ),
    404: (lazy_gettext("There is nothing here"), lazy_gettext("The page does not exist, or it is not one of yours.")),
    405: (lazy_gettext("This request could not be read"), lazy_gettext("Go back and try again; what was saved before is safe.")),
    409: (lazy_gettext("This cannot be done now"), lazy_gettext("Somebody may have changed it meanwhile. Go back, reload and look.")),
    413: (lazy_gettext("That is too large"), lazy_gettext("The file is larger than this page takes.")),
    429: (lazy_gettext("Too many tries"), lazy_gettext("Wait a little, then try again.")),
    503: (
        lazy_gettext("Nothing can be saved or looked up now"),
        lazy_gettext(
            "The server cannot use its disk or its database. Candidates' answers stay on their machines. Tell the administrator, and try again."
        ),
    ),
    500: (
        lazy_gettext("Something went wrong on the server"),
        lazy_gettext("Nothing was changed by half. Try again; if it comes again, tell the administrator."),
    ),
}


def install_errors(app: Flask) -> None:
    """Answer every refusal and fault with a sentence."""

    @app.errorhandler(ExamError)
    def refusal(error: ExamError) -> ResponseReturnValue:
        return page(CONFLICT, shown(error.message))

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> ResponseReturnValue:
        return page(403, gettext("The page was too old or the request came from elsewhere. Go back, reload and try again."))

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
        most = request.max_content_length
        if most is None or (request.content_length or 0) <= most:  # too long a text in a form, say
            return page(error.code)
        text = gettext("What was sent is larger than %(most)d MB; this page takes no more at once. Nothing was changed.", most=most // MEGABYTE)
        return page(error.code, text)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        return page(error.code or SERVER_ERROR)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> ResponseReturnValue:
        route = request.url_rule.rule if request.url_rule else None  # the template: an address may hold what somebody typed
        log.error("fault", route=route, method=request.method, exc_info=error)
        if isinstance(error, (*OUT_OF_ORDER, TimeoutError)):  # the latter: the journal did not come to it
            answer = make_response(page(UNAVAILABLE))
            answer.headers["Retry-After"] = str(AGAIN_AFTER_SECONDS)
            return answer
        return page(SERVER_ERROR)


def page(code: int, sentence: str | None = None) -> ResponseReturnValue:
    """Return the error as JSON where the interface asked, else as a page."""
    title, usual = PAGES.get(code) or PAGES[BAD_REQUEST if code < SERVER_ERROR else SERVER_ERROR]
    if "/api/" in request.path or request.path.endswith(".json"):
        return jsonify(error=str(code), message=sentence or str(usual)), code
    return render_template("error.html", code=code, title=title, sentence=sentence or usual, back_url=_back()), code


def _back() -> str:
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else "/"
