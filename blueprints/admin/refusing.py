"""How a refusal of a service is shown on the form that asked."""

from typing import Any

from examsrv.web.language import shown
from question_bank.message import ExamError


def refuse(form: Any, error: ExamError, field: str | None = None) -> None:
    """Put the sentence of a refusal beside `field` of the form, or (None) above the form as a whole."""
    if field is None:
        form.form_errors.append(shown(error.message))
    else:
        form[field].errors = [*form[field].errors, shown(error.message)]
