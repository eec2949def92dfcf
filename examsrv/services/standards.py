"""The standards that the database rules by: each read once from the text that was imported."""

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.storage.tables import PackRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Standard
from question_bank.standard_reading import read_standard

KEPT = 32


def standard_of(session: Session, occupation: str) -> Standard:
    """Return the imported standard of an occupation; refuses one that was never imported."""
    row = session.get(PackRow, occupation)
    if row is None:
        raise ExamError(Message(N_("The standard of %(occupation)s has not been imported."), {"occupation": occupation}))
    return _parsed(row.standard)


def occupations(session: Session) -> list[tuple[str, str]]:
    """Return code and name of the occupations whose standard was imported."""
    return [(row.code, row.name) for row in session.execute(select(PackRow.code, PackRow.name).order_by(PackRow.code))]


@lru_cache(maxsize=KEPT)
def _parsed(text: str) -> Standard:
    standard, faults = read_standard(text)
    if standard is None:
        raise ExamError(faults[0].message)
    return standard
