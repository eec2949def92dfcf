"""Headers on every answer, and the refusal of requests that another site sent."""

from collections.abc import Iterator
from wsgiref.headers import Headers

from flask import Flask, Response, abort, request
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


def protect_file(headers: Headers, _path: str, _url: str) -> None:
    """Send the headers with a static file too, which is served before the application is asked."""
    for name, value in HEADERS.items():
        headers[name] = value


def install_security(app: Flask) -> None:
    """Send the headers, keep personal pages out of caches, and refuse unsafe requests from elsewhere."""

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in SAFE_METHODS:
            return
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if site is not None and site not in OWN_SITES:
            abort(403)
        if origin is not None and origin != request.host_url.rstrip("/"):
            abort(403)

    app.before_request(_refuse_what_no_text_holds)

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _refuse_what_no_text_holds() -> None:
    texts = (*(request.view_args or {}).values(), *_all(request.args), *_all(request.form))
    if any(NUL in text for text in texts if isinstance(text, str)):
        abort(400)


def _all(values: MultiDict[str, str]) -> Iterator[str]:
    """Give every value, those that stand under one name too."""
    return (value for each in values.listvalues() for value in each)
