"""How a refusal of a service is shown on the page that asked."""

from collections.abc import Callable
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from blueprints.admin.scopes import DatabaseSession
from examsrv.web.context import writing
from examsrv.web.language import shown
from question_bank.message import ExamError

REFUSED = 409


def refuse(form: Any, error: ExamError, field: str | None = None) -> None:
    """Put the sentence of a refusal beside `field` of the form, or (None) above the form as a whole."""
    if field is None:
        form.form_errors.append(shown(error.message))
    else:
        form[field].errors = [*form[field].errors, shown(error.message)]


def tell_refusal(error: ExamError) -> None:
    """Put the sentence of a refusal above the page that is rendered next, in this request or after going on."""
    flash(shown(error.message), "alarm")


def done(act: Callable[[DatabaseSession], object], sentence: str = "") -> bool:
    """Do an act of one button in a transaction and leave `sentence` for the next page; False, with the reason left there, when it is refused."""
    try:
        with writing() as session:
            act(session)
    except ExamError as error:
        tell_refusal(error)
        return False
    if sentence:
        flash(sentence, "good")
    return True


def refused(page: str) -> ResponseReturnValue:
    """Answer an act of one button that was refused with its page."""
    return page, REFUSED
