"""The forms of the accounts."""

from collections.abc import Iterable

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from examsrv.domain.roles import ROLE_NAMES, STAFF_ROLES, Role
from examsrv.services.managing_people import LOGIN_LONGEST, NAME_LONGEST
from examsrv.services.signing_in import PASSWORD_LEAST
from examsrv.web.language import shown

LONGEST = 200
ALL_SITES = "all"
BETWEEN = "@"


def grant_value(role: str, site: int | None) -> str:
    """Return how a role at a site (None: all) is written in a form."""
    return f"{role}{BETWEEN}{ALL_SITES if site is None else site}"


def grants(values: Iterable[str] | None) -> list[tuple[Role, int | None]]:
    """Return the roles that were ticked."""
    split = (value.split(BETWEEN) for value in values or ())
    return [(Role(role), None if site == ALL_SITES else int(site)) for role, site in split]


class RolesForm(FlaskForm):
    """Which roles somebody holds, at each site or at all."""

    roles = SelectMultipleField(lazy_gettext("Roles"), validate_choice=True)

    def offer(self, sites: Iterable[int]) -> None:
        """Offer every role at all sites and at each of `sites`."""
        places: list[int | None] = [None, *sites]
        self.roles.choices = [(grant_value(role, site), shown(ROLE_NAMES[role])) for role in STAFF_ROLES for site in places]


class NewPersonForm(RolesForm):
    """A new account."""

    login = StringField(
        lazy_gettext("Sign-in name"),
        [InputRequired(lazy_gettext("Enter a sign-in name.")), Length(max=LOGIN_LONGEST)],
        description=lazy_gettext("Letters, digits, dots, hyphens and underscores"),
    )
    name = StringField(lazy_gettext("Name"), [InputRequired(lazy_gettext("Enter the name.")), Length(max=NAME_LONGEST)])
    password = PasswordField(
        lazy_gettext("Initial password"),
        [Optional(), Length(PASSWORD_LEAST, LONGEST, lazy_gettext("A password has at least 10 characters."))],
        description=lazy_gettext("Leave it empty to have one made. It has to be changed at the first sign-in."),
    )


class PersonForm(FlaskForm):
    """What is changed of an account."""

    name = StringField(lazy_gettext("Name"), [InputRequired(lazy_gettext("Enter the name.")), Length(max=NAME_LONGEST)])
    is_senior_examiner = BooleanField(lazy_gettext("Senior examiner"), description=lazy_gettext("May also examine levels 2 and 1"))
    employer = TextAreaField(
        lazy_gettext("Employers"),
        default="",
        description=lazy_gettext("Present and former, one on a line: somebody does not score candidates of the same employer."),
    )
    training_classes = TextAreaField(
        lazy_gettext("Training classes taught"),
        default="",
        description=lazy_gettext("One on a line, as rosters name them: somebody does not score candidates of these classes."),
    )


class ResetForm(FlaskForm):
    """A new initial password."""

    password = PasswordField(
        lazy_gettext("New initial password"),
        [Optional(), Length(PASSWORD_LEAST, LONGEST, lazy_gettext("A password has at least 10 characters."))],
        description=lazy_gettext("Leave it empty to have one made. It has to be changed at the next sign-in."),
    )


def site_words(site: int | None, names: dict[int, str]) -> str:
    """Return the name of a site a role is held at."""
    return gettext("All sites") if site is None else names.get(site, str(site))
