"""Disputes are settled as the batch says, each step signed, and nobody sees marks early: on both databases."""

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from examsrv.domain.moment import Actor
from examsrv.domain.panel_marking import State
from examsrv.domain.sheets import SheetError
from examsrv.services import comparing_sheets, reopening, scripts, settling
from examsrv.services.comparing_sheets import OFFICE, Aside
from examsrv.storage.database import Database
from examsrv.storage.tables import AssignmentRow, AttemptRow, AuditRow, EntryRow, RecusalRow, ReserveCallRow, ResultRow, RunRow
from question_bank.message import ExamError
from tests.builders import MORNING, SECRET, add_person, at
from tests.panels import Assessment, add_assessment, add_entry_of, marks_of

LEADER_RULE = CombiningRule(adjudication=Adjudication.LEADER)
DISCUSSION_RULE = CombiningRule(adjudication=Adjudication.DISCUSSION)
LATER = at(timedelta(hours=2))


@pytest.fixture
def session(database: Database):
    with database.writing() as made:
        yield made


def give(session: Session, group: Assessment, *totals: int, first: int = 1, edition: int = 1, vetoes: tuple[str, ...] = ()) -> str:
    """Hand in sheets of these totals for the first script, place by place."""
    attempt, people = group.attempts[0], [*group.examiners, *group.reserves]
    for place, total in enumerate(totals, start=first):
        add_entry_of(session, attempt, place, people[place - 1], marks_of(group.task_set, total), vetoes, edition)
    return attempt


def actor(person: int) -> Actor:
    return Actor(person, "somebody")


def leader(group: Assessment) -> Actor:
    return actor(group.examiners[0])


def state(session: Session, attempt: str) -> State:
    return scripts.combination(session, attempt).state


def acts(session: Session) -> list[str]:
    return list(session.scalars(select(AuditRow.act).where(AuditRow.subject.startswith("attempt/")).order_by(AuditRow.number)))


def refused(act, *arguments: object) -> str:
    with pytest.raises(ExamError) as caught:
        act(*arguments)
    return str(caught.value)


def put_in_force(session: Session, attempt: str) -> RunRow:
    run = RunRow(sitting_id=session.get_one(AttemptRow, attempt).sitting_id, number=3, reason="x", key_digest="", rules_digest="", digest="")
    run.state, run.made = "applied", MORNING
    session.add(run)
    session.flush()
    session.add(ResultRow(run_id=run.id, attempt_id=attempt, sections={}, total="60", decision="pass"))
    session.flush()
    return run


def bar(session: Session, attempt: str, person: int) -> None:
    candidate = session.get_one(AttemptRow, attempt).candidate_id
    session.add(RecusalRow(person_id=person, candidate_id=candidate, ground="kinship", note=None, declared_by=person, wall=MORNING))
    session.flush()


def test_two_reserves_are_called_by_rank_and_the_median_settles(session: Session) -> None:
    group = add_assessment(session, reserves=3)
    attempt = give(session, group, 57, 63, 60)
    assert settling.call_reserves(session, SECRET, attempt, leader(group), at()) == tuple(group.reserves[:2])
    assert scripts.calls(session, attempt) == {4: group.reserves[0], 5: group.reserves[1]}
    give(session, group, 58, 59, first=4)
    assert scripts.combination(session, attempt).total == 59
    assert acts(session) == ["script.reserve_called"] * 2


def test_reserves_are_not_called_while_nothing_is_in_dispute(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75)
    assert "Nothing is in dispute" in refused(settling.call_reserves, session, SECRET, attempt, leader(group), at())
    give(session, group, 71, first=3)
    assert "Nothing is in dispute" in refused(settling.call_reserves, session, SECRET, attempt, leader(group), at())


def test_reserves_are_not_called_twice(session: Session) -> None:
    group = add_assessment(session, reserves=4)
    attempt = give(session, group, 57, 63, 60)
    settling.call_reserves(session, SECRET, attempt, leader(group), at())
    assert "Nothing is in dispute" in refused(settling.call_reserves, session, SECRET, attempt, leader(group), at())


