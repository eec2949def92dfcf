"""A group on the day: who arrives, who drops out, who steps in, and when it may start."""

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor
from examsrv.services.assessment_groups import group
from examsrv.services.assigning_examiners import set_examiners
from examsrv.services.bars import Ground, declare_recusal
from examsrv.services.group_day import LEAVING_GROUNDS, arrive, name_lead, name_reserve, start_group, step_in, withdraw
from examsrv.services.publishing import publish, unpublish
from examsrv.services.scripts import BARRED
from examsrv.storage.database import Database
from examsrv.storage.tables import AssignmentRow, AttemptRow, PersonRow, ReserveCallRow
from question_bank.message import ExamError
from tests.builders import MORNING, OFFICE, SECRET, at
from tests.services.groups import Plan, add_examiners, add_plan, staff


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def published(session: Session, candidates: int = 4, members: int = 3, reserves: int = 2, **plan_of: str) -> tuple[Plan, list[int]]:
    """Return a published sitting with one group, and its members, then its reserves."""
    plan = add_plan(session, candidates, **plan_of)
    people = staff(session, plan, members, reserves, senior=True)
    publish(session, plan.sitting, OFFICE, at(), SECRET)
    return plan, people


def come(session: Session, plan: Plan, people: list[int]) -> None:
    for person in people:
        arrive(session, plan.group, person, OFFICE, at())


def begin(session: Session, plan: Plan) -> None:
    start_group(session, SECRET, plan.group, OFFICE, at())


def candidate(session: Session, plan: Plan) -> int:
    return session.get_one(AttemptRow, plan.attempts[0]).candidate_id


def test_who_left_as_barred_is_not_named_again(session: Session) -> None:
    plan, people = published(session)
    for person in (people[2], people[4]):
        withdraw(session, plan.group, person, BARRED, "", OFFICE, at())
        with pytest.raises(ExamError, match="left 第1组 because of a bar"):
            name_reserve(session, SECRET, plan.group, person, OFFICE, at())
    assert [each.person for each in group(session, plan.group).reserves] == [people[3]]


@pytest.mark.parametrize("ground", sorted(LEAVING_GROUNDS.keys() - {BARRED}))
def test_who_left_for_another_reason_is_named_again_and_steps_in(session: Session, ground: str) -> None:
    plan, people = published(session)
    withdraw(session, plan.group, people[2], ground, "家中有急事", OFFICE, at())
    name_reserve(session, SECRET, plan.group, people[2], OFFICE, at())
    step_in(session, SECRET, plan.group, people[2], 3, OFFICE, at())
    assert group(session, plan.group).members == tuple(people[:3])


def test_a_reserve_who_left_a_place_as_barred_does_not_step_in(session: Session) -> None:
    plan, people = published(session)
    withdraw(session, plan.group, people[2], BARRED, "", OFFICE, at())
    session.add(AssignmentRow(group_id=plan.group, person_id=people[2], place=None, rank=9, is_lead=False, began=MORNING))
    with pytest.raises(ExamError, match="left 第1组 because of a bar"):
        step_in(session, SECRET, plan.group, people[2], 3, OFFICE, at())
    step_in(session, SECRET, plan.group, people[3], 3, OFFICE, at())


def test_who_left_as_barred_is_not_planned_again_once_the_publication_is_taken_back(session: Session) -> None:
    plan, people = published(session, members=5)
    withdraw(session, plan.group, people[4], BARRED, "", OFFICE, at())
    withdraw(session, plan.group, people[0], "illness", "", OFFICE, at())
    unpublish(session, plan.sitting, OFFICE, at())
    replan = partial(set_examiners, session, SECRET, plan.group, lead=people[1], reserves=[], by=OFFICE, at=at())
    for _time in range(2):
        with pytest.raises(ExamError, match="left 第1组 because of a bar"):
            replan([people[1], people[2], people[4]])
        replan(people[:3])
        found = group(session, plan.group)
        assert (found.members, found.vacant) == (tuple(people[:3]), ())


def test_a_group_starts_when_all_are_there(session: Session) -> None:
    plan, people = published(session)
    come(session, plan, people[:3])
    begin(session, plan)
    assert group(session, plan.group).started == MORNING
    with pytest.raises(ExamError, match="has started already"):
        begin(session, plan)


