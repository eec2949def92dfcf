"""The start page, signing in and out, the first administrator, the language."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.auth import bp
from blueprints.auth.forms import FirstRunForm, SignInForm
from examsrv.domain.roles import Role
from examsrv.services import managing_people, signing_in
from examsrv.services.signing_in import SignInFailed, StaffMember
from examsrv.web import chance
from examsrv.web.access import any_staff, open_to_all
from examsrv.web.context import now, reading, staff_or_none, writing
from examsrv.web.language import COOKIE, shown
from examsrv.web.sessions import STAFF, YEAR, cookie, give_cookie, take_cookie
from examsrv.web.translation import LANGUAGES
from question_bank.message import ExamError

FIRST_PAGES = {
    Role.ADMINISTRATOR: "admin.today",
    Role.PROCTOR: "proctor.rooms",
    Role.EXAMINER: "examiner.tasks",
    Role.AUDITOR: "admin.audit",
    Role.REVIEWER: "admin.bank",
    Role.AUTHOR: "admin.bank",
}


@bp.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    """Two ways in; the very first visitor makes the first administrator."""
    with reading() as session:
        if not managing_people.has_staff(session):
            return redirect(url_for("auth.first_run"))
    return render_template("auth/home.html", now=now().wall)


@bp.route("/first-run", methods=["GET", "POST"])
@open_to_all
def first_run() -> ResponseReturnValue:
    """Make the first administrator; gone as soon as there is one."""
    with reading() as session:
        if managing_people.has_staff(session):
            return redirect(url_for("auth.sign_in"))
    form = FirstRunForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                managing_people.create_first_administrator(session, form.login.data, form.name.data, form.password.data, now())
        except ExamError as error:
            form.login.errors = [*form.login.errors, shown(error.message)]
            return render_template("auth/first_run.html", form=form, now=now().wall), 422
        flash(gettext("The first administrator has been made. Please sign in."))
        return redirect(url_for("auth.sign_in"))
    return render_template("auth/first_run.html", form=form, now=now().wall), 422 if form.errors else 200


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> ResponseReturnValue:
    """Let staff in, with a fresh session."""
    form = SignInForm()
    if form.validate_on_submit():
        login, password = form.login.data or "", form.password.data or ""
        try:
            with reading() as session:
                member = signing_in.check_staff(session, login, password, now())
        except ExamError as error:
            if isinstance(error, SignInFailed):
                with writing() as session:
                    signing_in.count_miss(session, signing_in.staff_throttle(login), now())
            return render_template("auth/sign_in.html", form=form, failure=shown(error.message), now=now().wall), 422
        token = chance.token()
        with writing() as session:
            signing_in.begin_staff_session(session, member, token, now())
        response = make_response(redirect(first_page(member)))
        give_cookie(response, STAFF, token)
        return response
    return render_template("auth/sign_in.html", form=form, failure=None, now=now().wall), 422 if form.errors else 200


@bp.post("/sign-out")
@any_staff
def sign_out() -> ResponseReturnValue:
    """End the session."""
    token = cookie(STAFF)
    if token:
        with writing() as session:
            signing_in.end_staff_session(session, token)
    response = make_response(redirect(url_for("auth.home")))
    take_cookie(response, STAFF)
    return response


@bp.post("/language")
@open_to_all
def language() -> ResponseReturnValue:
    """Switch the language and come back; a signed-in person's choice is kept."""
    chosen = request.form.get("language", "")
    back = request.referrer if request.referrer and request.referrer.startswith(request.host_url) else url_for("auth.home")
    response = make_response(redirect(back))
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Strict", secure=request.is_secure, httponly=True)
        member = staff_or_none()
        if member is not None:
            with writing() as session:
                managing_people.set_language(session, member.id, chosen)
    return response


def first_page(member: StaffMember) -> str:
    """Return where somebody's work begins."""
    if member.must_change_password:
        return url_for("auth.password")
    for role, endpoint in FIRST_PAGES.items():
        if member.has(role):
            return url_for(endpoint)
    return url_for("auth.password")
