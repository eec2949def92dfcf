"""Whose script it is to score, drafts that nobody overwrites, sheets handed in once and for good: on both databases."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.moment import Actor
from examsrv.services import scoring, scripts, viewing_scripts
from examsrv.services.auditing import verify_chain
from examsrv.services.scoring import HandedIn, NewerDraft, Saved, SheetContent, Stage
from examsrv.storage.database import Database
from examsrv.storage.tables import AdjudicationRow, AssignmentRow, AttemptRow, EntryRow, NoteRow, RecusalRow, ReopeningRow, ReserveCallRow, SittingRow
from question_bank.message import ExamError
from tests.builders import MINUTE, MORNING, SECRET, at
from tests.panels import Assessment, add_assessment, add_entry_of, make_record, make_task_set, marks_of

SECOND_PLACE = 2


@pytest.fixture
def session(database: Database):
    with database.writing() as made:
        yield made


def sheet(group: Assessment, total: int = 80, **changes: object) -> SheetContent:
    return replace(SheetContent(marks_of(group.task_set, total)), **changes)


def save(session: Session, group: Assessment, content: SheetContent, revision: int = 0, examiner: int = 1, script: int = 0) -> Saved | NewerDraft:
    found = scripts.script_of(session, group.attempts[script])
    return scoring.save_draft(session, found, group.examiners[examiner], revision, content, at(MINUTE))


def give(
    session: Session, group: Assessment, content: SheetContent, revision: int = 0, person: int | None = None, since: timedelta = MINUTE
) -> HandedIn | NewerDraft:
    person = group.examiners[1] if person is None else person
    script = scripts.script_of(session, group.attempts[0])
    return scoring.hand_in(session, SECRET, script, person, revision, content, Actor(person, "examiner"), at(since))


def entries(session: Session) -> list[EntryRow]:
    return list(session.scalars(select(EntryRow).order_by(EntryRow.id)))


def test_a_draft_grows_by_revisions_and_is_found_again(session: Session) -> None:
    group = add_assessment(session)
    first = SheetContent({"T1.1": Decimal(5)}, frozenset({"T1.V"}), {"T1.1": " 计算有误 "}, {"T1": 65})
    assert save(session, group, first).revision == 1
    assert save(session, group, replace(first, marks={"T1.1": Decimal(6)}), revision=1).revision == 2
    found = scoring.draft_of(session, group.attempts[0], group.examiners[1])
    assert found.content == replace(first, marks={"T1.1": Decimal(6)}, comments={"T1.1": "计算有误"})


def test_a_second_window_does_not_overwrite_the_first_and_is_shown_what_stands_there(session: Session) -> None:
    group = add_assessment(session)
    save(session, group, SheetContent({"T1.1": Decimal(5)}))
    outcome = save(session, group, SheetContent({"T1.1": Decimal(9)}))
    assert isinstance(outcome, NewerDraft)
    assert (outcome.draft.revision, outcome.draft.content.marks, outcome.draft.changed) == (1, {"T1.1": Decimal(5)}, at(MINUTE).wall)


def test_the_same_draft_sent_again_is_acknowledged_again(session: Session) -> None:
    group = add_assessment(session)
    content = SheetContent({"T1.1": Decimal(5)})
    assert save(session, group, content) == save(session, group, content)


def test_examiners_do_not_share_drafts(session: Session) -> None:
    group = add_assessment(session)
    save(session, group, SheetContent({"T1.1": Decimal(5)}))
    assert save(session, group, SheetContent({"T1.1": Decimal(9)}), examiner=2).revision == 1
    assert scoring.draft_of(session, group.attempts[0], group.examiners[1]).content.marks == {"T1.1": Decimal(5)}


@pytest.mark.parametrize(
    "content",
    [
        SheetContent({"T9.1": Decimal(1)}),
        SheetContent({"T1.1": Decimal("0.5")}),
        SheetContent({"T1.1": Decimal(26)}),
        SheetContent({"T1.1": Decimal(-1)}),
        SheetContent(vetoes=frozenset({"T9.V"})),
        SheetContent(comments={"T9.1": "？"}),
        SheetContent(comments={"T1.1": "长" * (scoring.COMMENT_LONGEST + 1)}),
        SheetContent(comments={"T1.1": "\0"}),
        SheetContent(comments={"T1.1": "\ud800"}),
        SheetContent(seconds={"T9": 1}),
    ],
)
def test_a_draft_with_anything_that_the_rubric_does_not_have_is_refused_whole(session: Session, content: SheetContent) -> None:
    group = add_assessment(session)
    with pytest.raises(ExamError):
        save(session, group, content)
    assert scoring.draft_of(session, group.attempts[0], group.examiners[1]).revision == 0


def test_a_sheet_handed_in_is_an_entry_with_its_comments_kept_apart_and_stands_in_the_audit(session: Session) -> None:
    group = add_assessment(session)
    outcome = give(session, group, sheet(group, 80, comments={"T1.1": "计算有误"}, seconds={"T1": 65}))
    assert outcome == HandedIn(1, at(MINUTE).wall)
    (entry,) = entries(session)
    assert (entry.place, entry.person_id, entry.seconds) == (SECOND_PLACE, group.examiners[1], {"T1": 65})
    assert session.get_one(NoteRow, entry.comments["T1.1"]).text == "计算有误"
    assert scripts.sheet_of(scripts.counted_entries(session, group.attempts[0])[SECOND_PLACE]).marks == marks_of(group.task_set, 80)
    assert verify_chain(session).first_bad is None


def test_a_lost_answer_to_handing_in_is_given_again_and_no_second_entry_made(session: Session) -> None:
    group = add_assessment(session)
    assert give(session, group, sheet(group)) == give(session, group, sheet(group), since=2 * MINUTE)
    assert len(entries(session)) == 1


def test_a_sheet_handed_in_is_locked(session: Session) -> None:
    group = add_assessment(session)
    give(session, group, sheet(group))
    with pytest.raises(ExamError, match="already"):
        give(session, group, sheet(group, 81), revision=1)
    with pytest.raises(ExamError, match="already"):
        save(session, group, sheet(group, 81), revision=1)
    assert scoring.own_sheet(session, scoring.scored(session, scripts.script_of(session, group.attempts[0]), group.examiners[1])).content == sheet(
        group
    )


def test_a_reopened_sheet_is_handed_in_as_the_next_edition_and_the_old_one_stays(session: Session) -> None:
    group = add_assessment(session)
    give(session, group, sheet(group))
    one, other = group.examiners[0], group.reserves[0]
    session.add(ReopeningRow(attempt_id=group.attempts[0], place=2, edition=1, note="", proposed_by=one, approved_by=other, wall=MORNING))
    session.flush()
    assert scoring.draft_of(session, group.attempts[0], group.examiners[1]).content == sheet(group)
    assert give(session, group, sheet(group, 70), revision=1) == HandedIn(2, at(MINUTE).wall)
    assert [entry.edition for entry in entries(session)] == [1, 2]


def test_in_a_discussion_each_sheet_is_given_anew_even_when_nothing_changes(session: Session) -> None:
    group = add_assessment(session)
    give(session, group, sheet(group))
    discussed = AdjudicationRow(attempt_id=group.attempts[0], way=scripts.DISCUSSION, person_id=group.examiners[0], sheets={"2": 1})
    discussed.note, discussed.wall = None, MORNING
    session.add(discussed)
    session.flush()
    assert give(session, group, sheet(group), revision=1, since=3 * MINUTE) == HandedIn(2, at(3 * MINUTE).wall)


@pytest.mark.parametrize("missing", ["T1.1", "T3.2"])
def test_an_incomplete_sheet_is_refused_with_what_is_missing(session: Session, missing: str) -> None:
    group = add_assessment(session)
    marks = {name: mark for name, mark in marks_of(group.task_set, 80).items() if name != missing}
    with pytest.raises(ExamError, match=missing):
        give(session, group, SheetContent(marks))


def test_handing_in_on_top_of_what_another_window_saved_is_refused_and_writes_nothing(session: Session) -> None:
    group = add_assessment(session)
    save(session, group, sheet(group, 50))
    assert isinstance(give(session, group, sheet(group, 80)), NewerDraft)
    assert entries(session) == []


def test_nothing_is_scored_before_the_group_has_started(session: Session) -> None:
    group = add_assessment(session, is_started=False)
    with pytest.raises(ExamError, match="not started"):
        give(session, group, sheet(group))
    with pytest.raises(ExamError, match="not started"):
        save(session, group, sheet(group))


def test_nothing_is_scored_before_the_candidate_has_handed_in(session: Session) -> None:
    group = add_assessment(session)
    session.get_one(AttemptRow, group.attempts[0]).phase = Phase.RUNNING
    with pytest.raises(ExamError, match="not handed in"):
        save(session, group, sheet(group))


def observed(session: Session, level: str = "L3") -> Assessment:
    record = make_record(level)
    record["tasks"][2] |= {"observed": True}
    group = add_assessment(session, task_set=make_task_set(tasks=record["tasks"]))
    session.get_one(AttemptRow, group.attempts[0]).phase = Phase.RUNNING
    return group


def test_what_is_observed_is_noted_while_the_candidate_works_and_nothing_else(session: Session) -> None:
    group = observed(session)
    assert save(session, group, SheetContent({"T3.1": Decimal(5)}, seconds={"T3": 90})).revision == 1
    with pytest.raises(ExamError, match=r"T1\.1"):
        save(session, group, SheetContent({"T1.1": Decimal(5)}), revision=1)
    with pytest.raises(ExamError, match="still at work"):
        give(session, group, sheet(group), revision=1)


def test_of_a_candidate_at_work_no_answer_is_shown(session: Session) -> None:
    group = observed(session)
    view = viewing_scripts.script_view(session, scripts.script_of(session, group.attempts[0]), group.examiners[1])
    assert [(each.task.id, each.parts, each.proposals) for each in view.tasks] == [("T3", (), {})]


def test_a_review_is_noted_while_it_is_heard_and_handed_in_afterwards(session: Session) -> None:
    group = add_assessment(session, component="review", level="L2")
    attempt = session.get_one(AttemptRow, group.attempts[0])
    attempt.phase = Phase.RUNNING
    save(session, group, sheet(group))
    with pytest.raises(ExamError, match="still at work"):
        give(session, group, sheet(group), revision=1)
    attempt.phase = Phase.SUBMITTED
    assert give(session, group, sheet(group), revision=1).edition == 1


def test_a_script_is_there_for_holders_of_places_and_for_nobody_else(session: Session) -> None:
    group = add_assessment(session)
    numbers = {person: scoring.own_script(session, SECRET, group.room.sitting, 107, person) for person in [*group.examiners, *group.reserves]}
    assert [person for person, script in numbers.items() if script is not None] == group.examiners
    with pytest.raises(ExamError, match="not yours"):
        give(session, group, sheet(group), person=group.reserves[0])


def test_a_called_reserve_scores_the_script_for_a_place_of_their_own(session: Session) -> None:
    group = add_assessment(session)
    session.add(ReserveCallRow(attempt_id=group.attempts[0], place=4, person_id=group.reserves[0], called_by=group.examiners[0], wall=MORNING))
    session.flush()
    give(session, group, sheet(group), person=group.reserves[0])
    assert [entry.place for entry in entries(session)] == [4]
    assert [[line.number for line in each.lines] for each in viewing_scripts.tasks_of(session, group.reserves[0])] == [[107]]


def test_a_successor_on_a_place_does_not_see_what_the_one_before_handed_in(session: Session) -> None:
    group = add_assessment(session)
    add_entry_of(session, group.attempts[0], 2, group.examiners[1], marks_of(group.task_set, 80))
    held = session.scalars(select(AssignmentRow).where(AssignmentRow.person_id == group.examiners[1])).one()
    held.ended, held.ground = MORNING, "ill"
    session.add(AssignmentRow(group_id=group.group, person_id=group.reserves[0], place=2, rank=0, began=MORNING, arrived=MORNING))
    session.flush()
    assert scoring.own_script(session, SECRET, group.room.sitting, 107, group.reserves[0]) is None
    assert [[line.number for line in each.lines] for each in viewing_scripts.tasks_of(session, group.reserves[0])] == [[114]]


def test_nothing_is_there_while_the_sitting_is_not_published(session: Session) -> None:
    group = add_assessment(session)
    session.get_one(SittingRow, group.room.sitting).is_published = False
    assert viewing_scripts.tasks_of(session, group.examiners[1]) == []
    assert scoring.own_script(session, SECRET, group.room.sitting, 107, group.examiners[1]) is None


def test_who_asks_to_be_excused_loses_the_script_and_the_leader_is_told(session: Session) -> None:
    group = add_assessment(session)
    person = group.examiners[1]
    scoring.recuse(session, scripts.script_of(session, group.attempts[0]), person, "kinship", "表亲", Actor(person, ""), at())
    assert [[line.number for line in each.lines] for each in viewing_scripts.tasks_of(session, person)] == [[114]]
    with pytest.raises(ExamError, match="not yours"):
        give(session, group, sheet(group))
    (told,) = viewing_scripts.tasks_of(session, group.examiners[0])[0].recusals
    assert (told.number, told.name, told.note) == (107, "examinera2 同志", "表亲")
    assert viewing_scripts.tasks_of(session, group.examiners[2])[0].recusals == ()


def test_nobody_is_excused_from_a_sheet_that_is_in(session: Session) -> None:
    group = add_assessment(session)
    give(session, group, sheet(group))
    person = group.examiners[1]
    with pytest.raises(ExamError, match="handed in"):
        scoring.recuse(session, scripts.script_of(session, group.attempts[0]), person, "kinship", "", Actor(person, ""), at())
    assert session.scalar(select(func.count()).select_from(RecusalRow)) == 0


def test_my_tasks_count_what_is_in_what_is_left_and_where_to_go_on(session: Session) -> None:
    group = add_assessment(session, candidates=3)
    give(session, group, sheet(group))
    save(session, group, sheet(group, 20), script=2)
    session.get_one(AttemptRow, group.attempts[1]).phase = Phase.CREATED
    (task,) = viewing_scripts.tasks_of(session, group.examiners[1])
    assert [(line.number, line.stage, line.is_begun) for line in task.lines] == [
        (107, Stage.IN, True),
        (114, Stage.WAITING, False),
        (121, Stage.OPEN, True),
    ]
    assert (task.scored, task.left, task.next) == (1, 2, 121)
