"""What the candidates of a batch have reached for their level: exact edges, what does not count, what is missing; on both databases."""

import pytest
from sqlalchemy.orm import Session

from examsrv.domain.level_outcome import LevelDecision
from examsrv.domain.run import RunState
from examsrv.services.banking import import_pack
from examsrv.services.level_results import LevelResult, batch_labels, is_batch_at, is_person_at, level_result, level_results, sittings_without_batch
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, SittingRow
from question_bank.standard import ComponentKey
from tests.builders import MORNING, OFFICE, SECRET, at
from tests.question_bank.builders import CODE, make_item, make_pack
from tests.services.batch_of_results import DAY, add_batch, add_people, add_run, add_sitting

PASS, FAIL, OPEN = LevelDecision.PASS, LevelDecision.FAIL, LevelDecision.INCOMPLETE
SIXTY = ("60", "pass")


@pytest.fixture
def session(database: Database):
    with database.writing() as made:
        import_pack(made, make_pack(make_item("S-1")), OFFICE, at())
        yield made


def only(session: Session, batch: int) -> LevelResult:
    (line,) = level_results(session, SECRET, batch).lines
    return line


def with_results(session: Session, theory: tuple[str | None, str], skills: tuple[str | None, str] | None) -> LevelResult:
    batch, (person,) = add_batch(session), add_people(session, 1)
    add_run(session, add_sitting(session, batch, [person]), {person: theory})
    sitting = add_sitting(session, batch, [person], "skills")
    if skills is not None:
        add_run(session, sitting, {person: skills})
    return only(session, batch)


@pytest.mark.parametrize(
    ("theory", "skills", "decision", "shown"),
    [
        (SIXTY, SIXTY, PASS, "60.0"),
        (SIXTY, ("1199/20", "fail"), FAIL, "59.9"),  # 59.95
        (SIXTY, ("179999/3000", "fail"), FAIL, "59.9"),  # 59.9996…
        (SIXTY, ("180001/3000", "pass"), PASS, "60.0"),  # 60.0003…
        (("100", "pass"), ("0", "fail"), FAIL, "0.0"),
        (SIXTY, (None, "absent"), FAIL, ""),
        (SIXTY, (None, "voided"), FAIL, ""),
        (SIXTY, None, OPEN, ""),
        (("59", "fail"), None, FAIL, ""),
    ],
)
def test_every_component_has_to_be_passed_and_exact_marks_decide(session: Session, theory, skills, decision: LevelDecision, shown: str) -> None:
    line = with_results(session, theory, skills)
    assert (line.decision, line.component(ComponentKey.SKILLS).shown) == (decision, shown)


def test_a_sitting_without_a_run_in_force_is_named_as_what_is_missing(session: Session) -> None:
    line = with_results(session, SIXTY, None)
    assert "“L3 skills” has no result in force" in str(line.component(ComponentKey.SKILLS).lack)


def test_a_component_for_which_the_batch_has_no_sitting_of_the_candidate_is_said(session: Session) -> None:
    batch, (person,) = add_batch(session), add_people(session, 1)
    add_run(session, add_sitting(session, batch, [person]), {person: SIXTY})
    line = only(session, batch)
    assert (line.decision, "no sitting of this batch has the candidate" in str(line.component(ComponentKey.SKILLS).lack)) == (OPEN, True)


def test_only_the_run_in_force_counts(session: Session) -> None:
    batch, (person,) = add_batch(session), add_people(session, 1)
    sitting = add_sitting(session, batch, [person])
    add_run(session, sitting, {person: ("50", "fail")}, 1, RunState.SUPERSEDED)
    add_run(session, sitting, {person: SIXTY}, 2)
    add_run(session, sitting, {person: ("40", "fail")}, 3, RunState.PREVIEW)
    add_run(session, sitting, {person: ("30", "fail")}, 4, RunState.CANCELLED)
    part = only(session, batch).component(ComponentKey.THEORY)
    assert (part.shown, part.source.run_number) == ("60.0", 2)


