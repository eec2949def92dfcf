"""The candidate's two forms."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

LONGEST = 100


class SeatForm(FlaskForm):
    """The code of the seat that this machine stands at."""

    code = StringField(lazy_gettext("Seat code"), [InputRequired(lazy_gettext("Enter the six digits on the desk label.")), Length(max=LONGEST)])


class TicketForm(FlaskForm):
    """Ticket number and identity document number."""

    ticket = StringField(
        lazy_gettext("Ticket number"), [InputRequired(lazy_gettext("Enter the number of your admission ticket.")), Length(max=LONGEST)]
    )
    id_number = StringField(
        lazy_gettext("Identity document number"), [InputRequired(lazy_gettext("Enter the number of your identity document.")), Length(max=LONGEST)]
    )
