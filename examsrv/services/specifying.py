"""Specifications: several for a level's component, each with its versions, one of them the usual one. A set of forms keeps what it was drawn for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.specification import FaultySpecificationError, KindRequirement, KindsInSections, Specification
from examsrv.domain.specification_file import read_specification
from examsrv.domain.specification_fit import misfits
from examsrv.domain.specification_writing import written
from examsrv.services.auditing import record
from examsrv.services.standards import standard_of
from examsrv.services.writable import require_text
from examsrv.storage.tables import FormSetRow, PersonRow, SpecificationRow, SpecificationVersionRow
from question_bank.kinds import PartialCredit
from question_bank.kinds.multiple_choice import MULTIPLE_CHOICE
from question_bank.kinds.single_choice import SINGLE_CHOICE
from question_bank.kinds.true_false import TRUE_FALSE
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey

NAME_LONGEST = 60
MINUTE = 60
FIRST_KINDS = {SINGLE_CHOICE.name: 60, MULTIPLE_CHOICE.name: 20, TRUE_FALSE.name: 20}
FIRST_DIFFICULTY, FIRST_DEVIATION = (10, 30, 35, 20, 5), 5
"""What a specification begins with that is copied from none: a hundred items of one mark, as such papers commonly have (DOMAIN 2.1)."""


class SavedMeanwhileError(ExamError):
    """Somebody saved a newer version than the one that was worked on."""


@dataclass(frozen=True, slots=True)
class SpecificationLine:
    """A specification as lists show it: its newest version. `sets` were drawn for it."""

    id: int
    version: int
    specification: Specification
    pack: str
    is_usual: bool
    is_retired: bool
    changed: datetime
    by: str | None
    sets: int

    @property
    def name(self) -> str:
        """Return its name."""
        return self.specification.name


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a specification. `by`: who saved it; None: it came with a pack."""

    number: int
    specification: Specification
    saved: datetime
    by: str | None


def specification_lines(session: Session, pack: str | None = None) -> list[SpecificationLine]:
    """Return all specifications, of one pack or of all: the highest levels last, the usual ones first, retired ones at the end of their level."""
    versions = (SpecificationVersionRow.specification_id == SpecificationRow.id) & (SpecificationVersionRow.version == SpecificationRow.version)
    query = select(SpecificationRow, SpecificationVersionRow, PersonRow.name).join(SpecificationVersionRow, versions)
    query = query.outerjoin(PersonRow, PersonRow.id == SpecificationVersionRow.person_id)
    if pack is not None:
        query = query.where(SpecificationRow.pack == pack)
    counted = select(FormSetRow.specification_id, func.count()).where(FormSetRow.unfinished.is_(None)).group_by(FormSetRow.specification_id)
    sets = {row[0]: row[1] for row in session.execute(counted)}
    lines = [
        SpecificationLine(
            row.id, row.version, read(version.text), row.pack, row.is_usual, row.retired is not None, version.wall, name, sets.get(row.id, 0)
        )
        for row, version, name in session.execute(query).all()
    ]
    ranks = {code: {level.id: level.rank for level in standard_of(session, code).levels} for code in {line.pack for line in lines}}
    return sorted(
        lines,
        key=lambda line: (line.pack, ranks[line.pack].get(line.specification.level, 0), line.is_retired, not line.is_usual, line.name, line.id),
    )


def line_of(session: Session, number: int) -> SpecificationLine:
    """Return one specification; refuses a number that none has."""
    found = next((line for line in specification_lines(session) if line.id == number), None)
    if found is None:
        raise ExamError(Message(N_("There is no such specification.")))
    return found


def specification_exists(session: Session, number: int) -> bool:
    """Tell whether a specification has this number."""
    return session.get(SpecificationRow, number) is not None


def specifications(session: Session, pack: str) -> list[Specification]:
    """Return what forms of a pack's bank may be drawn for: all specifications that are not retired, the usual one of a level first."""
    return [line.specification for line in specification_lines(session, pack) if not line.is_retired]


