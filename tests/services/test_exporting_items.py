"""Items on their way out: only what somebody works on, on record, and with every loss told."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from examsrv.domain.roles import Role
from examsrv.services.auditing import verify_chain
from examsrv.services.exporting_items import Order, enter_export, order, whole_order, written, written_here
from examsrv.services.looking import looks
from examsrv.services.scoping import Place, set_places
from examsrv.services.signing_in import StaffMember
from examsrv.storage.database import Database
from examsrv.storage.tables import AuditRow
from question_bank.formats import FORMATS
from question_bank.message import ExamError
from tests.question_bank.builders import make_item
from tests.services import bank_workers
from tests.services.bank_workers import add_items, case_items, worker
from tests.services.sittings_to_mark import BEGIN, PACK, add_standard

ITEMS = [make_item("S-1"), make_item("E-1", section="ethics", point="B1.1.1"), *case_items(1, 2)]


@dataclass
class Desk:
    """A bank of some items, and an author."""

    session: Session
    author: StaffMember

    def order(self, *items: str, format_name: str = "yaml") -> Order:
        return order(self.session, PACK, items, format_name, self.author)


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with database.writing() as session:
        add_standard(session)
        add_items(session, *ITEMS)
        yield Desk(session, worker(session, "author", Role.AUTHOR))


def test_a_selection_comes_back_from_its_file_as_it_is_in_the_bank(desk: Desk) -> None:
    asked = desk.order("K-1-2", "S-1", "K-1-1", "S-1", format_name="excel")
    file = written(asked)
    assert (file.suffix, file.count, file.losses) == (".xlsx", 3, ())
    assert [item.digest for item in FORMATS["excel"].read(file.content, "a.xlsx").items] == [ITEMS[3].digest, ITEMS[0].digest, ITEMS[2].digest]


def test_items_of_other_sections_are_not_there(desk: Desk) -> None:
    set_places(desk.session, desk.author.id, [Place(PACK, "L3", "ethics")], desk.author.actor, BEGIN)
    assert [item.id for item in desk.order("S-1", "E-1", "X-9").items] == ["E-1"]
    with pytest.raises(ExamError, match="None of these items has an approved version"):
        desk.order("S-1")


def test_a_draft_that_never_counted_is_told_to_be_missing(desk: Desk) -> None:
    draft = bank_workers.written(desk.session, desk.author)
    losses = written_here(desk.order("S-1", draft)).losses
    assert [(loss.place, str(loss.message)) for loss in losses] == [(draft, "It has no approved version and is not in the file")]


def test_what_does_not_come_back_the_same_is_a_loss_though_the_format_says_nothing(desk: Desk) -> None:
    add_items(desk.session, make_item("S-7", stem=" 前后有空格应当（　　）。 "))
    losses = written_here(desk.order("S-1", "S-7", format_name="excel")).losses
    assert [(loss.place, str(loss.message)) for loss in losses] == [("S-7", "It would not come back from this file just as it is")]


def test_who_takes_what_out_is_on_record(desk: Desk) -> None:
    enter_export(desk.session, PACK, desk.order("S-1"), desk.author.actor, BEGIN)
    entry = desk.session.query(AuditRow).order_by(AuditRow.number.desc()).first()
    assert [(look.name, look.with_key) for look in looks(desk.session, PACK, "S-1")] == [("姓名author", True)]
    assert (entry.act, entry.person_id) == ("items.exported", desk.author.id)
    assert verify_chain(desk.session).first_bad is None


def test_an_unknown_format_is_refused(desk: Desk) -> None:
    with pytest.raises(ExamError, match="There is no format riddle"):
        desk.order("S-1", format_name="riddle")


def test_the_whole_bank_is_all_that_counts(desk: Desk) -> None:
    bank_workers.written(desk.session, desk.author)
    assert [item.id for item in whole_order(desk.session, PACK, "yaml").items] == ["E-1", "K-1-1", "K-1-2", "S-1"]
