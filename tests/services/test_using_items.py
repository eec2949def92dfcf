"""Where items are used and what came of it: from applied runs only, and from enough candidates."""

import pytest

from examsrv.services import marking_runs, using_items
from examsrv.services.listing_items import used_now
from examsrv.services.using_items import FEWEST_CANDIDATES
from examsrv.storage.database import Database
from examsrv.storage.tables import ItemRow, RunRow, SittingRow
from tests.services.bank_workers import add_items
from tests.services.sittings_to_mark import AFTER, BEGIN, PACK, Exam, answer, make_exam, right
from tests.services.sittings_to_mark import item as paper_item

FIRST = paper_item(1, "single_choice", "ethics", "A")


@pytest.fixture
def exam(database: Database) -> Exam:
    made = make_exam(database)
    with database.writing() as session:
        add_items(session, FIRST)
    return made


def sit(database: Database, exam: Exam, candidates: int, right_ones: int) -> int:
    """Let candidates answer, the first ones everything right and the others item 1 wrong and nothing else; return the previewed run."""
    lines = exam.paper.key
    wrong = next(letter for letter in "abcd" if letter != lines[1].key)
    for seat in range(1, candidates + 1):
        answer(database, exam, seat, right(exam) if seat <= right_ones else {1: wrong})
    return marking_runs.preview(database, exam.sitting, "首次阅卷", exam.proposer, AFTER)


def apply(database: Database, exam: Exam, run: int) -> None:
    with database.writing() as session:
        marking_runs.propose(session, run, exam.proposer, AFTER)
        digest = session.get_one(RunRow, run).digest
    marking_runs.apply(database, run, digest, exam.approver, AFTER)


def line(database: Database) -> tuple[int, float | None, float | None]:
    with database.reading() as session:
        row = session.get_one(ItemRow, (PACK, FIRST.id))
        return row.candidates, row.facility, row.discrimination


def test_figures_come_with_the_applied_run_and_not_before(database: Database, exam: Exam) -> None:
    run = sit(database, exam, FEWEST_CANDIDATES, 15)
    assert line(database) == (0, None, None)
    apply(database, exam, run)
    assert line(database) == (FEWEST_CANDIDATES, pytest.approx(0.75), pytest.approx(1))
    with database.reading() as session:
        shares = using_items.option_shares(session, FIRST.digest)
    assert shares["A"] == pytest.approx(0.75)
    assert sum(shares.values()) == pytest.approx(1)


def test_one_candidate_fewer_gives_no_figures(database: Database, exam: Exam) -> None:
    apply(database, exam, sit(database, exam, FEWEST_CANDIDATES - 1, 10))
    assert line(database) == (FEWEST_CANDIDATES - 1, None, None)
    with database.reading() as session:
        assert using_items.option_shares(session, FIRST.digest) == {}


def test_an_item_that_all_answer_alike_has_no_discrimination(database: Database, exam: Exam) -> None:
    apply(database, exam, sit(database, exam, FEWEST_CANDIDATES, FEWEST_CANDIDATES))
    assert line(database) == (FEWEST_CANDIDATES, pytest.approx(1), None)


def test_forms_and_sittings_of_any_version_are_found(database: Database, exam: Exam) -> None:
    answer(database, exam, 1, right(exam))
    with database.reading() as session:
        uses = using_items.uses(session, PACK, FIRST.id)
        nothing = using_items.uses(session, PACK, "none")
    assert ([form.form for form in uses.forms], [sitting.name for sitting in uses.sittings], uses.candidates) == (["A"], ["三级理论第一场"], 1)
    assert (uses.planned, nothing.forms, nothing.sittings) == ((), (), ())


def test_a_sitting_to_come_is_told_to_whoever_retires_the_item(database: Database, exam: Exam) -> None:
    with database.writing() as session:
        begun = session.get_one(SittingRow, exam.sitting)
        values = {name: getattr(begun, name) for name in ("site_id", "occupation", "level", "component", "limit", "late_limit", "leave_after")}
        session.add(SittingRow(name="下一场", planned=BEGIN.wall, form_set_id=exam.form_set, is_published=True, **values))
    with database.reading() as session:
        assert [sitting.name for sitting in using_items.planned_with(session, PACK, FIRST.id)] == ["下一场"]


def test_the_last_use_is_the_latest_of_all(database: Database, exam: Exam) -> None:
    for used in (BEGIN.wall, AFTER.wall, BEGIN.wall):
        with database.writing() as session:
            used_now(session, exam.form_set, used)
    with database.reading() as session:
        assert session.get_one(ItemRow, (PACK, FIRST.id)).last_used == AFTER.wall