@pytest.mark.parametrize("why", ["barred", "not there", "left", "scored it"])
def test_a_reserve_who_cannot_score_a_script_is_passed_over(session: Session, why: str) -> None:
    group = add_assessment(session, reserves=3)
    attempt, first = give(session, group, 57, 63, 60), group.reserves[0]
    row = session.scalars(select(AssignmentRow).where(AssignmentRow.person_id == first)).one()
    if why == "barred":
        bar(session, attempt, first)
    elif why == "not there":
        row.arrived = None
    elif why == "left":
        row.ended = MORNING
    else:
        add_entry_of(session, attempt, 2, first, marks_of(group.task_set, 60), edition=0)
    session.flush()
    assert settling.call_reserves(session, SECRET, attempt, leader(group), at()) == tuple(group.reserves[1:])


@pytest.mark.parametrize("reserves", [0, 1])
def test_with_fewer_than_two_reserves_the_leader_decides(session: Session, reserves: int) -> None:
    group = add_assessment(session, reserves=reserves)
    attempt = give(session, group, 57, 63, 60)
    assert f"{reserves} reserves are free" in refused(settling.call_reserves, session, SECRET, attempt, leader(group), at())
    settling.leader_decides(session, SECRET, attempt, leader(group), marks_of(group.task_set, 61), (), "材料齐全，结论成立。", at())
    assert scripts.combination(session, attempt).total == 61


def test_the_leader_may_not_decide_while_reserves_are_free(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 57, 63, 60)
    told = refused(settling.leader_decides, session, SECRET, attempt, leader(group), marks_of(group.task_set, 61), (), "理由", at())
    assert "Reserves are free" in told


def test_the_leader_decides_with_reasons_on_record(session: Session) -> None:
    group = add_assessment(session, rule=LEADER_RULE)
    attempt = give(session, group, 50, 70, 65)
    settling.leader_decides(session, SECRET, attempt, leader(group), marks_of(group.task_set, 61), (), "理由如下", at())
    found = comparing_sheets.side_by_side(session, attempt, OFFICE)
    assert [(each.who, each.reasons) for each in found.history if each.reasons] == [("examinera1 同志", "理由如下")]
    assert [sheet.place for sheet in found.sheets] == [1, 2, 3, 0]
    assert scripts.adjudications(session, attempt)[0].sheets == {"1": 1, "2": 1, "3": 1}
    assert acts(session) == ["script.leader_decided"]


@pytest.mark.parametrize(("who", "told"), [(1, "Only the leader"), (3, "Only the leader")])
def test_nobody_but_the_leader_decides(session: Session, who: int, told: str) -> None:
    group = add_assessment(session, rule=LEADER_RULE)
    attempt = give(session, group, 50, 70, 65)
    by = actor([*group.examiners, *group.reserves][who])
    assert told in refused(settling.leader_decides, session, SECRET, attempt, by, marks_of(group.task_set, 61), (), "理由", at())


@pytest.mark.parametrize("reasons", ["", "  \n", "长" * (settling.REASONS_LONGEST + 1)])
def test_the_leader_gives_reasons_of_a_sensible_length(session: Session, reasons: str) -> None:
    group = add_assessment(session, rule=LEADER_RULE)
    attempt = give(session, group, 50, 70, 65)
    told = refused(settling.leader_decides, session, SECRET, attempt, leader(group), marks_of(group.task_set, 61), (), reasons, at())
    assert "Reasons in writing" in told
    assert state(session, attempt) is State.DISPUTED


def test_the_leaders_sheet_has_to_be_whole(session: Session) -> None:
    group = add_assessment(session, rule=LEADER_RULE)
    attempt = give(session, group, 50, 70, 65)
    marks = marks_of(group.task_set, 61)
    del marks["T1.1"]
    with pytest.raises(SheetError):
        settling.leader_decides(session, SECRET, attempt, leader(group), marks, (), "理由", at())
    assert not scripts.adjudications(session, attempt)


