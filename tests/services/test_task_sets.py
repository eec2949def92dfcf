"""Task sets come in once with their pack, become papers without keys, and are opened whole only by those who score."""

import gzip

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.moment import Actor
from examsrv.services import papers, task_sets
from examsrv.services.banking import import_pack
from examsrv.storage.database import Database
from examsrv.storage.tables import PaperRow, TaskSetRow
from question_bank.message import ExamError
from question_bank.pack import Pack
from question_bank.task import TaskSet
from question_bank.task_record import task_set_from
from tests.builders import OFFICE, add_person, at
from tests.panels import make_record, make_task_set
from tests.question_bank.builders import CODE, STANDARD


@pytest.fixture
def session(database: Database):
    with database.writing() as made:
        yield made


def bring_in(session: Session, *sets: TaskSet) -> None:
    import_pack(session, Pack(CODE, STANDARD, (), (), (), task_sets=sets), OFFICE, at())


def compose(session: Session, *chosen: str) -> int:
    return task_sets.compose_sets(session, CODE, "L3", "skills", chosen, 7, OFFICE, at())


def test_a_pack_imported_twice_brings_its_task_sets_once(session: Session) -> None:
    bring_in(session, make_task_set())
    bring_in(session, make_task_set())
    assert [view.set_id for view in task_sets.task_sets(session, CODE)] == ["SET-A"]


def test_a_changed_set_takes_the_place_of_the_one_before_which_stays_readable(session: Session) -> None:
    before, after = make_task_set(), make_task_set(title="题组甲（修订）")
    bring_in(session, before)
    bring_in(session, after)
    assert [view.digest for view in task_sets.task_sets(session, CODE)] == [after.digest]
    assert task_sets.task_set_with_keys(session, before.digest) == before


def test_a_paper_of_a_task_set_says_nothing_of_keys_rubric_and_model_answers(session: Session) -> None:
    bring_in(session, make_task_set())
    compose(session, make_task_set().digest)
    content = gzip.decompress(session.scalars(select(PaperRow.content)).one()).decode()
    assert "某公司应收账款余额" in content
    assert not any(secret in content for secret in ("全部做到", "先核对", "30÷120", '"25"', "恐吓"))


def test_who_seals_a_paper_seals_its_rubric_too(session: Session) -> None:
    record = make_record()
    record["tasks"][0]["model"] = "另一份参考答案。"
    changed, findings = task_set_from(record, {})
    assert changed is not None, findings
    keys = [seen_digest(session, each) for each in (make_task_set(), changed)]
    assert keys[0] != keys[1]


def seen_digest(session: Session, task_set: TaskSet) -> str:
    """Return what a second person would approve of a paper of `task_set`; nothing of it stays."""
    with session.begin_nested() as tried:
        bring_in(session, task_set)
        found = papers.form_set(session, compose(session, task_set.digest)).digest
        tried.rollback()
    return found


def test_papers_of_task_sets_are_sealed_by_two_persons(session: Session) -> None:
    bring_in(session, make_task_set())
    number = compose(session, make_task_set().digest)
    one, two = (Actor(add_person(session, name), name) for name in ("a", "b"))
    papers.propose_seal(session, number, one, at())
    papers.seal(session, number, papers.form_set(session, number).digest, two, at())
    assert papers.form_set(session, number).is_sealed


@pytest.mark.parametrize("chosen", [(), ("no such set",), ("twice", "twice")])
def test_only_sets_of_the_examination_are_made_into_papers_each_once(session: Session, chosen: tuple[str, ...]) -> None:
    bring_in(session, make_task_set())
    with pytest.raises(ExamError):
        compose(session, *(make_task_set().digest if name == "twice" else name for name in chosen))


def test_a_record_spoilt_in_the_database_is_refused_in_words(session: Session) -> None:
    bring_in(session, make_task_set())
    session.scalars(select(TaskSetRow)).one().record = {"schema": "tasks/1"}
    session.flush()
    with pytest.raises(ExamError):
        task_sets.task_set_with_keys(session, make_task_set().digest)
