"""The short way of a save: taken only where everything is known to be good, and never another answer than the ordinary way's."""

import gzip
import json

import pytest
from flask import Flask, request
from sqlalchemy.exc import OperationalError

from blueprints.candidate.direct_way import LARGEST
from examsrv.domain.order import candidate_order, order_read
from examsrv.domain.paper import read_paper
from examsrv.services import papers
from examsrv.storage.tables import AttemptRow
from examsrv.web.server import Server
from examsrv.web.sessions import forget_candidate
from tests.builders import Room, add_paper, add_room, make_items, start
from tests.web.visitors import Candidate, candidate, seated, sign_in, step, unpacked


@pytest.fixture
def ordinary(app: Flask) -> list[str]:
    """Give the paths that came the ordinary way."""
    came: list[str] = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: came.append(request.path))
    return came


@pytest.fixture
def room(server: Server) -> Room:
    with server.database.writing() as session:
        return add_room(session, started=True)


@pytest.fixture
def sitter(app: Flask, room: Room, ordinary: list[str]) -> Candidate:
    """Give a candidate with the paper open, whose first save has made browser and token known."""
    found = candidate(app, room)
    assert found.open().status_code == 200
    assert found.answer(1).get_json()["acknowledged"] == 1
    ordinary.clear()
    return found


def test_a_save_that_goes_as_usual_takes_the_short_way(sitter: Candidate, ordinary: list[str]) -> None:
    told = sitter.answer(2, 2, "bb").get_json()
    assert (told["acknowledged"], told["time"]["paused"], ordinary) == (2, False, [])
    assert sitter.answer(2, 2, "bb").get_json()["acknowledged"] == 2
    assert ordinary == []


def test_both_ways_give_the_same_answer(sitter: Candidate, ordinary: list[str]) -> None:
    short = sitter.answer(2)
    message = json.dumps({"device": sitter.device, "epoch": 1, "steps": [step(2)]}) + " " * LARGEST  # too much for the short way
    headers = {"X-CSRFToken": sitter.token}
    long = sitter.client.post("/exam/api/steps", data=message, content_type="application/json", headers=headers)
    assert (len(ordinary), long.get_json()) == (1, short.get_json())
    assert {name for name, _value in long.headers} == {name for name, _value in short.headers}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-CSRFToken": "another"}, 403),
        ({"X-CSRFToken": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
    ],
)
def test_whatever_is_not_known_to_be_good_is_refused_as_ever(sitter: Candidate, ordinary: list[str], headers: dict[str, str], status: int) -> None:
    answer = sitter.post("steps", {"device": sitter.device, "epoch": 1, "steps": [step(2)]}, headers=headers)
    assert (answer.status_code, len(ordinary)) == (status, 1)
    assert sitter.answer(2).get_json()["acknowledged"] == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"device": "device-a", "epoch": 1, "steps": [step(7)]}, 409),
        ({"device": "another", "epoch": 1, "steps": [step(2)]}, 409),
        ({"device": "device-a", "epoch": 1, "steps": [step(2, value=1)]}, 400),
        ({"device": "device-a", "epoch": 1, "steps": [step(2, 99)]}, 409),
    ],
)
def test_every_other_outcome_is_told_the_ordinary_way(sitter: Candidate, ordinary: list[str], body: dict[str, object], status: int) -> None:
    answer = sitter.post("steps", body)
    assert (answer.status_code, len(ordinary)) == (status, 1)
    assert "error" in answer.get_json()


def test_a_session_that_was_ended_saves_nothing_more(app: Flask, room: Room, sitter: Candidate) -> None:
    with app.app_context():
        forget_candidate(room.attempts[0])
    assert sitter.answer(2).status_code == 200  # the database still knows it: asked anew, it is remembered again
    candidate(app, room)
    assert sitter.answer(3).status_code == 401


def test_a_fault_of_the_journal_is_told_in_the_products_words(sitter: Candidate, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_request: object) -> object:
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(server.journal, "write", broken)
    answer = sitter.answer(2)
    assert (answer.status_code, answer.get_json()["error"]) == (503, "503")


def test_the_shell_takes_the_short_way_once_the_room_was_seen_to_have_started(sitter: Candidate, ordinary: list[str]) -> None:
    plain = sitter.client.get("/exam/paper").get_data(as_text=True)
    assert ordinary == ["/exam/paper"]
    sitter.get("state")
    ordinary.clear()
    answer = sitter.client.get("/exam/paper")
    assert ordinary == []
    assert (answer.status_code, answer.content_type, answer.headers["Cache-Control"]) == (200, "text/html; charset=utf-8", "no-store")
    token = answer.get_data(as_text=True).split('csrf-token" content="')[1].split('"')[0]
    assert answer.get_data(as_text=True).replace(token, "") == plain.replace(plain.split('csrf-token" content="')[1].split('"')[0], "")
    assert Candidate(sitter.client, token, sitter.device).answer(2).get_json()["acknowledged"] == 2