@pytest.mark.parametrize(
    ("candidates", "members", "present", "sentence"),
    [
        (30, 3, 2, "3 examiners are required, 2 present"),
        (31, 5, 3, "5 examiners are required, 3 present"),
        (31, 5, 4, "5 examiners are required, 4 present"),
        (30, 5, 4, "must be odd, 4 present"),
        (30, 5, 3, "has not been entered as present yet"),
    ],
)
def test_a_group_that_is_not_complete_does_not_start(session: Session, candidates: int, members: int, present: int, sentence: str) -> None:
    plan, people = published(session, candidates, members)
    come(session, plan, people[:present])
    with pytest.raises(ExamError, match=sentence):
        begin(session, plan)


@pytest.mark.parametrize(("members", "present", "sentence"), [(3, 2, "3 panel members are required, 2 present"), (5, 4, "must be odd, 4 present")])
def test_a_panel_that_is_not_complete_does_not_start(session: Session, members: int, present: int, sentence: str) -> None:
    plan, people = published(session, 40, members, component="review", level="L2")
    come(session, plan, people[:present])
    with pytest.raises(ExamError, match=sentence):
        begin(session, plan)


def test_a_member_falls_ill_at_the_door_and_a_reserve_steps_in(session: Session) -> None:
    plan, people = published(session)
    come(session, plan, [*people[:2], people[3]])
    withdraw(session, plan.group, people[2], "illness", "发热", OFFICE, at())
    assert group(session, plan.group).vacant == (3,)
    with pytest.raises(ExamError, match="3 examiners are required, 2 present"):
        begin(session, plan)
    step_in(session, SECRET, plan.group, people[3], 3, OFFICE, at())
    begin(session, plan)
    found = group(session, plan.group)
    assert found.members == (*people[:2], people[3])
    assert [each.person for each in found.reserves] == [people[4]]
    assert (found.leavers[0].person, found.leavers[0].ground, found.leavers[0].note) == (people[2], "illness", "发热")


def test_without_a_reserve_the_group_cannot_start_until_one_is_named(session: Session) -> None:
    plan, people = published(session)
    come(session, plan, people[:2])
    for person in people[2:]:
        withdraw(session, plan.group, person, "absent", "", OFFICE, at())
    new = add_examiners(session, 1)[0]
    name_reserve(session, SECRET, plan.group, new, OFFICE, at())
    with pytest.raises(ExamError, match="2 present"):
        begin(session, plan)
    step_in(session, SECRET, plan.group, new, 3, OFFICE, at())
    come(session, plan, [new])
    begin(session, plan)


def test_when_the_lead_drops_out_another_member_leads(session: Session) -> None:
    plan, people = published(session)
    come(session, plan, people)
    with pytest.raises(ExamError, match="leads the group"):
        name_lead(session, plan.group, people[1], OFFICE, at())
    withdraw(session, plan.group, people[0], "illness", "", OFFICE, at())
    step_in(session, SECRET, plan.group, people[3], 1, OFFICE, at())
    with pytest.raises(ExamError, match="nobody leads"):
        begin(session, plan)
    with pytest.raises(ExamError, match="is one of its members"):
        name_lead(session, plan.group, people[4], OFFICE, at())
    name_lead(session, plan.group, people[1], OFFICE, at())
    begin(session, plan)
    assert group(session, plan.group).lead == people[1]


def test_a_member_may_drop_out_while_the_group_scores(session: Session) -> None:
    plan, people = published(session)
    come(session, plan, people[:3])
    begin(session, plan)
    withdraw(session, plan.group, people[1], "illness", "", OFFICE, at())
    with pytest.raises(ExamError, match="not been entered as present"):
        step_in(session, SECRET, plan.group, people[3], 2, OFFICE, at())
    come(session, plan, [people[3]])
    step_in(session, SECRET, plan.group, people[3], 2, OFFICE, at())
    assert group(session, plan.group).places[1].person == people[3]


def test_a_reserve_who_is_barred_does_not_step_in(session: Session) -> None:
    plan, people = published(session)
    withdraw(session, plan.group, people[0], "illness", "", OFFICE, at())
    declare_recusal(session, people[3], candidate(session, plan), Ground.KINSHIP, "", Actor(people[3], ""), at())
    with pytest.raises(ExamError, match=r"may not score the candidate .*kinship"):
        step_in(session, SECRET, plan.group, people[3], 1, OFFICE, at())
    step_in(session, SECRET, plan.group, people[4], 1, OFFICE, at())


