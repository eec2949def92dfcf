"""Scripts and whose they are to score: which place of the group a person holds for a script, which entries count, and what they come to.

An entry of a place counts for ever, whoever holds the place later, unless it was reopened, its examiner left because of a bar, a reserve was
called onto that place for this script, or a discussion was opened about it: then its place hands in anew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.panel_marking import Combination, combine
from examsrv.domain.sheets import Sheet
from examsrv.services.standards import standard_of
from examsrv.services.task_sets import task_set_of_attempt
from examsrv.storage.tables import (
    AdjudicationRow,
    AssignmentRow,
    AttemptRow,
    BatchRow,
    EntryRow,
    ReopeningRow,
    ReserveCallRow,
    ScriptRow,
    SittingRow,
)
from question_bank.message import N_, ExamError, Message
from question_bank.standard import Component, ComponentKey

LEADER = 0
"""The place of an entry by which the leader decides."""
BARRED = "barred"
"""The ground of leaving that takes entries along."""
LEADER_DECIDES, DISCUSSION = "leader", "discussion"


@dataclass(frozen=True, slots=True)
class Script:
    """An attempt under its number. `group` scores it."""

    attempt: str
    sitting: int
    group: int
    number: int
    position: int
    station: int | None


def script_of(session: Session, attempt: str) -> Script:
    """Return the script of an attempt; refuses one that is in no group."""
    row = session.get(ScriptRow, attempt)
    if row is None:
        raise ExamError(Message(N_("The candidate is in no group.")))
    return Script(row.attempt_id, row.sitting_id, row.group_id, row.number, row.position, row.station)


def script_numbered(session: Session, sitting: int, number: int) -> Script | None:
    """Return the script with a number; None where there is none."""
    attempt = session.scalars(select(ScriptRow.attempt_id).where(ScriptRow.sitting_id == sitting, ScriptRow.number == number)).one_or_none()
    return None if attempt is None else script_of(session, attempt)


def scripts_of_group(session: Session, group: int) -> list[Script]:
    """Return the scripts of a group in their order."""
    rows = session.scalars(select(ScriptRow).where(ScriptRow.group_id == group).order_by(ScriptRow.position, ScriptRow.number))
    return [Script(row.attempt_id, row.sitting_id, row.group_id, row.number, row.position, row.station) for row in rows]


def holders(session: Session, group: int) -> dict[int, int]:
    """Return who holds each place of a group now, by place. A place whose holder left and has no successor yet is not in it."""
    query = select(AssignmentRow.place, AssignmentRow.person_id).where(AssignmentRow.group_id == group, AssignmentRow.ended.is_(None))
    return {row.place: row.person_id for row in session.execute(query.where(AssignmentRow.place.is_not(None))) if row.place is not None}


def place_count(session: Session, group: int) -> int:
    """Return how many places a group has, held or vacant."""
    return session.scalar(select(func.max(AssignmentRow.place)).where(AssignmentRow.group_id == group)) or 0


def calls(session: Session, attempt: str) -> dict[int, int]:
    """Return whom the newest call to each place of a script named."""
    return calls_of(session, [attempt])[attempt]


def calls_of(session: Session, attempts: Collection[str]) -> dict[str, dict[int, int]]:
    """Return the same of many scripts at once."""
    called: dict[str, dict[int, int]] = {attempt: {} for attempt in attempts}
    query = select(ReserveCallRow.attempt_id, ReserveCallRow.place, ReserveCallRow.person_id).where(ReserveCallRow.attempt_id.in_(attempts))
    for row in session.execute(query.order_by(ReserveCallRow.id)):
        called[row.attempt_id][row.place] = row.person_id
    return called


def place_for(session: Session, attempt: str, person: int) -> int | None:
    """Return the place for which somebody is to score a script: as called, or as its holder; None: the script is not theirs."""
    return places_for(session, script_of(session, attempt).group, [attempt], person).get(attempt)


def places_for(session: Session, group: int, attempts: Collection[str], person: int) -> dict[str, int]:
    """Return the same of many scripts of a group at once; those that are not theirs are not in it. Who left because of a bar has none."""
    if person in left_barred(session, group):
        return {}
    held = holders(session, group)
    places: dict[str, int] = {}
    for attempt, called in calls_of(session, attempts).items():
        as_called = [place for place, each in called.items() if each == person]
        as_held = [place for place, each in held.items() if each == person and place not in called]
        if as_called or as_held:
            places[attempt] = (as_called or as_held)[0]
    return places


def counted_entries(session: Session, attempt: str) -> dict[int, EntryRow]:
    """Return the entry that counts for each place of a script that has one; place 0 is the leader's decision."""
    return counted_entries_of(session, script_of(session, attempt).group, [attempt])[attempt]


