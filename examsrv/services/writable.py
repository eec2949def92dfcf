"""Which texts can be kept, on either database: refused before anything is written."""

from question_bank.message import N_, ExamError, Message

NO_TEXT = Message(N_("The text contains a sign that cannot be kept. Delete it, or type the text anew."))


def require_text(text: str) -> None:
    """Refuse the NUL sign, and halves of a sign."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ExamError(NO_TEXT) from error
    if "\0" in text:
        raise ExamError(NO_TEXT)
