"""What every answer carries, and which requests are refused before anything is done."""

from typing import Any

import pytest
from flask import Flask

from examsrv import app as application
from examsrv.app import create_app
from examsrv.domain.roles import Role
from examsrv.web import access
from examsrv.web.access import UndeclaredRoute, allow, require_declarations
from examsrv.web.security import HEADERS, POLICY
from examsrv.web.server import Server
from examsrv.web.translation import LANGUAGES
from question_bank.message import ExamError, Message
from tests.builders import add_room, csrf_of
from tests.web.visitors import candidate, staff

EVERYWHERE = (Role.ADMINISTRATOR, None)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/exam/seat", "/exam/api/state", "/nothing", "/proctor/", "/first-run"])
def test_every_answer_carries_the_headers_and_stays_out_of_caches(app: Flask, path: str) -> None:
    response = app.test_client().get(path)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert response.headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "frame-ancestors 'none'" in POLICY


@pytest.mark.parametrize(("scheme", "has_it"), [("https", True), ("http", False)])
def test_strict_transport_is_told_over_tls_only(app: Flask, scheme: str, has_it: bool) -> None:
    response = app.test_client().get("/sign-in", base_url=f"{scheme}://exam.example")
    assert ("Strict-Transport-Security" in response.headers) is has_it


@pytest.mark.parametrize(
    ("headers", "is_let_in"),
    [
        ({}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "https://localhost"}, False),
        ({"Origin": "http://localhost:81"}, False),
        ({"Origin": "http://localhost.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_an_unsafe_request_from_another_site_is_refused(app: Flask, server: Server, headers: dict[str, str], is_let_in: bool) -> None:
    with server.database.writing() as session:
        room = add_room(session)
    client = app.test_client()
    token = csrf_of(client, "/exam/seat")
    response = client.post("/exam/seat", data={"code": room.code(1), "csrf_token": token}, headers=headers)
    assert response.status_code == (302 if is_let_in else 403)


def test_a_page_may_be_read_by_following_a_link_from_elsewhere(app: Flask) -> None:
    assert app.test_client().get("/exam/seat", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_route_that_says_nothing_of_access_keeps_the_application_from_starting(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    real = application.register

    def with_a_planted_route(app: Flask) -> None:
        real(app)
        app.add_url_rule("/planted", "planted", lambda: "open to everybody")

    monkeypatch.setattr(application, "register", with_a_planted_route)
    with pytest.raises(UndeclaredRoute, match="planted"):
        create_app(server)


def test_a_declaration_without_a_role_is_none() -> None:
    with pytest.raises(UndeclaredRoute, match="without a role"):
        allow()


def test_every_route_of_the_application_is_declared(app: Flask) -> None:
    require_declarations(app)
    endpoints = [rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    assert all(access.declared(app, endpoint) for endpoint in endpoints)


# ---------------------------------------------------------------- errors


PLANTED: dict[str, Any] = {
    "/planted/refusal": ExamError(Message("The room has not been started.")),
    "/planted/fault": LookupError("secret words"),
}


@pytest.fixture
def faulty(server: Server) -> Flask:
    """Give an application with two routes that fail."""
    app = create_app(server)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for path, error in PLANTED.items():

        def fail(error: Exception = error) -> None:
            raise error

        app.add_url_rule(path, path, access.open_to_all(fail))
        app.add_url_rule(f"{path}/api/x", f"{path} interface", access.open_to_all(lambda error=error: fail(error)))
    return app


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("POST", "/sign-in", 403),
        ("GET", "/nothing", 404),
        ("DELETE", "/sign-in", 405),
        ("GET", "/sign-out", 405),
        ("GET", "/planted/refusal", 409),
        ("GET", "/planted/fault", 500),
    ],
)
def test_an_error_is_a_page_in_the_products_look_in_both_languages(faulty: Flask, method: str, path: str, code: int, language: str) -> None:
    client = faulty.test_client()
    client.set_cookie("language", language)
    response = client.open(path, method=method)
    text = response.get_data(as_text=True)
    assert response.status_code == code
    assert 'class="problem"' in text
    assert str(code) in text
    assert "secret words" not in text
    assert ("返回" in text or "首页" in text) is (language == "zh_CN")
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(("path", "code"), [("/planted/refusal/api/x", 409), ("/planted/fault/api/x", 500), ("/exam/api/none", 404)])
def test_an_error_of_the_interface_is_json(faulty: Flask, path: str, code: int) -> None:
    response = faulty.test_client().get(path)
    assert (response.status_code, response.get_json()["error"]) == (code, str(code))
    assert "secret words" not in response.get_data(as_text=True)


def test_what_is_too_large_is_told_in_the_products_look(app: Flask) -> None:
    client = app.test_client()
    token = csrf_of(client, "/exam/seat")
    response = client.post("/exam/seat", data={"csrf_token": token, "code": "x" * (9 * 1024 * 1024)})
    assert response.status_code == 413
    page = response.get_data(as_text=True)
    assert ('class="problem"' in page, "超过 8 MB" in page) == (True, True)


def test_a_message_that_is_too_large_is_told_to_the_interface(app: Flask, server: Server) -> None:
    with server.database.writing() as session:
        room = add_room(session, started=True)
    found = candidate(app, room)
    response = found.post("steps", {"device": "x" * (9 * 1024 * 1024)})
    assert (response.status_code, response.get_json()["error"]) == (413, "413")


@pytest.mark.parametrize("referrer", ["http://evil.example/", "http://localhost.evil.example/", "javascript:alert(1)"])
def test_going_back_from_an_error_never_leads_elsewhere(app: Flask, referrer: str) -> None:
    text = app.test_client().get("/nothing", headers={"Referer": referrer}).get_data(as_text=True)
    assert "evil" not in text
    assert "javascript:" not in text


def test_static_files_carry_the_headers_too(app: Flask) -> None:
    answer = app.test_client().get(f"{app.static_url_path}/css/tokens.css")
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    answer.close()


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("GET", "/admin/bank?kind=x&text=a%00b", None),
        ("GET", "/admin/standard/4-05-06-02/L3%00", None),
        ("POST", "/admin/people/new", {"login": "lin", "name": ["a", "b\0"]}),
        ("POST", "/sign-in", {"login": "lin\0", "password": "x"}),
    ],
)
def test_a_character_that_postgresql_cannot_keep_is_refused_before_anything_is_done(
    app: Flask, server: Server, method: str, path: str, form: dict[str, object] | None
) -> None:
    client = staff(app, server, "zhang", EVERYWHERE)
    data = None if form is None else {**form, "csrf_token": csrf_of(client, "/account")}
    assert client.open(path, method=method, data=data).status_code == 400
    without = None if data is None else {**data, "name": "b", "login": "lin"}
    assert client.open(path.replace("%00", ""), method=method, data=without).status_code != 400
