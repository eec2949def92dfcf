"""The forms of drawing papers."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from examsrv.domain.form import FORMS_MOST

USUAL_FORMS = 2
SEED_MOST = 2**63 - 1
"""The largest whole number that the database keeps."""


class DrawForm(FlaskForm):
    """What is drawn."""

    specification = SelectField(lazy_gettext("Specification"), coerce=int, description=lazy_gettext("What each of the forms must contain"))
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
    is_disjoint = BooleanField(
        lazy_gettext("No item in two forms"),
        description=lazy_gettext("The forms share nothing; reserve forms share nothing with the set beside which they stand either."),
    )
