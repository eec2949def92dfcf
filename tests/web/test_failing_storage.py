"""F22, F23: a storage that takes nothing: what is answered, and who is told."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from examsrv.domain.roles import Role
from examsrv.web.server import Server
from tests.builders import Room, add_proctor, add_room
from tests.web.visitors import Candidate, candidate, staff, staff_in

ALARM = "现在无法保存：磁盘或数据库拒绝写入。"


@pytest.fixture
def room(server: Server) -> Room:
    with server.database.writing() as session:
        return add_room(session, started=True)


@pytest.fixture
def sitter(app: Flask, room: Room) -> Candidate:
    """Give a candidate who has the paper open."""
    found = candidate(app, room)
    assert found.open().status_code == 200
    return found


@contextmanager
def full(server: Server) -> Iterator[None]:
    """Let the database have no page more than it has, as on a full disk."""
    limit(server, 1)
    yield
    limit(server, 1 << 30)


def limit(server: Server, pages: int) -> None:
    connection = server.database.engine.raw_connection()
    connection.execute(f"PRAGMA max_page_count={pages}")
    connection.close()


def save_until_full(sitter: Candidate) -> int:
    """Save until the last page is full; return the first number that was refused."""
    return next(seq for seq in range(1, 1000) if sitter.answer(seq).status_code != 200)


def test_what_cannot_be_stored_is_answered_with_503_and_never_acknowledged(server: Server, sitter: Candidate) -> None:
    with full(server):
        refused = save_until_full(sitter)
        answer = sitter.answer(refused)
        assert (answer.status_code, answer.headers["Retry-After"], answer.get_json()["error"]) == (503, "5", "503")
        assert "考生的作答保留在各自的考试机上" in answer.get_json()["message"]
    assert sitter.answer(refused).get_json()["acknowledged"] == refused


def test_the_board_the_office_and_readyz_tell_of_it_until_something_is_stored(app: Flask, server: Server, sitter: Candidate, room: Room) -> None:
    with server.database.writing() as session:
        add_proctor(session, room, "zhao")
    pages = [(staff(app, server, "office", (Role.ADMINISTRATOR, None)), "/admin/"), (staff_in(app, "zhao"), f"/proctor/rooms/{room.id}/live")]
    assert told(app, pages) == ([False, False], [])
    with full(server):
        refused = save_until_full(sitter)
        assert told(app, pages) == ([True, True], [ALARM])
    sitter.answer(refused)
    assert told(app, pages) == ([False, False], [])


def told(app: Flask, pages: list[tuple[FlaskClient, str]]) -> tuple[list[bool], list[str]]:
    """Return whether each page tells of it, and what is lacking."""
    return [ALARM in client.get(path).get_data(as_text=True) for client, path in pages], app.test_client().get("/readyz").get_json()["lacking"]
