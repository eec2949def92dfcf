"""Files that candidates hand over: told by content, kept sealed, given back to their owner only; and pictures of the own paper."""

import hashlib
import io
import zipfile
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from examsrv.storage.tables import MediaRow, UploadRow
from examsrv.web.server import Server
from tests.builders import LIMIT, MORNING, FakeClock, Room, add_room
from tests.question_bank.every_kind import item_of_kind
from tests.web.visitors import Candidate, candidate

PDF = b"%PDF-1.7\n" + b"x" * 100
PICTURE = "ab" * 32
MEGABYTE = 1024 * 1024


def workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


@pytest.fixture
def room(server: Server) -> Room:
    items = [item_of_kind("upload"), item_of_kind("numeric", stem=f"见图 ![账龄](media:{PICTURE})：")]
    with server.database.writing() as session:
        session.add(MediaRow(digest=PICTURE, type="image/png", width=1, height=1, content=b"png", person_id=None, wall=MORNING))
        return add_room(session, items=items, started=True)


@pytest.fixture
def sitter(app: Flask, room: Room) -> Candidate:
    found = candidate(app, room)
    assert found.open().status_code == 200
    return found


def hand_over(sitter: Candidate, content: bytes, item: int = 1, **about: Any) -> TestResponse:
    said = urlencode({"device": sitter.device, "epoch": 1, "item": item, "name": "账龄表.pdf", **about})
    headers = {"X-CSRFToken": sitter.token, "Content-Type": "application/octet-stream"}
    return sitter.client.post(f"/exam/api/files?{said}", data=content, headers=headers)


def stored(server: Server) -> list[UploadRow]:
    with server.database.reading() as session:
        return list(session.scalars(select(UploadRow)))


@pytest.mark.parametrize(("content", "found"), [(PDF, "pdf"), (workbook(), "xlsx")])
def test_a_file_is_kept_sealed_and_given_back_to_its_owner(server: Server, sitter: Candidate, content: bytes, found: str) -> None:
    told = hand_over(sitter, content).get_json()
    assert told == {"digest": hashlib.sha256(content).hexdigest(), "size": len(content)}
    (row,) = stored(server)
    assert (row.type, row.size, content in row.sealed) == (found, len(content), False)
    back = sitter.get(f"files/{told['digest']}")
    assert (back.get_data(), back.headers["Content-Disposition"]) == (content, "attachment")


def test_nobody_else_gets_a_file(app: Flask, room: Room, sitter: Candidate) -> None:
    digest = hand_over(sitter, PDF).get_json()["digest"]
    other = candidate(app, room, 2)
    assert other.open().status_code == 200
    assert other.get(f"files/{digest}").status_code == 404


def test_the_same_content_again_is_kept_once(server: Server, sitter: Candidate) -> None:
    assert hand_over(sitter, PDF).get_json() == hand_over(sitter, PDF).get_json()
    assert len(stored(server)) == 1


def test_the_largest_file_is_taken_and_one_byte_more_is_not(server: Server, sitter: Candidate) -> None:
    largest = PDF.ljust(MEGABYTE, b"x")
    assert hand_over(sitter, largest).status_code == 200
    refused = hand_over(sitter, largest + b"x")
    assert (refused.status_code, refused.get_json()["error"]) == (409, "refused")
    assert "1 MB" in refused.get_json()["message"]
    assert len(stored(server)) == 1


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\x00" + bytes(60), b"\x89PNG\r\n\x1a\n" + bytes(20), b"PK\x03\x04" + bytes(60), b"<html></html>", workbook()[:-30]]
)
def test_what_is_not_of_the_items_types_is_refused_in_words(server: Server, sitter: Candidate, content: bytes) -> None:
    refused = hand_over(sitter, content, name="账龄表.xlsx")
    assert (refused.status_code, refused.get_json()["error"]) == (409, "refused")
    assert refused.get_json()["message"]
    assert stored(server) == []


@pytest.mark.parametrize(
    "about", [{"item": 0}, {"item": 2}, {"item": 3}, {"epoch": "x"}, {"device": ""}, {"name": ""}, {"name": "a" * 121}, {"more": 1}]
)
def test_what_no_page_says_of_a_file_is_malformed(server: Server, sitter: Candidate, about: dict[str, Any]) -> None:
    refused = hand_over(sitter, PDF, **about)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "malformed")
    assert stored(server) == []


@pytest.mark.parametrize("about", [{"epoch": 2}, {"device": "another"}])
def test_a_machine_that_does_not_hold_the_attempt_hands_over_nothing(server: Server, sitter: Candidate, about: dict[str, Any]) -> None:
    refused = hand_over(sitter, PDF, **about)
    assert (refused.status_code, refused.get_json()["error"]) == (409, "stale")
    assert stored(server) == []


def test_after_the_end_nothing_is_taken(clock: FakeClock, server: Server, sitter: Candidate) -> None:
    clock.run(LIMIT + timedelta(minutes=5))
    assert hand_over(sitter, PDF).status_code == 409
    sitter.hand_in({})
    assert hand_over(sitter, PDF).status_code == 409
    assert stored(server) == []


def test_a_picture_of_the_own_paper_is_sent_once_the_paper_is_open(app: Flask, room: Room, sitter: Candidate) -> None:
    assert sitter.client.get(f"/exam/media/{PICTURE}").get_data() == b"png"
    assert sitter.client.get(f"/exam/media/{'cd' * 32}").status_code == 404
    assert candidate(app, room, 2).client.get(f"/exam/media/{PICTURE}").status_code == 404
