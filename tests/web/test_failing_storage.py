"""F22, F23, F25: a storage that takes nothing, and a server that stood still: what is answered, what is told, whose time it is."""

import shutil
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from examsrv.domain.roles import Role
from examsrv.services.auditing import newest_entries
from examsrv.services.ledger import room_ledger
from examsrv.storage.ballast import BALLAST
from examsrv.web.server import STANDS_STILL_AFTER, Server
from tests.builders import GRACE, LIMIT, SECOND, SETTINGS, FakeClock, Room, add_proctor, add_room
from tests.web.visitors import Candidate, candidate, staff, staff_in

ALARM = "现在无法保存：磁盘或数据库拒绝写入。"
Usage = namedtuple("Usage", "total used free")


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


@pytest.mark.parametrize(("free", "is_kept"), [(8191, False), (8192, True)])
def test_a_server_that_cannot_store_gives_up_the_ballast_where_the_disk_is_full(
    server: Server, sitter: Candidate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, is_kept: bool
) -> None:
    ballast = tmp_path / BALLAST
    ballast.write_bytes(bytes(8192))
    server.settings = replace(SETTINGS, data_folder=tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(1 << 20, 0, free))
    server.live()
    assert ballast.exists()
    with full(server):
        save_until_full(sitter)
        server.live()
    assert ballast.exists() is is_kept


STILL = STANDS_STILL_AFTER.total_seconds()


@pytest.mark.parametrize(("still", "entries"), [(STILL - 1, []), (STILL, ["pause", "resume"])])
def test_a_server_that_stood_still_gives_the_time_back(server: Server, room: Room, clock: FakeClock, still: float, entries: list[str]) -> None:
    server.live()
    stand_still(server, clock, still)
    server.live()
    assert entries_of(server, room) == ["start", *entries]
    assert not server.stands_still


def test_a_server_that_stood_still_for_long_waits_for_the_proctor(server: Server, room: Room, clock: FakeClock) -> None:
    server.live()
    stand_still(server, clock, SETTINGS.short_outage.total_seconds() + 1)
    server.live()
    assert entries_of(server, room) == ["start", "pause"]
    with server.database.reading() as session:
        assert newest_entries(session, 1)[0].act == "server.stood_still"


def test_nobody_is_closed_for_time_in_which_the_server_stood_still(server: Server, room: Room, sitter: Candidate, clock: FakeClock) -> None:
    """The sweeper may come to it before the clock is marked again."""
    server.live()
    stand_still(server, clock, (LIMIT + GRACE).total_seconds())
    server.sweep_if_alive()
    server.live()
    server.sweep_if_alive()
    answer = sitter.answer(1).get_json()
    assert (answer["time"]["paused"], answer["time"]["remaining_ms"]) == (True, LIMIT // timedelta(milliseconds=1))


def stand_still(server: Server, clock: FakeClock, seconds: float) -> None:
    clock.run(seconds * SECOND)
    server.marked -= seconds


def entries_of(server: Server, room: Room) -> list[str]:
    with server.database.reading() as session:
        return [entry.kind for entry in room_ledger(session, room.id)]
