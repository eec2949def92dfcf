"""A panel hears its candidates: who begins whom and when, the least half hour, pauses, who left, who did not come, a server that was away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.domain.exam_clock import ClockMark
from examsrv.domain.moment import Moment
from examsrv.domain.receipt import receipt_code
from examsrv.domain.steps import StepKind, next_head
from examsrv.domain.time_ledger import EntryKind
from examsrv.services import hearings, timekeeping
from examsrv.services.attempt_logs import attempt_steps
from examsrv.services.auditing import verify_chain
from examsrv.services.closing import overdue
from examsrv.services.hearing_clock import hearing_states
from examsrv.services.ledger import add_entry
from examsrv.services.seating import move_candidate, remove_candidate
from examsrv.services.viewing_hearings import HearingStage, hearing_view, is_member, leads, may_see_hearing, panel_view
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, SittingRow
from question_bank.message import ExamError
from tests.builders import BEGIN, LIMIT, MINUTE, MORNING, OFFICE, SECOND, SECRET, at
from tests.panels import Assessment, add_assessment
from tests.services.hearings import add_review, begin, heard, lead, member

HALF_HOUR = 30 * MINUTE
BOOT = timedelta(hours=3)
SHORT = 15 * SECOND


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def row(session: Session, attempt: str) -> AttemptRow:
    return session.get_one(AttemptRow, attempt)


def stages(session: Session, made: Assessment, moment: Moment | None = None) -> list[HearingStage]:
    return [line.stage for line in panel_view(session, SECRET, made.group, moment or at()).lines]


def elapsed(session: Session, attempt: str, since: timedelta) -> timedelta:
    return hearing_states(session, [attempt], BEGIN + since)[attempt].elapsed


def test_a_hearing_runs_from_begin_to_end_and_leaves_an_attempt_that_is_handed_in(session: Session) -> None:
    made = add_review(session)
    attempt = begin(session, made)
    assert (row(session, attempt).phase, row(session, attempt).opened, row(session, attempt).checked_in) == (Phase.RUNNING, MORNING, MORNING)
    hearings.end_hearing(session, attempt, lead(made), at(HALF_HOUR))
    found = row(session, attempt)
    assert (found.phase, found.finished, found.device) == (Phase.SUBMITTED, MORNING + HALF_HOUR, None)
    steps = attempt_steps(session.connection(), attempt)
    assert [(step.kind, step.value.get("by")) for step in steps] == [(StepKind.OPENED, None), (StepKind.CLOSED, "panel")]
    head = next_head(next_head("", steps[0].digest), steps[1].digest)
    assert (found.head, found.receipt) == (head, receipt_code(head))
    assert verify_chain(session).first_bad is None


def test_the_panel_goes_on_to_the_next_one(session: Session) -> None:
    made = add_review(session)
    assert stages(session, made) == [HearingStage.NEXT, HearingStage.WAITING, HearingStage.WAITING]
    heard(session, made, 0, at())
    assert stages(session, made) == [HearingStage.HEARD, HearingStage.NEXT, HearingStage.WAITING]
    begin(session, made, 1, at(40 * MINUTE))
    assert stages(session, made, at(41 * MINUTE)) == [HearingStage.HEARD, HearingStage.RUNNING, HearingStage.NEXT]


@pytest.mark.parametrize("level", ["L2", "L1"])
@pytest.mark.parametrize("length", [HALF_HOUR - SECOND, HALF_HOUR, HALF_HOUR + SECOND])
def test_a_hearing_ends_from_half_an_hour_on(session: Session, level: str, length: timedelta) -> None:
    made = add_review(session, 1, level=level)
    attempt = begin(session, made)
    if length < HALF_HOUR:
        with pytest.raises(ExamError, match=r"at least 30 min \(RULE-DURATION\), 29 min 59 s are over"):
            hearings.end_hearing(session, attempt, lead(made), at(length))
        assert row(session, attempt).phase == Phase.RUNNING
    else:
        hearings.end_hearing(session, attempt, lead(made), at(length))
        assert row(session, attempt).phase == Phase.SUBMITTED


def test_a_pause_is_no_part_of_the_half_hour(session: Session) -> None:
    made = add_review(session, 1)
    attempt = begin(session, made)
    hearings.pause_hearing(session, attempt, "break", "", lead(made), at(20 * MINUTE))
    assert stages(session, made, at(22 * MINUTE)) == [HearingStage.PAUSED]
    hearings.resume_hearing(session, attempt, lead(made), at(25 * MINUTE))
    with pytest.raises(ExamError, match="29 min 59 s"):
        hearings.end_hearing(session, attempt, lead(made), at(35 * MINUTE - SECOND))
    hearings.end_hearing(session, attempt, lead(made), at(35 * MINUTE))
    events = hearing_view(session, SECRET, attempt, None, at(35 * MINUTE)).events
    assert [str(event.kind) for event in events] == ["begin", "pause", "resume", "end"]


def test_who_left_ends_the_hearing_before_time_with_ground_and_note(session: Session) -> None:
    made = add_review(session, 1)
    attempt = begin(session, made)
    for ground, note, sentence in [
        ("nothing", "离场", "choose a reason"),
        ("withdrew", " ", "Write down what happened"),
        ("withdrew", "长" * 501, "at most"),
    ]:
        with pytest.raises(ExamError, match=sentence):
            hearings.end_for_who_left(session, attempt, ground, note, lead(made), at(5 * MINUTE))
    hearings.end_for_who_left(session, attempt, "withdrew", "考生自行离场", lead(made), at(5 * MINUTE))
    last = hearing_view(session, SECRET, attempt, None, at(6 * MINUTE)).events[-1]
    assert (row(session, attempt).phase, last.note) == (Phase.SUBMITTED, "考生自行离场")


def test_nobody_is_heard_beside_another(session: Session) -> None:
    made = add_review(session)
    begin(session, made)
    with pytest.raises(ExamError, match=r"is hearing candidate no\. 1"):
        begin(session, made, 1, at(MINUTE), reason="急")
    other = add_review(session, name="B")
    begin(session, other, 0, at(MINUTE))


def test_out_of_turn_a_reason_is_asked_for(session: Session) -> None:
    made = add_review(session)
    with pytest.raises(ExamError, match="not this candidate's turn"):
        begin(session, made, 1)
    attempt = begin(session, made, 1, reason="1号考生路上堵车")
    assert hearing_view(session, SECRET, attempt, None, at()).events[0].note == "1号考生路上堵车"


def test_who_did_not_come_stays_without_a_hearing_and_may_come_after_all(session: Session) -> None:
    made = add_review(session)
    first = made.attempts[0]
    with pytest.raises(ExamError, match="Write down"):
        hearings.enter_absence(session, first, "", lead(made), at())
    hearings.enter_absence(session, first, "三次点名未到", lead(made), at())
    assert (stages(session, made), row(session, first).phase) == ([HearingStage.ABSENT, HearingStage.NEXT, HearingStage.WAITING], Phase.CREATED)
    with pytest.raises(ExamError, match="absent already"):
        hearings.enter_absence(session, first, "未到", lead(made), at())
    heard(session, made, 1, at())
    with pytest.raises(ExamError, match="not this candidate's turn"):
        begin(session, made, 0, at(HALF_HOUR))
    begin(session, made, 0, at(HALF_HOUR), reason="考生迟到, 评审组同意")
    with pytest.raises(ExamError, match="has begun already"):
        hearings.enter_absence(session, first, "未到", lead(made), at(HALF_HOUR))


def test_only_who_leads_keeps_the_clock(session: Session) -> None:
    made = add_review(session)
    attempt = made.attempts[0]
    for by in (member(made), OFFICE):
        with pytest.raises(ExamError, match="Only who leads"):
            hearings.begin_hearing(session, attempt, True, "", by, at())
    begin(session, made)
    for act in (
        lambda: hearings.pause_hearing(session, attempt, "break", "", member(made), at()),
        lambda: hearings.resume_hearing(session, attempt, member(made), at()),
        lambda: hearings.end_hearing(session, attempt, member(made), at(HALF_HOUR)),
        lambda: hearings.end_for_who_left(session, attempt, "illness", "病", member(made), at()),
        lambda: hearings.enter_absence(session, attempt, "未到", member(made), at()),
    ):
        with pytest.raises(ExamError, match="Only who leads"):
            act()


def test_what_keeps_a_hearing_from_beginning(session: Session) -> None:
    waiting = add_review(session, is_started=False)
    with pytest.raises(ExamError, match="has not started"):
        begin(session, waiting)
    made = add_review(session, name="B")
    with pytest.raises(ExamError, match="Compare the candidate"):
        hearings.begin_hearing(session, made.attempts[0], False, "", lead(made), at())
    row(session, made.attempts[0]).phase = Phase.VOIDED
    with pytest.raises(ExamError, match="voided"):
        begin(session, made)
    row(session, made.attempts[1]).paper = None
    with pytest.raises(ExamError, match="No review sheet"):
        begin(session, made, 1)
    skills = add_assessment(session, name="C", is_submitted=False)
    with pytest.raises(ExamError, match="not the panel of a review"):
        begin(session, skills)


def test_a_hearing_cannot_be_begun_paused_or_ended_twice(session: Session) -> None:
    made = add_review(session, 1)
    attempt = begin(session, made)
    with pytest.raises(ExamError, match="has begun already"):
        begin(session, made)
    with pytest.raises(ExamError, match="not paused"):
        hearings.resume_hearing(session, attempt, lead(made), at())
    with pytest.raises(ExamError, match="Write down why"):
        hearings.pause_hearing(session, attempt, "other", " ", lead(made), at())
    hearings.pause_hearing(session, attempt, "other", "消防演习", lead(made), at(MINUTE))
    with pytest.raises(ExamError, match="paused already"):
        hearings.pause_hearing(session, attempt, "break", "", lead(made), at(MINUTE))
    hearings.resume_hearing(session, attempt, lead(made), at(MINUTE))
    hearings.end_hearing(session, attempt, lead(made), at(HALF_HOUR))
    with pytest.raises(ExamError, match="is over already"):
        hearings.end_hearing(session, attempt, lead(made), at(HALF_HOUR))


def test_a_voided_candidate_keeps_nobody_waiting(session: Session) -> None:
    made = add_review(session)
    attempt = begin(session, made)
    row(session, attempt).phase = Phase.VOIDED
    begin(session, made, 1, at(MINUTE))
    assert stages(session, made, at(MINUTE))[:2] == [HearingStage.VOIDED, HearingStage.RUNNING]


def test_the_time_of_a_room_never_ends_a_hearing(session: Session) -> None:
    made = add_review(session)
    add_entry(session, made.room.id, EntryKind.START, OFFICE, at())
    attempt = begin(session, made)
    assert overdue(session, at(2 * LIMIT), timedelta()) == []
    session.get_one(SittingRow, made.room.sitting).component = "theory"
    session.flush()
    assert overdue(session, at(2 * LIMIT), timedelta()) == [attempt]


@pytest.mark.parametrize(("away", "is_paused"), [(SHORT, False), (SHORT + timedelta(milliseconds=1), True)])
def test_while_the_server_is_away_the_clock_stands_still(session: Session, away: timedelta, is_paused: bool) -> None:
    made = add_review(session, 1)
    attempt = begin(session, made)
    timekeeping.keep_mark(session, ClockMark("first", BOOT, BEGIN + 10 * MINUTE), MORNING)
    timekeeping.begin(session, "first", BOOT + away, MORNING, SHORT)
    assert elapsed(session, attempt, 10 * MINUTE + away) == 10 * MINUTE
    assert hearing_states(session, [attempt], BEGIN + HALF_HOUR)[attempt].paused == is_paused
    if is_paused:
        hearings.resume_hearing(session, attempt, lead(made), at(10 * MINUTE + away))
    with pytest.raises(ExamError, match="29 min 59 s"):
        hearings.end_hearing(session, attempt, lead(made), at(HALF_HOUR + away - SECOND))
    hearings.end_hearing(session, attempt, lead(made), at(HALF_HOUR + away))
    assert hearing_view(session, SECRET, attempt, None, at(HALF_HOUR + away)).events[1].person == ""


def test_after_a_restart_of_the_machine_the_hearing_goes_on_where_it_stood(session: Session) -> None:
    made = add_review(session, 1)
    timekeeping.keep_mark(session, ClockMark("first", BOOT, BEGIN), MORNING)
    attempt = begin(session, made)
    hearings.pause_hearing(session, attempt, "break", "", lead(made), at(3 * SECOND))
    hearings.resume_hearing(session, attempt, lead(made), at(4 * SECOND))
    mark = timekeeping.begin(session, "second", MINUTE, MORNING, SHORT)
    assert mark.exam == BEGIN + 4 * SECOND
    state = hearing_states(session, [attempt], mark.exam + MINUTE)[attempt]
    assert (state.paused, state.elapsed) == (True, 3 * SECOND)


def test_a_hearing_that_is_paused_or_over_is_left_alone_by_a_restart(session: Session) -> None:
    made = add_review(session)
    heard(session, made, 0, at())
    attempt = begin(session, made, 1, at(40 * MINUTE))
    hearings.pause_hearing(session, attempt, "break", "", lead(made), at(45 * MINUTE))
    timekeeping.keep_mark(session, ClockMark("first", BOOT, BEGIN + 46 * MINUTE), MORNING)
    timekeeping.begin(session, "first", BOOT + SECOND, MORNING, SHORT)
    assert len(hearing_view(session, SECRET, made.attempts[0], None, at()).events) == 2
    assert len(hearing_view(session, SECRET, attempt, None, at()).events) == 2


def test_members_see_their_panel_and_nobody_else_does(session: Session) -> None:
    made, other = add_review(session), add_review(session, name="B")
    first, stranger, reserve = made.examiners[0], other.examiners[0], made.reserves[0]
    assert [is_member(session, made.group, person) for person in (first, stranger, reserve)] == [True, False, False]
    assert [may_see_hearing(session, made.attempts[0], person) for person in (first, stranger, reserve)] == [True, False, False]
    assert [leads(session, made.group, person) for person in made.examiners] == [True, False, False]
    session.get_one(SittingRow, made.room.sitting).is_published = False
    session.flush()
    assert not is_member(session, made.group, first)


def test_who_was_called_by_the_panel_stays_in_the_sitting(session: Session) -> None:
    made = add_review(session)
    hearings.enter_absence(session, made.attempts[0], "未到", lead(made), at())
    row(session, made.attempts[0]).checked_in = None
    with pytest.raises(ExamError, match="called this candidate"):
        remove_candidate(session, made.attempts[0], OFFICE, at())
    with pytest.raises(ExamError, match="called this candidate"):
        move_candidate(session, made.attempts[0], made.room.id, 4, OFFICE, at())
    assert session.scalars(select(AttemptRow.id).where(AttemptRow.id == made.attempts[0])).one()
