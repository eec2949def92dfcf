"""The token that every unsafe request has to bring. It is Flask-WTF's; one that was found good for a browser is good again without reckoning."""

from collections.abc import Mapping

from flask import Flask, g, request
from flask_wtf.csrf import CSRFProtect

HEADER = "X-CSRFToken"
MOST_KNOWN = 20_000
"""More browsers than one server has; when there are more, they are only reckoned again."""


class _KnownTokens(CSRFProtect):  # type: ignore[misc]  # flask-wtf has no types
    """Flask-WTF's check, remembered per browser for the interface's saves: a token has no expiry, so what was good for a cookie stays good."""

    def __init__(self, app: Flask) -> None:
        self.known: dict[str, str] = {}
        super().__init__(app)

    def protect(self, apply_exemptions: bool = False) -> None:
        token = request.headers.get(HEADER, "")
        if token and self.known.get(g.left_for) == token:
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)
        if token and g.get("csrf_valid"):
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            self.known[g.left_for] = token


def install_csrf(app: Flask) -> Mapping[str, str]:
    """Refuse unsafe requests without their token; return the tokens found good, by the digest of the browser's cookie, as they come to be known."""
    return _KnownTokens(app).known
