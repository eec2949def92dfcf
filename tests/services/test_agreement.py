"""How far a group's examiners agree: from what each gave alone, and not before everything is settled. On both databases."""

import pytest
from sqlalchemy.orm import Session

from examsrv.domain.combining_rule import Adjudication, CombiningRule
from examsrv.domain.moment import Actor
from examsrv.services import agreement, settling
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, PersonRow
from question_bank.message import ExamError
from tests.builders import SECRET, at
from tests.panels import Assessment, add_assessment, add_entry_of, marks_of

DISCUSSION = CombiningRule(adjudication=Adjudication.DISCUSSION)


@pytest.fixture
def session(database: Database):
    with database.writing() as made:
        yield made


def give(session: Session, group: Assessment, script: int, *totals: int, edition: int = 1, first: int = 1) -> None:
    people = [*group.examiners, *group.reserves]
    for place, total in enumerate(totals, start=first):
        add_entry_of(session, group.attempts[script], place, people[place - 1], marks_of(group.task_set, total), edition=edition)


def totals(session: Session, group: Assessment) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for rating in agreement.ratings(session, group.group):
        key = (rating.script, rating.examiner)
        found[key] = found.get(key, 0) + int(rating.mark)
    return found


def test_mean_differences_are_those_computed_by_hand(session: Session) -> None:
    group = add_assessment(session)
    give(session, group, 0, 72, 75, 71)
    give(session, group, 1, 80, 85, 79)
    found = agreement.differences(agreement.agreement(session, group.group))
    assert [(name, mean.value) for name, mean, _dots in found] == [
        ("examinera1 同志", -1.5),
        ("examinera2 同志", 4.5),
        ("examinera3 同志", -3.0),
    ]
    assert found[1][2] == [("107", 3.5), ("114", 5.5)]


def test_nothing_is_said_before_all_scripts_are_settled(session: Session) -> None:
    group = add_assessment(session)
    give(session, group, 0, 72, 75, 71)
    for totals_of_second in ((80, 85), (57, 63, 60)):
        give(session, group, 1, *totals_of_second, edition=len(totals_of_second))
        with pytest.raises(ExamError, match="when all scripts of the group are settled"):
            agreement.agreement(session, group.group)


def test_nothing_is_said_while_somebody_is_still_at_work(session: Session) -> None:
    group = add_assessment(session)
    give(session, group, 0, 72, 75, 71)
    session.get_one(AttemptRow, group.attempts[1]).phase = "running"
    session.flush()
    with pytest.raises(ExamError, match="when all scripts"):
        agreement.agreement(session, group.group)


def test_sheets_from_before_a_discussion_are_measured_and_not_those_after_it(session: Session) -> None:
    group = add_assessment(session, candidates=1, rule=DISCUSSION)
    give(session, group, 0, 50, 70, 65)
    settling.open_discussion(session, group.attempts[0], Actor(group.examiners[0], "lead"), "讨论", at())
    give(session, group, 0, 62, 62, 62, edition=2)
    assert sorted(totals(session, group).values()) == [50, 65, 70]


def test_called_reserves_are_left_out(session: Session) -> None:
    group = add_assessment(session, candidates=1)
    give(session, group, 0, 57, 63, 60)
    settling.call_reserves(session, SECRET, group.attempts[0], Actor(group.examiners[0], "lead"), at())
    give(session, group, 0, 58, 59, first=4)
    assert sorted(totals(session, group).values()) == [57, 60, 63]


def test_examiners_of_one_name_are_told_apart(session: Session) -> None:
    group = add_assessment(session, candidates=1)
    for person in group.examiners[:2]:
        session.get_one(PersonRow, person).name = "王芳"
    give(session, group, 0, 72, 75, 71)
    assert {examiner for _script, examiner in totals(session, group)} == {"王芳 (examinera1)", "王芳 (examinera2)", "examinera3 同志"}
