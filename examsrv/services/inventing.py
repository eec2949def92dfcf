"""What a demonstration and a rehearsal have in common: invented candidates, and papers sealed by two administrators."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from examsrv.domain.moment import Actor, Moment
from examsrv.services import drawing, papers
from examsrv.storage.database import Database

REGION, BIRTH_YEARS, MONTHS, DAYS = "150102", range(1978, 1999), range(1, 13), range(1, 28)
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
SERIALS = range(101, 1000)


@dataclass(frozen=True, slots=True)
class Chance:
    """Where invented ids, seeds, keys and codes come from."""

    public_id: Callable[[], str]
    seed: Callable[[], int]
    key: Callable[[], bytes]
    code: Callable[[], str]


@dataclass(frozen=True, slots=True)
class CandidateWay:
    """How an invented candidate signs in."""

    name: str
    ticket: str
    id_number: str
    room: str
    seat: int
    seat_code: str


def id_number(number: int) -> str:
    """Return an invented identity number with a right check digit; different ones for tens of thousands of numbers."""
    year, month, day = (parts[number % len(parts)] for parts in (BIRTH_YEARS, MONTHS, DAYS))
    body = f"{REGION}{year}{month:02}{day:02}{SERIALS[number % len(SERIALS)]:03}"
    total = sum(weight * int(digit) for weight, digit in zip(CHECK_WEIGHTS, body, strict=True))
    return body + CHECK_DIGITS[total % len(CHECK_DIGITS)]


def roster_csv(candidates: Iterable[CandidateWay]) -> bytes:
    """Return the roster of invented candidates as a file that can be imported."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["准考证号", "姓名", "证件号码", "考场", "座位"])
    writer.writerows([way.ticket, way.name, way.id_number, way.room, way.seat] for way in candidates)
    return out.getvalue().encode()


def sealed_forms(database: Database, pack: str, level: str, component: str, forms: int, by: tuple[Actor, Actor], seed: int, at: Moment) -> int:
    """Return the number of sealed forms of an examination: those that are there, else `forms` new ones, which the two administrators seal."""
    wanted = (pack, level, component)
    with database.reading() as session:
        found = [each.id for each in papers.form_sets(session) if each.is_sealed and (each.pack, each.level, each.component) == wanted]
        if found:
            return found[0]
        drawn = drawing.draw(session, pack, level, component, forms, seed)
    with database.writing() as session:
        made = drawing.keep_forms(session, drawn, by[0], at)
        papers.propose_seal(session, made, by[0], at)
        papers.seal(session, made, papers.form_set(session, made).digest, by[1], at)
    return made
