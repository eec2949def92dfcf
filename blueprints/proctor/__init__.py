"""Pages of the proctor: the own rooms, the board of a room and its record. All but the record is about rooms the person is planned for."""

from flask import Blueprint

bp = Blueprint("proctor", __name__, url_prefix="/proctor")

from blueprints.proctor import acts, board, record  # noqa: E402, F401 -- the pages register themselves on `bp`
