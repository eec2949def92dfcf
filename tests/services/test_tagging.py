"""Tags and comments: no content, no new version, all together or not at all."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from examsrv.domain.roles import Role
from examsrv.services import commenting, tagging
from examsrv.services.banking import bank_digest
from examsrv.services.signing_in import StaffMember
from examsrv.storage.database import Database
from question_bank.message import ExamError
from tests.question_bank.builders import make_item
from tests.services.bank_workers import add_items, later, worker
from tests.services.sittings_to_mark import BEGIN, PACK


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        add_items(opened, make_item("S-1"), make_item("S-2", stem="另一题（　　）。"))
        yield opened


@pytest.fixture
def by(session: Session) -> StaffMember:
    return worker(session, "author", Role.AUTHOR)


def test_a_tag_goes_on_and_off_a_selection_and_is_counted_once(session: Session, by: StaffMember) -> None:
    before = bank_digest(session, PACK)
    assert tagging.put_on(session, PACK, ["S-1", "S-2", "S-2"], " 新  题 ", by, BEGIN) == 2
    assert tagging.put_on(session, PACK, ["S-1"], "新 题", by, BEGIN) == 0
    assert tagging.tags(session, PACK) == [("新 题", 2)]
    assert tagging.take_off(session, PACK, ["S-1", "S-2"], "新 题", by, BEGIN) == 2
    assert (tagging.tags(session, PACK), bank_digest(session, PACK)) == ([], before)


@pytest.mark.parametrize(("items", "tag"), [([], "新题"), (["S-1", "none"], "新题"), (["S-1"], " "), (["S-1"], "题" * 31), (["S-1"], "\0")])
def test_a_selection_is_tagged_whole_or_not_at_all(session: Session, by: StaffMember, items: list[str], tag: str) -> None:
    with pytest.raises(ExamError):
        tagging.put_on(session, PACK, items, tag, by, BEGIN)
    assert tagging.tags(session, PACK) == []


def test_a_renamed_tag_falls_together_with_one_that_is_there(session: Session, by: StaffMember) -> None:
    tagging.put_on(session, PACK, ["S-1", "S-2"], "旧", by, BEGIN)
    tagging.put_on(session, PACK, ["S-1"], "新", by, BEGIN)
    assert tagging.rename(session, PACK, "旧", "新", by, BEGIN) == 2
    assert tagging.tags(session, PACK) == [("新", 2)]
    with pytest.raises(ExamError):
        tagging.rename(session, PACK, "旧", "新", by, BEGIN)


def test_a_comment_is_open_until_somebody_settles_it(session: Session, by: StaffMember) -> None:
    first = commenting.comment(session, PACK, "S-1", " 请核对数字 ", by.actor, BEGIN)
    commenting.comment(session, PACK, "S-1", "另一条", by.actor, BEGIN)
    commenting.settle(session, PACK, "S-1", first, by.actor, later(1))
    commenting.settle(session, PACK, "S-1", first, by.actor, later(2))
    found = [(each.text, each.settled) for each in commenting.comments(session, PACK, "S-1")]
    assert found == [("另一条", None), ("请核对数字", later(1).wall)]


def test_a_comment_is_settled_on_its_own_item_only(session: Session, by: StaffMember) -> None:
    number = commenting.comment(session, PACK, "S-1", "意见", by.actor, BEGIN)
    with pytest.raises(ExamError):
        commenting.settle(session, PACK, "S-2", number, by.actor, BEGIN)
