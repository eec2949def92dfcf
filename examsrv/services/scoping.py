"""Which sections of the bank somebody works on. An author or a reviewer with rows of their own sees nothing else; an administrator sees all."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, false, or_, select, true
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor, Moment
from examsrv.domain.roles import Role
from examsrv.services.auditing import record
from examsrv.services.signing_in import StaffMember
from examsrv.services.standards import occupations, standard_of
from examsrv.storage.tables import BankScopeRow, ItemRow
from question_bank.message import N_, ExamError, Message
from question_bank.standard import ComponentKey


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A section of a level of an occupation."""

    pack: str
    level: str
    section: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody works on. `places` None: the whole bank."""

    places: frozenset[Place] | None

    def holds(self, pack: str, level: str, section: str) -> bool:
        """Tell whether a section is in it."""
        return self.places is None or Place(pack, level, section) in self.places

    def condition(self, pack: str) -> ColumnElement[bool]:
        """Return the condition that a line of the list (`ItemRow`) of `pack` is in it."""
        if self.places is None:
            return true()
        own = [and_(ItemRow.level == place.level, ItemRow.section == place.section) for place in sorted(self.places) if place.pack == pack]
        return or_(*own) if own else false()


WHOLE_BANK = Scope(None)


def scope_of(session: Session, by: StaffMember) -> Scope:
    """Return what a member of staff works on."""
    if by.has(Role.ADMINISTRATOR):
        return WHOLE_BANK
    places = places_of(session, by.id)
    return Scope(places) if places else WHOLE_BANK


def places_of(session: Session, person: int) -> frozenset[Place]:
    """Return the sections that somebody was limited to; none: the whole bank."""
    rows = session.scalars(select(BankScopeRow).where(BankScopeRow.person_id == person))
    return frozenset(Place(row.pack, row.level, row.section) for row in rows)


def sections_there(session: Session) -> list[tuple[Place, str]]:
    """Return the sections of all imported standards that theory asks, in their order, each with occupation, level and name in words."""
    return [
        (Place(code, level.id, section.key), f"{name} {level.name or level.id} · {section.name}")
        for code, name in occupations(session)
        for standard in [standard_of(session, code)]
        for level in standard.levels
        if any(table.component is ComponentKey.THEORY for table in standard.weights)
        for section, _percent in standard.sections(ComponentKey.THEORY, level.id)
    ]


def set_places(session: Session, person: int, places: Iterable[Place], by: Actor, at: Moment) -> None:
    """Limit somebody to exactly these sections; none at all: to none, so that the whole bank is theirs. Refused: a section that does not exist."""
    wanted = frozenset(places)
    if not wanted <= {place for place, _name in sections_there(session)}:
        raise ExamError(Message(N_("There is no such section.")))
    session.execute(delete(BankScopeRow).where(BankScopeRow.person_id == person))
    session.add_all(BankScopeRow(person_id=person, pack=each.pack, level=each.level, section=each.section) for each in sorted(wanted))
    session.flush()
    spelled = " ".join(f"{each.pack}/{each.level}/{each.section}" for each in sorted(wanted))
    record(session, "person.bank_scope", f"person/{person}", by, at, sections=spelled)


def is_visible(session: Session, pack: str, item: str, by: StaffMember) -> bool:
    """Tell whether the bank has such an item and somebody may see it."""
    line = session.get(ItemRow, (pack, item))
    return line is not None and scope_of(session, by).holds(pack, line.level, line.section)


def require_section(session: Session, pack: str, level: str, section: str, by: StaffMember) -> None:
    """Refuse work outside of what somebody works on."""
    if not scope_of(session, by).holds(pack, level, section):
        raise ExamError(Message(N_("You work on other sections of the bank. An administrator can change that.")))
