"""The forms of a sitting's plan."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import TextInput

from examsrv.services.planning import NAME_LONGEST

USUAL_MINUTES = 30  # for the late limit and the earliest leaving, DOMAIN 2.4
LONGEST_MINUTES = 600
WHOLE = lazy_gettext("Enter a whole number of minutes.")
IN_BOUNDS = NumberRange(0, LONGEST_MINUTES, lazy_gettext("Enter 0 to 600 minutes."))


class SittingForm(FlaskForm):
    """A sitting. The fields of `FIXED` are left out while it is published."""

    FIXED = ("examination", "batch", "site", "minutes")

    name = StringField(lazy_gettext("Name of the sitting"), [InputRequired(lazy_gettext("Enter a name.")), Length(max=NAME_LONGEST)])
    examination = SelectField(lazy_gettext("Examination"))
    batch = SelectField(
        lazy_gettext("Batch"),
        default="",
        description=lazy_gettext("Skills and reviews need one: it says how the marks of the examiners are combined."),
    )
    site = SelectField(lazy_gettext("Site"), coerce=int)
    day = DateField(
        lazy_gettext("Date"), [InputRequired(lazy_gettext("Enter the date."))], widget=TextInput(), description=lazy_gettext("Such as 2026-11-22")
    )
    time = TimeField(
        lazy_gettext("Time"),
        [InputRequired(lazy_gettext("Enter the time."))],
        widget=TextInput(),
        description=lazy_gettext("Local time of the site, such as 09:00; the proctors start the rooms"),
    )
    minutes = IntegerField(
        lazy_gettext("Length in minutes"), [InputRequired(WHOLE), IN_BOUNDS], description=lazy_gettext("Not under the minimum of the standard")
    )
    late = IntegerField(
        lazy_gettext("Latest admission, minutes after the start"),
        [InputRequired(WHOLE), IN_BOUNDS],
        default=USUAL_MINUTES,
        description=lazy_gettext("Late comers get no further time."),
    )
    leave = IntegerField(
        lazy_gettext("Earliest leaving, minutes after the start"),
        [InputRequired(WHOLE), IN_BOUNDS],
        default=USUAL_MINUTES,
        description=lazy_gettext("Not before the latest admission"),
    )
    shows_mark = BooleanField(
        lazy_gettext("Show the objective mark"),
        description=lazy_gettext("The candidate sees it after handing in; it is no result until it has been released."),
    )
