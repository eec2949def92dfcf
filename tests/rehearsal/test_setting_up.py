"""A rehearsal sets itself up through services, and only in a database that is marked for it."""

import pytest

from examsrv.domain.roles import Role
from examsrv.rules.staffing import persons_required
from examsrv.services.rehearsing import is_for_rehearsal, mark_for_rehearsal, rehearsed_items
from examsrv.services.sitting_plans import sitting
from examsrv.services.standards import standard_of
from examsrv.storage.database import Database
from question_bank.message import ExamError
from tests.builders import add_person
from tests.rehearsal.stage import marked, planned, this_moment


def test_a_database_in_real_use_is_never_marked(database: Database) -> None:
    with database.writing() as session:
        add_person(session, "boss", (Role.ADMINISTRATOR, None))
    with pytest.raises(ExamError, match="real use"), database.writing() as session:
        mark_for_rehearsal(session, this_moment())
    with database.reading() as session:
        assert not is_for_rehearsal(session)


def test_marking_twice_is_marking_once(database: Database) -> None:
    marked(marked(database))
    with database.reading() as session:
        assert is_for_rehearsal(session)


def test_nothing_is_set_up_and_no_key_handed_out_in_a_database_that_is_not_marked(database: Database) -> None:
    with pytest.raises(ExamError, match="not marked"):
        planned(database, 1)
    with pytest.raises(ExamError, match="not marked"), database.reading() as session:
        rehearsed_items(session, ["any"])


@pytest.mark.parametrize("count", [0, 10_001])
def test_a_rehearsal_has_one_to_ten_thousand_candidates(database: Database, count: int) -> None:
    with pytest.raises(ExamError, match="10000"):
        planned(marked(database), count)


def test_every_room_has_the_proctors_that_the_rule_asks_for_and_every_candidate_a_seat_and_a_paper_with_its_key(database: Database) -> None:
    plan = planned(marked(database), 31)
    assert [len([seat for seat in plan.candidates if seat.room == room.id]) for room in plan.rooms] == [30, 1]
    assert all(len(plan.items[seat.paper]) == 100 for seat in plan.candidates)
    with database.reading() as session:
        rule = standard_of(session, "4-05-06-02").staffing.proctors
        assert [len(room.proctors) for room in plan.rooms] == [persons_required(rule, 30), persons_required(rule, 1)]
        view = sitting(session, plan.sittings[0])
    assert view.is_published
    assert not view.leave_after
    again = planned(database, 31)
    assert again.sittings != plan.sittings
    assert [room.proctors for room in again.rooms] == [room.proctors for room in plan.rooms]
    assert [seat.seat_code for seat in again.candidates] == [seat.seat_code for seat in plan.candidates]
