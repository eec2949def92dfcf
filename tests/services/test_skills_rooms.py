"""Rooms of skills: who has to be at the board, when the groups have to have started, and the stations of tasks that are watched."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.roles import Role
from examsrv.services import board_watchers, proctoring, stations, watching
from examsrv.services.room_log import newest_events
from examsrv.services.sitting_down import own_details, own_state
from examsrv.storage.database import Database
from examsrv.storage.tables import AssessmentGroupRow, AssignmentRow, AuditRow, BatchRow, RoleGrantRow, ScriptRow, SittingRow
from question_bank.message import ExamError
from question_bank.task import TaskSet
from question_bank.task_record import task_set_from
from tests.builders import MORNING, OFFICE, SECRET, add_person, add_proctor, at
from tests.panels import Assessment, add_assessment, make_record

SEED = 2026


@pytest.fixture
def session(database: Database):
    with database.writing() as made:
        yield made


def observed_set() -> TaskSet:
    """Return a set whose last task is watched and has nothing to answer."""
    record = make_record()
    task = record["tasks"][2]
    task["observed"], task["parts"] = True, []
    for criterion in task["criteria"]:
        criterion["parts"], criterion["proposed"] = [], False
    found, findings = task_set_from(record, {})
    assert found is not None, findings
    return found


def ready(session: Session, candidates: int = 4, *, is_observed: bool = False, is_started: bool = True) -> Assessment:
    """Add a sitting of skills that has not begun."""
    task_set = observed_set() if is_observed else None
    return add_assessment(session, candidates=candidates, task_set=task_set, is_started=is_started, is_submitted=False)


def at_board(session: Session, made: Assessment, person: int) -> None:
    proctoring.sign_in_on_board(session, made.room.id, person, at())


def start(session: Session, made: Assessment) -> None:
    proctoring.start_room(session, made.room.id, OFFICE, at())


def ask_for_proctors(session: Session, made: Assessment) -> None:
    session.get_one(BatchRow, session.get_one(SittingRow, made.room.sitting).batch_id).skills_need_proctors = True
    session.flush()


def stations_in_order(session: Session) -> list[int | None]:
    return list(session.scalars(select(ScriptRow.station).order_by(ScriptRow.attempt_id)))


def test_one_examiner_at_the_board_is_enough_where_the_batch_asks_for_no_proctors(session: Session) -> None:
    made = ready(session)
    with pytest.raises(ExamError, match="Nobody is entered as present"):
        start(session, made)
    at_board(session, made, made.examiners[1])
    start(session, made)
    (event,) = newest_events(session, made.room.id, {})
    assert str(event.text) == "Room started; the batch asks for no proctors"


def test_where_the_batch_asks_for_proctors_examiners_do_not_do(session: Session) -> None:
    made = ready(session)
    ask_for_proctors(session, made)
    with pytest.raises(ExamError, match="not a proctor"):
        at_board(session, made, made.examiners[0])
    add_proctor(session, made.room, "zhao", is_present=True)
    with pytest.raises(ExamError, match=r"^2 proctors are required, 1 present$"):
        start(session, made)
    add_proctor(session, made.room, "qian", is_present=True)
    start(session, made)


@pytest.mark.parametrize(
    "change",
    [
        lambda session, _made, row: setattr(row, "ended", MORNING),
        lambda session, made, _row: setattr(session.get_one(SittingRow, made.room.sitting), "is_published", False),
        lambda session, made, _row: setattr(session.get_one(SittingRow, made.room.sitting), "component", "theory"),
        lambda session, _made, row: session.delete(session.scalars(select(RoleGrantRow).where(RoleGrantRow.person_id == row.person_id)).one()),
    ],
)
def test_an_examiner_who_left_or_lost_the_role_or_another_kind_of_sitting_has_no_board(session: Session, change) -> None:
    made = ready(session)
    row = session.scalars(select(AssignmentRow).where(AssignmentRow.person_id == made.examiners[0])).one()
    assert board_watchers.may_watch(session, made.examiners[0], made.room.id)
    assert board_watchers.rooms_watched(session, made.examiners[0]) == {made.room.id}
    change(session, made, row)
    session.flush()
    assert not board_watchers.may_watch(session, made.examiners[0], made.room.id)
    assert board_watchers.rooms_watched(session, made.examiners[0]) == set()


def test_an_examiner_of_no_group_of_the_sitting_has_no_board(session: Session) -> None:
    made = ready(session)
    stranger = add_person(session, "stranger", (Role.EXAMINER, None))
    assert not board_watchers.may_watch(session, stranger, made.room.id)


def test_tasks_that_are_watched_wait_for_their_groups(session: Session) -> None:
    made = ready(session, is_observed=True, is_started=False)
    at_board(session, made, made.examiners[0])
    stations.draw_stations(session, made.room.id, SEED, OFFICE, at())
    with pytest.raises(ExamError, match=r"^1 组 has not started"):
        start(session, made)
    session.get_one(AssessmentGroupRow, made.group).started = MORNING
    session.flush()
    start(session, made)


def test_tasks_at_the_machine_wait_for_no_group_and_no_station(session: Session) -> None:
    made = ready(session, is_started=False)
    at_board(session, made, made.examiners[0])
    start(session, made)


def test_tasks_that_are_watched_wait_for_the_stations_of_everybody(session: Session) -> None:
    made = ready(session, is_observed=True)
    at_board(session, made, made.examiners[0])
    with pytest.raises(ExamError, match=r"^4 candidates have no station yet"):
        start(session, made)
    stations.draw_stations(session, made.room.id, SEED, OFFICE, at())
    session.get_one(ScriptRow, made.attempts[2]).station = None
    session.flush()
    with pytest.raises(ExamError, match=r"^1 candidates have no station yet"):
        start(session, made)


def test_every_candidate_has_a_station_of_their_own_which_the_recorded_seed_gives_again(session: Session) -> None:
    made = ready(session, 8, is_observed=True)
    assert stations.draw_stations(session, made.room.id, SEED, OFFICE, at()) == made.attempts
    drawn = stations_in_order(session)
    assert sorted(drawn) == list(range(1, 9))
    assert drawn != sorted(drawn)
    entry = session.scalars(select(AuditRow).where(AuditRow.act == "stations.drawn")).one()
    assert (entry.detail["seed"], entry.detail["candidates"]) == (str(SEED), 8)
    stations.draw_stations(session, made.room.id, SEED + 1, OFFICE, at())
    assert stations_in_order(session) != drawn
    stations.draw_stations(session, made.room.id, SEED, OFFICE, at())
    assert stations_in_order(session) == drawn


def test_stations_stay_once_the_room_was_started(session: Session) -> None:
    made = ready(session, is_observed=True)
    at_board(session, made, made.examiners[0])
    stations.draw_stations(session, made.room.id, SEED, OFFICE, at())
    start(session, made)
    with pytest.raises(ExamError, match="the stations stay"):
        stations.draw_stations(session, made.room.id, SEED + 1, OFFICE, at())


def test_stations_are_drawn_only_where_something_is_watched_and_everybody_has_a_group(session: Session) -> None:
    with pytest.raises(ExamError, match="it needs no stations"):
        stations.draw_stations(session, ready(session).room.id, SEED, OFFICE, at())


def test_a_candidate_in_no_group_gets_no_station(session: Session) -> None:
    made = ready(session, is_observed=True)
    session.delete(session.get_one(ScriptRow, made.attempts[0]))
    session.flush()
    with pytest.raises(ExamError, match=r"^1 candidates are in no group"):
        stations.draw_stations(session, made.room.id, SEED, OFFICE, at())


def test_the_station_is_shown_to_the_candidate_and_on_the_board(session: Session) -> None:
    made = ready(session, is_observed=True)
    assert own_details(session, SECRET, made.attempts[0]).station is None
    stations.draw_stations(session, made.room.id, SEED, OFFICE, at())
    station = session.get_one(ScriptRow, made.attempts[0]).station
    assert own_details(session, SECRET, made.attempts[0]).station == own_state(session, made.attempts[0], at()).station == station
    view = watching.room_view(session, SECRET, made.room.id, at(), lambda _attempt: None, at().exam, {})
    assert (view.has_stations, view.is_drawn, view.staffing.required, view.staffing.needs_proctors) == (True, True, 1, False)
    assert next(seat.station for seat in view.seats if seat.attempt == made.attempts[0]) == station
    assert {person for person, _name in view.staffing.planned} == {*made.examiners, *made.reserves}


@pytest.mark.parametrize(("component", "may"), [("skills", True), ("review", False)])
def test_nobody_starts_or_ends_a_review_at_a_board(session: Session, component: str, may: bool) -> None:
    made = add_assessment(session, component=component, level="L2" if component == "review" else "L3", is_submitted=False)
    assert board_watchers.may_watch(session, add_proctor(session, made.room, "duty"), made.room.id) is may