def counted_entries_of(session: Session, group: int, attempts: Collection[str]) -> dict[str, dict[int, EntryRow]]:
    """Return the same of many scripts of a group at once."""
    rows = session.scalars(select(ReopeningRow).where(ReopeningRow.attempt_id.in_(attempts)))
    reopened = {(row.attempt_id, row.place, row.edition) for row in rows}
    barred, called, discussed = left_barred(session, group), calls_of(session, attempts), _discussed_of(session, attempts)
    newest: dict[str, dict[int, EntryRow]] = {attempt: {} for attempt in attempts}
    for entry in session.scalars(select(EntryRow).where(EntryRow.attempt_id.in_(attempts)).order_by(EntryRow.edition)):
        newest[entry.attempt_id][entry.place] = entry
    return {
        attempt: {
            place: entry
            for place, entry in entries.items()
            if (attempt, place, entry.edition) not in reopened
            and entry.person_id not in barred
            and called[attempt].get(place, entry.person_id) == entry.person_id
            and entry.edition > discussed[attempt].get(place, 0)
        }
        for attempt, entries in newest.items()
    }


def adjudications(session: Session, attempt: str) -> Sequence[AdjudicationRow]:
    """Return how a script's disputes were settled, in order."""
    return session.scalars(select(AdjudicationRow).where(AdjudicationRow.attempt_id == attempt).order_by(AdjudicationRow.id)).all()


def discussed_editions(session: Session, attempt: str) -> dict[int, int]:
    """Return by place the edition of the sheet that a panel discussed; it and those before it count no more. Empty: nothing was discussed."""
    return _discussed_of(session, [attempt])[attempt]


def combination(session: Session, attempt: str) -> Combination:
    """Return what a script's entries come to now, by the rule of its sitting's batch."""
    entries = counted_entries(session, attempt)
    places = place_count(session, script_of(session, attempt).group)
    beyond = [place for place in calls(session, attempt) if place > places]
    wanted = [*range(1, places + 1), *beyond]
    sheets = [sheet_of(entries[place]) for place in wanted if place in entries]
    leader = sheet_of(entries[LEADER]) if LEADER in entries else None
    return combine(
        task_set_of_attempt(session, attempt),
        _component(session, attempt),
        rule_of_attempt(session, attempt),
        places,
        sheets,
        called=len(beyond),
        leader=leader,
        is_discussed=bool(discussed_editions(session, attempt)),
    )


def sheet_of(entry: EntryRow) -> Sheet:
    """Return an entry as combining takes it."""
    marks = {criterion: Decimal(mark) for criterion, mark in entry.marks.items()}
    return Sheet(entry.place, marks, frozenset(entry.vetoes))


def rule_of_attempt(session: Session, attempt: str) -> CombiningRule:
    """Return how the marks of an attempt's examiners are combined: as its batch says, or by default."""
    query = select(BatchRow.combining).join(SittingRow, SittingRow.batch_id == BatchRow.id)
    plain = session.scalars(query.join(AttemptRow, AttemptRow.sitting_id == SittingRow.id).where(AttemptRow.id == attempt)).one_or_none()
    return CombiningRule() if plain is None else CombiningRule.from_plain(plain)


def may_see_colleagues(session: Session, attempt: str, person: int, state: Combination) -> bool:
    """Tell whether somebody may see what others gave a script: nobody before the own sheet is in, and none is lacking any more."""
    if state.missing:
        return False
    place = place_for(session, attempt, person)
    entry = None if place is None else counted_entries(session, attempt).get(place)
    return entry is not None and entry.person_id == person


def attempts_of_group(session: Session, group: int) -> Sequence[str]:
    """Return the attempts of a group in the order of their scripts."""
    return session.scalars(select(ScriptRow.attempt_id).where(ScriptRow.group_id == group).order_by(ScriptRow.position, ScriptRow.number)).all()


def left_barred(session: Session, group: int) -> set[int]:
    """Return who left a group because they may not score in it: no sheet of theirs counts, and they serve in it no more."""
    return set(session.scalars(select(AssignmentRow.person_id).where(AssignmentRow.group_id == group, AssignmentRow.ground == BARRED)))


def _component(session: Session, attempt: str) -> Component:
    row = session.get_one(SittingRow, session.get_one(AttemptRow, attempt).sitting_id)
    return standard_of(session, row.occupation).component(ComponentKey(row.component))


def _discussed_of(session: Session, attempts: Collection[str]) -> dict[str, dict[int, int]]:
    discussed: dict[str, dict[int, int]] = {attempt: {} for attempt in attempts}
    query = select(AdjudicationRow).where(AdjudicationRow.attempt_id.in_(attempts), AdjudicationRow.way == DISCUSSION)
    for row in session.scalars(query.order_by(AdjudicationRow.id)):
        discussed[row.attempt_id] |= {int(place): int(edition) for place, edition in row.sheets.items()}
    return discussed
