"""Pages of the examiner: what there is to score, one script, and the panel of a review. All is about scripts and panels that are the person's."""

from flask import Blueprint

bp = Blueprint("examiner", __name__, url_prefix="/examiner")

from blueprints.examiner import files, group_days, hearing_acts, hearings, interface, panels, scripts, settling  # noqa: E402, F401 -- the pages register themselves on `bp`