def test_a_leader_who_has_no_sheet_of_a_script_cannot_decide_it(session: Session) -> None:
    group = add_assessment(session, reserves=1, rule=LEADER_RULE)
    attempt = give(session, group, 50, 70, 65)
    bar(session, attempt, group.examiners[0])
    settling.call_stand_in(session, SECRET, attempt, 1, leader(group), at())
    add_entry_of(session, attempt, 1, group.reserves[0], marks_of(group.task_set, 50), edition=2)
    told = refused(settling.leader_decides, session, SECRET, attempt, leader(group), marks_of(group.task_set, 61), (), "理由", at())
    assert "has not scored" in told


@pytest.mark.parametrize("rule", [LEADER_RULE, DISCUSSION_RULE])
def test_reserves_are_called_only_where_the_batch_says_so(session: Session, rule: CombiningRule) -> None:
    group = add_assessment(session, rule=rule)
    attempt = give(session, group, 50, 70, 65)
    assert "in another way" in refused(settling.call_reserves, session, SECRET, attempt, leader(group), at())


def test_a_discussion_sets_all_sheets_aside_and_keeps_every_change(session: Session) -> None:
    group = add_assessment(session, rule=DISCUSSION_RULE)
    attempt = give(session, group, 50, 70, 65)
    settling.open_discussion(session, attempt, leader(group), "第二题意见不一", at())
    assert scripts.combination(session, attempt).missing == (1, 2, 3)
    give(session, group, 62, 64, 63, edition=2)
    found = comparing_sheets.side_by_side(session, attempt, OFFICE)
    assert found.combined.total == 63
    assert [(sheet.place, sheet.edition, sheet.total, sheet.aside) for sheet in found.earlier] == [
        (1, 1, 50, Aside.DISCUSSED),
        (2, 1, 70, Aside.DISCUSSED),
        (3, 1, 65, Aside.DISCUSSED),
    ]
    assert str(found.dispute[0]).startswith("Range 70 − 50 = 20: more than 15")


def test_a_discussion_does_not_open_twice(session: Session) -> None:
    group = add_assessment(session, rule=DISCUSSION_RULE)
    attempt = give(session, group, 50, 70, 65)
    settling.open_discussion(session, attempt, leader(group), "讨论", at())
    assert "Nothing is in dispute" in refused(settling.open_discussion, session, attempt, leader(group), "讨论", at())
    give(session, group, 50, 70, 65, edition=2)
    assert "Nothing is in dispute" in refused(settling.open_discussion, session, attempt, leader(group), "讨论", at())


def test_while_a_panel_discusses_its_old_sheets_are_seen_and_new_ones_are_not(session: Session) -> None:
    group = add_assessment(session, rule=DISCUSSION_RULE)
    attempt = give(session, group, 50, 70, 65)
    settling.open_discussion(session, attempt, leader(group), "讨论", at())
    give(session, group, 61, 62, edition=2)
    for viewer in (group.examiners[0], group.examiners[2], OFFICE):
        found = comparing_sheets.side_by_side(session, attempt, viewer)
        assert (found.is_before, [(sheet.edition, sheet.total) for sheet in (*found.sheets, *found.earlier)]) == (True, [(1, 50), (1, 70), (1, 65)])
    assert comparing_sheets.side_by_side(session, attempt, group.reserves[0]) is None


def test_nothing_of_the_sheets_is_told_before_all_are_in(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75)
    for viewer in (*group.examiners, *group.reserves, OFFICE):
        line = comparing_sheets.overview(session, group.group, viewer)[0]
        assert (line.state, line.sheets, line.wanted, line.combined, line.totals, line.range) == (State.WAITING, 2, 3, None, {}, None)
        assert comparing_sheets.side_by_side(session, attempt, viewer) is None


def test_a_dispute_is_laid_open_to_those_who_scored_and_the_office_only(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 57, 63, 60)
    seen = [comparing_sheets.overview(session, group.group, viewer)[0] for viewer in (*group.examiners, OFFICE, *group.reserves)]
    assert [line.range for line in seen] == [6] * 4 + [None] * 2
    assert [line.state for line in seen] == [State.DISPUTED] * 6
    assert comparing_sheets.side_by_side(session, attempt, group.reserves[0]) is None


