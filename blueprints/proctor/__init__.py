"""Pages of the proctor: the own rooms, and the board of a room. Everything here is about rooms the person is planned for."""

from flask import Blueprint

bp = Blueprint("proctor", __name__, url_prefix="/proctor")

from blueprints.proctor import acts, board  # noqa: E402, F401 -- the pages register themselves on `bp`
