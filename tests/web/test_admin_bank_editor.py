"""Writing items in the browser: what is typed is stored, shown, judged, and never lost or overwritten by another window."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from examsrv.domain.roles import Role
from examsrv.services import item_drafts, signing_in
from examsrv.services.banking import import_pack
from tests.builders import QUICK_HASHER
from tests.question_bank.builders import make_item, make_pack
from tests.services.shipped_bank import OFFICE
from tests.services.sittings_to_mark import BEGIN
from tests.web.marking_office import MarkingOffice, open_marking_office
from tests.web.office import post, words
from tests.web.visitors import staff

PACK = "4-05-06-02"
BANK = f"/admin/bank/{PACK}"
WHOLE: dict[str, Any] = {
    "level": "L3",
    "section": "collection",
    "point": "L3.K3.2.3",
    "difficulty": 3,
    "importance": "X",
    "stem": "按 $DSO=\\frac{a}{b}$ 计算。",
    "body": {"unit": "天"},
    "key": {"value": "45", "tolerance": "0.5"},
    "rationale": "按公式计算。",
    "samples": [{"answer": "45", "fraction": 1}, {"answer": "90", "fraction": 0}],
    "enemies": [],
}


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MarkingOffice]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_marking_office(sqlite_url) as opened:
        with opened.server.database.writing() as session:
            import_pack(session, make_pack(make_item("L3-COL-S-001")), OFFICE, BEGIN)
        yield opened


@pytest.fixture
def author(office: MarkingOffice) -> FlaskClient:
    client = staff(office.client.application, office.server, "writer", (Role.AUTHOR, None))
    client.set_cookie("language", "en")
    return client


def begin(author: FlaskClient, kind: str = "numeric", case: str = "") -> str:
    """Begin an item and return the address of its editor."""
    answer = post(author, f"{BANK}/new", place="L3|collection", kind=kind, case=case)
    assert answer.status_code == 302, words(answer)
    return str(answer.location)


def item_of(address: str) -> str:
    return address.split("/items/")[1].split("/", maxsplit=1)[0]


def send_json(author: FlaskClient, address: str, **value: object) -> TestResponse:
    return author.post(address, json=value, headers={"X-CSRFToken": token(author)})


def token(author: FlaskClient) -> str:
    page = author.get(f"{BANK}/new").get_data(as_text=True)
    return page.split('name="csrf-token" content="')[1].split('"')[0]


def preview(author: FlaskClient, item: str, **record: object) -> dict[str, Any]:
    answer = send_json(author, f"{BANK}/items/{item}/preview", record={"kind": "numeric", **record})
    assert answer.status_code == 200
    return answer.get_json()


def test_a_new_item_gets_the_next_number_and_opens_in_its_editor(author: FlaskClient) -> None:
    first, second = begin(author), begin(author)
    assert (item_of(first), item_of(second)) == ("L3-COL-N-001", "L3-COL-N-002")
    assert 'id="kind-part"' in author.get(first).get_data(as_text=True)


@pytest.mark.parametrize(("place", "kind"), [("L9|collection", "numeric"), ("L3|none", "numeric"), ("", "numeric"), ("L3|collection", "riddle")])
def test_a_place_or_kind_that_there_is_not_is_refused_in_words(author: FlaskClient, place: str, kind: str) -> None:
    answer = post(author, f"{BANK}/new", place=place, kind=kind)
    assert answer.status_code == 422
    assert "notice-alarm" in answer.get_data(as_text=True)


def test_what_is_typed_is_stored_and_opens_again(author: FlaskClient) -> None:
    address = begin(author)
    answer = send_json(author, f"{BANK}/items/{item_of(address)}/draft", record={"kind": "numeric", **WHOLE}, revision=1)
    assert answer.get_json()["revision"] == 2
    assert "按 $DSO=" in author.get(address).get_data(as_text=True)


def test_the_older_of_two_windows_is_told_and_overwrites_nothing(author: FlaskClient, office: MarkingOffice) -> None:
    item = item_of(begin(author))
    save = f"{BANK}/items/{item}/draft"
    send_json(author, save, record={"kind": "numeric", **WHOLE, "stem": "先存的。"}, revision=1)
    answer = send_json(author, save, record={"kind": "numeric", **WHOLE, "stem": "后存的。"}, revision=1)
    assert (answer.status_code, "saved elsewhere" in answer.get_json()["message"]) == (409, True)
    with office.server.database.reading() as session:
        draft = item_drafts.draft_of(session, PACK, item)
    assert draft is not None
    assert draft.record["stem"] == "先存的。"


def test_the_preview_has_the_formula_drawn_and_no_key(author: FlaskClient) -> None:
    told = preview(author, item_of(begin(author)), **WHOLE)
    assert "<svg" in told["item"]["stem"]
    assert told["item"]["unit"] == "天"
    assert set(told["item"]) == {"n", "place", "kind", "stem", "unit", "decimals"}
    assert told["faults"] == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"stem": ""}, "stem"),
        ({"point": "L3.K9"}, "point"),
        ({"difficulty": "hard"}, "difficulty"),
        ({"key": {"value": "viel"}}, "key.value"),
        ({"key": {"value": "45", "tolerance": "-1"}}, "key.tolerance"),
        ({"samples": [{"answer": "44", "fraction": 1}, {"answer": "90", "fraction": 0}]}, "samples[0]"),
        ({"samples": []}, "samples"),
        ({"rationale": " "}, "rationale"),
        ({"stem": "按 $\\frac$ 计算。"}, "stem"),
        ({"stem": f"看图![图](media:{'0' * 64})计算。"}, "stem"),
        ({"enemies": ["L3-COL-S-999"]}, "enemies"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(author: FlaskClient, change: dict[str, object], place: str) -> None:
    told = preview(author, item_of(begin(author)), **{**WHOLE, **change})
    assert [fault["place"] for fault in told["faults"]] == [place]
    assert told["faults"][0]["text"]


def test_everything_is_told_at_once_while_tags_are_missing(author: FlaskClient) -> None:
    half = {name: value for name, value in WHOLE.items() if name not in ("point", "difficulty")}
    told = preview(author, item_of(begin(author)), **{**half, "stem": "按 $\\frac$ 计算。", "key": {"value": "viel"}})
    assert {fault["place"] for fault in told["faults"]} == {"point", "difficulty", "stem", "key.value"}


@pytest.mark.parametrize("body", [None, [], {"record": 7}, {"record": {"kind": "table", "body": {"rows": 7}}}, {"record": {"options": {"A": {}}}}])
def test_odd_things_sent_are_answered_in_words_and_change_nothing(author: FlaskClient, body: object) -> None:
    address = f"{BANK}/items/{item_of(begin(author))}"
    headers = {"X-CSRFToken": token(author)}
    for act in ("draft", "preview"):
        answer = author.post(f"{address}/{act}", json=body, headers=headers)
        assert answer.status_code in (200, 400, 422)
        assert answer.is_json


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</textarea><script>alert(1)</script>", "'\"><svg onload=alert(1)>"]
)
def test_what_an_author_types_never_becomes_a_tag_of_the_page(author: FlaskClient, payload: str) -> None:
    address = begin(author)
    item = item_of(address)
    send_json(author, f"{BANK}/items/{item}/draft", record={"kind": "numeric", **WHOLE, "stem": payload, "rationale": payload}, revision=1)
    assert payload not in author.get(address).get_data(as_text=True)
    assert "<script" not in preview(author, item, **{**WHOLE, "stem": payload})["item"]["stem"]


def test_an_item_is_sent_when_nothing_is_wrong_and_not_before(author: FlaskClient) -> None:
    item = item_of(begin(author))
    assert author.post(f"{BANK}/items/{item}/send", data={"csrf_token": token(author)}).status_code == 409
    send_json(author, f"{BANK}/items/{item}/draft", record={"kind": "numeric", **WHOLE}, revision=1)
    sent = author.post(f"{BANK}/items/{item}/send", data={"csrf_token": token(author)})
    assert str(sent.location).endswith(f"/items/{item}")


def test_a_case_has_its_text_and_its_items_in_one_place(author: FlaskClient) -> None:
    address = begin(author, "table", case="new")
    case = address.split("/cases/")[1].split("/")[0]
    saved = post(author, address, title="应收账款", text="截至 9 月 30 日：\r\n\r\n| 发票 | 金额 |\r\n| --- | --- |\r\n| 甲 | 48 |", revision=1)
    assert saved.status_code == 302
    page = author.get(address).get_data(as_text=True)
    assert "<td>48</td>" in page
    assert "L3-COL-" in page
    post(author, f"{BANK}/new", place="L3|collection", kind="numeric", case=case)
    assert author.get(address).get_data(as_text=True).count("bank_edit") + author.get(address).get_data(as_text=True).count("/edit") >= 2


def test_an_older_window_of_a_case_keeps_what_was_typed_on_the_page(author: FlaskClient) -> None:
    address = begin(author, "table", case="new")
    post(author, address, title="先", text="先存的材料", revision=1)
    answer = post(author, address, title="后", text="后存的材料", revision=1)
    assert answer.status_code == 422
    assert "后存的材料" in answer.get_data(as_text=True)


def test_a_picture_goes_into_a_stem_by_its_digest(author: FlaskClient) -> None:
    import io

    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 0, 0)).save(made, "PNG")
    made.seek(0)
    answer = author.post("/admin/bank/media", data={"picture": (made, "图.png"), "csrf_token": token(author)})
    digest = answer.get_json()["digest"]
    told = preview(author, item_of(begin(author)), **{**WHOLE, "stem": f"看![红块](media:{digest})计算。"})
    assert f'src="/admin/bank/media/{digest}"' in told["item"]["stem"]
    assert told["faults"] == []
    assert author.get(f"/admin/bank/media/{digest}").mimetype == "image/png"
    refused = author.post("/admin/bank/media", data={"picture": (io.BytesIO(b"<svg/>"), "x.svg"), "csrf_token": token(author)})
    assert (refused.status_code, bool(refused.get_json()["message"])) == (422, True)
