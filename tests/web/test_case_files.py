"""The files of a task go to candidates whose open paper gives them, and to nobody else."""

import hashlib

import pytest
from flask import Flask

from examsrv.services.task_sets import case_file
from examsrv.storage.tables import CaseFileRow
from examsrv.web.server import Server
from question_bank.task_record import task_set_from
from tests.builders import Room, add_room
from tests.panels import add_task_paper, make_record
from tests.web.visitors import Candidate, candidate

NAME = "三家客户资料（草原示例）.xlsx"
CONTENT, OTHER = b"PK\x03\x04 a workbook", b"PK\x03\x04 another"
DIGEST, STRANGE = hashlib.sha256(CONTENT).hexdigest(), hashlib.sha256(OTHER).hexdigest()


@pytest.fixture
def room(server: Server) -> Room:
    record = make_record()
    record["tasks"][0]["files"] = [{"name": NAME, "title": "客户资料", "digest": DIGEST, "size": len(CONTENT)}]
    task_set, findings = task_set_from(record, {})
    assert task_set is not None, findings
    with server.database.writing() as session:
        for digest, content in ((DIGEST, CONTENT), (STRANGE, OTHER)):
            session.add(CaseFileRow(digest=digest, type="xlsx", content=content))
        return add_room(session, paper=add_task_paper(session, task_set, "skills"), started=True)


@pytest.fixture
def sitter(app: Flask, room: Room) -> Candidate:
    return candidate(app, room)


def asked(sitter: Candidate, digest: str = DIGEST) -> int:
    return sitter.client.get(f"/exam/case-files/{digest}").status_code


def test_a_file_of_the_open_paper_comes_as_a_download_with_its_chinese_name(sitter: Candidate) -> None:
    assert sitter.open().status_code == 200
    sent = sitter.client.get(f"/exam/case-files/{DIGEST}")
    assert (sent.status_code, sent.get_data(), sent.headers["Cache-Control"]) == (200, CONTENT, "no-store")
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%E4%B8%89%E5%AE%B6%E5%AE%A2%E6%88%B7" in sent.headers["Content-Disposition"]


def test_a_file_that_the_paper_does_not_give_is_not_there(server: Server, sitter: Candidate) -> None:
    assert sitter.open().status_code == 200
    with server.database.reading() as session:
        assert case_file(session, STRANGE) == OTHER
    assert asked(sitter, STRANGE) == 404


def test_before_the_paper_is_open_there_is_no_file(sitter: Candidate) -> None:
    assert asked(sitter) == 404


def test_after_the_hand_in_there_is_no_file(sitter: Candidate) -> None:
    assert sitter.open().status_code == 200
    assert asked(sitter) == 200
    assert sitter.hand_in({}).status_code == 200
    assert asked(sitter) == 404


def test_a_candidate_of_another_paper_gets_no_file(app: Flask, server: Server, room: Room) -> None:
    with server.database.writing() as session:
        other = add_room(session, name="02 考场", started=True)
    stranger = candidate(app, other)
    assert stranger.open().status_code == 200
    assert asked(stranger) == 404
