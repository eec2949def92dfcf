"""The forms of sites and rooms."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from examsrv.services.equipping import COLUMNS_MOST, NAME_LONGEST, PLACE_LONGEST, SEATS_MOST

USUAL_SEATS = 30  # a standard classroom, DOMAIN 1.4
USUAL_SPARES = 2
USUAL_COLUMNS = 6
WHOLE = lazy_gettext("Enter a whole number.")


class SiteForm(FlaskForm):
    """A site."""

    name = StringField(lazy_gettext("Name of the site"), [InputRequired(lazy_gettext("Enter a name.")), Length(max=NAME_LONGEST)])
    address = StringField(lazy_gettext("Address"), [Length(max=PLACE_LONGEST)])


class RoomForm(FlaskForm):
    """What is changed of a room."""

    name = StringField(
        lazy_gettext("Name of the room"),
        [InputRequired(lazy_gettext("Enter a name.")), Length(max=NAME_LONGEST)],
        description=lazy_gettext("As it stands on the door and in rosters, such as 01 or 第一考场"),
    )
    place = StringField(lazy_gettext("Where it is"), [Length(max=PLACE_LONGEST)], description=lazy_gettext("Building and floor"))
    columns = IntegerField(
        lazy_gettext("Seats in a row"),
        [InputRequired(WHOLE), NumberRange(1, COLUMNS_MOST, lazy_gettext("Enter a number from 1 to 30."))],
        default=USUAL_COLUMNS,
    )


class NewRoomForm(RoomForm):
    """A new room with its seats."""

    site = SelectField(lazy_gettext("Site"), coerce=int)
    seats = IntegerField(
        lazy_gettext("Seats"), [InputRequired(WHOLE), NumberRange(1, SEATS_MOST, lazy_gettext("Enter a number from 1 to 300."))], default=USUAL_SEATS
    )
    spares = IntegerField(
        lazy_gettext("Spare seats"),
        [InputRequired(WHOLE), NumberRange(0, SEATS_MOST, lazy_gettext("Enter a number from 0 to 300."))],
        default=USUAL_SPARES,
        description=lazy_gettext("They have the last numbers, and nobody is planned for them."),
    )


class MoreSeatsForm(FlaskForm):
    """Seats added to a room."""

    count = IntegerField(
        lazy_gettext("How many"), [InputRequired(WHOLE), NumberRange(1, SEATS_MOST, lazy_gettext("Enter a number from 1 to 300."))], default=1
    )
    are_spare = BooleanField(lazy_gettext("As spare seats"))
