"""Who examines in which group: assigned by hand or proposed, and everything that may be wrong with it, in words."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from examsrv.domain.assigning import Examiner, Proposed, Wanted, choose_lead, propose
from examsrv.domain.canonical import digest
from examsrv.domain.moment import Actor, Moment
from examsrv.rules.qualification import QualificationError, require_qualified
from examsrv.rules.staffing import Shortfall, next_odd, persons_required, shortfall
from examsrv.services.assessment_groups import (
    GroupView,
    candidates_of_group,
    examiners_at,
    group,
    groups_of_sitting,
    level_of,
)
from examsrv.services.auditing import record
from examsrv.services.bars import GROUND_NAMES, Bars, bars_of
from examsrv.services.planning import require_draft
from examsrv.services.scripts import BARRED, left_barred
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import (
    AssessmentGroupRow,
    AssignmentRow,
    AttemptRow,
    PersonRow,
    ProctorDutyRow,
    SittingRoomRow,
    SittingRow,
)
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Level

RESERVES_CALLED = 2
"""A disputed script is given to so many reserves (DECISIONS 25): as many are named for each group."""
SHORTFALLS = {
    Shortfall.TOO_FEW: {
        "RULE-EXAMINERS": N_("%(group)s: %(candidates)d candidates need %(required)d examiners, %(planned)d are planned (RULE-EXAMINERS)."),
        "RULE-PANEL": N_("%(group)s: %(required)d panel members are needed, %(planned)d are planned (RULE-PANEL)."),
    },
    Shortfall.NOT_ODD: {
        "RULE-EXAMINERS": N_("%(group)s: the number of examiners must be odd, %(planned)d are planned (RULE-EXAMINERS)."),
        "RULE-PANEL": N_("%(group)s: the number of panel members must be odd, %(planned)d are planned (RULE-PANEL)."),
    },
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who could be planned for a group, with the reasons why not; `load` counts the other groups of the batch in which they serve."""

    person: int
    name: str
    employer: str
    is_senior: bool
    load: int
    faults: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ProposedGroup:
    """Whom a group would be given, names with numbers: what is planned already comes first. `short` says what could not be found."""

    group: int
    name: str
    members: tuple[tuple[int, str], ...]
    lead: int | None
    reserves: tuple[tuple[int, str], ...]
    is_new: bool
    short: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal for all groups of a sitting; `digest` names it by its content."""

    groups: tuple[ProposedGroup, ...]
    digest: str

    @property
    def can_apply(self) -> bool:
        """Tell whether it changes anything."""
        return any(each.is_new for each in self.groups)


def choices(session: Session, secret: Secret, number: int) -> list[Choice]:
    """Return all examiners of the site for a group; nobody is left out, what stands against somebody is said."""
    view = group(session, number)
    people = examiners_at(session, view.site)
    found = _Faults(session, secret, view, [person.id for person in people])
    loads = _loads(session, view.sitting)
    return [
        Choice(person.id, person.name, person.employer or "", person.is_senior_examiner, loads.get(person.id, 0), tuple(found.of(person.id)))
        for person in people
    ]


def set_examiners(
    session: Session,
    secret: Secret,
    number: int,
    members: Sequence[int],
    lead: int | None,
    reserves: Sequence[int],
    by: Actor,
    at: Moment,
) -> None:
    """Plan exactly these examiners for a group: `members` onto places 1, 2 …, `reserves` in the order of being called; nobody at all empties it.

    Refused in words: an illegal number, who is no examiner of the site, not senior where that is needed, barred, a proctor of the same sitting, in
    another group of it or gone from this one as barred. A published sitting's examiners stay: see `group_day`.
    """
    view = group(session, number)
    require_draft(session, view.sitting)
    _require_once(view, members, lead, reserves)
    fault = next(number_faults(view, len(members)), None) if members or reserves else None
    if fault is not None:
        raise ExamError(fault)
    found = _Faults(session, secret, view, [*members, *reserves])
    for person in (*members, *reserves):
        require_none(found.of(person))
    _forget_plan(session, number)
    session.add_all(
        AssignmentRow(group_id=number, person_id=person, place=place, rank=0, is_lead=person == lead, began=at.wall)
        for place, person in enumerate(members, start=1)
    )
    session.add_all(_reserve(number, person, rank, at) for rank, person in enumerate(reserves, start=1))
    session.flush()
    spelled = {"members": " ".join(map(str, members)), "reserves": " ".join(map(str, reserves))}
    record(session, "group.examiners", f"group/{number}", by, at, lead=lead, **spelled)


def propose_examiners(session: Session, secret: Secret, sitting: int) -> Proposal:
    """Return whom the groups of a sitting could be given; changes nothing. Who is planned already stays, what is lacking is filled up."""
    require_draft(session, sitting)
    views = groups_of_sitting(session, sitting)
    if not views:
        raise ExamError(Message(N_("Add a group first.")))
    planned = {person for view in views for person in view.people}
    staff, loads = examiners_at(session, views[0].site), _loads(session, sitting)
    everybody = {person.id: Examiner(person.id, person.is_senior_examiner, loads.get(person.id, 0)) for person in staff}
    free = [each for each in everybody.values() if each.person not in planned]
    proposed = propose(free, [_wanted(session, secret, view, [each.person for each in free]) for view in views])
    names = {person.id: person.name for person in staff}
    found = [_proposed(view, each, _with_planned(view, everybody), names | names_of(view)) for view, each in zip(views, proposed, strict=True)]
    content = [[each.group, [person for person, _name in each.members], each.lead, [person for person, _name in each.reserves]] for each in found]
    return Proposal(tuple(found), digest(content))


def apply_proposal(session: Session, secret: Secret, sitting: int, seen: str, by: Actor, at: Moment) -> int:
    """Plan what was proposed under the digest `seen`; return in how many groups something changed. Refused when it would be another one now."""
    proposal = propose_examiners(session, secret, sitting)
    if proposal.digest != seen:
        raise ExamError(Message(N_("The plan has changed meanwhile. Please look at the new proposal.")))
    new = [each for each in proposal.groups if each.is_new]
    for each in new:
        members, reserves = ([person for person, _name in people] for people in (each.members, each.reserves))
        set_examiners(session, secret, each.group, members, each.lead, reserves, by, at)
    return len(new)


def number_faults(view: GroupView, members: int) -> Iterator[Message]:
    """Say with the figure why a number of members is not legal for a group; a group without candidates is held to the least one."""
    candidates = max(view.candidates, 1)
    short = shortfall(view.rule, candidates, members)
    if short is not None:
        values = {"group": view.name, "candidates": view.candidates, "planned": members, "required": persons_required(view.rule, candidates)}
        yield Message(SHORTFALLS[short][view.rule.rule], values)


def people_faults(session: Session, secret: Secret | None, view: GroupView, persons: Collection[int]) -> Iterator[Message]:
    """Say what stands against some of those who serve in a group. Without the secret, bars by employer and class are not seen."""
    found = _Faults(session, secret, view, persons)
    for person in persons:
        yield from found.of(person)


def person_faults(session: Session, secret: Secret, view: GroupView, person: int) -> list[Message]:
    """Return what stands against somebody's serving in a group."""
    return list(_Faults(session, secret, view, [person]).of(person))


