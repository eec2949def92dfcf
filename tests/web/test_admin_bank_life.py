"""The bank's pages for authors and reviewers: what is shown to whom, what is done there, and that nothing that was typed runs or is lost."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from examsrv.domain.roles import Role
from examsrv.services import commenting, looking, reviewing_items, scoping, signing_in, tagging, writing_items
from examsrv.services.item_drafts import draft_of
from examsrv.services.looking import MOST_ITEMS
from examsrv.services.scoping import Place
from examsrv.services.signing_in import StaffMember
from examsrv.storage.tables import AuditRow, BankScopeRow, ItemLookRow, ItemRow, PersonRow
from question_bank.item import Case
from tests.builders import QUICK_HASHER
from tests.question_bank.builders import make_item
from tests.services.bank_workers import SYSTEM, add_items, case_items, good_record, worker
from tests.services.sittings_to_mark import BEGIN, PACK
from tests.web.marking_office import MarkingOffice, open_marking_office
from tests.web.office import post, words

BANK = f"/admin/bank/{PACK}"
RATIONALE = "只有审题人看得到的依据"


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        with opened.server.database.writing() as session:
            add_items(session, make_item("S-1", rationale=RATIONALE), make_item("S-2", section="ethics", point="B2.1.1", stem="职业道德是（　　）。"))
            worker(session, "reviewer", Role.REVIEWER)
            signing = session.scalars(select(PersonRow).where(PersonRow.login == "reviewer")).one()
            signing.password_hash = session.scalars(select(PersonRow).where(PersonRow.login == "first")).one().password_hash
        yield opened


def member(office: MarkingOffice, login: str) -> StaffMember:
    with office.server.database.reading() as session:
        return signing_in.staff_member(session, session.scalars(select(PersonRow).where(PersonRow.login == login)).one())


def written(office: MarkingOffice, **changes) -> str:
    """Let the author write an item; return its id."""
    by = member(office, "author")
    with office.server.database.writing() as session:
        item = writing_items.new_item(session, PACK, "L3", "collection", "single_choice", by, BEGIN)
        writing_items.save(session, PACK, item, good_record(rationale=RATIONALE, **changes), 1, by, BEGIN)
    return item


def sent(office: MarkingOffice, **changes) -> str:
    item = written(office, **changes)
    with office.server.database.writing() as session:
        writing_items.send(session, PACK, item, member(office, "author"), BEGIN)
    return item


def state(office: MarkingOffice, item: str) -> str:
    with office.server.database.reading() as session:
        return session.get_one(ItemRow, (PACK, item)).state


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return words(answer)


def test_a_draft_goes_from_its_author_to_the_reviewer_and_back_and_counts_at_last(office: MarkingOffice) -> None:
    author, reviewer = office.sign_in("author"), office.sign_in("reviewer")
    item = written(office)
    assert item in read(author, f"{BANK}/drafts")
    assert "Sent to review." in words(post_on(author, f"{BANK}/items/{item}/send"))
    assert item in read(reviewer, f"{BANK}/reviews")
    assert RATIONALE in read(reviewer, f"{BANK}/items/{item}/review")
    post(reviewer, f"{BANK}/items/{item}/return", reason="题干不清")
    assert "题干不清" in read(author, f"{BANK}/items/{item}")
    post(author, f"{BANK}/items/{item}/send")
    assert "it counts from now on" in words(post_on(reviewer, f"{BANK}/items/{item}/approve", revision="2"))
    assert state(office, item) == "approved"


def post_on(client: FlaskClient, address: str, **values: str):
    """Post a form and follow to the page that it leads to."""
    answer = post(client, address, **values)
    return client.get(answer.location)


def test_sending_a_faulty_draft_tells_every_fault_on_its_page(office: MarkingOffice) -> None:
    item = written(office, difficulty=9, samples=())
    answer = post(office.sign_in("author"), f"{BANK}/items/{item}/send")
    page = words(answer)
    assert (answer.status_code, state(office, item)) == (409, "draft")
    assert "2 points keep this draft from review" in page
    assert f"{item}.difficulty" in page


@pytest.mark.parametrize("reason", ["", "长" * 2001])
def test_a_refused_return_keeps_what_was_typed(office: MarkingOffice, reason: str) -> None:
    item = sent(office)
    answer = post(office.sign_in("reviewer"), f"{BANK}/items/{item}/return", reason=reason)
    assert (answer.status_code, state(office, item)) == (409, "in_review")
    assert reason in answer.get_data(as_text=True)


def test_an_older_page_of_a_review_does_not_approve_what_it_did_not_show(office: MarkingOffice) -> None:
    item = sent(office)
    assert post(office.sign_in("reviewer"), f"{BANK}/items/{item}/approve", revision="1").status_code == 409
    assert state(office, item) == "in_review"


def test_whoever_wrote_a_draft_is_offered_no_decision_and_cannot_take_one(office: MarkingOffice) -> None:
    by = member(office, "first")
    with office.server.database.writing() as session:
        item = writing_items.new_item(session, PACK, "L3", "collection", "single_choice", by, BEGIN)
        writing_items.save(session, PACK, item, good_record(), 1, by, BEGIN)
        writing_items.send(session, PACK, item, by, BEGIN)
    assert "Written by you" in office.read(f"{BANK}/reviews")
    assert "Approve the draft" not in office.read(f"{BANK}/items/{item}/review")
    assert office.post(f"{BANK}/items/{item}/approve", revision="2").status_code == 409


def test_the_key_is_on_no_page_but_the_review_and_on_request(office: MarkingOffice) -> None:
    reviewer, item = office.sign_in("reviewer"), sent(office)
    with office.server.database.writing() as session:
        writing_items.revise(session, PACK, "S-1", member(office, "author"), BEGIN)
        draft = draft_of(session, PACK, "S-1")
        writing_items.save(session, PACK, "S-1", draft.record | {"rationale": RATIONALE + "另"}, draft.revision, member(office, "author"), BEGIN)
    pages = ["/admin/bank", f"{BANK}/reviews", f"{BANK}/items/{item}", f"{BANK}/items/S-1", f"{BANK}/items/S-1/changes"]
    assert [page for page in pages if RATIONALE in read(reviewer, page)] == []
    assert RATIONALE in words(post(reviewer, f"{BANK}/items/{item}/key"))


def test_every_look_is_kept_and_told_to_administrators_alone(office: MarkingOffice) -> None:
    author = office.sign_in("author")
    read(author, f"{BANK}/items/S-1")
    post(author, f"{BANK}/items/S-1/key")
    with office.server.database.reading() as session:
        assert [row.with_key for row in session.scalars(select(ItemLookRow).order_by(ItemLookRow.id))] == [False, True]
    assert "Who looked at it" in office.read(f"{BANK}/items/S-1")
    assert "Who looked at it" not in read(author, f"{BANK}/items/S-1")


def test_many_looks_are_an_alarm_on_the_page_of_today(office: MarkingOffice) -> None:
    names = [f"Q-{number}" for number in range(MOST_ITEMS + 1)]
    assert "different approved items" not in office.read("/admin/")
    with office.server.database.writing() as session:
        add_items(session, *(make_item(name, stem=f"{name} 是（　　）。") for name in names))
        looking.look(session, PACK, names, member(office, "author").actor, office.server.now())
    assert f"looked at {MOST_ITEMS + 1} different approved items within an hour" in office.read("/admin/")


SCOPED = [
    ("GET", ""),
    ("POST", "/key"),
    ("GET", "/changes"),
    ("POST", "/comments"),
    ("POST", "/send"),
    ("POST", "/take-back"),
    ("POST", "/revise"),
    ("POST", "/discard"),
    ("GET", "/review"),
    ("POST", "/return"),
    ("POST", "/approve"),
    ("POST", "/retire"),
    ("POST", "/revive"),
]


@pytest.mark.parametrize(("method", "act"), SCOPED)
def test_an_item_of_another_section_is_not_there(office: MarkingOffice, method: str, act: str) -> None:
    with office.server.database.writing() as session:
        for login in ("author", "reviewer"):
            number = session.scalars(select(PersonRow.id).where(PersonRow.login == login)).one()
            scoping.set_places(session, number, [Place(PACK, "L3", "ethics")], SYSTEM, BEGIN)
    reviewing = {"/review", "/return", "/approve", "/retire", "/revive"}
    client = office.sign_in("reviewer" if act in reviewing else "author")
    asked = [post(client, f"{BANK}/items/{item}{act}") if method == "POST" else client.get(f"{BANK}/items/{item}{act}") for item in ("S-1", "S-2")]
    assert asked[0].status_code == 404
    assert asked[1].status_code != 404
    assert "S-1" not in read(client, "/admin/bank")


def test_an_administrator_limits_somebody_to_sections_on_the_persons_page(office: MarkingOffice) -> None:
    author = member(office, "author")
    assert "Sections of the item bank" in office.read(f"/admin/people/{author.id}")
    office.post(f"/admin/people/{author.id}/bank", sections=f"{PACK}/L3/ethics")
    assert office.post(f"/admin/people/{author.id}/bank", sections="nonsense").status_code == 409
    with office.server.database.reading() as session:
        assert [row.section for row in session.scalars(select(BankScopeRow))] == ["ethics"]


def test_ticked_items_get_a_tag_and_the_list_stays_as_it_was(office: MarkingOffice) -> None:
    answer = office.post("/admin/bank/4-05-06-02/tags?text=S-&sort=id&_external=1&endpoint=x", items=["S-1", "S-2"], tag="2026 新增", do="on")
    assert answer.location == "/admin/bank?pack=4-05-06-02&text=S-&sort=id"
    assert "2026 新增" in office.read("/admin/bank?tag=2026 新增")
    office.post(f"{BANK}/tags/rename", old="2026 新增", new="今年")
    office.post(f"{BANK}/tags", items=["S-1"], tag="今年", do="off")
    assert "今年 1" in office.read(f"{BANK}/tags")


def test_retiring_asks_for_a_reason_and_takes_the_item_from_the_list(office: MarkingOffice) -> None:
    assert office.post(f"{BANK}/items/S-1/retire", reason="").status_code == 409
    office.post(f"{BANK}/items/S-1/retire", reason="依据废止")
    assert "S-1" not in office.read("/admin/bank")
    assert "依据废止" in office.read(f"{BANK}/items/S-1")
    office.post(f"{BANK}/items/S-1/revive", reason="仍用")
    assert state(office, "S-1") == "approved"


def test_versions_are_compared_and_strange_digests_are_not_found(office: MarkingOffice) -> None:
    author = member(office, "author")
    with office.server.database.writing() as session:
        first = session.get_one(ItemRow, (PACK, "S-1")).digest
        draft = writing_items.revise(session, PACK, "S-1", author, BEGIN)
        writing_items.save(session, PACK, "S-1", draft.record | {"stem": "逾期账款首先应当（　　）。"}, draft.revision, author, BEGIN)
    assert "逾期账款首先" in office.read(f"{BANK}/items/S-1/changes")
    with office.server.database.writing() as session:
        writing_items.send(session, PACK, "S-1", author, BEGIN)
        reviewing_items.approve(session, PACK, "S-1", 2, member(office, "reviewer"), BEGIN)
        second = session.get_one(ItemRow, (PACK, "S-1")).digest
    assert "from version 1 to version 2" in office.read(f"{BANK}/items/S-1/changes?old={first}&new={second}")
    assert office.client.get(f"{BANK}/items/S-1/changes?old={first}&new={'0' * 64}").status_code == 404


PAYLOADS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "<svg onload=alert(1)>", "javascript:alert(1)"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_somebody_typed_is_shown_and_never_runs(office: MarkingOffice, payload: str) -> None:
    """In stem, options, rationale, case, comment, reason and tag, on every page that shows them."""
    author, reviewer = member(office, "author"), member(office, "reviewer")
    with office.server.database.writing() as session:
        add_items(session, *case_items(1, 2, case=Case("K-1", payload, payload)))
        item = writing_items.new_item(session, PACK, "L3", "collection", "single_choice", author, BEGIN)
        record = good_record(rationale=payload, options=[payload, "乙", "丙", "丁"]) | {"stem": f"{payload}（　　）。"}
        writing_items.save(session, PACK, item, record, 1, author, BEGIN)
        writing_items.send(session, PACK, item, author, BEGIN)
        commenting.comment(session, PACK, item, payload, author.actor, BEGIN)
        tagging.put_on(session, PACK, [item, "K-1-1"], payload[:30], author, BEGIN)
        reviewing_items.retire(session, PACK, "S-1", payload, reviewer, BEGIN)
        draft = writing_items.revise(session, PACK, "S-2", author, BEGIN)
        writing_items.save(session, PACK, "S-2", draft.record | {"stem": payload}, draft.revision, author, BEGIN)
    addresses = [
        "",
        "items/K-1-1",
        f"items/{item}",
        f"items/{item}/review",
        "items/S-1",
        "items/S-2",
        "items/S-2/changes",
        "reviews",
        "drafts",
        "tags",
    ]
    pages = [office.client.get(f"{BANK}/{address}" if address else "/admin/bank").get_data(as_text=True) for address in addresses]
    pages.append(office.post(f"{BANK}/items/{item}/key").get_data(as_text=True))
    pages.append(office.client.get("/admin/bank", query_string={"text": payload, "tag": payload, "case": payload}).get_data(as_text=True))
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<svg onload" not in page
        assert 'href="javascript' not in page


def test_a_look_at_the_key_of_a_draft_is_in_the_audit(office: MarkingOffice) -> None:
    item = sent(office)
    office.sign_in("reviewer").get(f"{BANK}/items/{item}/review")
    with office.server.database.reading() as session:
        entry = session.scalars(select(AuditRow).where(AuditRow.act == "item.key_shown")).one()
    assert entry.detail == {"item": item}


def test_the_audit_tells_the_bank_s_acts_in_words(office: MarkingOffice) -> None:
    by, item = member(office, "first"), sent(office)
    with office.server.database.writing() as session:
        commenting.settle(session, PACK, item, commenting.comment(session, PACK, item, "意见", by.actor, BEGIN), by.actor, BEGIN)
        reviewing_items.send_back(session, PACK, item, "请修改", by, BEGIN)
        writing_items.send(session, PACK, item, by, BEGIN)
        writing_items.take_back(session, PACK, item, by, BEGIN)
        writing_items.discard(session, PACK, item, by, BEGIN)
        reviewing_items.retire(session, PACK, "S-1", "过时", by, BEGIN)
        reviewing_items.revive(session, PACK, "S-1", "仍用", by, BEGIN)
        writing_items.revise(session, PACK, "S-1", by, BEGIN)
        tagging.put_on(session, PACK, ["S-1"], "标签", by, BEGIN)
        tagging.rename(session, PACK, "标签", "新标签", by, BEGIN)
        tagging.take_off(session, PACK, ["S-1"], "新标签", by, BEGIN)
        scoping.set_places(session, by.id, [Place(PACK, "L3", "ethics")], SYSTEM, BEGIN)
    page = office.read("/admin/audit")
    assert [word for word in page.split() if word.startswith(("item.", "items.", "person."))] == []
    assert "Item sent back to its author" in page
