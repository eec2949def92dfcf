"""The shipped bank in a database, and forms drawn from it once for all tests: drawing takes seconds, keeping what was drawn does not."""

from functools import cache

from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor
from examsrv.services import drawing
from examsrv.services.banking import ImportReport, import_pack
from examsrv.services.drawing import Drawn
from question_bank.pack import Pack, load_pack
from tests.services.sittings_to_mark import BEGIN, COMPONENT, LEVEL, PACK

OFFICE = Actor(None, "office")
FORMS, SEED = 2, 20261108
_drawn: dict[int, Drawn] = {}


@cache
def shipped() -> Pack:
    """Return the pack that comes with the program."""
    return load_pack(PACK)


def add_bank(session: Session) -> ImportReport:
    """Import the shipped pack."""
    return import_pack(session, shipped(), OFFICE, BEGIN)


def drawn(session: Session, seed: int = SEED) -> Drawn:
    """Return two forms of the shipped bank; the same for every database."""
    if seed not in _drawn:
        _drawn[seed] = drawing.draw(session, PACK, LEVEL, COMPONENT, FORMS, seed)
    return _drawn[seed]


def add_forms(session: Session) -> int:
    """Import the shipped pack and keep two forms of it; return the number of the set."""
    add_bank(session)
    return drawing.keep_forms(session, drawn(session), OFFICE, BEGIN)
