"""Marking runs of skills and reviews: by examiners' sheets, refused while anything is open, and exact to the last third of a mark."""

from datetime import timedelta
from fractions import Fraction

import pytest

from examsrv.domain.moment import Actor
from examsrv.domain.results import Decision
from examsrv.domain.run import RunState
from examsrv.services import approving, explaining_sheets, marking_runs, reopening, scripts, viewing_runs
from examsrv.services.settled_marks import sections_of_result
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, ItemMarkRow, RunRow, ScriptRow
from question_bank.message import ExamError
from tests.builders import LIMIT, SECRET, add_person, at
from tests.panels import Assessment, add_assessment, add_entry_of, marks_of

AFTER = at(LIMIT + timedelta(hours=1))


def make(database: Database, *sheets: tuple[int, ...], **options) -> tuple[Assessment, Actor, Actor]:
    """Add a group whose scripts have sheets of these totals, and two administrators."""
    with database.writing() as session:
        group = add_assessment(session, candidates=max(len(sheets), 1), **options)
        for attempt, totals in zip(group.attempts, sheets, strict=False):
            for place, total in enumerate(totals, start=1):
                add_entry_of(session, attempt, place, group.examiners[place - 1], marks_of(group.task_set, total))
        return group, Actor(add_person(session, "first"), "first"), Actor(add_person(session, "second"), "second")


def preview(database: Database, group: Assessment, by: Actor) -> int:
    return marking_runs.preview(database, group.room.sitting, "首次统分", by, AFTER)


def view_of(database: Database, run: int) -> viewing_runs.RunView:
    with database.reading() as session:
        return viewing_runs.run_view(session, SECRET, run)


def apply(database: Database, run: int, first: Actor, second: Actor) -> None:
    with database.writing() as session:
        marking_runs.propose(session, run, first, AFTER)
    marking_runs.apply(database, run, view_of(database, run).digest, second, AFTER)


@pytest.mark.parametrize(("sheets", "total", "decision"), [((60, 60, 60), 60, Decision.PASS), ((59, 60, 60), Fraction(179, 3), None)])
def test_a_run_holds_the_exact_mean_and_decides_at_the_pass_mark(database: Database, sheets: tuple[int, ...], total: Fraction, decision) -> None:
    group, first, _second = make(database, sheets)
    if decision is None:  # on both sides of 60 and near it: in dispute
        with pytest.raises(ExamError, match="0 scripts wait for sheets, 1 are in dispute"):
            preview(database, group, first)
        return
    line = view_of(database, preview(database, group, first)).lines[0]
    assert (line.total, line.decision) == (total, decision)


@pytest.mark.parametrize(("sheets", "decision"), [((57, 58, 58), Decision.FAIL), ((62, 63, 63), Decision.PASS)])
def test_criteria_and_sections_add_up_to_the_total(database: Database, sheets: tuple[int, ...], decision: Decision) -> None:
    group, first, _second = make(database, sheets)
    line = view_of(database, preview(database, group, first)).lines[0]
    assert (line.total, line.decision) == (Fraction(sum(sheets), 3), decision)
    assert sum(line.sections) == line.total
    with database.reading() as session:
        marks = session.query(ItemMarkRow).order_by(ItemMarkRow.item).all()
    assert [mark.item for mark in marks] == [1, 2, 3, 4, 5, 6]
    assert sum(Fraction(mark.mark) for mark in marks) == line.total
    assert all(
        Fraction(mark.mark) == Fraction(mark.fraction) * Fraction(each.marks) for mark, each in zip(marks, group.task_set.criteria, strict=True)
    )


def test_marking_is_refused_with_counts_while_scripts_are_open(database: Database) -> None:
    group, first, _second = make(database, (72, 75), (57, 63, 60), (72, 75, 71), ())
    with pytest.raises(ExamError, match="2 scripts wait for sheets, 1 are in dispute"):
        preview(database, group, first)


def test_a_candidate_in_no_group_is_told_of(database: Database) -> None:
    group, first, _second = make(database, (72, 75, 71))
    with database.writing() as session:
        session.delete(session.get_one(ScriptRow, group.attempts[0]))
    with pytest.raises(ExamError, match="1 candidates who handed in are in no group"):
        preview(database, group, first)


@pytest.mark.parametrize(("phase", "decision"), [("created", Decision.ABSENT), ("voided", Decision.VOIDED)])
def test_absent_and_voided_attempts_need_no_sheets(database: Database, phase: str, decision: Decision) -> None:
    group, first, _second = make(database, (72, 75, 71), ())
    with database.writing() as session:
        session.get_one(AttemptRow, group.attempts[1]).phase = phase
    assert [line.decision for line in view_of(database, preview(database, group, first)).lines] == [Decision.PASS, decision]


