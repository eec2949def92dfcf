"""Pages of the examination office."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

# The pages register themselves on `bp`; one line for each module.
import blueprints.admin.audit  # noqa: E402
import blueprints.admin.bank  # noqa: E402
import blueprints.admin.bank_editor  # noqa: E402
import blueprints.admin.bank_import  # noqa: E402
import blueprints.admin.bank_items  # noqa: E402
import blueprints.admin.bank_media  # noqa: E402
import blueprints.admin.bank_packs  # noqa: E402
import blueprints.admin.bank_reviews  # noqa: E402
import blueprints.admin.batch_results  # noqa: E402
import blueprints.admin.batches  # noqa: E402
import blueprints.admin.candidates  # noqa: E402
import blueprints.admin.drawings  # noqa: E402
import blueprints.admin.form_pictures  # noqa: E402
import blueprints.admin.group_days  # noqa: E402
import blueprints.admin.groups  # noqa: E402
import blueprints.admin.papers  # noqa: E402
import blueprints.admin.people  # noqa: E402
import blueprints.admin.rehearsals  # noqa: E402
import blueprints.admin.results  # noqa: E402
import blueprints.admin.review_documents  # noqa: E402
import blueprints.admin.reviews  # noqa: E402
import blueprints.admin.rooms  # noqa: E402
import blueprints.admin.roster  # noqa: E402
import blueprints.admin.score_forms  # noqa: E402
import blueprints.admin.scripts  # noqa: E402
import blueprints.admin.sitting_rooms  # noqa: E402
import blueprints.admin.sittings  # noqa: E402
import blueprints.admin.specifications  # noqa: E402
import blueprints.admin.standard  # noqa: E402
import blueprints.admin.task_sets  # noqa: E402
import blueprints.admin.today  # noqa: E402, F401
