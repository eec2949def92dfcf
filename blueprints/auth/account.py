"""The own account: password and PIN."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.auth import bp
from blueprints.auth.forms import PasswordForm, PinForm
from examsrv.services import managing_people
from examsrv.web.access import any_staff
from examsrv.web.context import now, staff, writing
from examsrv.web.language import shown
from examsrv.web.sessions import STAFF, cookie
from question_bank.message import ExamError


@bp.route("/account", methods=["GET", "POST"])
@any_staff
def password() -> ResponseReturnValue:
    """Change the own password, or set the PIN for the board."""
    is_pin = request.form.get("which") == "pin"
    form, pin = PasswordForm(formdata=None if is_pin else request.form), PinForm(formdata=request.form if is_pin else None, prefix="pin-")
    chosen = pin if is_pin else form
    if request.method == "POST" and chosen.validate():
        try:
            with writing() as session:
                if is_pin:
                    managing_people.set_own_pin(session, staff().id, pin.current.data, pin.pin.data, now())
                else:
                    managing_people.change_own_password(session, staff().id, form.current.data, form.new.data, now(), cookie(STAFF))
        except ExamError as error:
            field = form.new if isinstance(error, managing_people.SamePasswordError) else chosen.current
            field.errors = [*field.errors, shown(error.message)]
        else:
            flash(gettext("The PIN has been set.") if is_pin else gettext("The password has been changed."))
            return redirect(url_for("auth.password"))
    return render_template("auth/password.html", form=form, pin_form=pin, must_change=staff().must_change_password), 422 if chosen.errors else 200
