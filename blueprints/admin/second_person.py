"""The second person of an act that needs two: signs in anew, for this one act. Who is signed in on the browser does not matter."""

from collections.abc import Callable, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from blueprints.admin.refusing import refuse
from examsrv.services import approving_in_person, signing_in
from examsrv.services.signing_in import SignInFailed, StaffMember
from examsrv.web.context import now, reading, writing
from question_bank.message import ExamError

LONGEST = 200
DIGEST_LENGTH = 64


class AgainForm(FlaskForm):
    """Name and password of the second person, with the digest of what was shown."""

    digest = HiddenField(validators=[InputRequired(), Length(max=DIGEST_LENGTH)])
    login = StringField(lazy_gettext("Sign-in name"), [InputRequired(lazy_gettext("Enter your sign-in name.")), Length(max=LONGEST)])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(lazy_gettext("Enter your password.")), Length(max=LONGEST)])


def approved_by(form: AgainForm, site: int | None, act: Callable[[StaffMember, str], None]) -> bool:
    """Let the person who signs in on the form do `act` with the digest that was shown; False, with the reason on the form, when it is refused.

    `site` None: what is approved belongs to no site. A wrong password counts as a miss.
    """
    if not form.validate_on_submit():
        return False
    login = form.login.data or ""
    try:
        with reading() as session:
            member = approving_in_person.second_person(session, login, form.password.data or "", site, now())
        act(member, form.digest.data or "")
    except ExamError as error:
        if isinstance(error, SignInFailed):
            with writing() as session:
                signing_in.count_miss(session, signing_in.staff_throttle(login), now())
        refuse(form, error)
        return False
    with writing() as session:
        signing_in.forget_misses(session, signing_in.staff_throttle(login))
    return True


def again_page(
    form: AgainForm, *, title: str, sentence: str, facts: Sequence[tuple[str, str]], digest: str, back_url: str, here: str
) -> ResponseReturnValue:
    """Return the page on which the second person sees what is approved and signs in."""
    form.digest.data = digest
    page = render_template(
        "auth/again.html",
        form=form,
        title=title,
        sentence=sentence,
        facts=facts,
        digest=digest,
        submit=gettext("Approve"),
        back_url=back_url,
        nav_here=here,
    )
    return page, 422 if form.errors else 200
