"""Which group scores which candidate: dealt out evenly by chance, or by hand. A script's number is drawn and says nothing of the candidate."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor, Moment
from examsrv.rules.staffing import shortfall
from examsrv.services.assessment_groups import GroupView, group, groups_of_sitting
from examsrv.services.auditing import record
from examsrv.services.bars import bars_of
from examsrv.services.candidates import candidate_of
from examsrv.services.planning import require_draft
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AttemptRow, CandidateRow, RoomRow, ScriptRow, SittingRoomRow
from question_bank.message import N_, ExamError, Message

FIRST_SPAN = 1000
"""Script numbers have as many digits as there are below this; more where it would be too few for chance."""
SPARE_NUMBERS = 4
"""So many numbers are there for each candidate, so that one who comes later cannot be told from the others."""
TEN = 10


@dataclass(frozen=True, slots=True)
class PlacedCandidate:
    """A candidate of a sitting as the office sees it; `group` None: in no group. The number is not told: the office knows names."""

    attempt: str
    candidate: int
    ticket: str
    name: str
    employer: str
    training_class: str
    room: str
    seat: int
    group: int | None
    position: int


def placed_candidates(session: Session, secret: Secret, sitting: int) -> list[PlacedCandidate]:
    """Return the candidates of a sitting by ticket number, with the group of each."""
    query = (
        select(AttemptRow, CandidateRow, RoomRow.name, ScriptRow)
        .join(CandidateRow, CandidateRow.id == AttemptRow.candidate_id)
        .join(SittingRoomRow, SittingRoomRow.id == AttemptRow.sitting_room_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .outerjoin(ScriptRow, ScriptRow.attempt_id == AttemptRow.id)
        .where(AttemptRow.sitting_id == sitting, AttemptRow.phase != Phase.VOIDED)
        .order_by(AttemptRow.ticket)
    )
    return [_placed(secret, attempt, candidate, room, script) for attempt, candidate, room, script in session.execute(query)]


def without_group(session: Session, sitting: int) -> list[str]:
    """Return the attempts of a sitting that are in no group, by ticket number."""
    query = select(AttemptRow.id).outerjoin(ScriptRow, ScriptRow.attempt_id == AttemptRow.id).where(ScriptRow.attempt_id.is_(None))
    return list(session.scalars(query.where(AttemptRow.sitting_id == sitting, AttemptRow.phase != Phase.VOIDED).order_by(AttemptRow.ticket)))


def distribute(session: Session, sitting: int, seed: int, by: Actor, at: Moment) -> int:
    """Deal all candidates of a sitting out anew, evenly and by chance, in the order in which a panel hears them; return how many there are.

    Groups differ by one candidate at most. `seed` is chance that is kept nowhere: who knew it could tell the numbers.
    """
    require_draft(session, sitting)
    groups = groups_of_sitting(session, sitting)
    if not groups:
        raise ExamError(Message(N_("Add a group first.")))
    query = select(AttemptRow.id).where(AttemptRow.sitting_id == sitting, AttemptRow.phase != Phase.VOIDED).order_by(AttemptRow.ticket)
    attempts = list(session.scalars(query))
    chance = random.Random(seed)  # noqa: S311 -- the seed itself is drawn from the machine
    chance.shuffle(attempts)
    _number(session, sitting, attempts, groups[0].id, chance)
    for place, attempt in enumerate(attempts):
        row = session.get_one(ScriptRow, attempt)
        row.position, which = divmod(place, len(groups))
        row.group_id = groups[which].id
        row.position += 1
    session.flush()
    record(session, "group.distributed", f"sitting/{sitting}", by, at, candidates=len(attempts), groups=len(groups))
    return len(attempts)


def place_candidates(session: Session, secret: Secret, number: int, attempts: Collection[str], seed: int, by: Actor, at: Moment) -> int:
    """Put candidates of the sitting into a group, behind those who are there; return how many were not in it before.

    Once the sitting is published nobody is moved any more: only who is in no group is put into one, if its examiners are enough and nobody is barred.
    """
    view = group(session, number)
    known = set(session.scalars(select(AttemptRow.id).where(AttemptRow.sitting_id == view.sitting, AttemptRow.phase != Phase.VOIDED)))
    if not known.issuperset(attempts):
        raise ExamError(Message(N_("Only candidates of this sitting can be put into the group.")))
    there = {row.attempt_id: row.group_id for row in session.scalars(select(ScriptRow).where(ScriptRow.attempt_id.in_(attempts)))}
    moved = [attempt for attempt in attempts if there.get(attempt) != number]
    if view.is_published:
        _require_room(session, secret, view, moved, there)
    chance = random.Random(seed)  # noqa: S311 -- the seed itself is drawn from the machine
    _number(session, view.sitting, moved, number, chance)
    last = session.scalar(select(func.max(ScriptRow.position)).where(ScriptRow.group_id == number, ScriptRow.attempt_id.not_in(moved))) or 0
    for position, attempt in enumerate(moved, start=last + 1):
        row = session.get_one(ScriptRow, attempt)
        row.group_id, row.position = number, position
    session.flush()
    record(session, "group.candidates", f"group/{number}", by, at, candidates=len(moved))
    return len(moved)


def _require_room(session: Session, secret: Secret, view: GroupView, moved: Sequence[str], there: dict[str, int]) -> None:
    """Refuse to change who is scored by whom in a published sitting, but for candidates who came later and whom the group may score."""
    if any(attempt in there for attempt in moved):
        raise ExamError(Message(N_("The sitting is published; candidates stay in their groups.")))
    if shortfall(view.rule, view.candidates + len(moved), len(view.places)) is not None:
        text = N_("%(group)s has %(planned)d examiners; for %(candidates)d candidates they are too few.")
        values = {"group": view.name, "planned": len(view.places), "candidates": view.candidates + len(moved)}
        raise ExamError(Message(text, values))
    persons = list(session.scalars(select(AttemptRow.candidate_id).where(AttemptRow.id.in_(moved))))
    if any(bars_of(session, secret, view.people, persons).values()):
        raise ExamError(Message(N_("Somebody of %(group)s may not score this candidate. Choose another group."), {"group": view.name}))


def _number(session: Session, sitting: int, attempts: Sequence[str], group_id: int, chance: random.Random) -> None:
    """Give those a script that have none, each under a number that nobody has."""
    known = {row.attempt_id: row.number for row in session.scalars(select(ScriptRow).where(ScriptRow.sitting_id == sitting))}
    new = [attempt for attempt in attempts if attempt not in known]
    taken = set(known.values())
    span = FIRST_SPAN
    while span < (len(taken) + len(new)) * SPARE_NUMBERS:
        span *= TEN
    free = [number for number in range(span // TEN, span) if number not in taken]
    drawn = chance.sample(free, len(new))
    session.add_all(
        ScriptRow(attempt_id=attempt, sitting_id=sitting, group_id=group_id, number=number, position=1)
        for attempt, number in zip(new, drawn, strict=True)
    )
    session.flush()


def _placed(secret: Secret, attempt: AttemptRow, candidate: CandidateRow, room: str, script: ScriptRow | None) -> PlacedCandidate:
    details = candidate_of(secret, candidate)
    return PlacedCandidate(
        attempt=attempt.id,
        candidate=candidate.id,
        ticket=attempt.ticket,
        name=details.name,
        employer=details.employer,
        training_class=details.training_class,
        room=room,
        seat=attempt.seat,
        group=None if script is None else script.group_id,
        position=0 if script is None else script.position,
    )