@pytest.mark.parametrize("change", ["sheet", "reopening", "rule", "grouping"])
def test_what_changed_since_the_preview_is_not_applied(database: Database, change: str) -> None:
    group, first, second = make(database, (72, 75, 71))
    run, attempt = preview(database, group, first), group.attempts[0]
    with database.writing() as session:
        marking_runs.propose(session, run, first, AFTER)
        if change == "sheet":
            add_entry_of(session, attempt, 1, group.examiners[0], marks_of(group.task_set, 73), edition=2)
        elif change == "reopening":
            entry = scripts.counted_entries(session, attempt)[1].id
            reopening.propose_reopening(session, entry, "理由", first, AFTER)
            reopening.approve_reopening(session, entry, reopening.open_reopening(session, entry).digest, second, AFTER)
            add_entry_of(session, attempt, 1, group.examiners[0], marks_of(group.task_set, 72), edition=2)
        elif change == "rule":
            session.get_one(marking_runs.SittingRow, group.room.sitting).batch_id = None
        else:
            session.get_one(ScriptRow, attempt).number = 999
    with pytest.raises(ExamError, match="changed since the preview"):
        marking_runs.apply(database, run, view_of(database, run).digest, second, AFTER)


def test_a_run_of_examiners_marks_is_set_aside_by_two_and_sheets_can_be_reopened(database: Database) -> None:
    group, first, second = make(database, (72, 75, 71))
    run, attempt = preview(database, group, first), group.attempts[0]
    apply(database, run, first, second)
    digest = view_of(database, run).digest
    with database.writing() as session:
        marking_runs.propose_setting_aside(session, run, first, AFTER)
        with pytest.raises(ExamError, match="Another person"):
            marking_runs.set_aside(session, run, digest, first, AFTER)
    with database.writing() as session:
        marking_runs.set_aside(session, run, digest, second, AFTER)
        assert session.get_one(RunRow, run).state == RunState.SUPERSEDED
        reopening.propose_reopening(session, scripts.counted_entries(session, attempt)[1].id, "理由", first, AFTER)
    again = preview(database, group, first)
    assert view_of(database, again).before == 1


def test_a_preview_is_not_set_aside(database: Database) -> None:
    group, first, _second = make(database, (72, 75, 71))
    run = preview(database, group, first)
    with database.writing() as session, pytest.raises(ExamError, match="in force"):
        marking_runs.propose_setting_aside(session, run, first, AFTER)
    with database.reading() as session:
        assert approving.open_proposal(session, marking_runs.SET_ASIDE, marking_runs.subject_of(run)) is None


def test_a_review_is_marked_by_its_tasks_and_absent_when_never_heard(database: Database) -> None:
    group, first, _second = make(database, (72, 75, 71), (), component="review", level="L2")
    with database.writing() as session:
        session.get_one(AttemptRow, group.attempts[1]).phase = "created"
        assert [str(each) for each in viewing_runs.absences_too_early(session, group.room.sitting, AFTER)] == [
            "1 candidates have not been heard: they count as absent."
        ]
    view = view_of(database, preview(database, group, first))
    assert [(each.key, each.full) for each in _sections(database, group)] == [("T1", 40), ("T2", 60)]
    assert view.lines[0].sections == (40, Fraction(98, 3))
    assert view.lines[1].decision is Decision.ABSENT


def _sections(database: Database, group: Assessment):
    with database.reading() as session:
        return sections_of_result(session, group.room.sitting)


def test_a_review_in_which_nobody_was_heard_is_not_marked(database: Database) -> None:
    group, first, _second = make(database, component="review", level="L2", is_submitted=False)
    with pytest.raises(ExamError, match="Nobody has been heard"):
        preview(database, group, first)


def test_an_explanation_recomputes_to_the_mark_of_the_run(database: Database) -> None:
    group, first, _second = make(database, (72, 75, 71))
    run = preview(database, group, first)
    with database.reading() as session:
        found = explaining_sheets.explanation(session, SECRET, run, group.attempts[0])
    assert str(found.sides.combined.steps[-1]) == "Mean (72+75+71)/3 = 72.67: passed, the pass mark is 60"
    assert found.total == sum(mark for _number, mark in found.marks) == Fraction(218, 3)
    assert not found.is_changed


def test_an_explanation_says_when_sheets_have_changed_since_the_run(database: Database) -> None:
    group, first, _second = make(database, (72, 75, 71))
    run = preview(database, group, first)
    with database.writing() as session:
        add_entry_of(session, group.attempts[0], 1, group.examiners[0], marks_of(group.task_set, 73), edition=2)
        found = explaining_sheets.explanation(session, SECRET, run, group.attempts[0])
    assert (found.total, found.sides.combined.total, found.is_changed) == (Fraction(218, 3), 73, True)
