"""The forms of drawing papers."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from examsrv.domain.form import FORMS_MOST

USUAL_FORMS = 2
SEED_MOST = 2**63 - 1
"""The largest whole number that the database keeps."""


class DrawForm(FlaskForm):
    """What is drawn."""

    examination = SelectField(lazy_gettext("Paper"), description=lazy_gettext("Level and component for which there is a specification"))
    forms = IntegerField(
        lazy_gettext("Number of forms"),
        [
            InputRequired(lazy_gettext("Enter a whole number.")),
            NumberRange(1, FORMS_MOST, lazy_gettext("Enter a number from 1 to %(most)d.", most=FORMS_MOST)),
        ],
        default=USUAL_FORMS,
        description=lazy_gettext("Parallel forms of the same specification, such as A and B"),
    )
    seed = IntegerField(
        lazy_gettext("Seed"),
        [Optional(), NumberRange(0, SEED_MOST, lazy_gettext("A seed is a whole number from 0 to %(most)d.", most=SEED_MOST))],
        description=lazy_gettext("Leave it empty to have one drawn. The same bank and seed give the same forms."),
    )
