"""Marking runs: what was clicked becomes exact marks, and nothing comes into force without a second person."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from examsrv.domain.form import LETTERS
from examsrv.domain.moment import Moment
from examsrv.domain.order import candidate_order, ordered_option_ids
from examsrv.domain.paper import Composed, read_paper
from examsrv.domain.results import Decision
from examsrv.domain.run import RunState
from examsrv.services import answering, approving, explaining, marking_runs, viewing_runs
from examsrv.services.auditing import verify_chain
from examsrv.services.judging import judge
from examsrv.services.viewing_runs import RunView
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, AuditRow, ItemMarkRow, PaperKeyRow, RunRow
from question_bank.message import ExamError
from tests.services.attempts import one
from tests.services.sittings_to_mark import AFTER, BEGIN, LIMIT, SECRET, Exam, add_attempt, answer, make_exam, make_paper, of_version_1, right

EARLY = Moment(BEGIN.wall + timedelta(minutes=10), BEGIN.exam + timedelta(minutes=10))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def exam(database: Database) -> Exam:
    return make_exam(database)


def preview(database: Database, exam: Exam) -> int:
    return marking_runs.preview(database, exam.sitting, "首次判分", exam.proposer, AFTER)


def view_of(database: Database, run: int) -> RunView:
    with database.reading() as session:
        return viewing_runs.run_view(session, SECRET, run)


def applied(database: Database, exam: Exam) -> int:
    run = preview(database, exam)
    with database.writing() as session:
        marking_runs.propose(session, run, exam.proposer, AFTER)
    marking_runs.apply(database, run, view_of(database, run).digest, exam.approver, AFTER)
    return run


@pytest.mark.parametrize(("passed", "told"), [(LIMIT - timedelta(seconds=1), ["The time of 01 still runs: 1 candidates"]), (LIMIT, [])])
def test_who_may_still_be_admitted_is_told_before_counting_as_absent(database: Database, exam: Exam, passed: timedelta, told: list[str]) -> None:
    answer(database, exam, 1, right(exam))
    add_attempt(database, exam, 2, checked_in=False)
    with database.reading() as session:
        found = viewing_runs.absences_too_early(session, exam.sitting, Moment(BEGIN.wall, BEGIN.exam + passed))
    assert [str(message)[: len(start)] for message, start in zip(found, told, strict=True)] == told


def test_marks_are_those_computed_by_hand(database: Database, exam: Exam) -> None:
    good = right(exam)
    answer(database, exam, 1, good)
    answer(database, exam, 2, {1: good[1], 2: "a" if good[2] == "b" else "b", 3: good[3], 5: True})
    answer(database, exam, 3, {3: [good[3][0]], 5: False})
    answer(database, exam, 4, {})
    lines = view_of(database, preview(database, exam)).lines
    assert [(line.seat, line.total, line.decision) for line in lines] == [
        (1, 100, Decision.PASS),
        (2, 60, Decision.PASS),
        (3, 0, Decision.FAIL),
        (4, 0, Decision.FAIL),
    ]


def test_sections_stand_in_the_standards_order(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {1: right(exam)[1], 5: True})
    view = view_of(database, preview(database, exam))
    assert view.lines[0].sections == (Fraction(20), 0, 0, 0, Fraction(20))


def test_partial_credit_stays_exact(database: Database) -> None:
    exam = make_exam(database, make_paper(policy="each_right"))
    answer(database, exam, 1, {4: [right(exam)[4][0]]})
    assert view_of(database, preview(database, exam)).lines[0].total == Fraction(20, 3)


def test_the_last_answer_counts(database: Database, exam: Exam) -> None:
    attempt = answer(database, exam, 1, {5: False}, handed_in=False)
    with database.appending() as connection:
        step = answering.Step(1, 2, answering.StepKind.ANSWERED, 5, True, 0)
        one(connection, answering.Save(attempt, "device", [step], EARLY, timedelta()))
        answering.close(connection, attempt, "time", exam.proposer, AFTER)
    assert view_of(database, preview(database, exam)).lines[0].total == 20


def test_damaged_values_are_wrong_and_marking_goes_on(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {1: "no such option", 2: {"odd": 1}, 3: [1, 2], 4: "text", 5: True})
    assert view_of(database, preview(database, exam)).lines[0].total == 20


def test_absent_and_voided_candidates_stand_in_the_run_without_marks(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    add_attempt(database, exam, 2, checked_in=False)
    voided = answer(database, exam, 3, right(exam))
    with database.writing() as session:
        session.get_one(AttemptRow, voided).phase = "voided"
    lines = view_of(database, preview(database, exam)).lines
    assert [(line.decision, line.total) for line in lines] == [(Decision.FAIL, 0), (Decision.ABSENT, None), (Decision.VOIDED, None)]


def test_marking_is_refused_with_the_number_of_those_who_still_answer(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    answer(database, exam, 2, {}, handed_in=False)
    with pytest.raises(ExamError, match="1 candidates are still answering"):
        preview(database, exam)


@pytest.mark.parametrize(("checked_in", "at", "is_refused"), [(True, EARLY, True), (False, EARLY, False), (True, AFTER, False)])
def test_who_is_checked_in_may_still_open_until_time_is_over(database: Database, exam: Exam, checked_in: bool, at: Moment, is_refused: bool) -> None:
    answer(database, exam, 1, {})
    add_attempt(database, exam, 2, checked_in=checked_in)
    if is_refused:
        with pytest.raises(ExamError, match="may still open"):
            marking_runs.preview(database, exam.sitting, "r", exam.proposer, at)
    else:
        assert marking_runs.preview(database, exam.sitting, "r", exam.proposer, at)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_a_run_needs_a_reason(database: Database, exam: Exam, reason: str) -> None:
    answer(database, exam, 1, {})
    with pytest.raises(ExamError, match="reason"):
        marking_runs.preview(database, exam.sitting, reason, exam.proposer, AFTER)


def test_a_second_preview_waits_for_the_first_to_be_decided(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    run = preview(database, exam)
    with pytest.raises(ExamError, match="run 1 still waits"):
        preview(database, exam)
    with database.writing() as session:
        marking_runs.cancel(session, run, exam.proposer, AFTER)
    assert view_of(database, preview(database, exam)).number == 2


def test_the_same_log_and_keys_give_the_same_digest(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, right(exam))
    digest = view_of(database, preview(database, exam)).digest
    with database.reading() as session:
        assert judge(session, exam.sitting).digest == digest


def test_another_person_applies_what_was_proposed(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    view = view_of(database, applied(database, exam))
    assert (view.state, view.applier) == (RunState.APPLIED, "管理员 second")


def test_the_proposer_cannot_apply(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    run = preview(database, exam)
    with database.writing() as session:
        marking_runs.propose(session, run, exam.proposer, AFTER)
    with pytest.raises(ExamError, match="Another person"):
        marking_runs.apply(database, run, view_of(database, run).digest, exam.proposer, AFTER)
    assert view_of(database, run).state is RunState.PREVIEW


def test_nothing_is_applied_without_a_proposal(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    run = preview(database, exam)
    with pytest.raises(ExamError, match="Nothing is proposed"):
        marking_runs.apply(database, run, view_of(database, run).digest, exam.approver, AFTER)


def test_another_digest_than_the_one_shown_is_refused(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    run = preview(database, exam)
    with database.writing() as session:
        marking_runs.propose(session, run, exam.proposer, AFTER)
    with pytest.raises(ExamError, match="have changed"):
        marking_runs.apply(database, run, "0" * 64, exam.approver, AFTER)


@pytest.mark.parametrize("change", ["key", "phase"])
def test_a_changed_key_or_attempt_makes_the_preview_void(database: Database, exam: Exam, change: str) -> None:
    attempt = answer(database, exam, 1, {})
    run = preview(database, exam)
    with database.writing() as session:
        marking_runs.propose(session, run, exam.proposer, AFTER)
        if change == "key":
            session.get_one(PaperKeyRow, exam.paper.digest).digest = "other"
        else:
            session.get_one(AttemptRow, attempt).phase = "voided"
    with pytest.raises(ExamError, match="have changed"):
        marking_runs.apply(database, run, view_of(database, run).digest, exam.approver, AFTER)


def test_an_applied_run_is_superseded_by_the_next_and_both_are_kept(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    first, second = applied(database, exam), applied(database, exam)
    assert (view_of(database, first).state, view_of(database, second).state) == (RunState.SUPERSEDED, RunState.APPLIED)


def test_a_run_says_who_changes_and_who_crosses_the_line(database: Database, exam: Exam) -> None:
    good = right(exam)
    answer(database, exam, 1, {1: good[1], 2: good[2], 5: True})
    answer(database, exam, 2, {1: good[1], 2: good[2]})
    answer(database, exam, 3, {})
    applied(database, exam)
    with database.writing() as session:  # the key of item 5 is corrected to false
        row = session.get_one(PaperKeyRow, exam.paper.digest)
        row.secret, row.digest = row.secret | {"5": row.secret["5"] | {"key": False}}, "corrected"
    lines = view_of(database, preview(database, exam)).lines
    assert [(line.change, line.is_changed, line.is_crossing) for line in lines] == [(-20, True, True), (0, False, False), (0, False, False)]


def test_a_cancelled_run_cannot_be_applied_and_withdraws_its_proposal(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    run = preview(database, exam)
    with database.writing() as session:
        marking_runs.propose(session, run, exam.proposer, AFTER)
        marking_runs.cancel(session, run, exam.proposer, AFTER)
        assert approving.open_proposal(session, marking_runs.APPLY, f"run/{run}") is None
    with pytest.raises(ExamError, match="decided already"):
        marking_runs.apply(database, run, view_of(database, run).digest, exam.approver, AFTER)


def test_a_run_that_was_cut_off_counts_for_nothing(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    run = preview(database, exam)
    with database.writing() as session:
        session.get_one(RunRow, run).state = RunState.MARKING
    assert view_of(database, preview(database, exam)).number == 2
    with database.reading() as session:
        assert marking_runs.site_of_run(session, run) is None


def test_marks_and_results_are_never_overwritten(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, right(exam))
    preview(database, exam)
    with pytest.raises(DBAPIError), database.writing() as session:
        session.scalars(select(ItemMarkRow)).first().mark = "0"


def test_every_act_of_a_run_is_in_the_audit_and_the_chain_holds(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, {})
    applied(database, exam)
    with database.reading() as session:
        acts = list(session.scalars(select(AuditRow.act).where(AuditRow.act.startswith("run.")).order_by(AuditRow.number)))
        assert (acts, verify_chain(session).first_bad) == (["run.previewed", "run.apply.proposed", "run.apply.approved", "run.applied"], None)


def test_only_an_applied_run_is_exported_with_masked_numbers(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, right(exam))
    with database.reading() as session, pytest.raises(ExamError, match="applied"):
        viewing_runs.export_run(session, SECRET, preview(database, exam), "2026-11-22 09:00", AFTER)
    with database.writing() as session:
        marking_runs.cancel(session, 1, exam.proposer, AFTER)
    run = applied(database, exam)
    with database.reading() as session:
        line = viewing_runs.export_run(session, SECRET, run, "2026-11-22 09:00", AFTER).lines[0]
    assert (line.ticket, line.name, line.id_number, line.total) == ("261103020001", "考生1", "1501**********0001", 100)


@pytest.mark.parametrize("paper", [make_paper(), of_version_1(make_paper())], ids=["present", "version 1"])
def test_an_explanation_speaks_in_the_letters_that_the_candidate_saw(database: Database, paper: Composed) -> None:
    exam, content = make_exam(database, paper), read_paper(paper.content)
    attempt = answer(database, exam, 1, {1: right(exam)[1], 5: False})
    run = preview(database, exam)
    with database.reading() as session:
        items = {item.number: item for item in explaining.explanation(session, SECRET, run, attempt).items}
    seen = ordered_option_ids(content, candidate_order(content, seed=1))  # of the first seat
    assert str(items[1].response) == str(items[1].key) == LETTERS[seen[1].index(str(right(exam)[1]))]
    assert (str(items[5].response), str(items[5].key), str(items[2].response), items[1].mark) == ("False", "True", "No answer", 20)
