"""Disputes about scripts are settled: reserves are called, the leader decides, or the panel discusses; stand-ins score for who may not.

Every act is signed: who, when, and an entry in the audit. None touches a script whose mark is in force.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.canonical import digest
from examsrv.domain.combining_rule import ADJUDICATION_NAMES, Adjudication
from examsrv.domain.moment import Actor, Moment
from examsrv.domain.panel_marking import Combination, State
from examsrv.domain.run import RunState
from examsrv.domain.sheets import require_sheet
from examsrv.services import scripts
from examsrv.services.auditing import keep_note, record
from examsrv.services.bars import bars_of
from examsrv.services.scripts import DISCUSSION, LEADER, LEADER_DECIDES, Script
from examsrv.services.task_sets import task_set_of_attempt
from examsrv.storage.sealing import Secret
from examsrv.storage.tables import AdjudicationRow, AssignmentRow, AttemptRow, EntryRow, ReserveCallRow, ResultRow, RunRow
from question_bank.message import N_, ExamError, Message

PAIR = 2
"""Reserves are called two at a time, so that the number of sheets stays odd."""
REASONS_LONGEST = 2000


def call_reserves(session: Session, secret: Secret, attempt: str, by: Actor, at: Moment) -> tuple[int, ...]:
    """Call the next two free reserves to a disputed script, onto the places behind the group's; return who they are.

    Refused unless the batch settles disputes by reserves; with fewer than two that are free, the leader decides.
    """
    script, _state = _disputed(session, attempt)
    _require_way(session, attempt, Adjudication.RESERVES)
    free = free_reserves(session, secret, script)
    if len(free) < PAIR:
        text = N_("%(free)d reserves are free for this script, %(wanted)d are needed: the leader decides, with reasons in writing.")
        raise ExamError(Message(text, {"free": len(free), "wanted": PAIR}))
    called = tuple(free[:PAIR])
    for place, person in enumerate(called, start=scripts.place_count(session, script.group) + 1):
        _call(session, attempt, place, person, "script.reserve_called", by, at)
    return called


def call_stand_in(session: Session, secret: Secret, attempt: str, place: int, by: Actor, at: Moment) -> int:
    """Call the next free reserve onto one place of one script, for whoever is to score it there and may not or cannot; return who it is.

    A sheet that somebody handed in who may not score the candidate is set aside by it. Refused for a scorer with nothing against: marks are not
    to be got rid of in this way.
    """
    script = scripts.script_of(session, attempt)
    require_not_in_force(session, attempt)
    called = scripts.calls(session, attempt)
    scorer = called.get(place, scripts.holders(session, script.group).get(place))
    if scorer is None:
        raise ExamError(Message(N_("Nobody holds place %(place)d: a reserve has to step in for the whole group."), {"place": place}))
    if not is_barred(session, secret, attempt, scorer) and not _has_dropped_out(session, script, place, scorer):
        raise ExamError(Message(N_("Nothing keeps the examiner of place %(place)d from scoring this script."), {"place": place}))
    free = free_reserves(session, secret, script)
    if not free:
        raise ExamError(Message(N_("No reserve is free for this script: a further one has to be named for the group.")))
    _call(session, attempt, place, free[0], "script.stand_in_called", by, at)
    return free[0]


def leader_decides(
    session: Session,
    secret: Secret,
    attempt: str,
    by: Actor,
    marks: Mapping[str, Decimal],
    vetoes: Collection[str],
    reasons: str,
    at: Moment,
) -> None:
    """Settle a disputed script by the leader's own sheet and reasons in writing.

    Refused to anybody but the group's leader; to one who has no sheet of this script; and unless the batch says so or too few reserves are free.
    """
    script, state = _disputed(session, attempt)
    _require_leader(session, script, by, state)
    _require_leaders_turn(session, secret, script)
    note = _note(session, reasons)
    require_sheet(task_set_of_attempt(session, attempt), marks, vetoes)
    session.add(_adjudication(session, attempt, LEADER_DECIDES, note, by, at))
    edition = _next_edition(session, attempt, LEADER)
    plain = {criterion: f"{mark:f}" for criterion, mark in marks.items()}
    signed = digest([attempt, LEADER, edition, by.person, plain, sorted(vetoes), note, at.wall.isoformat()])
    entry = EntryRow(attempt_id=attempt, place=LEADER, edition=edition, person_id=by.person, marks=plain, vetoes=sorted(vetoes))
    entry.comments, entry.seconds, entry.digest, entry.wall = {}, {}, signed, at.wall
    session.add(entry)
    session.flush()
    record(session, "script.leader_decided", f"attempt/{attempt}", by, at, edition=edition, digest=signed, reasons=note)


def open_discussion(session: Session, attempt: str, by: Actor, note: str, at: Moment) -> None:
    """Let the panel discuss a disputed script: its sheets stay on record and are set aside, and every place hands in anew.

    Refused to anybody but the leader, without a word on what was in question, and unless the batch settles disputes by discussion.
    """
    script, state = _disputed(session, attempt)
    _require_leader(session, script, by, state)
    _require_way(session, attempt, Adjudication.DISCUSSION)
    kept = _note(session, note)
    row = _adjudication(session, attempt, DISCUSSION, kept, by, at)
    session.add(row)
    session.flush()
    record(session, "script.discussion_opened", f"attempt/{attempt}", by, at, sheets=len(row.sheets), reasons=kept)


def free_reserves(session: Session, secret: Secret, script: Script) -> list[int]:
    """Return the reserves who can be called to a script, in the order of their ranks: they are there, not barred, and have not scored it."""
    reserves = (
        select(AssignmentRow.person_id)
        .where(
            AssignmentRow.group_id == script.group, AssignmentRow.place.is_(None), AssignmentRow.ended.is_(None), AssignmentRow.arrived.is_not(None)
        )
        .order_by(AssignmentRow.rank, AssignmentRow.id)
    )
    called = session.scalars(select(ReserveCallRow.person_id).where(ReserveCallRow.attempt_id == script.attempt))
    scored = session.scalars(select(EntryRow.person_id).where(EntryRow.attempt_id == script.attempt))
    used = {*called, *scored, *scripts.holders(session, script.group).values()}
    free = [person for person in session.scalars(reserves) if person not in used]
    candidate = session.get_one(AttemptRow, script.attempt).candidate_id
    barred = bars_of(session, secret, free, [candidate])
    return [person for person in free if candidate not in barred[person]]


def is_barred(session: Session, secret: Secret, attempt: str, person: int) -> bool:
    """Tell whether somebody may not score the candidate of a script."""
    candidate = session.get_one(AttemptRow, attempt).candidate_id
    return candidate in bars_of(session, secret, [person], [candidate])[person]


def is_leader(session: Session, group: int, person: int) -> bool:
    """Tell whether somebody leads a group."""
    query = select(AssignmentRow.id).where(AssignmentRow.group_id == group, AssignmentRow.person_id == person, AssignmentRow.ended.is_(None))
    return session.scalars(query.where(AssignmentRow.is_lead, AssignmentRow.place.is_not(None))).first() is not None


def way_to_settle(session: Session, secret: Secret, attempt: str) -> Adjudication:
    """Return how a dispute about a script is to be settled now: as its batch says, or by the leader where too few reserves are free."""
    way = scripts.rule_of_attempt(session, attempt).adjudication
    if way is Adjudication.RESERVES and len(free_reserves(session, secret, scripts.script_of(session, attempt))) < PAIR:
        return Adjudication.LEADER
    return way


def require_not_in_force(session: Session, attempt: str) -> None:
    """Refuse to touch a script whose mark an applied marking run has put into force; the sentence says what has to be done first."""
    query = select(RunRow.number).join(ResultRow, ResultRow.run_id == RunRow.id)
    number = session.scalars(query.where(ResultRow.attempt_id == attempt, RunRow.state == RunState.APPLIED)).first()
    if number is not None:
        text = N_(
            "Marking run %(number)d has put this mark into force. Two persons have to set that run aside first; then the sitting is marked anew."
        )
        raise ExamError(Message(text, {"number": number}))


def _disputed(session: Session, attempt: str) -> tuple[Script, Combination]:
    script = scripts.script_of(session, attempt)
    require_not_in_force(session, attempt)
    state = scripts.combination(session, attempt)
    if state.state is not State.DISPUTED:
        raise ExamError(Message(N_("Nothing is in dispute about script %(number)d (any more)."), {"number": script.number}))
    return script, state


def _require_leader(session: Session, script: Script, by: Actor, state: Combination) -> None:
    if by.person is None or not is_leader(session, script.group, by.person):
        raise ExamError(Message(N_("Only the leader of the group can do this.")))
    if not scripts.may_see_colleagues(session, script.attempt, by.person, state):
        raise ExamError(Message(N_("A leader who has not scored script %(number)d cannot settle it."), {"number": script.number}))


def _require_way(session: Session, attempt: str, wanted: Adjudication) -> None:
    way = scripts.rule_of_attempt(session, attempt).adjudication
    if way is not wanted:
        raise ExamError(Message(N_("The batch settles disputes in another way: %(way)s."), {"way": ADJUDICATION_NAMES[way]}))


def _require_leaders_turn(session: Session, secret: Secret, script: Script) -> None:
    way = way_to_settle(session, secret, script.attempt)
    if way is Adjudication.RESERVES:
        raise ExamError(Message(N_("Reserves are free for this script: they are called before the leader may decide.")))
    if way is not Adjudication.LEADER:
        raise ExamError(Message(N_("The batch settles disputes in another way: %(way)s."), {"way": ADJUDICATION_NAMES[way]}))


def _has_dropped_out(session: Session, script: Script, place: int, person: int) -> bool:
    """Tell whether a called reserve serves no more and has handed nothing in. (Who held a place of the group has left that for all scripts.)"""
    if place not in scripts.calls(session, script.attempt) or place in scripts.counted_entries(session, script.attempt):
        return False
    query = select(AssignmentRow.id).where(AssignmentRow.group_id == script.group, AssignmentRow.person_id == person)
    return session.scalars(query.where(AssignmentRow.ended.is_(None))).first() is None


def _call(session: Session, attempt: str, place: int, person: int, act: str, by: Actor, at: Moment) -> None:
    if by.person is None:
        raise ExamError(Message(N_("Only a person can call a reserve.")))
    session.add(ReserveCallRow(attempt_id=attempt, place=place, person_id=person, called_by=by.person, wall=at.wall))
    session.flush()
    record(session, act, f"attempt/{attempt}", by, at, place=place, person=person)


def _adjudication(session: Session, attempt: str, way: str, note: str, by: Actor, at: Moment) -> AdjudicationRow:
    sheets = {str(place): entry.edition for place, entry in sorted(scripts.counted_entries(session, attempt).items()) if place != LEADER}
    return AdjudicationRow(attempt_id=attempt, way=way, sheets=sheets, person_id=by.person or 0, note=note, wall=at.wall)


def _next_edition(session: Session, attempt: str, place: int) -> int:
    last = session.scalar(select(func.max(EntryRow.edition)).where(EntryRow.attempt_id == attempt, EntryRow.place == place))
    return (last or 0) + 1


def _note(session: Session, text: str) -> str:
    """Keep reasons and return their digest; refuses none at all and ones of an unreasonable length."""
    kept = keep_note(session, text) if len(text.strip()) <= REASONS_LONGEST else None
    if kept is None:
        raise ExamError(Message(N_("Reasons in writing have 1 to %(longest)d characters."), {"longest": REASONS_LONGEST}))
    return kept