def test_called_reserves_score_blind_and_nobody_sees_until_both_are_in(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 57, 63, 60)
    settling.call_reserves(session, SECRET, attempt, leader(group), at())
    give(session, group, 58, first=4)
    everybody = (*group.examiners, *group.reserves, OFFICE)
    assert [comparing_sheets.side_by_side(session, attempt, viewer) for viewer in everybody] == [None] * 6
    give(session, group, 59, first=5)
    assert all(comparing_sheets.side_by_side(session, attempt, viewer) for viewer in everybody)


def test_side_by_side_shows_differences_vetoes_and_what_counts(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75)
    give(session, group, 71, first=3, vetoes=("T3.V",))
    found = comparing_sheets.side_by_side(session, attempt, group.examiners[0])
    lines = {line.id: line for task in found.tasks for line in task.criteria}
    assert [(str(mark), str(lines["T3.1"].spread)) for mark in lines["T3.1"].given] == [("2", "4"), ("5", "4"), ("1", "4")]
    assert [(line.veto.id, line.claims, line.stands) for line in found.vetoes if any(line.claims)] == [("T3.V", (False, False, True), False)]
    assert found.combined.state is State.DISPUTED


def test_a_stand_in_scores_for_a_barred_member_and_the_sheet_is_set_aside(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75, 71)
    bar(session, attempt, group.examiners[1])
    assert settling.call_stand_in(session, SECRET, attempt, 2, leader(group), at()) == group.reserves[0]
    assert scripts.combination(session, attempt).missing == (2,)
    add_entry_of(session, attempt, 2, group.reserves[0], marks_of(group.task_set, 74), edition=2)
    assert scripts.combination(session, attempt).total == Fraction(217, 3)


def test_no_stand_in_is_called_for_somebody_who_may_score(session: Session) -> None:
    group = add_assessment(session)
    attempt = give(session, group, 72, 75, 71)
    assert "Nothing keeps the examiner" in refused(settling.call_stand_in, session, SECRET, attempt, 2, leader(group), at())
    assert "Nobody holds place 4" in refused(settling.call_stand_in, session, SECRET, attempt, 4, leader(group), at())


def test_another_reserve_is_called_for_one_who_drops_out_before_scoring(session: Session) -> None:
    group = add_assessment(session, reserves=3)
    attempt = give(session, group, 57, 63, 60)
    settling.call_reserves(session, SECRET, attempt, leader(group), at())
    assert "Nothing keeps the examiner" in refused(settling.call_stand_in, session, SECRET, attempt, 5, leader(group), at())
    session.scalars(select(AssignmentRow).where(AssignmentRow.person_id == group.reserves[1])).one().ended = MORNING
    session.flush()
    assert settling.call_stand_in(session, SECRET, attempt, 5, leader(group), at()) == group.reserves[2]


def test_without_a_reserve_there_is_no_stand_in(session: Session) -> None:
    group = add_assessment(session, reserves=0)
    attempt = give(session, group, 72, 75)
    bar(session, attempt, group.examiners[2])
    assert "No reserve is free" in refused(settling.call_stand_in, session, SECRET, attempt, 3, leader(group), at())


# reopening: two persons


def entry_of(session: Session, attempt: str, place: int) -> int:
    return scripts.counted_entries(session, attempt)[place].id


def reopened(session: Session, entry: int, first: int, second: int) -> None:
    reopening.propose_reopening(session, entry, "录入有误", actor(first), at())
    view = reopening.open_reopening(session, entry)
    reopening.approve_reopening(session, entry, view.digest, actor(second), at())


