"""Pages of the examination office."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

# The pages register themselves on `bp`; one line for each module.
import blueprints.admin.candidates  # noqa: E402
import blueprints.admin.people  # noqa: E402
import blueprints.admin.rooms  # noqa: E402
import blueprints.admin.roster  # noqa: E402
import blueprints.admin.sitting_rooms  # noqa: E402
import blueprints.admin.sittings  # noqa: E402
import blueprints.admin.today  # noqa: E402, F401
