"""A candidate is moved, or told something, on the board while the paper is open: what the machines of the seats hear of it."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from examsrv.storage.tables import QuarantinedStepRow
from examsrv.web.server import Server
from tests.builders import Room, add_proctor, add_room, candidate_name, csrf_of
from tests.web.visitors import Candidate, candidate, sign_in, staff_in, step, unpacked

SPARE = 3


@pytest.fixture
def room(server: Server) -> Room:
    with server.database.writing() as session:
        made = add_room(session, started=True)
        add_proctor(session, made, "watch", is_present=True)
        return made


@pytest.fixture
def board(app: Flask, room: Room) -> FlaskClient:
    return staff_in(app, "watch")


def do(board: FlaskClient, room: Room, act: str, seat: int | None = 1, **typed: object) -> str:
    """Send a form of the board; return the page that follows."""
    page = f"/proctor/rooms/{room.id}"
    at_seat = "" if seat is None else f"/seats/{room.attempts[seat - 1]}"
    data = {**typed, "csrf_token": csrf_of(board, page)}
    return board.post(f"{page}{at_seat}/{act}", data=data, follow_redirects=True).get_data(as_text=True)


@pytest.fixture
def old(app: Flask, room: Room) -> Candidate:
    """Give the machine of the first seat, known to the short way, with an answer saved."""
    found = candidate(app, room)
    found.client.get("/exam/waiting")
    found.get("state")
    assert found.open().status_code == 200
    assert found.answer(1).get_json()["acknowledged"] == 1
    return found


def test_the_old_machine_is_cut_off_at_once_and_the_new_one_goes_on(
    app: Flask, server: Server, room: Room, board: FlaskClient, old: Candidate
) -> None:
    page = do(board, room, "move", to_seat=SPARE, note="显示器故障")
    assert "已换到 03 座" in page
    assert f"03 {candidate_name(room.room * 1000 + 1)}" in page

    late = old.answer(2, 2)
    assert (late.status_code, late.get_json()["error"]) == (409, "stale")
    beat = old.post("beat", {"device": old.device, "epoch": 1, "unsaved": 0})
    assert (beat.status_code, beat.get_json()["error"]) == (409, "stale")
    assert old.hand_in({"1": "aa"}, step(2, 2)).get_json()["error"] == "stale"
    assert [old.open().status_code, old.get("state").status_code] == [401, 401]
    assert old.client.get("/exam/paper").headers["Location"] == "/exam/sign-in"
    with server.database.reading() as session:
        assert session.scalars(select(QuarantinedStepRow.seq)).all() == [2]
    assert server.contact(room.attempts[0]) is None
    assert "您的座位在 01 考场 03 座" in sign_in(old.client, room).get_data(as_text=True)

    new = candidate(app, room, 1, machine=SPARE)
    told = json.loads(unpacked(new.open()))
    assert (told["seat"], told["epoch"], told["answers"]) == ("03", 2, {"1": "aa"})
    assert new.answer(told["next_seq"], 2, "bb", epoch=2).status_code == 200
    assert server.contact(room.attempts[0]).silent == timedelta()


def test_a_move_that_is_refused_says_why_and_cuts_nobody_off(room: Room, board: FlaskClient, old: Candidate) -> None:
    assert "该座位已被占用" in do(board, room, "move", to_seat=2, note="换机")
    assert "请选择座位" in do(board, room, "move", note="换机")
    assert old.answer(2).status_code == 200


def test_a_message_is_heard_by_the_open_paper_and_the_waiting_page_and_never_becomes_markup(
    app: Flask, room: Room, board: FlaskClient, old: Candidate
) -> None:
    waiting = candidate(app, room, 2)
    page = do(board, room, "message", seat=None, text="<b>请安静\n</b>")
    assert ("通知已发送" in page, "请安静" in page, "<b>请安静" in page) == (True, True, False)
    do(board, room, "message", text="请补签名")
    heard = [old.post("beat", {"device": old.device, "epoch": 1, "unsaved": 0}), waiting.get("state")]
    told = [[(notice["kind"], notice["text"]) for notice in each.get_json()["notices"]] for each in heard]
    assert told == [[("message", "<b>请安静 </b>"), ("message", "请补签名")], [("message", "<b>请安静 </b>")]]
