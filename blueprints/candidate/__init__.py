"""Pages and interface of the candidate. A candidate reaches the own attempt only, and nothing here can reach an answer key."""

from flask import Blueprint

bp = Blueprint("candidate", __name__, url_prefix="/exam")

from blueprints.candidate import entering, files, interface, pages  # noqa: E402, F401 -- the pages register themselves on `bp`
