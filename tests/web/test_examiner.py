"""The examiner's pages: what they take, what they refuse in words, files that are never opened as ours, being excused."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from examsrv.storage.tables import AttemptRow, EntryRow, RecusalRow, SheetDraftRow
from examsrv.web.server import Server
from tests.builders import csrf_of
from tests.panels import Assessment, add_answers, add_assessment, add_upload, make_record, make_task_set, marks_of
from tests.web.visitors import staff_in

EMPTY: dict[str, Any] = {"revision": 0, "marks": {}, "vetoes": [], "comments": {}, "seconds": {}}
HTML = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def group(server: Server) -> Assessment:
    record = make_record()
    record["tasks"][0]["parts"][1] = {"kind": "upload", "stem": "提交。", "body": {"types": ["txt"]}, "key": {"model": "文。"}}
    with server.database.writing() as session:
        return add_assessment(session, task_set=make_task_set(tasks=record["tasks"]))


@pytest.fixture
def examiner(app: Flask, group: Assessment) -> FlaskClient:
    return staff_in(app, "examinera2")


def address(group: Assessment, rest: str = "") -> str:
    return f"/examiner/{group.room.sitting}/107{rest}"


def post(client: FlaskClient, group: Assessment, way: str, body: object) -> TestResponse:
    headers = {"X-CSRFToken": csrf_of(client, address(group))}
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(address(group, f"/api/{way}"), data=data, headers=headers, content_type="application/json")


def drafts(server: Server) -> list[SheetDraftRow]:
    with server.database.reading() as session:
        return list(session.scalars(select(SheetDraftRow)))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{",
        {},
        EMPTY | {"more": 1},
        EMPTY | {"revision": -1},
        EMPTY | {"revision": "0"},
        EMPTY | {"revision": 2**40},
        EMPTY | {"marks": {"T1.1": 5}},
        EMPTY | {"marks": {"T1.1": "NaN"}},
        EMPTY | {"marks": {"T1.1": "1e2"}},
        EMPTY | {"marks": {"T1.1": "-1"}},
        EMPTY | {"marks": {"T1.1": "５"}},
        EMPTY | {"marks": {"x" * 65: "5"}},
        EMPTY | {"marks": {f"T{number}": "1" for number in range(201)}},
        EMPTY | {"comments": {"T1.1": "长" * 501}},
        EMPTY | {"comments": {"T1.1": None}},
        EMPTY | {"seconds": {"T1": 1.5}},
        EMPTY | {"seconds": {"T1": 86_401}},
        EMPTY | {"vetoes": "T1.V"},
    ],
)
@pytest.mark.parametrize("way", ["draft", "hand-in"])
def test_what_no_page_sends_is_malformed_and_writes_nothing(server: Server, group: Assessment, examiner: FlaskClient, way: str, body: object) -> None:
    answer = post(examiner, group, way, body)
    assert (answer.status_code, answer.get_json()["error"], drafts(server)) == (400, "malformed", [])


@pytest.mark.parametrize(
    "sheet", [{"marks": {"T9.1": "5"}}, {"marks": {"T1.1": "0.5"}}, {"marks": {"T1.1": "26"}}, {"comments": {"T1.1": "\0"}}, {"vetoes": ["T9.V"]}]
)
def test_what_the_rubric_does_not_have_is_refused_in_words(server: Server, group: Assessment, examiner: FlaskClient, sheet: dict[str, Any]) -> None:
    answer = post(examiner, group, "draft", EMPTY | sheet)
    assert (answer.status_code, answer.get_json()["error"], drafts(server)) == (409, "refused", [])
    assert answer.get_json()["message"]


def test_a_request_without_its_token_changes_nothing(server: Server, group: Assessment, examiner: FlaskClient) -> None:
    answer = examiner.post(address(group, "/api/draft"), json=EMPTY)
    assert (answer.status_code, drafts(server)) == (403, [])


def test_somebody_signed_out_is_told_so_in_json(app: Flask, group: Assessment) -> None:
    client = app.test_client()
    headers = {"X-CSRFToken": csrf_of(client, "/sign-in")}
    answer = client.post(address(group, "/api/draft"), json=EMPTY, headers=headers)
    assert (answer.status_code, answer.get_json()) == (401, {"error": "signed_out"})


def test_a_newer_draft_is_told_with_what_stands_there_and_when(group: Assessment, examiner: FlaskClient) -> None:
    assert post(examiner, group, "draft", EMPTY | {"marks": {"T1.1": "5"}}).get_json() == {"revision": 1, "at": "09:00:00"}
    answer = post(examiner, group, "draft", EMPTY | {"marks": {"T1.1": "6"}})
    assert (answer.status_code, answer.get_json()["error"], answer.get_json()["revision"], answer.get_json()["at"]) == (409, "newer", 1, "09:00:00")
    assert answer.get_json()["sheet"]["marks"] == {"T1.1": "5"}


def test_an_incomplete_sheet_is_refused_with_the_criteria_that_lack_a_mark(group: Assessment, examiner: FlaskClient) -> None:
    answer = post(examiner, group, "hand-in", EMPTY | {"marks": {"T1.1": "5"}})
    assert "T3.2" in answer.get_json()["message"]


def test_a_complete_sheet_is_taken_and_shown_locked(server: Server, group: Assessment, examiner: FlaskClient) -> None:
    marks = {name: str(mark) for name, mark in marks_of(group.task_set, 80).items()}
    assert post(examiner, group, "hand-in", EMPTY | {"marks": marks}).get_json() == {"edition": 1, "at": "09:00:00"}
    page = examiner.get(address(group)).get_data(as_text=True)
    assert ("已提交 09:00:00" in page, "data-hand-in" in page) == (True, False)
    with server.database.reading() as session:
        assert [entry.marks for entry in session.scalars(select(EntryRow))] == [marks]


def handed(server: Server, group: Assessment, content: bytes) -> str:
    with server.database.writing() as session:
        file = add_upload(session, group.attempts[0], content, "王小明.html")
        add_answers(session, group.attempts[0], {2: [file]})
    return str(file["digest"])


def test_a_file_is_sent_as_nothing_that_a_browser_opens_and_under_its_number(server: Server, group: Assessment, examiner: FlaskClient) -> None:
    digest = handed(server, group, HTML)
    answer = examiner.get(address(group, f"/files/{digest}"))
    assert (answer.get_data(), answer.mimetype) == (HTML, "application/octet-stream")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''0107-1.txt"


def test_what_is_in_a_file_is_text_and_never_markup(server: Server, group: Assessment, examiner: FlaskClient) -> None:
    digest = handed(server, group, HTML)
    page = examiner.get(address(group, f"/files/{digest}/shown")).get_data(as_text=True)
    assert ("&lt;script&gt;alert(1)&lt;/script&gt;" in page, "<script>" in page) == (True, False)
    assert examiner.get(address(group, f"/files/{digest}/picture")).status_code == 404


def test_files_of_a_candidate_at_work_are_not_there(server: Server, group: Assessment, examiner: FlaskClient) -> None:
    digest = handed(server, group, HTML)
    with server.database.writing() as session:
        session.get_one(AttemptRow, group.attempts[0]).phase = "running"
    assert examiner.get(address(group, f"/files/{digest}")).status_code == 404
    assert "考生尚未交卷" in examiner.get(address(group)).get_data(as_text=True)


def test_who_asks_to_be_excused_says_why_and_loses_the_script(server: Server, group: Assessment, examiner: FlaskClient) -> None:
    token = csrf_of(examiner, address(group))
    for form, status in (({"ground": "none"}, 422), ({"ground": "other", "note": ""}, 409), ({"ground": "kinship", "note": "x" * 501}, 422)):
        assert examiner.post(address(group, "/recusal"), data={"csrf_token": token, **form}).status_code == status
    with server.database.reading() as session:
        assert session.scalars(select(RecusalRow)).all() == []
    answer = examiner.post(address(group, "/recusal"), data={"csrf_token": token, "ground": "kinship", "note": "表亲"})
    assert (answer.status_code, answer.location) == (302, "/examiner/")
    assert examiner.get(address(group)).status_code == 404
    assert "examinera2" in staff_in(examiner.application, "examinera1").get("/examiner/").get_data(as_text=True)