def usual_specification(session: Session, pack: str, level: str, component: str) -> SpecificationLine:
    """Return the usual specification of a level's component."""
    for line in specification_lines(session, pack):
        if line.is_usual and (line.specification.level, line.specification.component) == (level, component):
            return line
    raise ExamError(Message(N_("There is no specification for %(level)s, %(component)s."), {"level": level, "component": component}))


def specification_for(session: Session, pack: str, level: str, component: str) -> Specification:
    """Return what the usual specification of a level's component says."""
    return usual_specification(session, pack, level, component).specification


def versions_of(session: Session, number: int) -> list[Version]:
    """Return the versions of a specification, newest first."""
    query = select(SpecificationVersionRow, PersonRow.name).outerjoin(PersonRow, PersonRow.id == SpecificationVersionRow.person_id)
    rows = session.execute(query.where(SpecificationVersionRow.specification_id == number).order_by(SpecificationVersionRow.version.desc())).all()
    return [Version(row.version, read(row.text), row.wall, name) for row, name in rows]


def line_at(session: Session, number: int, version: int) -> SpecificationLine:
    """Return a specification as one of its versions had it."""
    row = session.get_one(SpecificationVersionRow, (number, version))
    return replace(line_of(session, number), version=version, specification=read(row.text))


def text_of(session: Session, number: int) -> str:
    """Return the newest version as the text of a file."""
    row = session.get_one(SpecificationRow, number)
    return session.get_one(SpecificationVersionRow, (number, row.version)).text


@lru_cache(maxsize=256)
def read(text: str) -> Specification:
    """Return the specification in a text that was stored."""
    specification, faults = read_specification(text)
    if specification is None:
        raise FaultySpecificationError(faults)
    return specification


def first_specification(session: Session, pack: str, level: str, name: str) -> Specification:
    """Return what a new specification of a level's theory begins with."""
    standard = standard_of(session, pack)
    return Specification(
        name=name,
        occupation=standard.occupation.code,
        level=level,
        component=str(ComponentKey.THEORY),
        minutes=int(standard.component(ComponentKey.THEORY).minimum.total_seconds()) // MINUTE,
        kinds=tuple(KindRequirement(kind, items, Decimal(1), PartialCredit.ALL_OR_NOTHING) for kind, items in FIRST_KINDS.items()),
        kinds_in_sections=KindsInSections.EVEN,
        difficulty=FIRST_DIFFICULTY,
        difficulty_deviation=FIRST_DEVIATION,
        lower_level_share=Decimal(0),
        overlap_max=None,
    )


def add_specification(session: Session, pack: str, specification: Specification, by: Actor, at: Moment, *, copied: int | None = None) -> int:
    """Add a specification, `copied` from another or new, and return its number. The first of a level's component is the usual one."""
    wanted = _sound(session, pack, specification, None)
    others = _of_same(session, pack, wanted)
    row = SpecificationRow(
        pack=pack, level=wanted.level, component=wanted.component, name=wanted.name, version=1, is_usual=not any(each.is_usual for each in others)
    )
    session.add(row)
    session.flush()
    session.add(_version(row, written(wanted), by, at))
    session.flush()
    record(session, "specification.added", f"specification/{row.id}", by, at, copied=copied, digest=wanted.digest)
    return row.id


def copy_specification(session: Session, number: int, name: str, by: Actor, at: Moment) -> int:
    """Copy a specification under another name and return the copy's number."""
    line = line_of(session, number)
    return add_specification(session, line.pack, replace(line.specification, name=name), by, at, copied=number)


