"""The life of an item: who may do what in which state, two windows, cases that go together, versions that are frozen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examsrv.domain.item_life import LIFE, Act, ItemState
from examsrv.domain.roles import Role
from examsrv.services import reviewing_items, writing_items
from examsrv.services.auditing import verify_chain
from examsrv.services.banking import ImportReport, current_items, import_pack, items_with_keys
from examsrv.services.commenting import comments
from examsrv.services.item_drafts import case_draft, draft_of, may
from examsrv.services.item_events import events
from examsrv.services.item_faults import FaultyItemError
from examsrv.services.signing_in import StaffMember
from examsrv.services.writing_items import StaleDraftError
from examsrv.storage.database import Database
from examsrv.storage.tables import Base, ItemDraftRow, ItemRow, ItemVersionRow
from question_bank.item import Case
from question_bank.message import ExamError
from tests.question_bank.builders import make_item, make_pack
from tests.services.bank_workers import CASE, SYSTEM, add_items, approve, approved, case_items, good_record, later, worker, written
from tests.services.sittings_to_mark import BEGIN, PACK, add_standard


@dataclass
class Bank:
    """An empty bank with an author, another one, a reviewer and an administrator."""

    session: Session
    author: StaffMember
    colleague: StaffMember
    reviewer: StaffMember
    administrator: StaffMember

    def line(self, item: str) -> ItemRow | None:
        return self.session.get(ItemRow, (PACK, item))

    def state(self, item: str) -> ItemState | None:
        line = self.line(item)
        return None if line is None else ItemState(line.state)

    def acts(self, item: str) -> list[str]:
        return [event.act for event in reversed(events(self.session, PACK, item))]


@pytest.fixture
def bank(database: Database) -> Iterator[Bank]:
    with database.writing() as session:
        add_standard(session)
        people = [
            worker(session, "author", Role.AUTHOR),
            worker(session, "colleague", Role.AUTHOR),
            worker(session, "reviewer", Role.REVIEWER),
            worker(session, "administrator", Role.ADMINISTRATOR),
        ]
        yield Bank(session, *people)


def in_state(bank: Bank, state: ItemState) -> str:
    """Bring an item of the author into a state."""
    if state in {ItemState.APPROVED, ItemState.RETIRED}:
        item = approved(bank.session, bank.author, bank.reviewer)
        if state is ItemState.RETIRED:
            reviewing_items.retire(bank.session, PACK, item, "过时", bank.reviewer, BEGIN)
        return item
    item = written(bank.session, bank.author)
    if state in {ItemState.IN_REVIEW, ItemState.RETURNED}:
        writing_items.send(bank.session, PACK, item, bank.author, BEGIN)
    if state is ItemState.RETURNED:
        reviewing_items.send_back(bank.session, PACK, item, "请修改", bank.reviewer, BEGIN)
    return item


def do(bank: Bank, item: str, act: Act, by: StaffMember) -> None:
    draft = draft_of(bank.session, PACK, item)
    revision, record = (draft.revision, draft.record) if draft else (1, good_record())
    session, at = bank.session, later(1)
    {
        Act.SAVE: lambda: writing_items.save(session, PACK, item, record, revision, by, at),
        Act.SEND: lambda: writing_items.send(session, PACK, item, by, at),
        Act.TAKE_BACK: lambda: writing_items.take_back(session, PACK, item, by, at),
        Act.DISCARD: lambda: writing_items.discard(session, PACK, item, by, at),
        Act.REVISE: lambda: writing_items.revise(session, PACK, item, by, at),
        Act.RETURN: lambda: reviewing_items.send_back(session, PACK, item, "理由", by, at),
        Act.APPROVE: lambda: reviewing_items.approve(session, PACK, item, revision, by, at),
        Act.RETIRE: lambda: reviewing_items.retire(session, PACK, item, "理由", by, at),
        Act.REVIVE: lambda: reviewing_items.revive(session, PACK, item, "理由", by, at),
    }[act]()


def everything(session: Session) -> list[object]:
    session.flush()
    return [session.execute(select(table)).fetchall() for table in Base.metadata.sorted_tables if not table.name.startswith("pack")]


PEOPLE = ("author", "colleague", "reviewer", "administrator", "both")


@pytest.mark.parametrize("state", ItemState)
def test_every_cell_of_the_life_is_as_the_table_says(bank: Bank, state: ItemState) -> None:
    """For each act and person: it leads where the table says, or it is refused and nothing is changed. The author never decides."""
    bank.both = replace(bank.author, roles=frozenset({(Role.AUTHOR, None), (Role.REVIEWER, None)}))
    wrong = []
    item = in_state(bank, state)
    for act in Act:
        for name in PEOPLE:
            by = getattr(bank, name)
            passage = LIFE.get((state, act))
            is_due = passage is not None and any(by.has(role) for role in passage.roles) and not (passage.not_the_author and by.id == bank.author.id)
            before = everything(bank.session)
            offered = may(bank.session, PACK, bank.line(item), act, by)
            nested = bank.session.begin_nested()
            try:
                do(bank, item, act, by)
                came = bank.state(item)
                is_right = is_due and came is (passage.to or None) and bank.acts(item)[-1] == act
            except ExamError:
                is_right = not is_due and everything(bank.session) == before
            nested.rollback()
            bank.session.expire_all()
            if not is_right or offered is not is_due:
                wrong.append((state, act, name))
    assert wrong == []


def test_an_act_leaves_an_event_and_an_entry_of_the_audit_that_verifies(bank: Bank) -> None:
    item = in_state(bank, ItemState.RETIRED)
    assert bank.acts(item) == ["written", "saved", "sent_to_review", "approved", "retired"]
    assert verify_chain(bank.session).first_bad is None


def test_new_items_are_numbered_as_the_bank_is_and_no_number_comes_twice(bank: Bank) -> None:
    add_items(bank.session, make_item("L3-COL-S-007"))
    first = written(bank.session, bank.author)
    writing_items.discard(bank.session, PACK, first, bank.author, BEGIN)
    assert (first, bank.line(first)) == ("L3-COL-S-008", None)
    assert writing_items.new_item(bank.session, PACK, "L3", "collection", "single_choice", bank.author, BEGIN) == "L3-COL-S-009"
    assert writing_items.new_item(bank.session, PACK, "L2", "credit_approval", "numeric", bank.author, BEGIN) == "L2-CAP-N-001"


def test_a_half_written_record_is_kept_as_it_is_and_can_be_found(bank: Bank) -> None:
    item = writing_items.new_item(bank.session, PACK, "L3", "collection", "numeric", bank.author, BEGIN)
    half = {"id": "other", "kind": "numeric", "level": "L3", "section": "collection", "stem": "周转天数", "body": 7, "key": None, "difficulty": "x"}
    writing_items.save(bank.session, PACK, item, half, 1, bank.author, BEGIN)
    assert draft_of(bank.session, PACK, item).record == {**half, "id": item}
    assert (bank.line(item).stem, bank.line(item).difficulty) == ("周转天数", 0)


def test_an_older_window_cannot_overwrite_and_is_told_what_is_stored(bank: Bank) -> None:
    item = written(bank.session, bank.author)
    newer = good_record(difficulty=5)
    writing_items.save(bank.session, PACK, item, newer, 2, bank.author, BEGIN)
    with pytest.raises(StaleDraftError) as refusal:
        writing_items.save(bank.session, PACK, item, good_record(difficulty=1), 2, bank.author, BEGIN)
    assert (refusal.value.draft.revision, refusal.value.draft.record["difficulty"]) == (3, 5)
    assert draft_of(bank.session, PACK, item).record["difficulty"] == 5


@pytest.mark.parametrize("text", ["\0", "\ud800", "x" * 400_000])
def test_a_text_that_cannot_be_kept_is_refused_and_the_draft_stays(bank: Bank, text: str) -> None:
    item = written(bank.session, bank.author)
    before = draft_of(bank.session, PACK, item)
    with pytest.raises(ExamError):
        writing_items.save(bank.session, PACK, item, good_record() | {"rationale": text}, 2, bank.author, BEGIN)
    assert draft_of(bank.session, PACK, item) == before


def test_sending_tells_every_fault_at_once(bank: Bank) -> None:
    item = written(bank.session, bank.author, difficulty=9, rationale="", samples=(), enemies=("none",), point="none")
    with pytest.raises(FaultyItemError) as refusal:
        writing_items.send(bank.session, PACK, item, bank.author, BEGIN)
    assert {fault.place for fault in refusal.value.faults} == {
        f"{item}.{name}" for name in ("difficulty", "rationale", "samples", "enemies", "point")
    }
    assert bank.state(item) is ItemState.DRAFT


def test_a_record_without_shape_is_told_with_its_places(bank: Bank) -> None:
    item = writing_items.new_item(bank.session, PACK, "L3", "collection", "numeric", bank.author, BEGIN)
    places = {fault.place for fault in writing_items.faults_of_draft(bank.session, PACK, item)}
    assert {f"{item}.stem", f"{item}.key", f"{item}.samples"} <= places


def test_whoever_saved_the_draft_cannot_approve_it_though_another_began_it(bank: Bank) -> None:
    item = written(bank.session, bank.author)
    writing_items.save(bank.session, PACK, item, good_record(difficulty=2), 2, bank.administrator, BEGIN)
    writing_items.send(bank.session, PACK, item, bank.author, BEGIN)
    with pytest.raises(ExamError, match="written on it yourself"):
        approve(bank.session, item, bank.administrator)
    approve(bank.session, item, bank.reviewer)
    assert bank.state(item) is ItemState.APPROVED


def test_who_wrote_an_earlier_version_may_decide_on_the_next(bank: Bank) -> None:
    item = approved(bank.session, bank.administrator, bank.reviewer)
    writing_items.revise(bank.session, PACK, item, bank.author, BEGIN)
    writing_items.send(bank.session, PACK, item, bank.author, BEGIN)
    approve(bank.session, item, bank.administrator)
    assert bank.state(item) is ItemState.APPROVED


def test_approval_is_refused_while_a_sample_does_not_earn_what_it_says(bank: Bank) -> None:
    item = in_state(bank, ItemState.IN_REVIEW)
    row = bank.session.get_one(ItemDraftRow, (PACK, item))
    row.record = {**row.record, "samples": [{"answer": "B", "fraction": 1}, {"answer": "A", "fraction": "1/2"}]}
    with pytest.raises(FaultyItemError):
        approve(bank.session, item, bank.reviewer)
    assert (bank.state(item), current_items(bank.session, PACK)) == (ItemState.IN_REVIEW, [])


def test_a_draft_that_was_changed_since_it_was_shown_is_not_approved(bank: Bank) -> None:
    item = in_state(bank, ItemState.IN_REVIEW)
    with pytest.raises(ExamError, match="another one"):
        reviewing_items.approve(bank.session, PACK, item, 1, bank.reviewer, BEGIN)


def test_the_approved_version_counts_on_and_stays_as_it_is_while_a_new_one_is_written(bank: Bank) -> None:
    item = approved(bank.session, bank.author, bank.reviewer)
    first = bank.line(item).digest
    draft = writing_items.revise(bank.session, PACK, item, bank.colleague, BEGIN)
    writing_items.save(bank.session, PACK, item, draft.record | {"difficulty": 5}, draft.revision, bank.colleague, BEGIN)
    assert [each.difficulty for each in current_items(bank.session, PACK)] == [3]
    writing_items.send(bank.session, PACK, item, bank.colleague, BEGIN)
    approve(bank.session, item, bank.reviewer)
    assert items_with_keys(bank.session, [first])[0].difficulty == 3
    assert [(each.difficulty, bank.line(item).version) for each in current_items(bank.session, PACK)] == [(5, 2)]


def test_a_draft_that_is_thrown_away_leaves_what_was_there_before(bank: Bank) -> None:
    item = in_state(bank, ItemState.RETIRED)
    draft = writing_items.revise(bank.session, PACK, item, bank.author, BEGIN)
    writing_items.save(bank.session, PACK, item, draft.record | {"stem": "别的"}, draft.revision, bank.author, BEGIN)
    writing_items.discard(bank.session, PACK, item, bank.author, BEGIN)
    assert (bank.state(item), bank.line(item).stem) == (ItemState.RETIRED, good_record()["stem"])


def test_a_retired_item_counts_no_longer_until_it_is_revived(bank: Bank) -> None:
    item = in_state(bank, ItemState.RETIRED)
    assert (current_items(bank.session, PACK), bank.line(item).digest) == ([], None)
    reviewing_items.revive(bank.session, PACK, item, "仍然适用", bank.reviewer, BEGIN)
    assert [each.id for each in current_items(bank.session, PACK)] == [item]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "\0"])
def test_a_draft_is_sent_back_with_a_reason_only(bank: Bank, reason: str) -> None:
    item = in_state(bank, ItemState.IN_REVIEW)
    with pytest.raises(ExamError):
        reviewing_items.send_back(bank.session, PACK, item, reason, bank.reviewer, BEGIN)
    assert bank.state(item) is ItemState.IN_REVIEW


def test_the_reason_is_an_open_comment_for_the_author(bank: Bank) -> None:
    item = in_state(bank, ItemState.RETURNED)
    assert [(each.text, each.name, each.settled) for each in comments(bank.session, PACK, item)] == [("请修改", "姓名reviewer", None)]


# cases


def begun_case(bank: Bank) -> tuple[str, str, str]:
    """Let the author write a case of two items; return the ids of the case and the items."""
    session, author = bank.session, bank.author
    case, first = writing_items.new_case(session, PACK, "L3", "collection", "single_choice", author, BEGIN)
    second = writing_items.new_item(session, PACK, "L3", "collection", "single_choice", author, BEGIN, case)
    for number, item in enumerate((first, second), start=1):
        writing_items.save(session, PACK, item, good_record() | {"stem": f"第 {number} 问应当（　　）。"}, 1, author, BEGIN)
    writing_items.save_case(session, PACK, case, "赊销", "甲公司赊销给乙公司。", 1, author, BEGIN)
    return case, first, second


def test_a_case_is_sent_returned_and_approved_as_one(bank: Bank) -> None:
    case, first, second = begun_case(bank)
    assert (case, first, second) == ("L3-COL-C-001", "L3-COL-S-001", "L3-COL-S-002")
    assert writing_items.send(bank.session, PACK, second, bank.author, BEGIN) == (first, second)
    assert reviewing_items.send_back(bank.session, PACK, first, "材料不全", bank.reviewer, BEGIN) == (first, second)
    assert {bank.state(first), bank.state(second)} == {ItemState.RETURNED}
    writing_items.send(bank.session, PACK, first, bank.author, BEGIN)
    assert approve(bank.session, second, bank.reviewer) == (first, second)
    assert [each.case.text for each in current_items(bank.session, PACK)] == ["甲公司赊销给乙公司。"] * 2
    assert case_draft(bank.session, PACK, case) is None


def test_a_new_text_of_a_case_makes_drafts_of_all_its_items(bank: Bank) -> None:
    add_items(bank.session, *case_items(1, 2, 3))
    writing_items.revise(bank.session, PACK, "K-1-1", bank.author, BEGIN)
    assert bank.state("K-1-2") is ItemState.APPROVED
    writing_items.save_case(bank.session, PACK, "K-1", CASE.title, "新的材料。", 1, bank.colleague, BEGIN)
    assert {bank.state(f"K-1-{number}") for number in (1, 2, 3)} == {ItemState.DRAFT}
    with pytest.raises(ExamError, match="together"):
        writing_items.discard(bank.session, PACK, "K-1-1", bank.author, BEGIN)
    writing_items.send(bank.session, PACK, "K-1-1", bank.author, BEGIN)
    both = replace(bank.colleague, roles=frozenset({(Role.REVIEWER, None)}))
    with pytest.raises(ExamError, match="written on it yourself"):
        approve(bank.session, "K-1-1", both)
    approve(bank.session, "K-1-1", bank.reviewer)
    assert {each.case.text for each in current_items(bank.session, PACK)} == {"新的材料。"}


def test_one_item_of_a_case_can_be_revised_alone_while_the_text_stays(bank: Bank) -> None:
    add_items(bank.session, *case_items(1, 2))
    writing_items.revise(bank.session, PACK, "K-1-1", bank.author, BEGIN)
    assert writing_items.send(bank.session, PACK, "K-1-1", bank.author, BEGIN) == ("K-1-1",)
    with pytest.raises(ExamError, match="in review"):
        writing_items.revise(bank.session, PACK, "K-1-2", bank.author, BEGIN)
    approve(bank.session, "K-1-1", bank.reviewer)
    assert case_draft(bank.session, PACK, "K-1") is None


def test_a_case_can_be_thrown_away_whole(bank: Bank) -> None:
    add_items(bank.session, *case_items(1, 2))
    writing_items.revise(bank.session, PACK, "K-1-1", bank.author, BEGIN)
    writing_items.save_case(bank.session, PACK, "K-1", "别的", "别的", 1, bank.author, BEGIN)
    assert writing_items.discard_case(bank.session, PACK, "K-1", bank.author, BEGIN) == ("K-1-1", "K-1-2")
    assert ({bank.state("K-1-1"), bank.state("K-1-2")}, case_draft(bank.session, PACK, "K-1")) == ({ItemState.APPROVED}, None)
    assert bank.session.scalar(select(func.count()).select_from(ItemVersionRow)) == 2


def test_a_case_of_one_item_and_one_of_two_sections_are_refused(bank: Bank) -> None:
    case, first, second = begun_case(bank)
    draft = draft_of(bank.session, PACK, second)
    moved = draft.record | {"section": "ethics", "point": "B2.1.1"}
    writing_items.save(bank.session, PACK, second, moved, draft.revision, bank.author, BEGIN)
    assert case in {fault.place for fault in writing_items.faults_of_draft(bank.session, PACK, first)}
    writing_items.discard(bank.session, PACK, second, bank.author, BEGIN)
    assert case in {fault.place for fault in writing_items.faults_of_draft(bank.session, PACK, first)}


def test_an_older_window_cannot_overwrite_the_text_of_a_case(bank: Bank) -> None:
    case, _first, _second = begun_case(bank)
    with pytest.raises(StaleDraftError):
        writing_items.save_case(bank.session, PACK, case, "旧", "旧", 1, bank.author, BEGIN)
    assert case_draft(bank.session, PACK, case).text == "甲公司赊销给乙公司。"


def test_a_retired_item_whose_case_has_another_text_by_now_is_not_revived(bank: Bank) -> None:
    add_items(bank.session, *case_items(1, 2, 3))
    reviewing_items.retire(bank.session, PACK, "K-1-3", "重复", bank.reviewer, BEGIN)
    writing_items.revise(bank.session, PACK, "K-1-1", bank.author, BEGIN)
    writing_items.save_case(bank.session, PACK, "K-1", CASE.title, "新的材料。", 1, bank.author, BEGIN)
    writing_items.send(bank.session, PACK, "K-1-1", bank.author, BEGIN)
    approve(bank.session, "K-1-1", bank.reviewer)
    with pytest.raises(ExamError, match="another text"):
        reviewing_items.revive(bank.session, PACK, "K-1-3", "仍用", bank.reviewer, BEGIN)


# what comes from files


def test_a_record_from_a_file_becomes_a_draft_whatever_the_item_was(bank: Bank) -> None:
    item = approved(bank.session, bank.author, bank.reviewer)
    for number in (1, 2):
        writing_items.put(bank.session, PACK, good_record(item, difficulty=number), None, bank.colleague, BEGIN)
    assert (bank.state(item), draft_of(bank.session, PACK, item).record["difficulty"]) == (ItemState.DRAFT, 2)
    assert writing_items.put(bank.session, PACK, good_record("NEW-1"), None, bank.colleague, BEGIN) == "NEW-1"
    assert (bank.state("NEW-1"), bank.line("NEW-1").author_id) == (ItemState.DRAFT, bank.colleague.id)


def test_a_file_cannot_change_what_is_in_review(bank: Bank) -> None:
    item = in_state(bank, ItemState.IN_REVIEW)
    with pytest.raises(ExamError):
        writing_items.put(bank.session, PACK, good_record(item), None, bank.author, BEGIN)


def test_a_case_from_a_file_brings_its_text_to_all_its_items(bank: Bank) -> None:
    add_items(bank.session, *case_items(1, 2))
    new = Case(CASE.id, CASE.title, "文件中的材料。")
    writing_items.put(bank.session, PACK, good_record("K-1-1") | {"case": CASE.id}, new, bank.author, BEGIN)
    assert (case_draft(bank.session, PACK, "K-1").text, bank.state("K-1-2")) == ("文件中的材料。", ItemState.DRAFT)


def test_importing_the_pack_again_changes_nothing_that_was_decided_here(bank: Bank) -> None:
    item = make_item("S-1")
    add_items(bank.session, item, make_item("S-2"), make_item("S-3"))
    draft = writing_items.revise(bank.session, PACK, "S-1", bank.author, BEGIN)
    writing_items.save(bank.session, PACK, "S-1", draft.record | {"difficulty": 5}, draft.revision, bank.author, BEGIN)
    writing_items.send(bank.session, PACK, "S-1", bank.author, BEGIN)
    approve(bank.session, "S-1", bank.reviewer)
    reviewing_items.retire(bank.session, PACK, "S-2", "过时", bank.reviewer, BEGIN)
    writing_items.revise(bank.session, PACK, "S-3", bank.author, BEGIN)
    newer = make_pack(item, make_item("S-2"), make_item("S-3", difficulty=4))
    assert import_pack(bank.session, newer, SYSTEM, BEGIN) == ImportReport(0, 1, 2)
    assert [(each.id, each.difficulty) for each in current_items(bank.session, PACK)] == [("S-1", 5), ("S-3", 4)]
    assert bank.state("S-3") is ItemState.DRAFT