def test_the_shell_speaks_the_language_of_the_browser(sitter: Candidate, ordinary: list[str]) -> None:
    sitter.get("state")
    sitter.client.get("/exam/paper")
    sitter.client.set_cookie("language", "en")
    pages = [sitter.client.get("/exam/paper").get_data(as_text=True) for _time in range(2)]
    assert ordinary.count("/exam/paper") <= 2
    assert ['lang="en"' in page for page in pages] == [True, True]
    sitter.client.set_cookie("language", "xx")
    assert 'lang="zh-CN"' in sitter.client.get("/exam/paper").get_data(as_text=True)


def test_nobody_gets_the_shell_before_the_start_or_without_a_session(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session, name="02 考场")
    waiting = seated(app, room)
    sign_in(waiting, room)
    assert [waiting.get("/exam/paper").status_code, app.test_client().get("/exam/paper").status_code] == [302, 302]


@pytest.mark.parametrize(("accepted", "coding"), [("gzip, deflate", "gzip"), ("gzip, deflate, br, zstd", "br")])
def test_an_opening_takes_the_short_way_when_the_waiting_page_has_held_it_ready(
    app: Flask, server: Server, room: Room, ordinary: list[str], accepted: str, coding: str
) -> None:
    sitter = candidate(app, room)
    assert sitter.client.get("/exam/waiting").status_code == 200
    sitter.get("state")
    sitter.token = sitter.client.get("/exam/paper").get_data(as_text=True).split('csrf-token" content="')[1].split('"')[0]
    ordinary.clear()
    short = sitter.open(headers={"Accept-Encoding": accepted})
    assert ordinary == []
    server.held_ready.clear()
    long = sitter.open(headers={"Accept-Encoding": accepted})
    assert ordinary == ["/exam/api/open"]
    assert json.loads(unpacked(long)) == json.loads(unpacked(short))
    about = [[way.headers.get_all(name) for name in ("Content-Type", "Content-Encoding", "Vary")] for way in (short, long)]
    assert about == [[["application/json; charset=gbk"], [coding], ["Accept-Encoding"]]] * 2
    assert sitter.answer(1).get_json()["acknowledged"] == 1


def test_another_machine_is_told_to_wait_by_the_ordinary_way(app: Flask, room: Room, sitter: Candidate, ordinary: list[str]) -> None:
    other = candidate(app, room, 1, machine=3)
    other.client.get("/exam/waiting")
    assert (other.open().get_json()["error"], sitter.answer(2).status_code) == ("other_machine", 200)


def test_handing_in_takes_the_short_way_and_any_refusal_the_ordinary_one(sitter: Candidate, ordinary: list[str]) -> None:
    refused = sitter.hand_in({"1": "zz"})
    assert (refused.status_code, refused.get_json(), len(ordinary)) == (409, {"error": "differs", "items": [1]}, 1)
    receipt = sitter.hand_in({"1": "aa", "2": "bb"}, step(2, 2, "bb")).get_json()["receipt"]
    assert (receipt["answered"], receipt["by"], len(ordinary)) == (2, "candidate", 1)
    assert sitter.answer(3).get_json()["receipt"] == sitter.hand_in({}).get_json()["receipt"] == receipt


def test_papers_that_are_exchanged_while_the_room_waits_bring_their_own_order(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session, name="03 考场")
    waiting = seated(app, room)
    sign_in(waiting, room)
    assert waiting.get("/exam/waiting").status_code == 200
    with server.database.writing() as session:
        other, _forms = add_paper(session, make_items()[2:], seed=99)
        content, seed = gzip.decompress(papers.paper_content(session, other)), session.get_one(AttemptRow, room.attempts[0]).order_seed
        session.get_one(AttemptRow, room.attempts[0]).paper = other
        start(session, room)
    page = waiting.get("/exam/paper").get_data(as_text=True)
    told = json.loads(unpacked(Candidate(waiting, page.split('csrf-token" content="')[1].split('"')[0]).open()))
    paper = read_paper(content)
    assert list(order_read(paper, told["order"]).items()) == list(candidate_order(paper, seed).items())
