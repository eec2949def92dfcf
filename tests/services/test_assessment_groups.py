"""Batches, groups, who is scored by whom, and who examines: planned, refused with the figure, proposed, published."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.moment import Actor
from examsrv.domain.roles import Role
from examsrv.services import assessment_groups, batches, managing_people, planning, seating, staffing_rooms
from examsrv.services.assessment_groups import change_group, create_groups, group, groups_of_person, groups_of_sitting, remove_group
from examsrv.services.assigning_examiners import apply_proposal, choices, propose_examiners, set_examiners
from examsrv.services.bars import Ground, bars, declare_recusal, lift_recusal, recusals
from examsrv.services.candidates import candidate_of, change_candidate
from examsrv.services.distributing import distribute, place_candidates, placed_candidates, without_group
from examsrv.services.group_lacks import cautions
from examsrv.services.publishing import lacking, publish, unpublish
from examsrv.services.sitting_plans import sitting
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, CandidateRow, PersonRow, ReviewDocumentRow, ScriptRow, SittingRow
from question_bank.message import ExamError
from tests.builders import MINUTE, MORNING, OFFICE, SECRET, add_person, at, new_key
from tests.panels import add_assessment
from tests.services.groups import Plan, add_batch, add_examiners, add_plan, add_related, by_leader, enter_a_sheet, staff
from tests.services.plans import add_proctors, draft


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def lacks(session: Session, plan: Plan) -> list[str]:
    return [str(lack.message) for lack in lacking(session, sitting(session, plan.sitting), SECRET)]


def plan_with(session: Session, plan: Plan, members: list[int], reserves: list[int] | None = None) -> None:
    set_examiners(session, SECRET, plan.group, members, members[0] if members else None, reserves or [], OFFICE, at())


# ---------------------------------------------------------------- batches


def test_a_batch_keeps_its_rule_exactly(session: Session) -> None:
    rule = CombiningRule(trim_from=None, range_limits={3: Decimal(12), 5: Decimal(18)}, near=Decimal(1))
    found = batches.batch(session, add_batch(session, rule=rule, skills_need_proctors=True))
    assert (found.rule, found.skills_need_proctors, found.sittings, found.was_scored) == (rule, True, 0, False)


@pytest.mark.parametrize("name", ["", " ", "批" * 61, "2026年第四批"])
def test_a_batch_needs_a_name_of_its_own(session: Session, name: str) -> None:
    add_batch(session)
    with pytest.raises(ExamError, match=r"1 to 60 characters|Another batch"):
        add_batch(session, name)


def test_a_batch_keeps_its_own_name_when_it_is_changed(session: Session) -> None:
    number = add_batch(session)
    batches.change_batch(session, number, "2026年第四批", by_leader(), skills_need_proctors=True, by=OFFICE, at=at())
    assert batches.batch(session, number).rule == by_leader()


@pytest.mark.parametrize(("rule", "proctors"), [(CombiningRule(near=Decimal(1)), False), (CombiningRule(), True)])
def test_settings_of_a_batch_stay_once_a_sheet_is_in(session: Session, rule: CombiningRule, proctors: bool) -> None:
    plan = add_plan(session)
    enter_a_sheet(session, plan)
    with pytest.raises(ExamError, match="Sheets of this batch have been handed in"):
        batches.change_batch(session, plan.batch, "新名", rule, skills_need_proctors=proctors, by=OFFICE, at=at())


def test_the_name_of_a_batch_may_be_changed_always(session: Session) -> None:
    plan = add_plan(session)
    enter_a_sheet(session, plan)
    batches.change_batch(session, plan.batch, "新名", CombiningRule(), skills_need_proctors=False, by=OFFICE, at=at())
    assert batches.batch_of_sitting(session, plan.sitting).name == "新名"


# ---------------------------------------------------------------- groups and candidates


def test_candidates_are_dealt_out_evenly_each_into_one_group(session: Session) -> None:
    plan = add_plan(session, candidates=11, groups=3)
    found = [group(session, number) for number in plan.groups]
    assert sorted(each.candidates for each in found) == [3, 4, 4]
    assert without_group(session, plan.sitting) == []


def test_script_numbers_are_drawn_and_the_order_of_speaking_goes_from_one_on(session: Session) -> None:
    plan = add_plan(session, candidates=6, groups=2)
    scripts = session.scalars(select(ScriptRow).order_by(ScriptRow.attempt_id)).all()
    numbers = [script.number for script in scripts]
    assert len(set(numbers)) == 6
    assert numbers != sorted(numbers)
    assert all(100 <= number < 1000 for number in numbers)
    assert sorted(script.position for script in scripts if script.group_id == plan.group) == [1, 2, 3]


def test_dealing_out_anew_keeps_the_numbers(session: Session) -> None:
    plan = add_plan(session, candidates=6, groups=2)
    before = {row.attempt_id: (row.number, row.group_id) for row in session.scalars(select(ScriptRow))}
    distribute(session, plan.sitting, 8, OFFICE, at())
    after = {row.attempt_id: (row.number, row.group_id) for row in session.scalars(select(ScriptRow))}
    assert {attempt: number for attempt, (number, _group) in before.items()} == {attempt: number for attempt, (number, _group) in after.items()}
    assert before != after


def test_candidates_are_put_into_a_group_by_hand(session: Session) -> None:
    plan = add_plan(session, candidates=4, groups=2)
    place_candidates(session, SECRET, plan.group, plan.attempts, 1, OFFICE, at())
    assert [each.group for each in placed_candidates(session, SECRET, plan.sitting)] == [plan.group] * 4
    assert sorted(session.scalars(select(ScriptRow.position))) == [1, 2, 3, 4]


def test_candidates_of_another_sitting_are_refused(session: Session) -> None:
    plan = add_plan(session)
    other = add_plan(session, site=plan.site, name="另一场")
    with pytest.raises(ExamError, match="Only candidates of this sitting"):
        place_candidates(session, SECRET, plan.group, other.attempts[:1], 1, OFFICE, at())


def test_a_removed_group_leaves_its_candidates_in_none(session: Session) -> None:
    plan = add_plan(session, candidates=3)
    staff(session, plan)
    remove_group(session, plan.group, OFFICE, at())
    assert len(without_group(session, plan.sitting)) == 3
    assert groups_of_sitting(session, plan.sitting) == []


def test_new_groups_take_the_first_free_names(session: Session) -> None:
    plan = add_plan(session, groups=3)
    remove_group(session, plan.groups[1], OFFICE, at())
    create_groups(session, plan.sitting, 2, OFFICE, at())
    assert [each.name for each in groups_of_sitting(session, plan.sitting)] == ["第1组", "第3组", "第2组", "第4组"]


@pytest.mark.parametrize(("count", "is_refused"), [(0, True), (1, False), (59, False), (60, True), (-1, True)])
def test_a_sitting_has_at_most_sixty_groups(session: Session, count: int, is_refused: bool) -> None:
    plan = add_plan(session)
    if not is_refused:
        assert len(create_groups(session, plan.sitting, count, OFFICE, at())) == count
        return
    with pytest.raises(ExamError, match="1 to 60 groups"):
        create_groups(session, plan.sitting, count, OFFICE, at())


def test_a_group_is_named_once_and_its_deadline_lies_ahead(session: Session) -> None:
    plan = add_plan(session, groups=2)
    change_group(session, plan.group, "甲组", MORNING + MINUTE, OFFICE, at())
    assert (group(session, plan.group).name, group(session, plan.group).deadline) == ("甲组", MORNING + MINUTE)
    with pytest.raises(ExamError, match="Another group of this sitting"):
        change_group(session, plan.groups[1], "甲组", None, OFFICE, at())
    with pytest.raises(ExamError, match="This moment is over"):
        change_group(session, plan.groups[1], "乙组", MORNING, OFFICE, at())


def test_a_candidate_who_is_taken_off_the_sitting_leaves_the_group(session: Session) -> None:
    plan = add_plan(session, candidates=3)
    examiner = add_examiners(session, 1)[0]
    candidate = session.get_one(AttemptRow, plan.attempts[0]).candidate_id
    declare_recusal(session, examiner, candidate, Ground.KINSHIP, "", Actor(examiner, ""), at())
    paper = {"name": "论文", "type": "pdf", "size": 1, "digest": "0", "sealed": b"", "person_id": examiner, "wall": MORNING}
    session.add(ReviewDocumentRow(attempt_id=plan.attempts[0], **paper))
    seating.remove_candidate(session, plan.attempts[0], OFFICE, at())
    assert group(session, plan.group).candidates == 2
    assert recusals(session, [candidate]) == []


def test_groups_keep_the_examination_of_a_sitting_and_go_with_it(session: Session) -> None:
    plan = add_plan(session, candidates=0)
    with pytest.raises(ExamError, match="Groups of examiners are planned"):
        planning.change_sitting(session, plan.sitting, draft(plan.site), OFFICE, at())
    planning.discard_sitting(session, plan.sitting, OFFICE, at())
    assert groups_of_sitting(session, plan.sitting) == []


# ---------------------------------------------------------------- how many, who, and who not


@pytest.mark.parametrize(
    ("candidates", "members", "sentence"),
    [
        (30, 2, "30 candidates need 3 examiners, 2 are planned"),
        (30, 3, ""),
        (30, 4, "must be odd, 4 are planned"),
        (31, 3, "31 candidates need 5 examiners, 3 are planned"),
        (31, 4, "31 candidates need 5 examiners, 4 are planned"),
        (31, 5, ""),
        (31, 6, "must be odd, 6 are planned"),
    ],
)
def test_a_number_of_examiners_that_is_not_legal_is_refused_with_the_figure(session: Session, candidates: int, members: int, sentence: str) -> None:
    plan = add_plan(session, candidates)
    people = add_examiners(session, members)
    if not sentence:
        plan_with(session, plan, people)
        assert group(session, plan.group).members == tuple(people)
        return
    with pytest.raises(ExamError, match=sentence):
        plan_with(session, plan, people)


@pytest.mark.parametrize(("members", "sentence"), [(2, "3 panel members are needed, 2 are planned"), (3, ""), (4, "must be odd, 4"), (5, "")])
def test_a_panel_has_no_ratio_but_at_least_three_and_an_odd_number(session: Session, members: int, sentence: str) -> None:
    plan = add_plan(session, 40, component="review", level="L2")
    people = add_examiners(session, members, senior=True)
    if not sentence:
        plan_with(session, plan, people)
        assert len(group(session, plan.group).places) == members
        return
    with pytest.raises(ExamError, match=sentence):
        plan_with(session, plan, people)


@pytest.mark.parametrize(("level", "component"), [("L2", "skills"), ("L1", "skills"), ("L2", "review"), ("L1", "review")])
def test_the_two_highest_levels_take_senior_examiners_only_also_as_reserves(session: Session, level: str, component: str) -> None:
    plan = add_plan(session, component=component, level=level)
    senior, others = add_examiners(session, 3, senior=True), add_examiners(session, 1)
    with pytest.raises(ExamError, match="no senior examiner"):
        plan_with(session, plan, [*senior[:2], *others])
    with pytest.raises(ExamError, match="no senior examiner"):
        plan_with(session, plan, senior, others)
    plan_with(session, plan, senior)


@pytest.mark.parametrize(
    ("columns", "candidate", "ground"),
    [
        ({"employer": "甲公司"}, {"employer": "甲公司"}, Ground.EMPLOYER),
        ({"employer": "乙公司\n甲 公司"}, {"employer": "甲公司；丙公司"}, Ground.EMPLOYER),
        ({"training_classes": "2026春\n2026秋"}, {"training_class": "２０２６秋"}, Ground.TAUGHT),
    ],
)
def test_who_has_the_same_employer_or_taught_the_candidate_is_barred(session: Session, columns, candidate, ground: Ground) -> None:
    plan = add_plan(session, candidates=1)
    person, others = add_examiners(session, 1, **columns), add_examiners(session, 2)
    related = add_related(session, plan, **candidate)
    place_candidates(session, SECRET, plan.group, plan.attempts, 1, OFFICE, at())
    assert bars(session, SECRET, person[0], [related]) == {related: (ground,)}
    with pytest.raises(ExamError, match="may not score the candidate with the ticket number R"):
        plan_with(session, plan, [*person, *others])
    with pytest.raises(ExamError, match="may not score"):
        plan_with(session, plan, add_examiners(session, 3), person)


@pytest.mark.parametrize(
    ("columns", "candidate"),
    [
        ({"employer": "甲公司"}, {"employer": "甲公司分公司"}),
        ({"employer": ""}, {"employer": ""}),
        ({"training_classes": "甲公司"}, {"employer": "甲公司"}),
        ({}, {"training_class": "2026秋"}),
    ],
)
def test_others_are_not_barred(session: Session, columns, candidate) -> None:
    plan = add_plan(session, candidates=1)
    person = add_examiners(session, 1, **columns)[0]
    assert bars(session, SECRET, person, [add_related(session, plan, **candidate)]) == {}


def test_kinship_is_declared_and_lifted(session: Session) -> None:
    plan = add_plan(session, candidates=1)
    person = add_examiners(session, 1)[0]
    candidate = session.scalars(select(AttemptRow.candidate_id).where(AttemptRow.id == plan.attempts[0])).one()
    number = declare_recusal(session, person, candidate, Ground.KINSHIP, "表兄", Actor(person, ""), at())
    assert bars(session, None, person, [candidate]) == {candidate: (Ground.KINSHIP,)}
    assert [(each.ground, each.note) for each in recusals(session, [candidate])] == [(Ground.KINSHIP, "表兄")]
    with pytest.raises(ExamError, match="entered already"):
        declare_recusal(session, person, candidate, Ground.KINSHIP, "", Actor(person, ""), at())
    lift_recusal(session, number, OFFICE, at())
    assert bars(session, SECRET, person, [candidate]) == {}
    with pytest.raises(ExamError, match="not entered any more"):
        lift_recusal(session, number, OFFICE, at())


def test_who_is_not_active_or_no_examiner_of_the_site_is_refused(session: Session) -> None:
    plan = add_plan(session)
    people = add_examiners(session, 3)
    session.get_one(PersonRow, people[2]).is_active = False
    with pytest.raises(ExamError, match="no active examiner of the site"):
        plan_with(session, plan, people)
    with pytest.raises(ExamError, match="no active examiner of the site"):
        plan_with(session, plan, [*people[:2], add_person(session, "author", (Role.AUTHOR, None))])
    with pytest.raises(ExamError, match="no active examiner of the site"):
        plan_with(session, plan, [*people[:2], 9999])


def test_nobody_is_in_two_groups_of_a_sitting_but_in_groups_of_several_sittings(session: Session) -> None:
    plan = add_plan(session, groups=2)
    people = staff(session, plan)
    with pytest.raises(ExamError, match="serves in 第1组 of this sitting already"):
        set_examiners(session, SECRET, plan.groups[1], people[2:], people[2], [], OFFICE, at())
    other = add_plan(session, site=plan.site, name="另一场")
    plan_with(session, other, people[:3])
    assert len(group(session, other.group).members) == 3


def test_nobody_is_examiner_and_proctor_of_one_sitting(session: Session) -> None:
    plan = add_plan(session)
    people = staff(session, plan)
    proctor = add_proctors(session, 1)[0]
    managing_people.set_roles(session, people[0], [(Role.EXAMINER, None), (Role.PROCTOR, None)], OFFICE, at())
    managing_people.set_roles(session, proctor, [(Role.EXAMINER, None), (Role.PROCTOR, None)], OFFICE, at())
    with pytest.raises(ExamError, match="serves in 第1组"):
        staffing_rooms.set_duties(session, plan.room, people[:1], None, OFFICE, at())
    staffing_rooms.set_duties(session, plan.room, [proctor], None, OFFICE, at())
    with pytest.raises(ExamError, match="planned as a proctor of this sitting"):
        plan_with(session, plan, [proctor, *people[1:3]])


def test_nobody_serves_twice_in_a_group_and_a_member_leads(session: Session) -> None:
    plan = add_plan(session)
    people = add_examiners(session, 4)
    with pytest.raises(ExamError, match="Nobody serves twice"):
        plan_with(session, plan, people[:3], people[:1])
    with pytest.raises(ExamError, match="is one of its members"):
        set_examiners(session, SECRET, plan.group, people[:3], people[3], [], OFFICE, at())


def test_a_group_can_be_emptied(session: Session) -> None:
    plan = add_plan(session)
    staff(session, plan)
    plan_with(session, plan, [])
    assert group(session, plan.group).people == ()


def test_what_stands_against_somebody_is_said_beside_the_name(session: Session) -> None:
    plan = add_plan(session, level="L2")
    junior, senior = add_examiners(session, 1)[0], add_examiners(session, 1, senior=True)[0]
    found = {each.person: [str(fault) for fault in each.faults] for each in choices(session, SECRET, plan.group)}
    assert found[senior] == []
    assert "no senior examiner" in found[junior][0]


# ---------------------------------------------------------------- proposing


def test_a_proposal_is_looked_at_and_then_applied(session: Session) -> None:
    plan = add_plan(session, candidates=40, groups=2)
    people = add_examiners(session, 10)
    proposal = propose_examiners(session, SECRET, plan.sitting)
    assert group(session, plan.group).people == ()
    assert [each.short for each in proposal.groups] == [(), ()]
    assert apply_proposal(session, SECRET, plan.sitting, proposal.digest, OFFICE, at()) == 2
    found = groups_of_sitting(session, plan.sitting)
    assert sorted(person for each in found for person in each.people) == people
    assert [(len(each.members), len(each.reserves), each.lead in each.members) for each in found] == [(3, 2, True)] * 2
    assert lacks(session, plan) == []


def test_another_plan_than_the_one_looked_at_is_not_applied(session: Session) -> None:
    plan = add_plan(session)
    people = add_examiners(session, 5)
    seen = propose_examiners(session, SECRET, plan.sitting).digest
    managing_people.set_active(session, people[0], is_active=False, by=OFFICE, at=at())
    with pytest.raises(ExamError, match="has changed meanwhile"):
        apply_proposal(session, SECRET, plan.sitting, seen, OFFICE, at())


def test_a_proposal_bars_whom_the_rules_bar(session: Session) -> None:
    plan = add_plan(session, candidates=1, level="L2")
    add_related(session, plan, employer="甲公司")
    place_candidates(session, SECRET, plan.group, plan.attempts, 1, OFFICE, at())
    add_examiners(session, 2, senior=True, employer="甲公司")
    add_examiners(session, 2)
    fit = add_examiners(session, 3, senior=True)
    proposal = propose_examiners(session, SECRET, plan.sitting).groups[0]
    assert sorted(person for person, _name in proposal.members) == fit
    assert [str(each) for each in proposal.short] == ["第1组: 2 more reserves are needed; too few are qualified, free and not barred."]


def test_a_proposal_says_what_it_cannot_find_and_leaves_the_group_as_it_is(session: Session) -> None:
    plan = add_plan(session, candidates=31)
    add_examiners(session, 4)
    proposal = propose_examiners(session, SECRET, plan.sitting)
    assert "第1组: 5 more examiners are needed" in str(proposal.groups[0].short[0])
    assert not proposal.can_apply


def test_who_did_less_in_the_batch_is_proposed_first(session: Session) -> None:
    plan = add_plan(session)
    busy = staff(session, plan, 3, 0)
    other = add_plan(session, site=plan.site, batch=plan.batch, name="另一场")
    fresh = add_examiners(session, 3)
    proposal = propose_examiners(session, SECRET, other.sitting).groups[0]
    assert sorted(person for person, _name in proposal.members) == fresh
    assert {person for person, _name in proposal.reserves} <= set(busy)


def test_who_is_planned_by_hand_stays_and_is_filled_up(session: Session) -> None:
    plan = add_plan(session, candidates=30)
    people = staff(session, plan, 3, 0)
    add_related(session, plan, seat=31)
    place_candidates(session, SECRET, plan.group, plan.attempts, 1, OFFICE, at())
    add_examiners(session, 4)
    proposal = propose_examiners(session, SECRET, plan.sitting).groups[0]
    assert [person for person, _name in proposal.members][:3] == people
    assert (len(proposal.members), len(proposal.reserves), proposal.lead) == (5, 2, people[0])


# ---------------------------------------------------------------- publishing


def test_a_sitting_with_everything_is_published(session: Session) -> None:
    plan = add_plan(session)
    people = staff(session, plan)
    assert lacks(session, plan) == []
    publish(session, plan.sitting, OFFICE, at(), SECRET)
    assert [each.id for each in groups_of_person(session, people[0])] == [plan.group]


def test_everything_that_is_lacking_is_said(session: Session) -> None:
    plan = add_plan(session, candidates=3, groups=0)
    assert lacks(session, plan) == ["There is no group of examiners."]
    create_groups(session, plan.sitting, 2, OFFICE, at())
    plan.groups = [each.id for each in groups_of_sitting(session, plan.sitting)]
    place_candidates(session, SECRET, plan.group, plan.attempts[:2], 1, OFFICE, at())
    assert lacks(session, plan) == [
        "1 candidates are in no group.",
        "第1组: 2 candidates need 3 examiners, 0 are planned (RULE-EXAMINERS).",
        "第1组: disputes of the batch are settled by 2 reserves, 0 are named.",
        "第2组: there are no candidates.",
        "第2组: disputes of the batch are settled by 2 reserves, 0 are named.",
    ]
    with pytest.raises(ExamError, match="5 points are open"):
        publish(session, plan.sitting, OFFICE, at(), SECRET)


def test_nobody_leads(session: Session) -> None:
    plan = add_plan(session)
    people = add_examiners(session, 5)
    set_examiners(session, SECRET, plan.group, people[:3], None, people[3:], OFFICE, at())
    assert lacks(session, plan) == ["第1组: nobody leads."]


@pytest.mark.parametrize(("reserves", "is_lacking"), [(1, True), (2, False)])
def test_two_reserves_are_needed_where_the_batch_settles_disputes_by_them(session: Session, reserves: int, is_lacking: bool) -> None:
    plan = add_plan(session)
    staff(session, plan, 3, reserves)
    assert bool(lacks(session, plan)) is is_lacking


@pytest.mark.parametrize(("reserves", "count"), [(1, 1), (2, 0)])
def test_elsewhere_too_few_reserves_are_a_caution_only(session: Session, reserves: int, count: int) -> None:
    plan = add_plan(session)
    batches.change_batch(session, plan.batch, "新", by_leader(), skills_need_proctors=False, by=OFFICE, at=at())
    staff(session, plan, 3, reserves)
    assert lacks(session, plan) == []
    assert len(list(cautions(session, plan.sitting, batches.batch(session, plan.batch)))) == count


@pytest.mark.parametrize(("component", "minutes", "said"), [("skills", 74, 1), ("skills", 75, 0), ("review", 30, 0)])
def test_a_sitting_shorter_than_its_tasks_is_a_caution(session: Session, component: str, minutes: int, said: int) -> None:
    made = add_assessment(session, candidates=1, component=component)
    session.get_one(SittingRow, made.room.sitting).limit = minutes * MINUTE
    found = [str(each.message) for each in cautions(session, made.room.sitting, None)]
    assert found == [f"The tasks of the chosen papers are meant to take 75 minutes; this sitting lasts {minutes}."] * said


def test_a_bar_that_is_found_later_keeps_the_sitting_from_being_published(session: Session) -> None:
    plan = add_plan(session)
    person = staff(session, plan)[0]
    session.get_one(PersonRow, person).employer = "甲公司"
    candidate = session.get_one(CandidateRow, session.get_one(AttemptRow, plan.attempts[0]).candidate_id)
    change_candidate(SECRET, candidate, candidate_of(SECRET, candidate).name, None, new_key, employer="甲公司")
    assert "may not score the candidate" in lacks(session, plan)[0]


def test_without_a_batch_nothing_is_published(session: Session) -> None:
    plan = add_plan(session)
    staff(session, plan)
    session.get_one(SittingRow, plan.sitting).batch_id = None
    session.flush()
    assert lacks(session, plan) == ["No batch is chosen; it says how the marks of the examiners are combined."]


@pytest.mark.parametrize(
    ("component", "level", "is_said_by_the_batch", "required"),
    [
        ("skills", "L3", False, 0),
        ("skills", "L3", True, 2),
        ("review", "L2", True, 0),
    ],
)
def test_rooms_need_proctors_in_skills_only_if_the_batch_says_so(
    session: Session, component: str, level: str, is_said_by_the_batch: bool, required: int
) -> None:
    plan = add_plan(session, component=component, level=level)
    batches.change_batch(session, plan.batch, "新", CombiningRule(), skills_need_proctors=is_said_by_the_batch, by=OFFICE, at=at())
    assert sitting(session, plan.sitting).rooms[0].required == required


def test_a_published_sitting_keeps_groups_examiners_and_candidates(session: Session) -> None:
    plan = add_plan(session, candidates=4, groups=2)
    add_examiners(session, 10)
    apply_proposal(session, SECRET, plan.sitting, propose_examiners(session, SECRET, plan.sitting).digest, OFFICE, at())
    publish(session, plan.sitting, OFFICE, at(), SECRET)
    for act in (
        lambda: plan_with(session, plan, []),
        lambda: remove_group(session, plan.group, OFFICE, at()),
        lambda: create_groups(session, plan.sitting, 1, OFFICE, at()),
        lambda: distribute(session, plan.sitting, 1, OFFICE, at()),
        lambda: propose_examiners(session, SECRET, plan.sitting),
        lambda: place_candidates(session, SECRET, plan.group, plan.attempts, 1, OFFICE, at()),
    ):
        with pytest.raises(ExamError, match="The sitting is published"):
            act()
    unpublish(session, plan.sitting, OFFICE, at())
    plan_with(session, plan, [])


@pytest.mark.parametrize(("candidates", "is_refused"), [(29, False), (30, True)])
def test_a_candidate_who_comes_later_is_put_into_a_group_whose_examiners_are_enough(session: Session, candidates: int, is_refused: bool) -> None:
    plan = add_plan(session, candidates)
    staff(session, plan)
    publish(session, plan.sitting, OFFICE, at(), SECRET)
    add_related(session, plan, seat=31)
    if is_refused:
        with pytest.raises(ExamError, match="for 31 candidates they are too few"):
            place_candidates(session, SECRET, plan.group, plan.attempts[-1:], 1, OFFICE, at())
        return
    place_candidates(session, SECRET, plan.group, plan.attempts[-1:], 1, OFFICE, at())
    assert group(session, plan.group).candidates == 30


def test_a_candidate_who_comes_later_is_not_put_where_somebody_is_barred(session: Session) -> None:
    plan = add_plan(session)
    session.get_one(PersonRow, staff(session, plan)[4]).employer = "甲公司"
    publish(session, plan.sitting, OFFICE, at(), SECRET)
    add_related(session, plan, employer="甲公司", seat=8)
    with pytest.raises(ExamError, match="may not score this candidate"):
        place_candidates(session, SECRET, plan.group, plan.attempts[-1:], 1, OFFICE, at())


def test_there_is_no_such_group(session: Session) -> None:
    assert assessment_groups.site_of_group(session, 99) is None
    with pytest.raises(ExamError, match="no such group"):
        group(session, 99)