def save_specification(session: Session, number: int, worked_on: int, specification: Specification, by: Actor, at: Moment) -> int:
    """Save a new version and return its number; saving what stands there already makes none.

    `worked_on` is the version that the changes were made in: refused with `SavedMeanwhileError` when another was saved since. Occupation, level and
    component stay. Refused: what contradicts the standard or itself (`FaultySpecificationError`), and anything once it is retired.
    """
    row = _in_use(session, number)
    if row.version != worked_on:
        values = {"version": row.version}
        raise SavedMeanwhileError(Message(N_("Version %(version)d was saved meanwhile, perhaps in another window. Nothing was overwritten."), values))
    wanted = _sound(session, row.pack, replace(specification, level=row.level, component=row.component), number)
    if wanted == read(text_of(session, number)):
        return row.version
    row.version, row.name = row.version + 1, wanted.name
    session.flush()
    session.add(_version(row, written(wanted), by, at))
    session.flush()
    record(session, "specification.saved", f"specification/{number}", by, at, version=row.version, digest=wanted.digest)
    return row.version


def make_usual(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Make a specification the usual one of its level's component."""
    row = _in_use(session, number)
    for other in _of_same(session, row.pack, row):
        other.is_usual = other.id == number
    record(session, "specification.usual", f"specification/{number}", by, at)


def retire_specification(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Take a specification out of use; sets that were drawn for it stay. The usual one can only go when another has taken its place."""
    row = _in_use(session, number)
    if row.is_usual and any(other.id != number for other in _of_same(session, row.pack, row)):
        raise ExamError(Message(N_("This is the usual specification of its level. Make another one the usual one first.")))
    row.is_usual, row.retired = False, at.wall
    record(session, "specification.retired", f"specification/{number}", by, at)


def revive_specification(session: Session, number: int, by: Actor, at: Moment) -> None:
    """Take a retired specification into use again."""
    row = session.get_one(SpecificationRow, number)
    if row.retired is None:
        return
    others = _of_same(session, row.pack, row)
    _require_free_name(row.name, others)
    row.retired, row.is_usual = None, not any(other.is_usual for other in others)
    record(session, "specification.revived", f"specification/{number}", by, at)


def _sound(session: Session, pack: str, specification: Specification, number: int | None) -> Specification:
    """Return the specification as it will be read again; refuses what contradicts itself or the standard, and a name that is taken."""
    standard = standard_of(session, pack)
    name = specification.name.strip()
    require_text(name)
    if not name or len(name) > NAME_LONGEST:
        raise ExamError(Message(N_("A name has 1 to %(longest)d characters."), {"longest": NAME_LONGEST}))
    wanted = read_again(replace(specification, name=name, occupation=standard.occupation.code))
    if faults := misfits(wanted, standard):
        raise FaultySpecificationError(faults)
    _require_free_name(name, [row for row in _of_same(session, pack, wanted) if row.id != number])
    return wanted


def read_again(specification: Specification) -> Specification:
    """Return the specification as its file says it; raise `FaultySpecificationError` with all that contradicts itself."""
    found, faults = read_specification(written(specification))
    if found is None:
        raise FaultySpecificationError(faults)
    return found


def _require_free_name(name: str, others: Collection[SpecificationRow]) -> None:
    if any(other.name == name for other in others):
        raise ExamError(Message(N_("Another specification of this level is called %(name)s."), {"name": name}))


def _of_same(session: Session, pack: str, like: Specification | SpecificationRow) -> list[SpecificationRow]:
    """Return the specifications in use of the same level's component."""
    query = select(SpecificationRow).where(SpecificationRow.pack == pack, SpecificationRow.level == like.level)
    return list(session.scalars(query.where(SpecificationRow.component == like.component, SpecificationRow.retired.is_(None))))


def _in_use(session: Session, number: int) -> SpecificationRow:
    row = session.get_one(SpecificationRow, number)
    if row.retired is not None:
        raise ExamError(Message(N_("This specification is out of use.")))
    return row


def _version(row: SpecificationRow, text: str, by: Actor, at: Moment) -> SpecificationVersionRow:
    return SpecificationVersionRow(specification_id=row.id, version=row.version, text=text, is_imported=False, person_id=by.person, wall=at.wall)
