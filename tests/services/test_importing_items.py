"""A file on its way into the bank: looked over against what is there, brought in whole or not at all, and the same file again changes nothing."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.item_life import ItemState
from examsrv.domain.roles import Role
from examsrv.services import importing_items, media, reviewing_items, writing_items
from examsrv.services.auditing import verify_chain
from examsrv.services.importing_items import BankChangedError, Report, bring_in, discard, import_of, keep, planned, prepared, prepared_from
from examsrv.services.item_drafts import draft_of
from examsrv.services.item_import_plan import Change
from examsrv.services.looking import looks
from examsrv.services.reading_items import ItemFile
from examsrv.services.scoping import Place, set_places
from examsrv.services.signing_in import StaffMember
from examsrv.storage.database import Database
from examsrv.storage.tables import CaseDraftRow, ItemDraftRow, ItemEventRow, ItemImportRow, ItemRow, MediaRow
from question_bank.formats import FORMATS
from question_bank.item import Case, Item
from question_bank.message import ExamError
from tests.question_bank.builders import make_item
from tests.services.bank_workers import CASE, add_items, approve, case_items, later, worker
from tests.services.sittings_to_mark import BEGIN, PACK, add_standard


@dataclass
class Desk:
    """A bank, an author who brings files, and a reviewer."""

    session: Session
    author: StaffMember
    reviewer: StaffMember

    def keep(self, *items: Item, pictures: dict[str, bytes] | None = None, format_name: str = "excel") -> int:
        """Write items into a file, read it, and keep it aside."""
        made = FORMATS[format_name]
        reading = made.read(made.write(items, pictures or {}).content, "题库")
        file = prepared_from("题库", "0" * 64, ItemFile(format_name, reading))
        for picture in file.pictures:
            media.keep_picture(self.session, picture, self.author.actor, BEGIN)
        return keep(self.session, PACK, file, self.author, BEGIN)

    def changes(self, number: int) -> dict[str, Change]:
        return {each.id: each.change for each in planned(self.session, number, self.author).items}

    def bring(self, number: int) -> Report:
        return bring_in(self.session, number, planned(self.session, number, self.author).digest, self.author, later(1))

    def count(self, table: type) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with database.writing() as session:
        add_standard(session)
        yield Desk(session, worker(session, "author", Role.AUTHOR), worker(session, "reviewer", Role.REVIEWER))


def refusal(act, *arguments: object) -> str:
    with pytest.raises(ExamError) as refused:
        act(*arguments)
    return str(refused.value)


def test_new_changed_and_same_items_are_told_apart_and_the_first_two_become_drafts_of_who_brought_them(desk: Desk) -> None:
    same, old = make_item("S-1"), make_item("S-2", stem="旧题应当（　　）。")
    add_items(desk.session, same, old)
    number = desk.keep(same, replace(old, stem="新题应当（　　）。", key="C"), make_item("S-3"))
    assert desk.changes(number) == {"S-1": Change.SAME, "S-2": Change.CHANGED, "S-3": Change.NEW}
    assert desk.bring(number) == Report(new=1, changed=1, same=1)
    drafts = {item: draft_of(desk.session, PACK, item) for item in ("S-1", "S-2", "S-3")}
    assert drafts["S-1"] is None
    assert [(drafts[item].state, drafts[item].author, drafts[item].base) for item in ("S-2", "S-3")] == [
        (ItemState.DRAFT, desk.author.id, old.digest),
        (ItemState.DRAFT, desk.author.id, None),
    ]
    assert (desk.session.get(ItemRow, (PACK, "S-2")).digest, desk.session.get(ItemRow, (PACK, "S-3")).digest) == (old.digest, None)
    assert verify_chain(desk.session).first_bad is None


def test_the_differences_are_shown_field_by_field_and_the_look_is_on_record(desk: Desk) -> None:
    item = make_item("S-1")
    add_items(desk.session, item)
    number = desk.keep(replace(item, key="C", difficulty=4))
    plan = planned(desk.session, number, desk.author)
    importing_items.look_at_changes(desk.session, number, plan, desk.author, BEGIN)
    assert [(str(each.field), each.inside) for each in plan.items[0].differences] == [("Difficulty", ""), ("Key", "")]
    assert [(look.name, look.with_key) for look in looks(desk.session, PACK, "S-1")] == [("姓名author", True)]


def test_the_same_file_again_has_nothing_to_bring_in(desk: Desk) -> None:
    items = [make_item("S-1"), *case_items(1, 2), make_item("T-1", key=True, kind="true_false")]
    desk.bring(desk.keep(*items))
    events = desk.count(ItemEventRow)
    again = planned(desk.session, desk.keep(*items), desk.author)
    assert {each.change for each in again.items} == {Change.SAME}
    assert (again.can_bring_in, desk.count(ItemEventRow)) == (False, events)


def test_a_brought_in_draft_that_was_approved_is_the_same_too(desk: Desk) -> None:
    item = make_item("S-1", stem="逾期账款的催收应当首先（　　）。")
    desk.bring(desk.keep(item))
    writing_items.send(desk.session, PACK, "S-1", desk.author, later(2))
    approve(desk.session, "S-1", desk.reviewer)
    assert desk.changes(desk.keep(item)) == {"S-1": Change.SAME}


def test_a_retired_item_comes_back_as_a_draft(desk: Desk) -> None:
    item = make_item("S-1")
    add_items(desk.session, item)
    reviewing_items.retire(desk.session, PACK, "S-1", "过时", desk.reviewer, BEGIN)
    number = desk.keep(item)
    assert desk.changes(number) == {"S-1": Change.CHANGED}
    desk.bring(number)
    assert desk.session.get(ItemRow, (PACK, "S-1")).state == ItemState.DRAFT


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"section": "cooking"}, "The section cooking carries no theory marks at this level"),
        ({"point": "L3.K9.9.9"}, "L3.K9.9.9"),
        ({"key": "F"}, "The key F is not among the options"),
        ({"difficulty": 9}, "9 is not between 1 and 5"),
        ({"stem": "![图](media:" + "0" * 64 + ")"}, "The picture " + "0" * 64 + " is not there"),
    ],
)
def test_one_faulty_item_keeps_all_of_the_file_out(desk: Desk, changes: dict, fault: str) -> None:
    number = desk.keep(make_item("S-1"), make_item("S-2", **changes), format_name="yaml")
    plan = planned(desk.session, number, desk.author)
    assert [each.change for each in plan.items] == [Change.NEW, Change.FAULTY]
    assert fault in str(plan.items[1].faults[0].message)
    assert "some of the file is wrong" in refusal(bring_in, desk.session, number, plan.digest, desk.author, BEGIN)
    assert desk.count(ItemDraftRow) == 0


def test_what_did_not_become_an_item_keeps_all_of_the_file_out(desk: Desk) -> None:
    content = FORMATS["yaml"].write([make_item("S-1"), make_item("S-2")], {}).content.replace(b"id: S-2", b"id: S 2")
    number = keep(desk.session, PACK, prepared("题库.yaml", content), desk.author, BEGIN)
    plan = planned(desk.session, number, desk.author)
    assert (len(plan.items), len(plan.faults), plan.can_bring_in) == (1, 1, False)
    assert "some of the file is wrong" in refusal(bring_in, desk.session, number, plan.digest, desk.author, BEGIN)


def test_an_item_that_stands_twice_in_a_file_is_faulty(desk: Desk) -> None:
    number = desk.keep(make_item("S-1"), make_item("S-1", key="C"), format_name="yaml")
    assert [each.change for each in planned(desk.session, number, desk.author).items] == [Change.NEW, Change.FAULTY]


def test_what_a_reviewer_would_object_to_is_told_but_comes_in(desk: Desk) -> None:
    number = desk.keep(make_item("S-1", rationale=""))
    plan = planned(desk.session, number, desk.author)
    assert [str(each.message) for each in plan.items[0].objections] == ["The rationale is missing"]
    assert desk.bring(number) == Report(1, 0, 0)


def test_a_bank_that_changed_since_the_look_is_looked_at_again(desk: Desk) -> None:
    item = make_item("S-1")
    number = desk.keep(item)
    before = planned(desk.session, number, desk.author).digest
    add_items(desk.session, replace(item, difficulty=5))
    with pytest.raises(BankChangedError):
        bring_in(desk.session, number, before, desk.author, BEGIN)
    assert desk.changes(number) == {"S-1": Change.CHANGED}
    assert desk.bring(number) == Report(0, 1, 0)


def test_items_of_other_peoples_sections_stay_as_they_are(desk: Desk) -> None:
    add_items(desk.session, make_item("S-1"))
    set_places(desk.session, desk.author.id, [Place(PACK, "L3", "ethics")], desk.reviewer.actor, BEGIN)
    moved = make_item("S-1", section="ethics", point="B1.1.1")
    plan = planned(desk.session, desk.keep(moved, make_item("S-2")), desk.author)
    assert [("other sections" in str(each.faults[-1].message)) for each in plan.items] == [True, True]


def test_an_item_in_review_is_left_to_the_reviewer(desk: Desk) -> None:
    item = make_item("S-1", stem="逾期账款的催收应当首先（　　）。")
    desk.bring(desk.keep(item))
    writing_items.send(desk.session, PACK, "S-1", desk.author, later(2))
    plan = planned(desk.session, desk.keep(replace(item, key="C")), desk.author)
    assert [str(fault.message) for fault in plan.items[0].faults] == ["The item is in review. Take it back first."]


def test_a_new_text_of_a_case_takes_its_other_items_along(desk: Desk) -> None:
    add_items(desk.session, *case_items(1, 2))
    number = desk.keep(*case_items(1, case=Case(CASE.id, CASE.title, "改写后的案例。")))
    plan = planned(desk.session, number, desk.author)
    assert [str(note.message) for note in plan.notes] == ["The text of the case is new: its other items become drafts too: K-1-2"]
    desk.bring(number)
    assert set(desk.session.scalars(select(ItemDraftRow.item_id))) == {"K-1-1", "K-1-2"}
    assert desk.session.get(CaseDraftRow, (PACK, CASE.id)).text == "改写后的案例。"


def test_pictures_come_along_painted_anew_and_under_their_new_names(desk: Desk) -> None:
    out = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(out, "JPEG")
    digest = media.hashlib.sha256(out.getvalue()).hexdigest()
    number = desk.keep(make_item("S-1", stem=f"见图 ![图](media:{digest})，应当（　　）。"), pictures={digest: out.getvalue()})
    desk.bring(number)
    kept = desk.session.scalars(select(MediaRow.digest)).one()
    assert kept != digest
    assert f"(media:{kept})" in draft_of(desk.session, PACK, "S-1").record["stem"]


def test_a_file_is_kept_for_who_sent_it_until_it_is_brought_in_thrown_away_or_followed_by_another(desk: Desk) -> None:
    desk.keep(make_item("S-1"))
    second = desk.keep(make_item("S-2"))
    assert (desk.count(ItemImportRow), list(desk.changes(second))) == (1, ["S-2"])
    desk.bring(second)
    done = desk.session.get(ItemImportRow, second)
    assert (done.applied, done.content) == (later(1).wall, {})
    assert "already" in refusal(planned, desk.session, second, desk.author)
    third = desk.keep(make_item("S-3"))
    discard(desk.session, third)
    assert import_of(desk.session, third) is None


def test_a_reviewer_brings_nothing_in(desk: Desk) -> None:
    file = prepared("题库.yaml", FORMATS["yaml"].write([make_item()], {}).content)
    assert "role" in refusal(keep, desk.session, PACK, file, desk.reviewer, BEGIN)


def test_a_file_without_items_is_refused() -> None:
    assert refusal(prepared, "题库.yaml", b"[]") == "The file holds no items."
