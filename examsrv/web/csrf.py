"""The token that every unsafe request has to bring. It is Flask-WTF's; one that was found good for a browser is good again without reckoning."""

from flask import Flask, g, request
from flask_wtf.csrf import CSRFProtect

HEADER = "X-CSRFToken"
MOST_KNOWN = 20_000
"""More browsers than one server has; when there are more, they are only reckoned again."""


class _KnownTokens(CSRFProtect):  # type: ignore[misc]  # flask-wtf has no types
    """Flask-WTF's check, remembered per browser for the interface's saves: a token has no expiry, so what was good for a cookie stays good."""

    def __init__(self, app: Flask) -> None:
        self._known: dict[str, str] = {}
        super().__init__(app)

    def protect(self, apply_exemptions: bool = False) -> None:
        token = request.headers.get(HEADER, "")
        if token and self._known.get(g.left_for) == token:
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)
        if token and g.get("csrf_valid"):
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[g.left_for] = token


def install_csrf(app: Flask) -> None:
    """Refuse unsafe requests without their token."""
    _KnownTokens(app)
