"""The forms of signing in and of the own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from examsrv.services.signing_in import PASSWORD_LEAST, PIN_LEAST

LONGEST = 200


class SignInForm(FlaskForm):
    """Name and password."""

    login = StringField(_l("Sign-in name"), [InputRequired(_l("Enter your sign-in name.")), Length(max=LONGEST)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password.")), Length(max=LONGEST)])


class FirstRunForm(FlaskForm):
    """The first administrator."""

    login = StringField(_l("Sign-in name"), [InputRequired(_l("Enter a sign-in name.")), Length(max=LONGEST)])
    name = StringField(_l("Name"), [InputRequired(_l("Enter the name.")), Length(max=LONGEST)])
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter a password.")), Length(PASSWORD_LEAST, LONGEST, _l("A password has at least 10 characters."))]
    )
    repeat = PasswordField(_l("Password again"), [EqualTo("password", _l("The two passwords differ."))])


class PasswordForm(FlaskForm):
    """The own password."""

    current = PasswordField(_l("Present password"), [InputRequired(_l("Enter your present password.")), Length(max=LONGEST)])
    new = PasswordField(
        _l("New password"), [InputRequired(_l("Enter a password.")), Length(PASSWORD_LEAST, LONGEST, _l("A password has at least 10 characters."))]
    )
    repeat = PasswordField(_l("New password again"), [EqualTo("new", _l("The two passwords differ."))])


class PinForm(FlaskForm):
    """The PIN for the board of a room."""

    current = PasswordField(_l("Present password"), [InputRequired(_l("Enter your present password.")), Length(max=LONGEST)])
    pin = PasswordField(
        _l("PIN"), [InputRequired(_l("Enter a PIN.")), Length(PIN_LEAST, LONGEST, _l("A PIN has at least 4 digits."))], description=_l("Digits only")
    )
