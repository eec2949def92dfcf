"""Sites, rooms and seats."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from examsrv.services import equipping
from examsrv.services.publishing import publish
from examsrv.services.signing_in import bind_seat
from examsrv.services.sitting_plans import sitting
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow
from question_bank.message import ExamError
from tests.builders import OFFICE, at
from tests.services.plans import add_ready_plan, add_site, new_code


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    database = Database(database_url)
    with database.writing() as opened:
        yield opened
    database.close()


def add_room(session: Session, seats: int = 4, spares: int = 2, columns: int = 3) -> int:
    return equipping.create_room(session, add_site(session), "01", "三楼", seats, spares, columns, new_code, OFFICE, at())


def test_a_room_has_its_spare_seats_last_and_a_code_for_each(session: Session) -> None:
    room = equipping.room(session, add_room(session))
    assert [desk.is_spare for desk in room.desks] == [False] * 4 + [True] * 2
    assert len({desk.code for desk in room.desks}) == 6


def test_a_code_that_another_seat_has_is_drawn_again(session: Session) -> None:
    drawn = iter(["111111", "111111", "222222"])
    number = equipping.create_room(session, add_site(session), "01", "", 2, 0, 2, lambda: next(drawn), OFFICE, at())
    assert [desk.code for desk in equipping.room(session, number).desks] == ["111111", "222222"]


@pytest.mark.parametrize(("seats", "spares", "columns"), [(0, 2, 3), (299, 2, 3), (4, 0, 0), (4, 0, 31), (4, -1, 3)])
def test_a_room_out_of_bounds_is_refused(session: Session, seats: int, spares: int, columns: int) -> None:
    with pytest.raises(ExamError):
        add_room(session, seats, spares, columns)


def test_a_site_counts_its_rooms(session: Session) -> None:
    add_room(session)
    add_site(session, "第二考点")
    assert {site.name: site.rooms for site in equipping.sites(session)} == {"第一考点": 1, "第二考点": 0}


def test_names_are_used_once_at_a_site(session: Session) -> None:
    site = equipping.room(session, add_room(session)).site_id
    with pytest.raises(ExamError, match="already"):
        equipping.create_room(session, site, " 01 ", "", 1, 0, 1, new_code, OFFICE, at())
    with pytest.raises(ExamError, match="already"):
        add_site(session)


def test_seats_are_added_after_the_last_and_taken_from_the_end(session: Session) -> None:
    number = add_room(session)
    equipping.add_seats(session, number, 2, are_spare=False, new_code=new_code, by=OFFICE, at=at())
    equipping.remove_last_seats(session, number, 1, OFFICE, at())
    assert [desk.number for desk in equipping.room(session, number).desks] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("count", [0, 6, 7])
def test_the_last_seat_in_use_stays(session: Session, count: int) -> None:
    with pytest.raises(ExamError, match="at least one"):
        equipping.remove_last_seats(session, add_room(session), count, OFFICE, at())


def test_the_room_of_a_published_sitting_loses_no_seat_that_is_needed(session: Session) -> None:
    number, _room, _attempts = add_ready_plan(session)
    publish(session, number, OFFICE, at())
    place = sitting(session, number).rooms[0].room_id
    with pytest.raises(ExamError, match="cannot lose seats"):
        equipping.remove_last_seats(session, place, 1, OFFICE, at())
    with pytest.raises(ExamError, match="cannot become spare"):
        equipping.set_spares(session, place, {1}, OFFICE, at())
    equipping.set_spares(session, place, {40, 41, 42}, OFFICE, at())
    assert equipping.room(session, place).spare == 3


def test_new_codes_unbind_the_machines(session: Session) -> None:
    number = add_room(session)
    before = equipping.room(session, number).desks
    bind_seat(session, before[0].code, "machine", at())
    equipping.renew_codes(session, number, new_code, OFFICE, at())
    after = equipping.room(session, number).desks
    assert not {desk.code for desk in before} & {desk.code for desk in after}
    assert not any(desk.is_bound for desk in after)


def test_codes_stay_while_candidates_are_answering(session: Session) -> None:
    number, _room, attempts = add_ready_plan(session)
    session.get_one(AttemptRow, attempts[0]).phase = "running"
    session.flush()
    with pytest.raises(ExamError, match="answering"):
        equipping.renew_codes(session, sitting(session, number).rooms[0].room_id, new_code, OFFICE, at())