def test_two_persons_reopen_a_sheet_and_the_old_one_stays(session: Session) -> None:
    group = add_assessment(session)
    attempt, office = give(session, group, 72, 75, 71), [add_person(session, f"office{number}") for number in (1, 2)]
    reopened(session, entry_of(session, attempt, 1), *office)
    assert scripts.combination(session, attempt).missing == (1,)
    add_entry_of(session, attempt, 1, group.examiners[0], marks_of(group.task_set, 73), edition=2)
    found = comparing_sheets.side_by_side(session, attempt, OFFICE)
    assert (found.combined.total, [(sheet.total, sheet.aside) for sheet in found.earlier]) == (73, [(72, Aside.REOPENED)])
    assert len(session.scalars(select(EntryRow)).all()) == 4


def test_one_person_alone_reopens_nothing(session: Session) -> None:
    group = add_assessment(session)
    attempt, person = give(session, group, 72, 75, 71), add_person(session, "office1")
    assert "Another person" in refused(reopened, session, entry_of(session, attempt, 1), person, person)
    assert state(session, attempt) is State.SETTLED


def test_what_was_not_shown_is_not_reopened(session: Session) -> None:
    group = add_assessment(session)
    attempt, office = give(session, group, 72, 75, 71), [add_person(session, f"office{number}") for number in (1, 2)]
    entry = entry_of(session, attempt, 1)
    reopening.propose_reopening(session, entry, "第一个理由", actor(office[0]), at())
    shown = reopening.open_reopening(session, entry).digest
    reopening.propose_reopening(session, entry, "另一个理由", actor(office[0]), at())
    assert "has changed" in refused(reopening.approve_reopening, session, entry, shown, actor(office[1]), at())
    assert reopening.open_reopening(session, entry).reason == "另一个理由"


def test_a_proposal_can_be_taken_back(session: Session) -> None:
    group = add_assessment(session)
    attempt, office = give(session, group, 72, 75, 71), add_person(session, "office1")
    entry = entry_of(session, attempt, 1)
    reopening.propose_reopening(session, entry, "理由", actor(office), at())
    reopening.withdraw_reopening(session, entry, actor(office), at())
    assert reopening.open_reopening(session, entry) is None


def test_a_sheet_that_counts_no_more_is_not_reopened(session: Session) -> None:
    group = add_assessment(session)
    attempt, office = give(session, group, 72, 75, 71), [add_person(session, f"office{number}") for number in (1, 2)]
    entry = entry_of(session, attempt, 1)
    reopened(session, entry, *office)
    assert "does not count" in refused(reopening.propose_reopening, session, entry, "理由", actor(office[0]), at())
    assert "does not count" in refused(reopening.propose_reopening, session, 9999, "理由", actor(office[0]), at())


def test_the_leaders_decision_is_reopened_before_the_sheets_under_it(session: Session) -> None:
    group = add_assessment(session, rule=LEADER_RULE)
    attempt, office = give(session, group, 50, 70, 65), [add_person(session, f"office{number}") for number in (1, 2)]
    settling.leader_decides(session, SECRET, attempt, leader(group), marks_of(group.task_set, 61), (), "理由", at())
    assert "leader's decision" in refused(reopened, session, entry_of(session, attempt, 2), *office)
    reopened(session, entry_of(session, attempt, 0), *office)
    assert state(session, attempt) is State.DISPUTED
    settling.leader_decides(session, SECRET, attempt, leader(group), marks_of(group.task_set, 59), (), "新的理由", LATER)
    assert scripts.combination(session, attempt).total == 59


def test_no_act_touches_a_script_whose_mark_is_in_force(session: Session) -> None:
    group = add_assessment(session)
    attempt, office = give(session, group, 72, 75, 71), add_person(session, "office1")
    entry, run = entry_of(session, attempt, 1), put_in_force(session, attempt)
    bar(session, attempt, group.examiners[1])
    assert "Marking run 3 has put this mark into force" in refused(reopening.propose_reopening, session, entry, "理由", actor(office), at())
    assert "Marking run 3" in refused(settling.call_stand_in, session, SECRET, attempt, 2, leader(group), at())
    run.state = "superseded"
    session.flush()
    reopening.propose_reopening(session, entry, "理由", actor(office), at())
    assert not session.scalars(select(ReserveCallRow)).all()
