"""The order of speaking: drawn before the first candidate is called, moved with a reason."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from examsrv.domain.attempt import Phase
from examsrv.services import hearings
from examsrv.services.auditing import newest_entries
from examsrv.services.scripts import scripts_of_group
from examsrv.services.speaking_order import draw_order, move_in_order
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow
from question_bank.message import ExamError
from tests.builders import OFFICE, at
from tests.panels import Assessment, add_assessment
from tests.services.hearings import add_review, begin, heard, lead


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def order(session: Session, made: Assessment) -> list[int]:
    """Return who speaks when, by the place in which they were added."""
    return [made.attempts.index(script.attempt) for script in scripts_of_group(session, made.group)]


def test_the_order_is_drawn_and_written_down(session: Session) -> None:
    made = add_review(session, 6)
    assert draw_order(session, made.group, 3, OFFICE, at()) == 6
    drawn = order(session, made)
    assert (sorted(drawn), drawn == list(range(6))) == (list(range(6)), False)
    assert [script.position for script in scripts_of_group(session, made.group)] == list(range(1, 7))
    numbers = " ".join(str(script.number) for script in scripts_of_group(session, made.group))
    entry = newest_entries(session, 1)[0]
    assert (entry.act, dict(entry.detail)["order"]) == ("panel.order_drawn", numbers)


def test_once_somebody_was_called_nothing_is_drawn(session: Session) -> None:
    made, other = add_review(session), add_review(session, name="B")
    begin(session, made)
    hearings.enter_absence(session, other.attempts[0], "未到", lead(other), at())
    for each in (made, other):
        with pytest.raises(ExamError, match="has been called already"):
            draw_order(session, each.group, 3, OFFICE, at())


def test_a_voided_candidate_keeps_nobody_from_drawing(session: Session) -> None:
    made = add_review(session)
    session.get_one(AttemptRow, made.attempts[0]).phase = Phase.VOIDED
    assert draw_order(session, made.group, 3, OFFICE, at()) == 3


def test_only_panels_have_an_order_of_speaking(session: Session) -> None:
    made = add_assessment(session)
    with pytest.raises(ExamError, match="not the panel"):
        draw_order(session, made.group, 3, OFFICE, at())
    with pytest.raises(ExamError, match="not the panel"):
        move_in_order(session, made.attempts[0], 2, "原因", OFFICE, at())


@pytest.mark.parametrize(("who", "position", "expected"), [(0, 4, [1, 2, 3, 0]), (3, 1, [3, 0, 1, 2]), (2, 2, [0, 2, 1, 3]), (1, 2, [0, 1, 2, 3])])
def test_a_candidate_is_moved_and_the_others_close_up(session: Session, who: int, position: int, expected: list[int]) -> None:
    made = add_review(session, 4)
    move_in_order(session, made.attempts[who], position, "行动不便", OFFICE, at())
    assert order(session, made) == expected


def test_a_move_is_refused_without_a_reason_or_past_those_who_were_heard(session: Session) -> None:
    made = add_review(session, 3)
    heard(session, made, 0, at())
    for reason in ("", " ", "长" * 501):
        with pytest.raises(ExamError, match="Write down why"):
            move_in_order(session, made.attempts[2], 2, reason, OFFICE, at())
    for position in (0, 1, 4):
        with pytest.raises(ExamError, match="still waiting"):
            move_in_order(session, made.attempts[2], position, "原因", OFFICE, at())
    with pytest.raises(ExamError, match="Only a candidate who is still waiting"):
        move_in_order(session, made.attempts[0], 3, "原因", OFFICE, at())
    assert order(session, made) == [0, 1, 2]
