"""The standards that the database rules by: each read once from the text that was imported, and found again by its digest."""

import threading

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from examsrv.storage.tables import PackRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Standard
from question_bank.standard_reading import read_standard

KEPT = 32
DIGEST = select(PackRow.standard_digest).where(PackRow.code == bindparam("code"))
_KNOWN: dict[str, Standard] = {}
_READING = threading.Lock()


def standard_of(session: Session, occupation: str) -> Standard:
    """Return the imported standard of an occupation; refuses one that was never imported."""
    digest = session.connection().execute(DIGEST, {"code": occupation}).scalar_one_or_none()
    if digest is None:
        raise ExamError(Message(N_("The standard of %(occupation)s has not been imported."), {"occupation": occupation}))
    with _READING:  # whoever comes while it is being read waits for it instead of reading it too
        if digest not in _KNOWN:
            if len(_KNOWN) >= KEPT:
                _KNOWN.pop(next(iter(_KNOWN)))
            _KNOWN[digest] = _parsed(session.scalars(select(PackRow.standard).where(PackRow.code == occupation)).one())
        return _KNOWN[digest]


def occupations(session: Session) -> list[tuple[str, str]]:
    """Return code and name of the occupations whose standard was imported."""
    return [(row.code, row.name) for row in session.execute(select(PackRow.code, PackRow.name).order_by(PackRow.code))]


def _parsed(text: str) -> Standard:
    standard, faults = read_standard(text)
    if standard is None:
        raise ExamError(faults[0].message)
    return standard
