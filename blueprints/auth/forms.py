"""The forms of signing in and of the own account."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from examsrv.services.signing_in import PASSWORD_LEAST, PIN_LEAST

LONGEST = 200


class SignInForm(FlaskForm):
    """Name and password."""

    login = StringField(lazy_gettext("Sign-in name"), [InputRequired(lazy_gettext("Enter your sign-in name.")), Length(max=LONGEST)])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(lazy_gettext("Enter your password.")), Length(max=LONGEST)])


class FirstRunForm(FlaskForm):
    """The first administrator."""

    login = StringField(lazy_gettext("Sign-in name"), [InputRequired(lazy_gettext("Enter a sign-in name.")), Length(max=LONGEST)])
    name = StringField(lazy_gettext("Name"), [InputRequired(lazy_gettext("Enter the name.")), Length(max=LONGEST)])
    password = PasswordField(
        lazy_gettext("Password"),
        [InputRequired(lazy_gettext("Enter a password.")), Length(PASSWORD_LEAST, LONGEST, lazy_gettext("A password has at least 10 characters."))],
    )
    repeat = PasswordField(lazy_gettext("Password again"), [EqualTo("password", lazy_gettext("The two passwords differ."))])


class PasswordForm(FlaskForm):
    """The own password."""

    current = PasswordField(lazy_gettext("Present password"), [InputRequired(lazy_gettext("Enter your present password.")), Length(max=LONGEST)])
    new = PasswordField(
        lazy_gettext("New password"),
        [InputRequired(lazy_gettext("Enter a password.")), Length(PASSWORD_LEAST, LONGEST, lazy_gettext("A password has at least 10 characters."))],
    )
    repeat = PasswordField(lazy_gettext("New password again"), [EqualTo("new", lazy_gettext("The two passwords differ."))])


class PinForm(FlaskForm):
    """The PIN for the board of a room."""

    current = PasswordField(lazy_gettext("Present password"), [InputRequired(lazy_gettext("Enter your present password.")), Length(max=LONGEST)])
    pin = PasswordField(
        lazy_gettext("PIN"),
        [InputRequired(lazy_gettext("Enter a PIN.")), Length(PIN_LEAST, LONGEST, lazy_gettext("A PIN has at least 4 digits."))],
        description=lazy_gettext("Digits only"),
    )
