"""The forms of scripts."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from examsrv.services.settling import REASONS_LONGEST


class ReopenForm(FlaskForm):
    """Why a sheet is reopened."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        [InputRequired(lazy_gettext("Enter a reason.")), Length(max=REASONS_LONGEST, message=lazy_gettext("At most 2000 characters."))],
    )
