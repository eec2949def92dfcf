"""The forms of the board."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DecimalField, IntegerField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from examsrv.services.messaging import MESSAGE_LONGEST
from examsrv.services.reasons import GRANT_REASONS, INCIDENT_KINDS
from examsrv.services.watching import RoomView
from examsrv.web.language import shown

LONGEST = 500
LONGEST_PIN = 40
PIN_REFUSED = "pin"
"""The category of a sentence that belongs to the question for the PIN."""
LEAST_MINUTES, MOST_MINUTES = 0.5, 60
NOTHING_CHOSEN = ("", lazy_gettext("Please choose"))
WRITTEN_BY_HAND = ("terminal", "network", "power", "illness", "disturbance", "misconduct", "warning", "other")


class ReasonForm(FlaskForm):
    """A reason and a note. No reason stands there by itself: what goes into the log was chosen by somebody."""

    reason = SelectField(lazy_gettext("Reason"), [InputRequired(lazy_gettext("Choose a reason."))])
    note = StringField(lazy_gettext("Note"), [Length(max=LONGEST)])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.reason.choices = [NOTHING_CHOSEN, *((key, shown(text)) for key, text in GRANT_REASONS.items())]


class GrantForm(ReasonForm):
    """Time to give."""

    minutes = DecimalField(
        lazy_gettext("Minutes"),
        [
            InputRequired(lazy_gettext("Enter the minutes.")),
            NumberRange(LEAST_MINUTES, MOST_MINUTES, lazy_gettext("Between half a minute and 60 minutes.")),
        ],
    )


class NoteForm(FlaskForm):
    """A written reason."""

    note = StringField(lazy_gettext("Written reason"), [Length(max=LONGEST)])


class MessageForm(FlaskForm):
    """What the candidates are told."""

    text = TextAreaField(lazy_gettext("Message"), render_kw={"maxlength": MESSAGE_LONGEST})


class SeatForm(NoteForm):
    """Another seat for a candidate."""

    to_seat = IntegerField(lazy_gettext("To seat"), [InputRequired(lazy_gettext("Choose the seat."))])


class IncidentForm(FlaskForm):
    """Something that happened."""

    kind = SelectField(lazy_gettext("What happened"), [InputRequired(lazy_gettext("Choose what happened."))])
    note = StringField(lazy_gettext("Note"), [Length(max=LONGEST)])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kind.choices = [NOTHING_CHOSEN, *((key, shown(INCIDENT_KINDS[key])) for key in WRITTEN_BY_HAND)]


class PinForm(FlaskForm):
    """Somebody signing in on the board: a proctor, or an examiner where no proctors are asked."""

    person = SelectField(lazy_gettext("Name"), coerce=int)
    pin = PasswordField(lazy_gettext("PIN"), [InputRequired(lazy_gettext("Enter the PIN.")), Length(max=LONGEST_PIN)])

    @classmethod
    def for_room(cls, view: RoomView, formdata: Any = None) -> "PinForm":
        """Return the form with those who are planned and not yet present."""
        form = cls(formdata=formdata)
        present = {person for person, _name in view.staffing.present}
        form.person.choices = [(person, name) for person, name in view.staffing.planned if person not in present]
        return form
