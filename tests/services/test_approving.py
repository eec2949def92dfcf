"""Two persons: the second is another one, and approves exactly what was proposed."""

import pytest

from examsrv.domain.moment import SERVER, Actor
from examsrv.services.approving import approve, open_proposal, propose, withdraw
from examsrv.storage.database import Database
from examsrv.storage.tables import ApprovalRow
from question_bank.message import ExamError
from tests.builders import add_person, at

ACT, SUBJECT = "paper.seal", "form_set/1"


@pytest.fixture
def two(database: Database) -> tuple[Actor, Actor]:
    with database.writing() as session:
        return Actor(add_person(session, "one"), "one"), Actor(add_person(session, "other"), "other")


def proposed(database: Database, by: Actor, digest: str = "d1") -> None:
    with database.writing() as session:
        propose(session, ACT, SUBJECT, digest, by, at())


def test_another_person_approves_what_was_proposed(database: Database, two: tuple[Actor, Actor]) -> None:
    proposed(database, two[0])
    with database.writing() as session:
        approve(session, ACT, SUBJECT, "d1", two[1], at())
        assert open_proposal(session, ACT, SUBJECT) is None
        row = session.query(ApprovalRow).one()
        assert (row.proposed_by, row.decided_by, row.decision) == (two[0].person, two[1].person, "approved")


@pytest.mark.parametrize(
    ("who", "digest", "sentence"),
    [(0, "d1", "Another person"), (1, "d2", "changed since"), (0, "d2", "changed since"), (None, "d1", "Another person")],
)
def test_the_same_person_the_server_and_a_changed_content_are_refused(
    database: Database, two: tuple[Actor, Actor], who: int | None, digest: str, sentence: str
) -> None:
    proposed(database, two[0])
    with pytest.raises(ExamError, match=sentence), database.writing() as session:
        approve(session, ACT, SUBJECT, digest, SERVER if who is None else two[who], at())
    with database.reading() as session:
        assert open_proposal(session, ACT, SUBJECT) is not None


def test_nothing_proposed_cannot_be_approved(database: Database, two: tuple[Actor, Actor]) -> None:
    with pytest.raises(ExamError, match="Nothing is proposed"), database.writing() as session:
        approve(session, ACT, SUBJECT, "d1", two[1], at())


def test_a_new_proposal_takes_the_place_of_the_old_and_its_proposer_counts(database: Database, two: tuple[Actor, Actor]) -> None:
    proposed(database, two[0])
    proposed(database, two[1], "d2")
    with database.writing() as session:
        assert open_proposal(session, ACT, SUBJECT).proposer == "other 同志"
        approve(session, ACT, SUBJECT, "d2", two[0], at())


def test_a_withdrawn_proposal_cannot_be_approved(database: Database, two: tuple[Actor, Actor]) -> None:
    proposed(database, two[0])
    with pytest.raises(ExamError, match="Nothing is proposed"), database.writing() as session:  # noqa: PT012 -- one transaction
        withdraw(session, ACT, SUBJECT, two[0], at())
        approve(session, ACT, SUBJECT, "d1", two[1], at())


def test_only_a_person_proposes(database: Database) -> None:
    with pytest.raises(ExamError, match="Only a person"):
        proposed(database, SERVER)
