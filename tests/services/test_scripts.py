"""Which entries of a script count, whose a script is to score, and what the entries come to: on both databases."""

from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from examsrv.domain.panel_marking import State
from examsrv.services import scripts
from examsrv.storage.database import Database
from examsrv.storage.tables import AdjudicationRow, AssignmentRow, EntryRow, ReopeningRow, ReserveCallRow
from tests.builders import MORNING
from tests.panels import Assessment, add_assessment, add_entry_of, marks_of


@pytest.fixture
def session(database: Database):
    with database.writing() as made:
        yield made


def give(session: Session, group: Assessment, *totals: int, first: int = 1) -> str:
    """Hand in sheets of these totals for the first script, place by place."""
    attempt = group.attempts[0]
    people = [*group.examiners, *group.reserves]
    for place, total in enumerate(totals, start=first):
        add_entry_of(session, attempt, place, people[place - 1], marks_of(group.task_set, total))
    return attempt


def call(session: Session, attempt: str, place: int, person: int, by: int) -> None:
    session.add(ReserveCallRow(attempt_id=attempt, place=place, person_id=person, called_by=by, wall=MORNING))
    session.flush()


def test_a_script_waits_for_every_place_and_then_is_the_mean(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75)
    assert scripts.combination(session, attempt).missing == (3,)
    give(session, group, 71, first=3)
    assert scripts.combination(session, attempt).total == Fraction(218, 3)


def test_a_disputed_script_is_settled_by_the_median_once_both_called_reserves_are_in(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 57, 63, 60)
    assert scripts.combination(session, attempt).state is State.DISPUTED
    for place, reserve in enumerate(group.reserves, start=4):
        call(session, attempt, place, reserve, group.examiners[0])
    assert scripts.combination(session, attempt).missing == (4, 5)
    give(session, group, 58, 59, first=4)
    assert scripts.combination(session, attempt).total == 59


def test_a_script_is_scored_by_the_holders_of_places_and_nobody_else(session: Session) -> None:
    group = add_assessment(session)
    found = [scripts.place_for(session, group.attempts[0], person) for person in [*group.examiners, *group.reserves]]
    assert found == [1, 2, 3, None, None]


def leave(session: Session, group: Assessment, place: int, ground: str, successor: int) -> None:
    row = session.scalars(select(AssignmentRow).where(AssignmentRow.group_id == group.group, AssignmentRow.place == place)).one()
    row.ended, row.ground = MORNING, ground
    session.add(AssignmentRow(group_id=group.group, person_id=successor, place=place, rank=0, began=MORNING, arrived=MORNING))
    session.flush()


@pytest.mark.parametrize(("ground", "counted"), [("illness", {1, 2, 3}), (scripts.BARRED, {1, 3})])
def test_what_an_ill_examiner_handed_in_counts_on_and_what_a_barred_one_did_counts_no_more(session: Session, ground: str, counted: set[int]) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75, 71)
    leave(session, group, 2, ground, group.reserves[0])
    assert set(scripts.counted_entries(session, attempt)) == counted
    assert scripts.place_for(session, attempt, group.reserves[0]) == 2


def test_a_reserve_called_onto_a_place_takes_this_one_script_from_its_holder(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75, 71)
    call(session, attempt, 2, group.reserves[0], group.examiners[0])
    assert scripts.place_for(session, attempt, group.examiners[1]) is None
    assert scripts.place_for(session, group.attempts[1], group.examiners[1]) == 2
    assert scripts.combination(session, attempt).missing == (2,)


def test_a_reopened_entry_is_set_aside_until_the_next_edition(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75, 71)
    one, two = group.examiners[:2]
    session.add(ReopeningRow(attempt_id=attempt, place=1, edition=1, note="", proposed_by=one, approved_by=two, wall=MORNING))
    session.flush()
    assert scripts.combination(session, attempt).missing == (1,)
    add_entry_of(session, attempt, 1, one, marks_of(group.task_set, 70), edition=2)
    assert scripts.combination(session, attempt).total == 72
    assert len(session.scalars(select(EntryRow)).all()) == 4


def test_the_leader_decides_alone(session: Session) -> None:
    group = add_assessment(session, rule=CombiningRule(adjudication=Adjudication.LEADER))
    attempt = give(session, group, 50, 70, 65)
    add_entry_of(session, attempt, scripts.LEADER, group.examiners[0], marks_of(group.task_set, 61))
    assert scripts.combination(session, attempt).total == 61


def test_after_a_discussion_only_sheets_handed_in_since_count(session: Session) -> None:
    group = add_assessment(session, rule=CombiningRule(adjudication=Adjudication.DISCUSSION))
    attempt = give(session, group, 50, 70, 65)
    sheets = {"1": 1, "2": 1, "3": 1}
    session.add(AdjudicationRow(attempt_id=attempt, way=scripts.DISCUSSION, sheets=sheets, person_id=group.examiners[0], note=None, wall=MORNING))
    session.flush()
    assert scripts.combination(session, attempt).missing == (1, 2, 3)
    for place, (person, total) in enumerate(zip(group.examiners, (60, 62, 61), strict=True), start=1):
        add_entry_of(session, attempt, place, person, marks_of(group.task_set, total), edition=2)
    assert scripts.combination(session, attempt).total == 61


def test_nobody_sees_colleagues_before_the_own_sheet_and_all_others_are_in(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75)
    waiting = scripts.combination(session, attempt)
    assert not any(scripts.may_see_colleagues(session, attempt, person, waiting) for person in group.examiners)
    give(session, group, 71, first=3)
    settled = scripts.combination(session, attempt)
    assert [scripts.may_see_colleagues(session, attempt, person, settled) for person in [*group.examiners, group.reserves[0]]] == [True] * 3 + [False]


def test_a_called_reserve_who_may_not_score_here_any_more_is_not_asked_for_a_sheet(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 57, 63, 60)
    for place, reserve in enumerate(group.reserves, start=4):
        call(session, attempt, place, reserve, group.examiners[0])
    row = session.scalars(select(AssignmentRow).where(AssignmentRow.person_id == group.reserves[1])).one()
    row.ended, row.ground = MORNING, scripts.BARRED
    session.flush()
    assert [scripts.place_for(session, attempt, reserve) for reserve in group.reserves] == [4, None]


def test_who_stepped_in_sees_nothing_of_a_script_that_somebody_else_scored_for_the_place(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75, 71)
    leave(session, group, 2, "illness", group.reserves[0])
    settled = scripts.combination(session, attempt)
    assert not scripts.may_see_colleagues(session, attempt, group.reserves[0], settled)


def test_marks_add_up_to_what_was_asked_for(session: Session) -> None:
    assert sum(marks_of(add_assessment(session).task_set, 72).values()) == Decimal(72)
