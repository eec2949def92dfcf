"""The forms of a sitting's plan."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange

from examsrv.services.planning import NAME_LONGEST

USUAL_MINUTES = 30  # for the late limit and the earliest leaving, DOMAIN 2.4
LONGEST_MINUTES = 600
WHOLE = _l("Enter a whole number of minutes.")
IN_BOUNDS = NumberRange(0, LONGEST_MINUTES, _l("Enter 0 to 600 minutes."))


class SittingForm(FlaskForm):
    """A sitting. The fields of `FIXED` are left out while it is published."""

    FIXED = ("examination", "site", "minutes")

    name = StringField(_l("Name of the sitting"), [InputRequired(_l("Enter a name.")), Length(max=NAME_LONGEST)])
    examination = SelectField(_l("Examination"))
    site = SelectField(_l("Site"), coerce=int)
    day = DateField(_l("Date"), [InputRequired(_l("Enter the date."))])
    time = TimeField(_l("Time"), [InputRequired(_l("Enter the time."))], description=_l("Local time of the site; the proctors start the rooms"))
    minutes = IntegerField(_l("Length in minutes"), [InputRequired(WHOLE), IN_BOUNDS], description=_l("Not under the minimum of the standard"))
    late = IntegerField(
        _l("Latest admission, minutes after the start"),
        [InputRequired(WHOLE), IN_BOUNDS],
        default=USUAL_MINUTES,
        description=_l("Late comers get no further time."),
    )
    leave = IntegerField(
        _l("Earliest leaving, minutes after the start"),
        [InputRequired(WHOLE), IN_BOUNDS],
        default=USUAL_MINUTES,
        description=_l("Not before the latest admission"),
    )
    shows_mark = BooleanField(
        _l("Show the objective mark"), description=_l("The candidate sees it after handing in; it is no result until it has been released.")
    )
