"""The forms of marking."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from examsrv.services.marking_runs import REASON_LONGEST


class MarkForm(FlaskForm):
    """Why a sitting is marked."""

    reason = StringField(
        lazy_gettext("Reason"),
        [InputRequired(lazy_gettext("Enter a reason.")), Length(max=REASON_LONGEST, message=lazy_gettext("At most 200 characters."))],
        description=lazy_gettext("Such as: first marking after the sitting"),
    )
