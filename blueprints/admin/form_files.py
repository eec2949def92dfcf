"""Forms as they are handed out: the print view of a browser, a PDF, or a workbook."""

from collections.abc import Sequence

from flask import Response, request, url_for

from examsrv.exports.printed_form import PrintedForm
from examsrv.exports.printed_html import forms_html
from examsrv.exports.printed_xlsx import forms_workbook
from examsrv.exports.score_forms import Imprint
from examsrv.services.making_pdf import lacking_for_pdf, pdf_of
from examsrv.web.attachments import attachment
from examsrv.web.context import now, server, staff
from examsrv.web.language import language, local_time, shown
from examsrv.web.static_files import static_folder
from question_bank.message import Message

VIEW, PDF, XLSX = "view", "pdf", "xlsx"
TYPES = {PDF: "application/pdf", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
STYLE = "css/forms.css"


def wanted_form() -> str:
    """Return what is asked for: the print view unless it is something else that there is."""
    asked = request.form.get("as", VIEW)
    return asked if asked in TYPES else VIEW


def imprint() -> Imprint:
    """Return what stands on every form printed now."""
    return Imprint(server().settings.institution, local_time(now().wall), staff().name)


def handed_out(forms: Sequence[PrintedForm], title: str, words: Sequence[str], form: str) -> Response:
    """Return the forms as asked for, a file under the name that `words` make. Refused in words where a PDF cannot be made."""
    if form == XLSX:
        return file_of(forms_workbook(forms, title, now().wall), words, XLSX)
    if form == PDF:
        style = (static_folder() / STYLE).read_text(encoding="utf-8")
        return file_of(pdf_of(forms_html(forms, title, language()), style), words, PDF)
    return Response(forms_html(forms, title, language(), [url_for("static", filename=STYLE)], url_for("static", filename="favicon.svg")))


def file_of(content: bytes, words: Sequence[str], form: str) -> Response:
    """Return a file to keep."""
    return attachment(content, TYPES[form], words, form)


def pdf_lack() -> str | None:
    """Say in the reader's language why no PDF can be made here; None: it can."""
    lack: Message | None = lacking_for_pdf()
    return None if lack is None else shown(lack)