def require_none(faults: Iterator[Message]) -> None:
    """Refuse with the first of the faults."""
    fault = next(iter(faults), None)
    if fault is not None:
        raise ExamError(fault)


def names_of(view: GroupView) -> dict[int, str]:
    """Return the names of those who serve in a group."""
    members = {place.person: place.name for place in view.places if place.person is not None}
    return members | {reserve.person: reserve.name for reserve in view.reserves}


class _Faults:
    """What stands against each of some people in one group, read once for all of them."""

    def __init__(self, session: Session, secret: Secret | None, view: GroupView, persons: Collection[int]) -> None:
        self._level: Level = level_of(session, view.sitting)
        self._view = view
        self._people = {row.id: row for row in session.scalars(select(PersonRow).where(PersonRow.id.in_(persons)))}
        self._examiners = {person.id for person in examiners_at(session, view.site)}
        self._elsewhere = _groups_elsewhere(session, view, persons)
        self._proctors = _proctors(session, view.sitting)
        self._bars: Mapping[int, Bars] = bars_of(session, secret, persons, candidates_of_group(session, view.id))
        self._tickets = _tickets(session, view.sitting)
        self._left = left_barred(session, view.id)

    def of(self, person: int) -> Iterator[Message]:
        """Yield what stands against one of them."""
        row = self._people.get(person)
        if row is None or person not in self._examiners:
            name = row.name if row else str(person)
            yield Message(N_("%(name)s is no active examiner of the site."), {"name": name})
            return
        try:
            require_qualified(self._level, row.name, is_senior=row.is_senior_examiner)
        except QualificationError as error:
            yield error.message
        if person in self._proctors:
            yield Message(N_("%(name)s is planned as a proctor of this sitting."), {"name": row.name})
        if person in self._elsewhere:
            text = N_("%(name)s serves in %(group)s of this sitting already.")
            yield Message(text, {"name": row.name, "group": self._elsewhere[person]})
        if person in self._left:
            text = N_("%(name)s left %(group)s because of a bar on scoring a candidate and cannot serve in it again.")
            yield Message(text, {"name": row.name, "group": self._view.name})
        for candidate, grounds in self._bars.get(person, {}).items():
            for ground in grounds:
                values = {"name": row.name, "ticket": self._tickets[candidate], "ground": GROUND_NAMES[ground]}
                yield Message(N_("%(name)s may not score the candidate with the ticket number %(ticket)s (%(ground)s)."), values)


