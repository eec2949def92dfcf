"""A batch whose candidates have results in all components, as marking runs leave them: the runs and results are put in as they would stand there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.run import RunState
from examsrv.services.candidates import add_candidate, change_candidate
from examsrv.storage.tables import AttemptRow, BatchRow, CandidateRow, ResultRow, RoomRow, RunRow, SiteRow, SittingRoomRow, SittingRow
from tests.builders import LIMIT, MORNING, SECRET, candidate_name, id_number, new_key
from tests.question_bank.builders import CODE

DAY = timedelta(days=1)
Given = tuple[str | None, str]
"""A total as text and a decision."""


def add_batch(session: Session, name: str = "2026 年第 2 批") -> int:
    """Add a batch with the usual settings."""
    row = BatchRow(name=name, combining=CombiningRule().plain(), skills_need_proctors=False, wall=MORNING)
    session.add(row)
    session.flush()
    return row.id


def add_people(session: Session, count: int) -> list[int]:
    """Add candidates who are in no sitting yet."""
    numbers = range(901, 901 + count)
    return [add_candidate(session, SECRET, candidate_name(each), id_number(each), None, new_key, employer="某公司").id for each in numbers]


def add_sitting(
    session: Session,
    batch: int | None,
    people: Sequence[int],
    component: str = "theory",
    level: str = "L3",
    *,
    site: str = "考点",
    planned: datetime = MORNING,
    name: str | None = None,
) -> int:
    """Add a published sitting of a batch with these candidates; nothing is marked."""
    place = session.scalars(select(SiteRow).where(SiteRow.name == site)).one_or_none() or SiteRow(name=site)
    session.add(place)
    session.flush()
    room = RoomRow(site_id=place.id, name=f"{component} {level} {planned:%d %H}", columns=6)
    sitting = SittingRow(site_id=place.id, name=name or f"{level} {component}", occupation=CODE, level=level, component=component, planned=planned)
    sitting.limit, sitting.late_limit, sitting.leave_after, sitting.is_published, sitting.batch_id = LIMIT, LIMIT, timedelta(), True, batch
    session.add_all([room, sitting])
    session.flush()
    place_there = SittingRoomRow(sitting_id=sitting.id, room_id=room.id)
    session.add(place_there)
    session.flush()
    for seat, person in enumerate(people, start=1):
        number = f"{sitting.id}-{seat}"
        row = AttemptRow(
            id=f"at-{number}", sitting_id=sitting.id, sitting_room_id=place_there.id, candidate_id=person, ticket=f"T{number}", seat=seat
        )
        row.order_seed, row.phase = seat, "submitted"
        session.add(row)
    session.flush()
    return sitting.id


def add_run(session: Session, sitting: int, results: Mapping[int, Given], number: int = 1, state: RunState = RunState.APPLIED) -> int:
    """Add a run with the results of some candidates."""
    run = RunRow(
        sitting_id=sitting, number=number, reason="首次判分", key_digest="", rules_digest="", digest=f"{sitting}-{number}", state=state, made=MORNING
    )
    session.add(run)
    session.flush()
    for attempt in session.scalars(select(AttemptRow).where(AttemptRow.sitting_id == sitting)).all():
        if attempt.candidate_id in results:
            total, decision = results[attempt.candidate_id]
            session.add(ResultRow(run_id=run.id, attempt_id=attempt.id, sections={}, total=total, decision=decision))
    session.flush()
    return run.id


def rename(session: Session, person: int, name: str) -> None:
    """Give a candidate another name."""
    change_candidate(SECRET, session.get_one(CandidateRow, person), name, None, new_key)
