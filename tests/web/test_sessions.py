"""Tokens, cookies and sessions: who they stand for, how long they last, and what the machine's clock cannot do to them."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from itsdangerous import TimestampSigner

from examsrv.app import create_app
from examsrv.domain.roles import Role
from examsrv.storage.database import Database
from examsrv.web.server import Server
from tests.builders import PASSWORD, SETTINGS, FakeClock, add_room, csrf_of, make_server
from tests.web.visitors import candidate, seated, sign_in, staff

EVERYWHERE = (Role.ADMINISTRATOR, None)


def test_an_unsafe_request_without_a_token_is_refused(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session, started=True)
    found = candidate(app, room)
    for path in ("open", "steps", "beat", "hand-in"):
        assert found.client.post(f"/exam/api/{path}", json={"device": "d"}).status_code == 403
        assert found.client.post(f"/exam/api/{path}", json={"device": "d"}, headers={"X-CSRFToken": "wrong"}).status_code == 403


def test_a_token_of_another_session_is_refused(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session, started=True)
    one, other = candidate(app, room, 1), candidate(app, room, 2)
    assert one.client.post("/exam/api/open", json={"device": "d"}, headers={"X-CSRFToken": other.token}).status_code == 403


@pytest.mark.parametrize("seconds", [-50 * 365 * 86_400, -3600, 3600, 400 * 86_400])
def test_a_token_never_expires_whatever_the_machines_clock_shows(app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    with server.database.writing() as session:
        room = add_room(session, started=True)
    found = candidate(app, room)
    real = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: real(self) + seconds)
    assert found.open().status_code == 200


def cookies(response: Any) -> dict[str, str]:
    return {line.split("=")[0]: line for line in response.headers.getlist("Set-Cookie")}


def test_session_cookies_are_for_this_site_and_not_for_scripts_and_end_with_the_browser(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session)
    client = seated(app, room)
    line = cookies(sign_in(client, room))["candidate"]
    assert "HttpOnly" in line
    assert "SameSite=Strict" in line
    assert "Path=/" in line
    assert "Expires" not in line
    assert "Max-Age" not in line
    assert "Domain" not in line


def test_the_seats_cookie_stays(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session)
    client = app.test_client()
    response = client.post("/exam/seat", data={"code": room.code(1), "csrf_token": csrf_of(client, "/exam/seat")})
    assert "Max-Age=31536000" in cookies(response)["seat"]


def test_behind_tls_cookies_are_secure_and_bound_to_the_host(sqlite_url: str) -> None:
    server = make_server(Database(sqlite_url), FakeClock(), replace(SETTINGS, secure_cookies=True))
    response = create_app(server).test_client().get("/exam/seat", base_url="https://exam.example")
    (line,) = cookies(response).values()
    assert line.startswith("__Host-visit=")
    assert "Secure" in line
    assert "Path=/" in line
    assert "Domain" not in line
    server.stop()


def test_the_session_of_flask_itself_is_never_sent(app: Flask, server: Server) -> None:
    client = staff(app, server, "zhang", EVERYWHERE)
    assert "session" not in cookies(client.get("/account"))


def test_whoever_is_signed_out_reaches_nothing_with_the_old_cookie(app: Flask, server: Server) -> None:
    client = staff(app, server, "zhang", EVERYWHERE)
    token = client.get_cookie("staff").value
    assert client.post("/sign-out", data={"csrf_token": csrf_of(client, "/account")}).status_code == 302
    client.set_cookie("staff", token)
    assert client.get("/account").status_code == 302


def test_a_staff_session_ends_by_exam_time(app: Flask, server: Server, clock: FakeClock) -> None:
    client = staff(app, server, "zhang", EVERYWHERE)
    clock.run(SETTINGS.staff_session_age)
    assert client.get("/account").status_code == 200
    clock.run(SETTINGS.clock_mark_every)
    assert client.get("/account").status_code == 302


def test_misses_at_one_machine_do_not_keep_others_from_being_set_up(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session)
    guesser = app.test_client()
    for _time in range(7):
        guesser.post("/exam/seat", data={"code": "wrong", "csrf_token": csrf_of(guesser, "/exam/seat")})
    answers = []
    for address in ("127.0.0.1", "10.0.0.2"):
        client = app.test_client()
        where = {"REMOTE_ADDR": address}
        answers.append(
            client.post("/exam/seat", data={"code": room.code(1), "csrf_token": csrf_of(client, "/exam/seat")}, environ_base=where).status_code
        )
    assert answers == [429, 302]


def test_what_a_page_left_to_be_said_waits_for_the_next_page_and_is_not_taken_by_a_poll(database: Database) -> None:
    server = make_server(database)
    app = create_app(server)
    client = app.test_client()
    words = {"login": "chief", "name": "长", "password": PASSWORD, "repeat": PASSWORD, "csrf_token": csrf_of(client, "/first-run")}
    client.post("/first-run", data=words)
    visit = client.get_cookie("visit")
    assert visit is not None
    with app.test_request_context("/somewhere.json", headers={"Cookie": f"visit={visit.value}"}):  # a poll under way
        said = ["请登录" in client.get("/sign-in").text for _look in range(2)]
    server.stop()
    assert said == [True, False]