def _require_once(view: GroupView, members: Sequence[int], lead: int | None, reserves: Sequence[int]) -> None:
    if len({*members, *reserves}) < len(members) + len(reserves):
        raise ExamError(Message(N_("Nobody serves twice in a group: choose member or reserve.")))
    if lead is not None and lead not in members:
        raise ExamError(Message(N_("Who leads %(group)s is one of its members."), {"group": view.name}))


def _forget_plan(session: Session, number: int) -> None:
    """Remove who was planned for a group. Who left it as barred, when it was published before, stays known, but holds up no place."""
    planned = AssignmentRow.ground.is_(None) | (AssignmentRow.ground != BARRED)
    session.execute(delete(AssignmentRow).where(AssignmentRow.group_id == number, planned))
    session.execute(update(AssignmentRow).where(AssignmentRow.group_id == number).values(place=None))


def _reserve(number: int, person: int, rank: int, at: Moment) -> AssignmentRow:
    return AssignmentRow(group_id=number, person_id=person, place=None, rank=rank, is_lead=False, began=at.wall)


def _wanted(session: Session, secret: Secret, view: GroupView, persons: Sequence[int]) -> Wanted:
    required = persons_required(view.rule, max(view.candidates, 1))
    present = len(view.members)
    wanted = max(required, next_odd(present) if view.rule.odd else present)
    found = _Faults(session, secret, view, persons)
    barred = frozenset(person for person in persons if next(found.of(person), None) is not None)
    return Wanted(view.id, wanted - present, max(0, RESERVES_CALLED - len(view.reserves)), barred)


def _proposed(view: GroupView, found: Proposed, people: Mapping[int, Examiner], names: Mapping[int, str]) -> ProposedGroup:
    """Return what is planned for a group with what was found for it."""
    members, reserves = (*view.members, *found.members), (*(each.person for each in view.reserves), *found.reserves)
    lead = view.lead
    if lead is None and members and not found.missing:
        lead = choose_lead([people[person] for person in members])
    return ProposedGroup(
        group=view.id,
        name=view.name,
        members=tuple((person, names[person]) for person in members),
        lead=lead,
        reserves=tuple((person, names[person]) for person in reserves),
        is_new=bool(found.members or found.reserves or lead != view.lead),
        short=tuple(_short(view, found)),
    )


def _with_planned(view: GroupView, everybody: Mapping[int, Examiner]) -> dict[int, Examiner]:
    """Return the examiners of the site, with those of the group who are none any more."""
    return {person: Examiner(person, is_senior=False, load=0) for person in view.members} | dict(everybody)


def _short(view: GroupView, found: Proposed) -> Iterator[Message]:
    if found.missing:
        text = N_("%(group)s: %(missing)d more examiners are needed; too few are qualified, free and not barred.")
        yield Message(text, {"group": view.name, "missing": found.missing})
    if found.missing_reserves:
        text = N_("%(group)s: %(missing)d more reserves are needed; too few are qualified, free and not barred.")
        yield Message(text, {"group": view.name, "missing": found.missing_reserves})


def _loads(session: Session, sitting: int) -> dict[int, int]:
    """Return in how many groups of the batch's other sittings people hold a place; of a sitting without a batch, in all other sittings."""
    row = session.get_one(SittingRow, sitting)
    query = (
        select(AssignmentRow.person_id, func.count(AssignmentRow.id).label("groups"))
        .join(AssessmentGroupRow, AssessmentGroupRow.id == AssignmentRow.group_id)
        .join(SittingRow, SittingRow.id == AssessmentGroupRow.sitting_id)
        .where(AssignmentRow.place.is_not(None), AssignmentRow.ended.is_(None), SittingRow.id != sitting)
        .group_by(AssignmentRow.person_id)
    )
    if row.batch_id is not None:
        query = query.where(SittingRow.batch_id == row.batch_id)
    return {row.person_id: row.groups for row in session.execute(query)}


def _groups_elsewhere(session: Session, view: GroupView, persons: Collection[int]) -> dict[int, str]:
    query = (
        select(AssignmentRow.person_id, AssessmentGroupRow.name)
        .join(AssessmentGroupRow, AssessmentGroupRow.id == AssignmentRow.group_id)
        .where(AssessmentGroupRow.sitting_id == view.sitting, AssessmentGroupRow.id != view.id)
        .where(AssignmentRow.ended.is_(None), AssignmentRow.person_id.in_(persons))
    )
    return {row.person_id: row.name for row in session.execute(query)}


def _proctors(session: Session, sitting: int) -> frozenset[int]:
    query = select(ProctorDutyRow.person_id).join(SittingRoomRow, SittingRoomRow.id == ProctorDutyRow.sitting_room_id)
    return frozenset(session.scalars(query.where(SittingRoomRow.sitting_id == sitting)))


def _tickets(session: Session, sitting: int) -> dict[int, str]:
    query = select(AttemptRow.candidate_id, AttemptRow.ticket).where(AttemptRow.sitting_id == sitting)
    return {row.candidate_id: row.ticket for row in session.execute(query)}
