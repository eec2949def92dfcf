"""Pages of the examiner: what there is to score, and one script. Everything here is about scripts that are the person's to score."""

from flask import Blueprint

bp = Blueprint("examiner", __name__, url_prefix="/examiner")

from blueprints.examiner import files, interface, scripts, settling  # noqa: E402, F401 -- the pages register themselves on `bp`
