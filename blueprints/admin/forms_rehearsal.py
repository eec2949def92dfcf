"""The form of a rehearsal."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import FloatField, IntegerField
from wtforms.validators import InputRequired, NumberRange

CANDIDATES, CANDIDATES_MOST = 200, 1000
MINUTES, MINUTES_LEAST, MINUTES_MOST = 2.0, 0.1, 30.0
KILLS_MOST = 20


class RehearsalForm(FlaskForm):
    """How large a rehearsal is, how long its candidates answer, and how often its server is killed."""

    candidates = IntegerField(
        lazy_gettext("Virtual candidates"),
        [
            InputRequired(lazy_gettext("Enter a whole number.")),
            NumberRange(1, CANDIDATES_MOST, lazy_gettext("Enter a number from 1 to %(most)d.", most=CANDIDATES_MOST)),
        ],
        default=CANDIDATES,
        description=lazy_gettext("As many as there are seats; they sit in rooms of 30 with virtual proctors"),
    )
    minutes = FloatField(
        lazy_gettext("Minutes of answering"),
        [
            InputRequired(lazy_gettext("Enter the minutes.")),
            NumberRange(
                MINUTES_LEAST, MINUTES_MOST, lazy_gettext("Enter a number from %(least)s to %(most)s.", least=MINUTES_LEAST, most=MINUTES_MOST)
            ),
        ],
        default=MINUTES,
        description=lazy_gettext("Everybody answers the whole paper in this time: 2 minutes are 45 times as fast as an examination of 90"),
    )
    kills = IntegerField(
        lazy_gettext("Times the server is killed"),
        [
            InputRequired(lazy_gettext("Enter a whole number.")),
            NumberRange(0, KILLS_MOST, lazy_gettext("Enter a number from %(least)s to %(most)s.", least=0, most=KILLS_MOST)),
        ],
        default=0,
        description=lazy_gettext("The rehearsal's own server is ended without warning while candidates answer, and started again"),
    )
