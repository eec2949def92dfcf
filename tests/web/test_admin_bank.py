"""The office's pages of the bank."""

import html
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from examsrv.services import signing_in
from examsrv.storage.tables import AuditRow, ItemKeyRow, ItemVersionRow
from tests.builders import QUICK_HASHER
from tests.services.shipped_bank import add_bank, shipped
from tests.web.marking_office import MarkingOffice, open_marking_office
from tests.web.office import post, words

ITEM = "/admin/bank/4-05-06-02/items/L3-BAS-M-001"


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        with opened.server.database.writing() as session:
            add_bank(session)
        yield opened


def test_what_is_looked_for_stands_in_the_address_and_in_the_pager(office: MarkingOffice) -> None:
    answer = office.client.get("/admin/bank?kind=single_choice&section=customer_credit_management")
    page = answer.get_data(as_text=True)
    assert "items found" in words(answer)
    assert "kind=single_choice" in page.split('rel="next"')[1].split(">")[0]
    assert "L3-BAS-" not in page


def test_nothing_found_says_what_to_do(office: MarkingOffice) -> None:
    assert "Take a condition away" in office.read("/admin/bank?text=no+such+text")


@pytest.mark.parametrize("query", ["page=99", "page=x", "difficulty=x", "kind=other", "text=%25", "point=" + "x" * 500])
def test_odd_questions_are_answered(office: MarkingOffice, query: str) -> None:
    assert office.client.get(f"/admin/bank?{query}").status_code == 200


def test_an_item_is_shown_without_its_key_until_somebody_looks_on_record(office: MarkingOffice) -> None:
    with office.server.database.reading() as session:
        item = session.scalars(select(ItemVersionRow).where(ItemVersionRow.item_id == "L3-BAS-M-001")).one()
        rationale = session.get_one(ItemKeyRow, item.digest).secret["rationale"]
    assert rationale not in office.read(ITEM)
    assert rationale in words(office.post(f"{ITEM}/key"))
    with office.server.database.reading() as session:
        entry = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
    assert (entry.act, entry.detail) == ("item.key_shown", {"item": "L3-BAS-M-001"})


def test_the_map_shows_a_hole_in_words(office: MarkingOffice) -> None:
    assert "every point has items" in office.read("/admin/bank/4-05-06-02/coverage/L3/theory")
    with office.server.database.writing() as session:
        for row in session.scalars(select(ItemVersionRow).where(ItemVersionRow.point == "B2.1.2.1")):
            row.is_current = False
    assert "one point without items" in office.read("/admin/bank/4-05-06-02/coverage/L3/theory")
    assert "To be written" in office.read("/admin/bank")


def test_every_way_from_the_bank_leads_somewhere(office: MarkingOffice) -> None:
    page = office.client.get("/admin/bank").get_data(as_text=True)
    ways = {html.unescape(way).partition("#")[0] for way in re.findall(r'href="(/admin/bank[^"]*)"', page)}
    assert any("/coverage/" in way for way in ways)
    assert {way: office.client.get(way).status_code for way in ways if office.client.get(way).status_code != 200} == {}


def test_importing_a_pack_again_says_that_all_is_the_same(office: MarkingOffice) -> None:
    assert f"0 items new, 0 changed, {len(shipped().items)} the same." in words(office.post("/admin/bank/packs/4-05-06-02/import"))


def test_a_pack_that_is_not_installed_is_not_found(office: MarkingOffice) -> None:
    assert office.post("/admin/bank/packs/unknown/import").status_code == 404


def test_the_shipped_bank_passes_its_checks(office: MarkingOffice) -> None:
    assert "No objection" in office.read("/admin/bank/4-05-06-02/checks")


@pytest.mark.parametrize(
    ("login", "address", "status"),
    [
        ("author", "/admin/bank", 200),
        ("author", ITEM, 200),
        ("author", "/admin/bank/4-05-06-02/checks", 200),
        ("author", "/admin/bank/packs", 403),
        ("auditor", "/admin/bank", 403),
        ("auditor", ITEM, 403),
        ("first", "/admin/bank/4-05-06-02/items/unknown", 404),
        ("first", "/admin/bank/unknown/items/L3-BAS-M-001", 404),
        ("first", "/admin/bank/unknown/checks", 404),
        ("first", "/admin/bank/4-05-06-02/coverage/L9/theory", 404),
    ],
)
def test_who_may_see_what(office: MarkingOffice, login: str, address: str, status: int) -> None:
    assert office.sign_in(login).get(address).status_code == status


def test_only_administrators_import(office: MarkingOffice) -> None:
    assert post(office.sign_in("author"), "/admin/bank/packs/4-05-06-02/import").status_code == 403


def test_an_empty_bank_leads_to_the_packs(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.web.office import open_office

    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_office(sqlite_url) as opened:
        assert opened.client.get("/admin/bank").status_code == 200