def test_a_reserve_who_was_called_to_a_script_of_the_group_does_not_step_in(session: Session) -> None:
    plan, people = published(session)
    session.add(ReserveCallRow(attempt_id=plan.attempts[0], place=4, person_id=people[3], called_by=people[0], wall=MORNING))
    withdraw(session, plan.group, people[1], "illness", "", OFFICE, at())
    with pytest.raises(ExamError, match="was called to 1 scripts"):
        step_in(session, SECRET, plan.group, people[3], 2, OFFICE, at())


def test_somebody_who_is_barred_keeps_the_group_from_starting_until_another_steps_in(session: Session) -> None:
    plan, people = published(session)
    come(session, plan, people[:4])
    declare_recusal(session, people[2], candidate(session, plan), Ground.OTHER, "旧友", Actor(people[2], ""), at())
    with pytest.raises(ExamError, match="may not score"):
        begin(session, plan)
    withdraw(session, plan.group, people[2], BARRED, "", OFFICE, at())
    step_in(session, SECRET, plan.group, people[3], 3, OFFICE, at())
    begin(session, plan)


def test_a_barred_reserve_does_not_keep_the_group_from_starting(session: Session) -> None:
    plan, people = published(session)
    come(session, plan, people[:3])
    session.get_one(PersonRow, people[4]).is_active = False
    begin(session, plan)


def test_a_published_group_takes_acts_of_the_day_only_from_those_who_serve(session: Session) -> None:
    plan, people = published(session)
    stranger = add_examiners(session, 1)[0]
    for act in (
        lambda: arrive(session, plan.group, stranger, OFFICE, at()),
        lambda: withdraw(session, plan.group, stranger, "illness", "", OFFICE, at()),
        lambda: step_in(session, SECRET, plan.group, stranger, 1, OFFICE, at()),
    ):
        with pytest.raises(ExamError, match="does not serve in 第1组"):
            act()
    with pytest.raises(ExamError, match="is a member of the group"):
        step_in(session, SECRET, plan.group, people[0], 2, OFFICE, at())
    with pytest.raises(ExamError, match="Place 2 is not vacant"):
        step_in(session, SECRET, plan.group, people[3], 2, OFFICE, at())
    with pytest.raises(ExamError, match="serves in this group already"):
        name_reserve(session, SECRET, plan.group, people[0], OFFICE, at())


@pytest.mark.parametrize(
    ("ground", "note", "sentence"),
    [
        ("", "", "choose a reason"),
        ("nonsense", "", "choose a reason"),
        ("other", " ", "what the other reason is"),
        ("other", "长" * 501, "at most 500"),
    ],
)
def test_dropping_out_has_a_reason(session: Session, ground: str, note: str, sentence: str) -> None:
    plan, people = published(session)
    with pytest.raises(ExamError, match=sentence):
        withdraw(session, plan.group, people[0], ground, note, OFFICE, at())


def test_nobody_arrives_twice(session: Session) -> None:
    plan, people = published(session)
    come(session, plan, people[:1])
    with pytest.raises(ExamError, match="already entered as present"):
        come(session, plan, people[:1])


def test_before_publishing_the_plan_is_changed_instead(session: Session) -> None:
    plan = add_plan(session)
    people = staff(session, plan)
    with pytest.raises(ExamError, match="not published yet"):
        arrive(session, plan.group, people[0], OFFICE, at())
    with pytest.raises(ExamError, match="not published yet"):
        begin(session, plan)


def test_a_publication_stays_when_a_group_has_started(session: Session) -> None:
    plan, people = published(session)
    come(session, plan, people[:3])
    begin(session, plan)
    with pytest.raises(ExamError, match="A group of this sitting has started"):
        unpublish(session, plan.sitting, OFFICE, at())


def test_a_vacant_place_keeps_the_group_from_starting_though_the_others_would_be_enough(session: Session) -> None:
    plan, people = published(session, 30, 5)
    come(session, plan, people[:3])
    for person in people[3:5]:
        withdraw(session, plan.group, person, "absent", "", OFFICE, at())
    with pytest.raises(ExamError, match="Place 4 is vacant"):
        begin(session, plan)
