"""The forms of sites and rooms."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from examsrv.services.equipping import COLUMNS_MOST, NAME_LONGEST, PLACE_LONGEST, SEATS_MOST

USUAL_SEATS = 30  # a standard classroom, DOMAIN 1.4
USUAL_SPARES = 2
USUAL_COLUMNS = 6
WHOLE = _l("Enter a whole number.")


class SiteForm(FlaskForm):
    """A site."""

    name = StringField(_l("Name of the site"), [InputRequired(_l("Enter a name.")), Length(max=NAME_LONGEST)])
    address = StringField(_l("Address"), [Length(max=PLACE_LONGEST)])


class RoomForm(FlaskForm):
    """What is changed of a room."""

    name = StringField(
        _l("Name of the room"),
        [InputRequired(_l("Enter a name.")), Length(max=NAME_LONGEST)],
        description=_l("As it stands on the door and in rosters, such as 01 or 第一考场"),
    )
    place = StringField(_l("Where it is"), [Length(max=PLACE_LONGEST)], description=_l("Building and floor"))
    columns = IntegerField(
        _l("Seats in a row"), [InputRequired(WHOLE), NumberRange(1, COLUMNS_MOST, _l("Enter a number from 1 to 30."))], default=USUAL_COLUMNS
    )


class NewRoomForm(RoomForm):
    """A new room with its seats."""

    site = SelectField(_l("Site"), coerce=int)
    seats = IntegerField(_l("Seats"), [InputRequired(WHOLE), NumberRange(1, SEATS_MOST, _l("Enter a number from 1 to 300."))], default=USUAL_SEATS)
    spares = IntegerField(
        _l("Spare seats"),
        [InputRequired(WHOLE), NumberRange(0, SEATS_MOST, _l("Enter a number from 0 to 300."))],
        default=USUAL_SPARES,
        description=_l("They have the last numbers, and nobody is planned for them."),
    )


class MoreSeatsForm(FlaskForm):
    """Seats added to a room."""

    count = IntegerField(_l("How many"), [InputRequired(WHOLE), NumberRange(1, SEATS_MOST, _l("Enter a number from 1 to 300."))], default=1)
    are_spare = BooleanField(_l("As spare seats"))
