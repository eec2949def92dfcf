"""The token that every unsafe request has to bring. It is Flask-WTF's; one that was found good for a browser is good again without reckoning."""

from collections.abc import Mapping
from typing import cast

from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFProtect

EXTENSION = "examsrv.tokens"
HEADER = "X-CSRFToken"
MOST_KNOWN = 20_000
"""More browsers than one server has; when there are more, they are only reckoned again."""


class _KnownTokens(CSRFProtect):  # type: ignore[misc]  # flask-wtf has no types
    """Flask-WTF's check, remembered per browser for the interface's saves: a token has no expiry, so what was good for a cookie stays good."""

    def protect(self, apply_exemptions: bool = False) -> None:
        token = request.headers.get(HEADER, "")
        if token and _known().get(g.left_for) == token:
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)
        if token and g.get("csrf_valid"):
            know_token(g.left_for, token)


def install_csrf(app: Flask) -> Mapping[str, str]:
    """Refuse unsafe requests without their token; return the tokens found good, by the digest of the browser's cookie, as they come to be known."""
    tokens: dict[str, str] = {}
    app.extensions[EXTENSION] = tokens
    _KnownTokens(app)
    return tokens


def know_token(browser: str, token: str) -> None:
    """Keep that a token is good for the browser whose cookie has this digest: it was checked, or made here."""
    known = _known()
    if len(known) >= MOST_KNOWN:
        known.clear()
    known[browser] = token


def _known() -> dict[str, str]:
    return cast(dict[str, str], current_app.extensions[EXTENSION])
