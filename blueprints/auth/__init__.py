"""Pages for signing in and for one's own account. They let people in; what somebody may do afterwards stands at each route."""

from flask import Blueprint

bp = Blueprint("auth", __name__)

from blueprints.auth import account, entering  # noqa: E402, F401 -- the pages register themselves on `bp`
