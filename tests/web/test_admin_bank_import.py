"""The office's pages of files of items: in, looked over first, and out, with what is lost told first."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from examsrv.domain.attempt import Phase
from examsrv.domain.roles import Role
from examsrv.services import signing_in
from examsrv.storage.tables import AttemptRow, AuditRow, ItemDraftRow, ItemLookRow, SittingRow
from question_bank.formats import FORMATS
from question_bank.item import Item
from tests.builders import QUICK_HASHER, add_person
from tests.question_bank.builders import make_item
from tests.services.bank_workers import add_items
from tests.services.plans import add_candidates
from tests.services.sittings_to_mark import PACK
from tests.web.office import Office, open_office, post, words

BANK = f"/admin/bank/{PACK}"
ITEMS = [make_item("S-1"), make_item("S-2"), make_item("S-3")]


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(signing_in, "STAFF_HASHER", QUICK_HASHER)
    with open_office(sqlite_url) as opened:
        with opened.server.database.writing() as session:
            add_items(session, *ITEMS)
            add_person(session, "author", (Role.AUTHOR, None))
        yield opened


def send(client: FlaskClient, *items: Item, name: str = "题库.yaml", content: bytes | None = None):
    made = FORMATS["excel" if name.endswith("xlsx") else "yaml"]
    return post(client, f"{BANK}/import", file=(io.BytesIO(made.write(items, {}).content if content is None else content), name), format="")


def bring(client: FlaskClient, preview: str):
    found = re.search(r'name="digest" value="(\w+)"', client.get(preview).get_data(as_text=True))
    return post(client, f"{preview}/bring-in", digest=found[1] if found else "")


def drafts(office: Office) -> list[str]:
    with office.server.database.reading() as session:
        return sorted(session.scalars(select(ItemDraftRow.item_id)))


def test_a_workbook_is_looked_over_item_by_item_and_then_brought_in_as_drafts(office: Office) -> None:
    author = office.sign_in("author")
    answer = send(author, ITEMS[0], replace(ITEMS[1], difficulty=5), make_item("S-9"), name="题库.xlsx")
    preview = answer.headers["Location"]
    page = words(author.get(preview))
    assert "Items 3 New 1 Changed 1 The same 1 Wrong 0" in page
    assert "Difficulty deleted: 3 new: 5" in page
    assert drafts(office) == []
    assert bring(author, preview).status_code == 302
    assert drafts(office) == ["S-2", "S-9"]
    assert author.get(preview).status_code == 404
    with office.server.database.reading() as session:
        assert set(session.scalars(select(ItemLookRow.item_id))) == {"S-2"}


def test_only_what_is_asked_for_is_listed(office: Office) -> None:
    preview = send(office.client, ITEMS[0], make_item("S-9")).headers["Location"]
    page = office.client.get(f"{preview}?show=new").get_data(as_text=True)
    assert ("S-9" in page, "S-1" in page) == (True, False)
    assert "No item of the file is like that." in office.read(f"{preview}?show=changed&page=99")


def test_what_is_wrong_is_told_by_row_and_column_and_nothing_comes_in(office: Office) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["excel"].write([make_item("S-8"), make_item("S-9")], {}).content))
    book["试题"]["F3"] = "难极了"
    out = io.BytesIO()
    book.save(out)
    preview = send(office.client, name="题库.xlsx", content=out.getvalue()).headers["Location"]
    page = office.read(preview)
    assert "nothing of it can be brought in" in page
    assert "S-9 Sheet 试题, row 3, “难度”: A whole number is wanted, not 难极了" in page
    assert bring(office.client, preview).status_code == 409
    assert drafts(office) == []


def test_a_bank_that_changed_since_the_look_is_shown_again(office: Office) -> None:
    preview = send(office.client, make_item("S-9")).headers["Location"]
    answer = post(office.client, f"{preview}/bring-in", digest="0" * 64)
    assert (answer.status_code, drafts(office)) == (409, [])
    assert "the bank has changed since you looked" in words(answer)


@pytest.mark.parametrize(("count", "status"), [(10, 302), (11, 409)])
def test_many_items_wait_until_no_candidate_is_answering(office: Office, count: int, status: int) -> None:
    with office.server.database.writing() as session:
        session.get_one(SittingRow, 1).is_published = True
        [attempt] = add_candidates(session, 1, 1)
        session.get_one(AttemptRow, attempt).phase = Phase.RUNNING
    preview = send(office.client, *(make_item(f"N-{number}") for number in range(count))).headers["Location"]
    answer = bring(office.client, preview)
    assert (answer.status_code, "A sitting is running" in words(answer)) == (status, status == 409)


def test_the_same_file_again_has_nothing_to_bring_in(office: Office) -> None:
    bring(office.client, send(office.client, make_item("S-9")).headers["Location"])
    page = office.read(send(office.client, make_item("S-9")).headers["Location"])
    assert "there is nothing to bring in" in page
    assert "Bring in" not in page


def test_a_file_is_there_for_who_sent_it_only(office: Office) -> None:
    preview = send(office.client, make_item("S-9")).headers["Location"]
    author = office.sign_in("author")
    answers = [author.get(preview), post(author, f"{preview}/bring-in", digest=""), post(author, f"{preview}/discard")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert post(office.client, f"{preview}/discard").status_code == 302
    assert office.client.get(preview).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("题库.pdf", b"%PDF", "Files of this kind are not read here"),
        ("题库.yaml", b"", "The file is empty"),
        ("题库.yaml", b"[]", "The file holds no items"),
    ],
)
def test_what_is_no_file_of_items_is_refused_beside_the_field(office: Office, name: str, content: bytes, sentence: str) -> None:
    answer = send(office.client, name=name, content=content)
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_what_is_no_bank_at_all_is_told_on_the_page_of_the_file(office: Office) -> None:
    preview = send(office.client, name="题库.xlsx", content=b"no workbook").headers["Location"]
    assert "This is not a zip file, or it is damaged" in office.read(preview)


def test_the_template_has_the_sections_of_the_standard_for_choice(office: Office) -> None:
    book = openpyxl.load_workbook(io.BytesIO(office.client.get(f"{BANK}/template.xlsx").data))
    assert [cell.value for cell in book["试题"][2] if cell.value] == []
    assert "collection 商账追收" in [row[1].value for row in book["选项表"].iter_rows()]


def test_an_export_tells_what_is_lost_before_the_file_is_taken_and_is_on_record(office: Office) -> None:
    picture = make_item("S-4", stem="![图](media:" + "0" * 64 + ") 应当（　　）。")
    with office.server.database.writing() as session:
        add_items(session, picture)
    page = words(office.post(f"{BANK}/export", items=["S-1", "S-4"], format="yaml"))
    assert "One thing is lost: S-4 The pictures are named in the file but are not in it: 1" in page
    with office.server.database.reading() as session:
        assert session.scalars(select(ItemLookRow)).all() == []
    taken = office.post(f"{BANK}/export/file", items=["S-1", "S-4"], format="yaml")
    assert [item.id for item in FORMATS["yaml"].read(taken.data, "a.yaml").items] == ["S-1", "S-4"]
    with office.server.database.reading() as session:
        assert sorted(session.scalars(select(ItemLookRow.item_id))) == ["S-1", "S-4"]
        assert "items.exported" in set(session.scalars(select(AuditRow.act)))


def test_where_nothing_is_ticked_all_that_was_found_goes_out(office: Office) -> None:
    assert "3 items" in words(office.post(f"{BANK}/export"))
    taken = office.post(f"{BANK}/export/file?text=S-2", format="excel")
    assert [item.id for item in FORMATS["excel"].read(taken.data, "a.xlsx").items] == ["S-2"]
    assert taken.headers["Content-Disposition"].startswith("attachment")


def test_an_export_of_nothing_or_into_nothing_is_refused(office: Office) -> None:
    for asked in ({"items": "X-9", "format": "yaml"}, {"items": "S-1", "format": "riddle"}, {"items": "S-1"}):
        assert office.post(f"{BANK}/export/file", **asked).status_code == 409


MOODLE = """<quiz><question type="truefalse"><name><text>Q1</text></name><questiontext format="html"><text>信用管理包括催收。</text></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>""".encode()


def test_where_the_items_of_another_maker_belong_is_said_with_the_file(office: Office) -> None:
    said = {"point": "L3|collection|L3.K3.2.3", "difficulty": "3", "importance": "X"}
    bare = post(office.client, f"{BANK}/import", file=(io.BytesIO(MOODLE), "quiz.xml"), format="")
    assert "The file does not say: level, section, point, difficulty, importance" in office.read(bare.headers["Location"])
    told = post(office.client, f"{BANK}/import", file=(io.BytesIO(MOODLE), "quiz.xml"), format="", **said)
    assert bring(office.client, told.headers["Location"]).status_code == 302
    assert drafts(office) == ["Q1"]


def test_a_point_that_the_standard_has_not_cannot_be_said(office: Office) -> None:
    answer = post(office.client, f"{BANK}/import", file=(io.BytesIO(MOODLE), "quiz.xml"), format="", point="L9|x|y")
    assert answer.status_code == 422
