"""Questions that members note during a hearing, and the documents that they read."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor
from examsrv.services import hearings
from examsrv.services.panel_questions import note_question, questions
from examsrv.storage.database import Database
from question_bank.message import ExamError
from tests.builders import MINUTE, OFFICE, at
from tests.panels import add_entry_of, marks_of
from tests.services.hearings import add_review, begin, lead, member


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def test_all_see_who_asked_what_and_when(session: Session) -> None:
    made = add_review(session)
    attempt = begin(session, made)
    note_question(session, attempt, " 为何给予 90 天账期？ ", member(made), at(MINUTE))
    note_question(session, attempt, "坏账如何计提？", lead(made), at(2 * MINUTE))
    found = questions(session, attempt)
    assert [(each.person, each.text, each.wall) for each in found] == [
        (made.examiners[1], "为何给予 90 天账期？", at(MINUTE).wall),
        (made.examiners[0], "坏账如何计提？", at(2 * MINUTE).wall),
    ]


def test_the_same_words_sent_again_are_noted_once(session: Session) -> None:
    made = add_review(session)
    attempt = begin(session, made)
    first = note_question(session, attempt, "坏账如何计提？", member(made), at())
    assert note_question(session, attempt, "坏账如何计提？", member(made), at(MINUTE)) == first
    assert note_question(session, attempt, "坏账如何计提？", lead(made), at(MINUTE)) != first
    assert len(questions(session, attempt)) == 2


def test_questions_are_noted_from_the_begin_until_the_own_sheet_is_in(session: Session) -> None:
    made = add_review(session)
    with pytest.raises(ExamError, match="has not begun yet"):
        note_question(session, made.attempts[0], "问", member(made), at())
    attempt = begin(session, made)
    hearings.end_hearing(session, attempt, lead(made), at(30 * MINUTE))
    note_question(session, attempt, "刚才来不及写下的问题", member(made), at(31 * MINUTE))
    add_entry_of(session, attempt, 2, made.examiners[1], marks_of(made.task_set, 70))
    with pytest.raises(ExamError, match="is handed in"):
        note_question(session, attempt, "又一问", member(made), at(32 * MINUTE))
    note_question(session, attempt, "又一问", lead(made), at(32 * MINUTE))


@pytest.mark.parametrize("text", ["", "  ", "长" * 1001, "a\0b"])
def test_no_text_that_cannot_be_kept(session: Session, text: str) -> None:
    made = add_review(session)
    attempt = begin(session, made)
    with pytest.raises(ExamError):
        note_question(session, attempt, text, member(made), at())
    assert questions(session, attempt) == []


def test_only_members_note_questions(session: Session) -> None:
    made = add_review(session)
    attempt = begin(session, made)
    for by in (OFFICE, Actor(made.reserves[0], "reserve")):
        with pytest.raises(ExamError, match="Only members"):
            note_question(session, attempt, "问", by, at())
