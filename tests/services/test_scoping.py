"""Sections of the bank: who has some works on those alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from examsrv.domain.roles import Role
from examsrv.services import reviewing_items, scoping, tagging, viewing_items, writing_items
from examsrv.services.scoping import Place
from examsrv.services.signing_in import StaffMember
from examsrv.storage.database import Database
from question_bank.message import ExamError
from tests.question_bank.builders import make_item
from tests.services.bank_workers import SYSTEM, add_items, good_record, worker, written
from tests.services.sittings_to_mark import BEGIN, PACK

ETHICS = Place(PACK, "L3", "ethics")


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        add_items(opened, make_item("S-1"), make_item("S-2", section="ethics", point="B2.1.1", stem="另一题（　　）。"))
        yield opened


def limited(session: Session, login: str, *roles: Role) -> StaffMember:
    by = worker(session, login, *roles)
    scoping.set_places(session, by.id, [ETHICS], SYSTEM, BEGIN)
    return by


def test_whoever_has_sections_sees_those_and_everybody_else_all(session: Session) -> None:
    people = [limited(session, "author", Role.AUTHOR), worker(session, "free", Role.AUTHOR), limited(session, "head", Role.ADMINISTRATOR)]
    seen = [[scoping.is_visible(session, PACK, item, by) for item in ("S-1", "S-2", "none")] for by in people]
    assert seen == [[False, True, False], [True, True, False], [True, True, False]]


def test_sections_taken_away_again_open_the_whole_bank(session: Session) -> None:
    by = limited(session, "author", Role.AUTHOR)
    scoping.set_places(session, by.id, [], SYSTEM, BEGIN)
    assert scoping.is_visible(session, PACK, "S-1", by)


def test_a_section_that_is_none_is_refused_and_the_old_ones_stay(session: Session) -> None:
    by = limited(session, "author", Role.AUTHOR)
    with pytest.raises(ExamError):
        scoping.set_places(session, by.id, [Place(PACK, "L3", "none")], SYSTEM, BEGIN)
    assert scoping.places_of(session, by.id) == {ETHICS}


@pytest.mark.parametrize(
    "act",
    [
        lambda session, by: writing_items.new_item(session, PACK, "L3", "collection", "essay", by, BEGIN),
        lambda session, by: writing_items.new_case(session, PACK, "L3", "collection", "essay", by, BEGIN),
        lambda session, by: writing_items.revise(session, PACK, "S-1", by, BEGIN),
        lambda session, by: writing_items.put(session, PACK, good_record("S-1"), None, by, BEGIN),
        lambda session, by: writing_items.put(session, PACK, good_record("S-1") | {"section": "ethics"}, None, by, BEGIN),
        lambda session, by: writing_items.put(session, PACK, good_record("NEW-1"), None, by, BEGIN),
        lambda session, by: reviewing_items.retire(session, PACK, "S-1", "过时", by, BEGIN),
        lambda session, by: tagging.put_on(session, PACK, ["S-1", "S-2"], "标签", by, BEGIN),
        lambda session, by: tagging.rename(session, PACK, "标签", "新标签", by, BEGIN),
    ],
)
def test_nothing_can_be_done_outside_of_ones_sections(session: Session, act) -> None:
    by = limited(session, "both", Role.AUTHOR, Role.REVIEWER)
    with pytest.raises(ExamError):
        act(session, by)
    assert tagging.tags(session, PACK) == []


def test_a_draft_cannot_be_moved_out_of_ones_sections_nor_drawn_into_them(session: Session) -> None:
    by, free = limited(session, "author", Role.AUTHOR), worker(session, "free", Role.AUTHOR)
    own = writing_items.new_item(session, PACK, "L3", "ethics", "single_choice", by, BEGIN)
    foreign = written(session, free)
    for item, record, revision in ((own, good_record(), 1), (foreign, good_record(section="ethics"), 2)):
        with pytest.raises(ExamError, match="other sections"):
            writing_items.save(session, PACK, item, record, revision, by, BEGIN)


def test_what_waits_for_review_is_told_of_ones_sections_only(session: Session) -> None:
    author, reviewer = worker(session, "author", Role.AUTHOR), limited(session, "reviewer", Role.REVIEWER)
    for item in ("S-1", "S-2"):
        writing_items.revise(session, PACK, item, author, BEGIN)
        writing_items.send(session, PACK, item, author, BEGIN)
    assert [each.line.id for each in viewing_items.waiting_for_review(session, PACK, reviewer)] == ["S-2"]
    with pytest.raises(ExamError, match="other sections"):
        reviewing_items.send_back(session, PACK, "S-1", "理由", reviewer, BEGIN)
