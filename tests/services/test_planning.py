"""Planning a sitting, publishing it with papers dealt out, changing who sits where."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.time_ledger import EntryKind
from examsrv.rules.timing import DurationError
from examsrv.services import equipping, planning, publishing, reseating, seating, staffing_rooms
from examsrv.services.auditing import verify_chain
from examsrv.services.equipping import room, set_spares
from examsrv.services.ledger import add_entry
from examsrv.services.planning import DayError
from examsrv.services.publishing import Mending, NotReady, form_place, lacking, publish, unpublish
from examsrv.services.sitting_plans import SittingState, sitting
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, CandidateRow, SeatRow
from question_bank.message import ExamError
from tests.builders import OFFICE, SECRET, at
from tests.services.plans import (
    LATER,
    add_candidates,
    add_pack,
    add_plan,
    add_proctors,
    add_ready_plan,
    add_sealed_forms,
    add_site,
    draft,
    new_code,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    database = Database(database_url)
    with database.writing() as opened:
        yield opened
    database.close()


def start_room(session: Session, sitting_room: int) -> None:
    add_entry(session, sitting_room, EntryKind.START, OFFICE, at())


def papers(session: Session, sitting_id: int) -> dict[int, str | None]:
    return {row.seat: row.paper for row in session.scalars(select(AttemptRow).where(AttemptRow.sitting_id == sitting_id))}


def test_a_length_under_the_standards_minimum_is_refused_with_the_rule(session: Session) -> None:
    add_pack(session)
    site = add_site(session)
    with pytest.raises(DurationError, match=r"at least 90 min \(RULE-DURATION\), 89 min"):
        planning.create_sitting(session, draft(site, limit=89 * MINUTE), OFFICE, at())
    assert planning.create_sitting(session, draft(site, limit=90 * MINUTE), OFFICE, at())


DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(("off", "is_fine"), [(-DAY - SECOND, False), (-DAY, True), (1000 * DAY, True), (1000 * DAY + SECOND, False)])
def test_a_sitting_is_planned_for_a_day_on_which_it_can_be_held(session: Session, off: timedelta, is_fine: bool) -> None:
    add_pack(session)
    entered = draft(add_site(session), planned=at().wall + off)
    if is_fine:
        assert planning.create_sitting(session, entered, OFFICE, at())
    else:
        with pytest.raises(DayError):
            planning.create_sitting(session, entered, OFFICE, at())


def test_a_sitting_of_a_day_that_is_over_can_be_renamed_but_not_moved_to_another_such_day(session: Session) -> None:
    add_pack(session)
    entered = draft(add_site(session), planned=at().wall)
    number = planning.create_sitting(session, entered, OFFICE, at())
    much_later = replace(at(), wall=at().wall + 9 * DAY)
    planning.change_sitting(session, number, replace(entered, name="改名"), OFFICE, much_later)
    with pytest.raises(DayError):
        planning.change_sitting(session, number, replace(entered, planned=at().wall + DAY), OFFICE, much_later)


@pytest.mark.parametrize(("late", "leave", "is_fine"), [(30, 30, True), (31, 30, False), (0, 90, True), (0, 91, False)])
def test_nobody_enters_after_the_first_may_leave(session: Session, late: int, leave: int, is_fine: bool) -> None:
    add_pack(session)
    entered = draft(add_site(session), late_limit=late * MINUTE, leave_after=leave * MINUTE)
    if is_fine:
        assert planning.create_sitting(session, entered, OFFICE, at())
    else:
        with pytest.raises(ExamError):
            planning.create_sitting(session, entered, OFFICE, at())


def test_an_examination_without_a_specification_cannot_be_planned(session: Session) -> None:
    add_pack(session)
    with pytest.raises(ExamError, match="no specification"):
        planning.create_sitting(session, draft(add_site(session), component="skills"), OFFICE, at())


def test_a_new_sitting_lacks_everything_in_words(session: Session) -> None:
    add_pack(session)
    number = planning.create_sitting(session, draft(add_site(session)), OFFICE, at())
    assert [lack.mending for lack in lacking(session, sitting(session, number))] == [Mending.FORMS, Mending.ROOMS]


@pytest.mark.parametrize(("candidates", "proctors", "is_ready"), [(30, 2, True), (31, 2, False), (31, 3, True), (1, 1, False), (1, 2, True)])
def test_as_many_proctors_are_planned_as_the_rule_wants(session: Session, candidates: int, proctors: int, is_ready: bool) -> None:
    number, _room, _attempts = add_ready_plan(session, candidates, proctors)
    assert [lack.mending for lack in lacking(session, sitting(session, number))] == ([] if is_ready else [Mending.PROCTORS])


def test_the_lack_of_proctors_is_said_with_its_figures(session: Session) -> None:
    number, _room, _attempts = add_ready_plan(session, 31, 2)
    with pytest.raises(NotReady) as refusal:
        publish(session, number, OFFICE, at())
    assert [str(lack.message) for lack in refusal.value.lacks] == ["Room 01: 31 candidates need 3 proctors, 2 are planned."]


def test_a_room_without_candidates_keeps_a_sitting_from_being_published(session: Session) -> None:
    number, room_number = add_plan(session)
    planning.choose_forms(session, number, add_sealed_forms(session), OFFICE, at())
    assert [lack.sitting_room for lack in lacking(session, sitting(session, number))] == [room_number]


def test_a_candidate_on_a_seat_that_became_spare_is_named(session: Session) -> None:
    number, _room, _attempts = add_ready_plan(session)
    set_spares(session, sitting(session, number).rooms[0].room_id, {7}, OFFICE, at())
    assert [str(lack.message) for lack in lacking(session, sitting(session, number))] == [
        "Room 01: seat 7 is given to a candidate, but it is spare or not there."
    ]


def test_a_candidate_whom_the_room_moved_to_a_spare_seat_sits_well_there(session: Session) -> None:
    number, _room, attempts = add_ready_plan(session)
    publish(session, number, OFFICE, at())
    reseating.move_to_seat(session, attempts[0], 41, "显示器故障", OFFICE, at())
    assert lacking(session, sitting(session, number)) == ()
    session.delete(session.scalars(select(SeatRow).where(SeatRow.number == 41)).one())
    assert [str(lack.message) for lack in lacking(session, sitting(session, number))] == [
        "Room 01: seat 41 is given to a candidate, but it is spare or not there."
    ]


def test_papers_that_are_not_sealed_cannot_be_chosen(session: Session) -> None:
    number, _room = add_plan(session)
    with pytest.raises(ExamError, match="Only sealed papers"):
        planning.choose_forms(session, number, add_sealed_forms(session, is_sealed=False), OFFICE, at())


def test_publishing_gives_everybody_a_paper_and_leaves_an_audit_entry(session: Session) -> None:
    number, _room, attempts = add_ready_plan(session)
    publish(session, number, OFFICE, at())
    assert len(attempts) == len([paper for paper in papers(session, number).values() if paper])
    assert sitting(session, number).state is SittingState.PUBLISHED
    assert verify_chain(session).first_bad is None


@pytest.mark.parametrize("forms", [2, 3, 4, 5, 7])
@pytest.mark.parametrize("columns", [1, 5, 6, 8])
def test_neighbours_in_a_row_and_behind_one_another_have_different_papers(forms: int, columns: int) -> None:
    place = {seat: form_place(seat, columns, forms) for seat in range(1, 61)}
    beside = [(seat, seat + 1) for seat in place if seat % columns and seat + 1 in place]
    behind = [(seat, seat + columns) for seat in place if seat + columns in place]
    assert all(place[one] != place[other] for one, other in beside + behind)


def test_with_four_forms_seats_across_a_corner_differ_too() -> None:
    assert len({form_place(seat, 8, 4) for seat in (10, 1)}) == len({form_place(seat, 8, 4) for seat in (10, 3)}) == 2


def test_all_forms_are_used_about_equally() -> None:
    counts = [sum(form_place(seat, 6, 3) == form for seat in range(1, 31)) for form in range(3)]
    assert counts == [10, 10, 10]


def test_what_is_published_stays(session: Session) -> None:
    number, room_number, _attempts = add_ready_plan(session)
    publish(session, number, OFFICE, at())
    site = sitting(session, number).site_id
    acts = [
        lambda: planning.change_sitting(session, number, draft(site, limit=95 * MINUTE), OFFICE, at()),
        lambda: planning.choose_forms(session, number, add_sealed_forms(session), OFFICE, at()),
        lambda: planning.remove_room(session, room_number, OFFICE, at()),
        lambda: planning.add_room(session, number, room_number, OFFICE, at()),
        lambda: planning.discard_sitting(session, number, OFFICE, at()),
    ]
    for act in acts:
        with pytest.raises(ExamError, match="is published"):
            act()


def test_name_and_time_of_a_published_sitting_can_change_until_a_room_was_started(session: Session) -> None:
    number, room_number, _attempts = add_ready_plan(session)
    publish(session, number, OFFICE, at())
    changed = draft(sitting(session, number).site_id, name="改期", planned=LATER + timedelta(hours=1))
    planning.change_sitting(session, number, changed, OFFICE, at())
    assert sitting(session, number).name == "改期"
    start_room(session, room_number)
    with pytest.raises(ExamError, match="was started"):
        planning.change_sitting(session, number, changed, OFFICE, at())


def test_a_publication_is_taken_back_with_its_papers_but_not_after_the_start(session: Session) -> None:
    number, room_number, _attempts = add_ready_plan(session)
    publish(session, number, OFFICE, at())
    unpublish(session, number, OFFICE, at())
    assert set(papers(session, number).values()) == {None}
    publish(session, number, OFFICE, at())
    start_room(session, room_number)
    with pytest.raises(ExamError, match="was started"):
        unpublish(session, number, OFFICE, at())


def test_who_comes_to_a_published_sitting_gets_a_paper_at_once_until_the_start(session: Session) -> None:
    number, room_number, _attempts = add_ready_plan(session, candidates_assigned=5)
    publish(session, number, OFFICE, at())
    add_candidates(session, room_number, 1, first_seat=6)
    publishing.deal_out(session, number)
    assert papers(session, number)[6] is not None
    start_room(session, room_number)
    add_candidates(session, room_number, 1, first_seat=7)
    with pytest.raises(ExamError, match="nobody can be added"):
        publishing.deal_out(session, number)


def test_nobody_shares_a_paper_where_there_are_as_many_as_candidates(session: Session) -> None:
    number, room_number, _attempts = add_ready_plan(session, candidates_assigned=1)
    voided, *_others = add_candidates(session, room_number, 2, first_seat=3)[::-1]
    session.get_one(AttemptRow, voided).phase = Phase.VOIDED
    publish(session, number, OFFICE, at())
    assert form_place(1, 8, 2) == form_place(3, 8, 2)
    assert len({paper for paper in papers(session, number).values() if paper is not None}) == 2


def test_nobody_gets_a_paper_of_their_own_that_is_sat_in_a_started_room(session: Session) -> None:
    number, first, _attempts = add_ready_plan(session, candidates_assigned=1, forms=3)
    other = equipping.create_room(session, sitting(session, number).site_id, "02", "", 5, 0, 5, new_code, OFFICE, at())
    second = planning.add_room(session, number, other, OFFICE, at())
    add_candidates(session, second, 1, first_seat=2)
    staffing_rooms.set_duties(session, second, add_proctors(session, 2), None, OFFICE, at())
    publish(session, number, OFFICE, at())
    start_room(session, first)
    add_candidates(session, second, 1, first_seat=3)
    publishing.deal_out(session, number)
    assert len(set(papers(session, number).values())) == 3


def test_a_moved_candidate_gets_the_paper_of_the_new_seat_and_is_asked_anew(session: Session) -> None:
    number, room_number, attempts = add_ready_plan(session)
    publish(session, number, OFFICE, at())
    row = session.get_one(AttemptRow, attempts[0])
    row.confirmed = row.checked_in = at().wall
    seating.move_candidate(session, attempts[0], room_number, 40, OFFICE, at())
    forms = sorted(set(papers(session, number).values()), key=str)
    assert (row.seat, row.paper, row.confirmed, row.checked_in) == (40, forms[form_place(40, 8, 2)], None, None)


@pytest.mark.parametrize("seat", [2, 41, 99])
def test_nobody_is_moved_to_a_seat_that_is_taken_spare_or_not_there(session: Session, seat: int) -> None:
    _number, room_number, attempts = add_ready_plan(session)
    with pytest.raises(ExamError, match="not free"):
        seating.move_candidate(session, attempts[0], room_number, seat, OFFICE, at())


def test_after_the_start_nobody_is_moved_or_removed(session: Session) -> None:
    number, room_number, attempts = add_ready_plan(session)
    publish(session, number, OFFICE, at())
    start_room(session, room_number)
    with pytest.raises(ExamError, match="started"):
        seating.move_candidate(session, attempts[0], room_number, 40, OFFICE, at())
    with pytest.raises(ExamError, match="started"):
        seating.remove_candidate(session, attempts[0], OFFICE, at())


def test_a_removed_candidate_is_forgotten_but_not_after_check_in(session: Session) -> None:
    number, _room, attempts = add_ready_plan(session)
    person = session.get_one(AttemptRow, attempts[0]).candidate_id
    seating.remove_candidate(session, attempts[0], OFFICE, at())
    assert session.get(CandidateRow, person) is None
    assert len(seating.seated_candidates(session, SECRET, number)) == 30
    session.get_one(AttemptRow, attempts[1]).checked_in = at().wall
    with pytest.raises(ExamError, match="checked in"):
        seating.remove_candidate(session, attempts[1], OFFICE, at())


def test_only_proctors_of_the_site_are_planned_one_room_each(session: Session) -> None:
    number, room_number, _attempts = add_ready_plan(session)
    present = [duty.person for duty in sitting(session, number).rooms[0].proctors]
    with pytest.raises(ExamError, match="Only proctors of the site"):
        staffing_rooms.set_duties(session, room_number, [*present, 9999], None, OFFICE, at())
    staffing_rooms.set_duties(session, room_number, present, present[1], OFFICE, at())
    assert staffing_rooms.duties(session, room_number)[0].person == present[1]


def test_the_lead_is_one_of_the_proctors(session: Session) -> None:
    _number, room_number = add_plan(session)
    one, other = add_proctors(session, 2)
    with pytest.raises(ExamError, match="lead"):
        staffing_rooms.set_duties(session, room_number, [one], other, OFFICE, at())


def test_a_sitting_without_candidates_is_discarded_with_its_rooms(session: Session) -> None:
    number, room_number = add_plan(session)
    staffing_rooms.set_duties(session, room_number, add_proctors(session, 1), None, OFFICE, at())
    planning.discard_sitting(session, number, OFFICE, at())
    assert planning.site_of_sitting(session, number) is None
    assert planning.sitting_of_room(session, room_number) is None


def test_the_room_of_a_published_sitting_knows_it(session: Session) -> None:
    number, _room, _attempts = add_ready_plan(session)
    place = sitting(session, number).rooms[0].room_id
    assert not room(session, place).is_published
    publish(session, number, OFFICE, at())
    assert room(session, place).is_published