@pytest.mark.parametrize(
    ("first", "then", "counts"), [(SIXTY, ("50", "fail"), "60.0"), (("50", "fail"), SIXTY, "60.0"), (("50", "fail"), ("40", "fail"), "40.0")]
)
def test_of_two_sittings_the_one_passed_counts_else_the_latest(session: Session, first, then, counts: str) -> None:
    batch, (person,) = add_batch(session), add_people(session, 1)
    for planned, given in ((MORNING, first), (MORNING + DAY, then)):
        add_run(session, add_sitting(session, batch, [person], planned=planned), {person: given})
    part = only(session, batch).component(ComponentKey.THEORY)
    assert (part.shown, len(part.others)) == (counts, 1)


def test_who_failed_and_sits_again_is_open_until_that_is_marked(session: Session) -> None:
    batch, (person,) = add_batch(session), add_people(session, 1)
    add_run(session, add_sitting(session, batch, [person]), {person: ("50", "fail")})
    add_run(session, add_sitting(session, batch, [person], "skills"), {person: SIXTY})
    add_sitting(session, batch, [person], planned=MORNING + DAY)
    assert only(session, batch).decision is OPEN


def test_level_2_needs_the_review_as_well(session: Session) -> None:
    batch, (person,) = add_batch(session), add_people(session, 1)
    for component in ("theory", "skills"):
        add_run(session, add_sitting(session, batch, [person], component, "L2"), {person: SIXTY})
    review = add_sitting(session, batch, [person], "review", "L2")
    assert only(session, batch).decision is OPEN
    add_run(session, review, {person: SIXTY})
    assert only(session, batch).decision is PASS


def test_two_levels_of_one_person_are_two_results(session: Session) -> None:
    batch, (person,) = add_batch(session), add_people(session, 1)
    for level in ("L3", "L2"):
        add_run(session, add_sitting(session, batch, [person], level=level), {person: SIXTY})
    assert [line.level for line in level_results(session, SECRET, batch).lines] == ["L2", "L3"]
    assert level_result(session, SECRET, batch, person, CODE, "L4") is None


def test_results_of_another_batch_or_of_none_do_not_count(session: Session) -> None:
    batch, (person,) = add_batch(session), add_people(session, 1)
    add_run(session, add_sitting(session, batch, [person]), {person: SIXTY})
    add_run(session, add_sitting(session, add_batch(session, "另一批"), [person], "skills"), {person: SIXTY})
    add_run(session, add_sitting(session, None, [person], "skills", planned=MORNING + DAY), {person: SIXTY})
    assert (only(session, batch).decision, sittings_without_batch(session, None)) == (OPEN, 1)


def test_a_result_that_the_standard_does_not_bear_out_leaves_all_open_and_says_so(session: Session) -> None:
    line = with_results(session, SIXTY, ("59", "pass"))
    assert (line.decision, "Mark the sitting anew" in str(line.outcome.steps[-1])) == (OPEN, True)


def test_an_office_sees_the_people_of_its_sites_with_all_that_they_reached(session: Session) -> None:
    batch, (mine, other) = add_batch(session), add_people(session, 2)
    theory, elsewhere = add_sitting(session, batch, [mine]), add_sitting(session, batch, [mine, other], "skills", site="别处")
    for sitting in (theory, elsewhere):
        add_run(session, sitting, {mine: SIXTY, other: SIXTY})
    site = session.get_one(SittingRow, theory).site_id
    (line,) = level_results(session, SECRET, batch, {site}).lines
    assert (line.candidate, line.decision) == (mine, PASS)
    assert [is_person_at(session, batch, each, CODE, "L3", {site}) for each in (mine, other)] == [True, False]
    assert [is_batch_at(session, batch, sites) for sites in ({site}, {site + 100}, None)] == [True, False, True]
    assert batch_labels(session, {site + 100}) == []


def test_a_sitting_that_is_not_published_is_not_in_it(session: Session) -> None:
    batch, (person,) = add_batch(session), add_people(session, 1)
    session.get_one(SittingRow, add_sitting(session, batch, [person])).is_published = False
    session.flush()
    assert level_results(session, SECRET, batch).lines == ()
    assert session.query(AttemptRow).count() == 1
