"""Headers on every answer, and the refusal of requests that another site sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from werkzeug.datastructures import MultiDict

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})
STRICT_TRANSPORT = "max-age=31536000"
NUL = "\0"
"""PostgreSQL keeps no text with it, and no person types it."""


class Protected:
    """A WSGI application whose every answer carries the headers, static files too; what is no static file is kept out of caches."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        wanted = list(HEADERS.items())
        if not environ["PATH_INFO"].startswith("/static/"):
            wanted.append(("Cache-Control", "no-store"))
        if environ["wsgi.url_scheme"] == "https":
            wanted.append(("Strict-Transport-Security", STRICT_TRANSPORT))

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said = {name for name, _value in headers}
            return start_response(status, headers + [each for each in wanted if each[0] not in said], exc_info)

        return self._app(environ, start)


def install_security(app: Flask) -> None:
    """Refuse unsafe requests from elsewhere."""

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in SAFE_METHODS:
            return
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if site is not None and site not in OWN_SITES:
            abort(403)
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            abort(403)

    app.before_request(_refuse_what_no_text_holds)


def _refuse_what_no_text_holds() -> None:
    form = () if request.is_json else _all(request.form)  # what JSON may hold is said by its messages
    texts = (*(request.view_args or {}).values(), *_all(request.args), *form)
    if any(NUL in text for text in texts if isinstance(text, str)):
        abort(400)


def _all(values: MultiDict[str, str]) -> Iterator[str]:
    """Give every value, those that stand under one name too."""
    return (value for each in values.listvalues() for value in each)
